"""What a demo's colleagues do when they are let to: answer, write ideas, vote, get things done.

Whoever looks on is left out: what waits for him waits, and what he leads he leads himself.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from bot.app import Bot
from bot.domain.action_items import ActionItem, ActionState, Effect
from bot.domain.dialogues import KINDS, Dialogue, Phase, Way
from bot.domain.effects import can_be_judged, proposed
from bot.domain.people import NodeId, PersonId, Role
from bot.domain.rounds import EFFECT, Round
from bot.flows.actions.dates import working_days_on
from bot.flows.calendars import team_calendar
from bot.rehearsal.colleagues import Colleagues, manner
from bot.rehearsal.doings import Doings
from bot.rehearsal.sayings import LEARNT
from bot.rehearsal.talks import Talks
from bot.storage import actions, dialogues, people, rounds
from bot.storage.store import Tx

WILLING = 0.88
IN_TIME = timedelta(days=3)
"""So long before its date an action is done."""
GLAD = 4.4
"""How they find what they have agreed on themselves: most of it works."""


class Everyday:
    """The colleagues of a demo."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._colleagues = Colleagues(bot.front, bot.env.chance)
        self._talks, self._doings = Talks(bot.front), Doings(bot.front)
        self._asked: set[tuple[str, str]] = set()
        """Who was asked about what already; nobody is asked twice."""

    async def take_part(self, but: PersonId = "") -> None:
        """Let all but one answer what is open, write ideas and vote."""
        answering = [
            self._answer(person, one)
            for one, members in await self._bot.store.read(_open_rounds)
            for person in self._fresh(members, one.id, but)
        ]
        talking = [
            self._talk(person, talk)
            for talk, members in await self._bot.store.read(_running)
            for person in self._fresh(members, f"{talk.id}:{talk.phase.value}", but)
        ]
        await asyncio.gather(*answering, *talking)  # each touches nothing but what is his own

    async def go_on(self, but: PersonId) -> None:
        """Let all but one do what they have to do with dialogues they lead, and with actions."""
        leads = await self._bot.store.read(_leads)
        for talk, _ in await self._bot.store.read(_running):
            lead = leads.get(talk.node, talk.started_by)
            if talk.way is Way.DAYS and but not in (lead, talk.started_by):
                await self._lead_on(lead, talk, but)
        for item in await self._bot.store.read(_actions):
            if item.responsible != but:
                await self._work_on(item)
            lead = leads.get(item.node, "")
            if lead not in ("", but):
                await self._decide(lead, item)

    async def working_days_on(self, node: NodeId, day: date, number: int) -> date:
        """Return the day so many of a team's working days later."""

        def read(tx: Tx) -> date:
            tree, defaults = people.tree(tx), self._bot.env.defaults
            calendar = team_calendar(tx, tree, defaults, (node,), day)
            return working_days_on(calendar, day, number)

        return await self._bot.store.read(read)

    def _fresh(self, members: Iterable[PersonId], what: str, but: PersonId) -> list[PersonId]:
        found = [one for one in members if one != but and (one, what) not in self._asked]
        self._asked.update((one, what) for one in found)
        return found

    async def _answer(self, person: PersonId, one: Round) -> None:
        how = manner(self._bot.env.chance.generator("demo", person, one.id), WILLING)
        if one.instrument == EFFECT:
            how = replace(how, comments=False, mood=GLAD)
        if how.answers:
            await self._colleagues.answer(person, one.id, how)

    async def _talk(self, person: PersonId, talk: Dialogue) -> None:
        rng = self._bot.env.chance.generator("talk", person, talk.id, talk.phase.value)
        if rng.random() > WILLING:
            return
        if talk.phase is Phase.COLLECTING:
            await self._talks.write(person, talk, rng)
        elif talk.phase is Phase.VOTING:
            await self._talks.vote(person, talk, rng)
        elif talk.phase.step is not None:
            await self._talks.add(person, talk, talk.phase.step, rng)

    async def _lead_on(self, lead: PersonId, talk: Dialogue, but: PersonId) -> None:
        if talk.phase is Phase.CHOOSING:
            rng = self._bot.env.chance.generator("agree", talk.id)
            await self._talks.agree(lead, talk, 1, rng, but=but)
        if talk.phase in (Phase.GROUPING, Phase.CHOOSING):
            await self._talks.lead_on(lead, talk)

    async def _work_on(self, item: ActionItem) -> None:
        """Take the first step, or get it done; say whether it works once it is asked."""
        if item.state is ActionState.OPEN:
            await self._doings.press(item.responsible, "start", item.id)
        elif item.state is ActionState.IN_PROGRESS and item.due - self._today() <= IN_TIME:
            await self._doings.press(item.responsible, "done", item.id)
        elif self._is_asked(item) and item.said is None:
            await self._doings.say(item.responsible, item, Effect.WORKS)

    async def _decide(self, lead: PersonId, item: ActionItem) -> None:
        wanted = proposed(item)
        if self._is_asked(item) and wanted:
            await self._doings.decide(lead, item, wanted[0], LEARNT[0])

    def _is_asked(self, item: ActionItem) -> bool:
        return can_be_judged(item) and item.follow_up <= self._today()

    def _today(self) -> date:
        return self._bot.env.clock.now().date()


def _open_rounds(tx: Tx) -> list[tuple[Round, list[PersonId]]]:
    return [
        (one, [member.person for member in rounds.members(tx, one.id)])
        for one in rounds.taking_answers(tx)
        if one.state.takes_answers and one.instrument not in KINDS
    ]


def _running(tx: Tx) -> list[tuple[Dialogue, list[PersonId]]]:
    tree = people.tree(tx)
    return [
        (one, [person.id for person in people.everybody(tx, tree.under(one.node))])
        for one in dialogues.running(tx, tree.under(tree.root.id))
    ]


def _actions(tx: Tx) -> tuple[ActionItem, ...]:
    tree = people.tree(tx)
    return actions.of_nodes(tx, tree.under(tree.root.id))


def _leads(tx: Tx) -> dict[NodeId, PersonId]:
    return {one.node: one.person for one in people.grants(tx, Role.LEAD)}
