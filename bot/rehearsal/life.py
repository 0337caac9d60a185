"""Simulated people and the bot, hour by hour: the bot asks through this platform, they react.

Everything anybody does is a click, a form or a leaving; the bot's own clock is moved from one due
time to the next.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.app import Bot
from bot.cards import Actions, Button, in_place
from bot.domain.chance import Chance
from bot.domain.clock import MovableClock
from bot.domain.dialogues import IDEAS, KINDS, Dialogue
from bot.domain.rounds import Round
from bot.flows.rounds import answering
from bot.platforms.port import Nudge, Undelivered
from bot.platforms.web.delivery import WebDelivery
from bot.rehearsal.agenda import Agenda, Intent
from bot.rehearsal.colleagues import Colleagues, Manner
from bot.rehearsal.habits import Deed, days_off, reaction, shift, willing
from bot.rehearsal.hands import Hands
from bot.rehearsal.talks import Talks
from bot.rehearsal.tally import Tally
from bot.rehearsal.work import Work
from bot.storage import dialogues, people, rounds
from bot.storage.outbox import Delivery
from bot.storage.store import Tx

TAKEN_BACK = timedelta(weeks=9)
"""After so long, somebody who said "not for me" tries again."""
UNDER_WAY = frozenset({Deed.ANSWER.value, Deed.BEGIN.value})
"""These change nothing but one's own slot, so many may do them at once."""


class Life:
    """The people, as the bot's platform; ``enter`` gives them a (re)started bot to talk to."""

    def __init__(self, clock: MovableClock, chance: Chance, agenda: Agenda, tally: Tally) -> None:
        self.agenda, self.tally = agenda, tally
        self._clock, self._chance = clock, chance
        self._postponed: dict[str, list[str]] = {}
        self._rounds: dict[str, Round] = {}
        self._work = Work(clock, chance, agenda, tally)

    def enter(self, bot: Bot) -> None:
        """Begin to live with this bot."""
        self._bot = bot
        self._inner = WebDelivery(bot.store, self._clock, bot.hub)
        self._hands = Hands(bot.front)
        self._colleagues = Colleagues(bot.front, self._chance)
        self._talks = Talks(bot.front)
        self._work.enter(bot)

    async def until(self, end: datetime) -> None:
        """Go from one due time to the next, the bot's and the people's, until ``end``."""
        while (at := await self._next_at()) is not None and at < end:
            before = self._clock.now()
            self._clock.move_to(at)
            done = await self._bot.tick(self._clock.now())
            intents = self.agenda.due(self._clock.now())
            await self._carry_out(intents)
            if not (done or intents) and self._clock.now() == before:
                self._clock.move_to(before + timedelta(seconds=1))  # put off: do not stand on it
        self._clock.move_to(end)

    async def post(self, deliveries: Sequence[Delivery]) -> dict[str, Undelivered | None]:
        """Deliver into the built-in chat; now and then a platform is not there."""
        outcomes: dict[str, Undelivered | None] = {
            one.id: problem for one in deliveries if (problem := self._trouble(one)) is not None
        }
        good = [one for one in deliveries if one.id not in outcomes]
        for one in good:
            self._read(one)
            self._work.heard(one)
        self.tally["sent"] += len(good)
        self.tally["retried"] += sum(not problem.final for problem in outcomes.values() if problem)
        return outcomes | (await self._inner.post(good) if good else {})

    async def nudge(self, nudges: Sequence[Nudge]) -> Mapping[Nudge, Undelivered]:
        """Ask people; each makes up his mind what to do, and when."""
        for one in nudges:
            if not one.round:  # asked to be asked again
                for round_id in self._postponed.pop(one.person, ()):
                    self.tally["asked_again"] += 1
                    self._decide(one.person, round_id, "again")
            else:
                reminded = one.kind == "round.reminder"
                self.tally["reminded" if reminded else "asked"] += 1
                self._decide(one.person, one.round, "reminded" if reminded else "")
        return await self._inner.nudge(nudges)

    async def _next_at(self) -> datetime | None:
        found = (await self._bot.tick.next_at(), self.agenda.next_at())
        return min((at for at in found if at is not None), default=None)

    def _trouble(self, one: Delivery) -> Undelivered | None:
        rng = self._chance.generator("post", one.id, str(one.attempts))
        if one.recipient == "node:team-3" and one.note.kind == "result.team" and rng.random() < 0.3:
            return Undelivered("SIM-GONE", final=True)
        return Undelivered("SIM-BUSY") if rng.random() < 0.004 else None

    def _read(self, one: Delivery) -> None:
        kind, person = one.note.kind, one.recipient.partition(":")[2]
        if kind == "round.refused":
            self.tally.refusals.add(one.purpose)
        self.tally["groups_suppressed"] += kind == "result.too_few" and "node:" in one.recipient
        if kind == "comments.review":
            about = str(one.note.params["round"])
            later = self._clock.now() + timedelta(hours=2)
            self.agenda.note(later, Intent("review", person, about))

    def _decide(self, person: str, round_id: str, occasion: str) -> None:
        will = willing(self._chance.generator("will", person))
        rng = self._chance.generator("reaction", person, round_id, occasion)
        chosen = reaction(rng, will, again=bool(occasion))
        if chosen.deed is not Deed.NOTHING:
            at = self._clock.now() + chosen.after
            self.agenda.note(at, Intent(chosen.deed.value, person, round_id))

    async def _carry_out(self, intents: Sequence[Intent]) -> None:
        for one in intents:
            if one.what not in UNDER_WAY and not await self._work.does(one):
                await getattr(self, f"_{one.what}")(one)
        await asyncio.gather(*(self._take_part(one) for one in intents if one.what in UNDER_WAY))

    async def _take_part(self, one: Intent) -> None:
        found = await self._round(one.about)
        if found is not None and found.instrument in KINDS:
            await self._take_part_in_a_dialogue(one, found)
            return
        rng = self._chance.generator("manner", one.person, one.about)
        how = Manner(True, False, rng.random() < 0.3, rng.gauss(3.4, 0.6))
        if one.what == Deed.BEGIN:
            await self._colleagues.begin(one.person, one.about, how)
            self.tally["begun"] += 1
        elif await self._colleagues.answer(one.person, one.about, how):
            self.tally["answered"] += 1
            self.tally.written[one.about] += bool(found and found.comments and how.comments)

    async def _take_part_in_a_dialogue(self, one: Intent, asked: Round) -> None:
        """Write ideas, to the first question alone or to all three; or vote."""
        talk = await self._bot.store.read(lambda tx: dialogues.get(tx, asked.about))
        assert isinstance(talk, Dialogue)
        rng = self._chance.generator("talk", one.person, asked.id)
        if asked.instrument == IDEAS:
            steps = 1 if one.what == Deed.BEGIN else 3
            written = await self._talks.write(one.person, talk, rng, steps)
            self.tally.ideas[talk.id] += written
            self.tally["wrote"] += bool(written)
        elif await self._talks.vote(one.person, talk, rng):
            self.tally["voted"] += 1

    async def _later(self, one: Intent) -> None:
        await self._colleagues.postpone(one.person, one.about)
        self.tally["postponed"] += 1
        self._postponed.setdefault(one.person, []).append(one.about)

    async def _off(self, one: Intent) -> None:
        found = await self._round(one.about)
        if found is None or found.instrument != "checkin":
            return  # the button stands on check-ins only
        await self._hands.click(one.person, "ask.off", one.about)
        self.tally["off"] += 1
        self.agenda.note(self._clock.now() + TAKEN_BACK, Intent("on", one.person))

    async def _on(self, one: Intent) -> None:
        await self._hands.click(one.person, "ask.on")
        self.tally["on"] += 1

    async def _shift(self, one: Intent) -> None:
        days = shift(self._chance.generator("shift", one.person))
        if days is not None:
            await self._hands.fill(one.person, "me.days", "", days=[str(day) for day in days])

    async def _days_off(self, one: Intent) -> None:
        rng = self._chance.generator("away", one.person, one.about)
        span = days_off(rng, date.fromisoformat(one.about))
        if span is not None and span[1] >= self._clock.now().date():
            first, last = (day.isoformat() for day in span)
            await self._hands.fill(one.person, "me.away", "", first=first, last=last)
            self.tally["away"] += 1

    async def _extra(self, one: Intent) -> None:
        await self._hands.fill(one.person, "team.start", f"{one.about}:checkin")

    async def _leave(self, one: Intent) -> None:
        def leave(tx: Tx) -> None:
            person = people.get(tx, one.person)
            assert person is not None
            answering.erase(tx, self._bot.env, person.id)
            people.put_person(tx, replace(person, active=False))

        await self._bot.store.write(leave)
        self.tally["left"] += 1

    async def _review(self, one: Intent) -> None:
        """An elected representative now and then holds back a comment that names somebody."""
        if self._chance.generator("review", one.person, one.about).random() > 0.25:
            return
        shown = await self._bot.front.conversation(one.person, f"person:{one.person}")
        for item in shown.items if shown else ():
            for part in in_place(item.card).children:
                for button in part.children if isinstance(part, Actions) else ():
                    if isinstance(button, Button) and button.action == "comments.hold":
                        await self._hands.press(one.person, button)
                        return

    async def _house(self, one: Intent) -> None:  # noqa: ARG002 - called as all intents are
        await self._bot.keep_house()

    async def _round(self, round_id: str) -> Round | None:
        """Return a round, as it was when somebody first looked: what is asked never changes."""
        if round_id not in self._rounds:
            found = await self._bot.store.read(lambda tx: rounds.get(tx, round_id))
            if found is None:
                return None
            self._rounds[round_id] = found
        return self._rounds[round_id]
