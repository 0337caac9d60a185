"""What simulated people make of results: they talk, agree on actions, do or forget them, and judge.

Everything begins with something the bot has told them (``heard``), and is done some hours or days
later (``does``), on the agenda and by chance as everything else.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot.app import Bot
from bot.domain.action_items import ActionItem
from bot.domain.chance import Chance
from bot.domain.clock import MovableClock
from bot.domain.dialogues import STEPS, Dialogue, Phase, Way
from bot.domain.effects import can_be_shared, proposed
from bot.domain.escalations import ANSWERS
from bot.domain.people import NodeId, PersonId, Role
from bot.rehearsal import habits
from bot.rehearsal.agenda import Agenda, Intent
from bot.rehearsal.doings import Doings
from bot.rehearsal.habits import Move
from bot.rehearsal.hands import Hands
from bot.rehearsal.sayings import LEARNT, REPLIES, THEMES, WISHES
from bot.rehearsal.talks import Talks
from bot.rehearsal.tally import Tally
from bot.storage import actions, dialogues, people
from bot.storage.outbox import Delivery
from bot.storage.store import Tx

Does = Callable[[Intent], Awaitable[None]]

CHANNELS: Mapping[str, str] = {
    "team.reminder": "team_reminders",
    "digest": "digests",
    "effect.talk": "effect_talked",
}
"""What is counted when it is told to a team or a work-environment group."""
HEARD: Mapping[str, tuple[str, str, float]] = {
    "dialogue.mine": ("lead_on", "dialogue", 6),
    "dialogue.invite": ("sign", "dialogue", 12),
    "action.yours": ("act", "action", 20),
    "action.first": ("act", "action", 8),
    "action.soon": ("act", "action", 12),
    "action.late": ("act", "action", 8),
    "action.again": ("act", "action", 8),
    "action.stalled": ("act", "action", 8),
    "action.help": ("lend", "action", 10),
    "action.orphan": ("take_over", "action", 20),
    "effect.ask": ("say", "action", 14),
    "effect.decide": ("decide", "action", 20),
    "escalation.new": ("reply", "escalation", 120),
}
"""What somebody means to do who is told so: what, about which of the note's ids, and in how many
hours on average."""


class Work:
    """Dialogues and actions in simulated lives."""

    def __init__(self, clock: MovableClock, chance: Chance, agenda: Agenda, tally: Tally) -> None:
        self._clock, self._chance = clock, chance
        self._agenda, self._tally = agenda, tally
        self._does: Mapping[str, Does] = {
            "talk": self._talk,
            "meet": self._meet,
            "sign": self._sign,
            "lead_on": self._lead_on,
            "act": self._act,
            "finish": self._finish,
            "lend": self._lend,
            "take_over": self._take_over,
            "say": self._say,
            "decide": self._decide,
            "reply": self._reply,
        }

    def enter(self, bot: Bot) -> None:
        """Begin to work with this bot."""
        self._bot = bot
        self._hands = Hands(bot.front)
        self._talks, self._doings = Talks(bot.front), Doings(bot.front)

    def heard(self, one: Delivery) -> None:
        """Note what somebody who is told this means to do."""
        kind, params = one.note.kind, one.note.params
        where, _, who = one.recipient.partition(":")
        if where == "person" and kind in HEARD:
            what, about, hours = HEARD[kind]
            reminder = kind.partition(".")[2] if what == "act" else ""
            self._later(hours, Intent(what, who, f"{params[about]}/{reminder}"), one.id)
        elif where == "node" and kind in ("result.team", "result.too_few"):
            self._later(24, Intent("talk", about=f"{who}/{params.get('figure', '')}"), one.id)
        elif where != "person" and kind in CHANNELS:
            self._tally[CHANNELS[kind]] += 1
        elif kind == "dialogue.news" and params["event"] == "destroyed":
            self._tally["dialogues_under"] += 1
        if where == "person" and kind.startswith("action."):
            self._tally["action_reminders"] += 1
        if where == "person" and kind == "effect.ask":
            self._tally.checked.add((str(params["action"]), int(params["turn"])))

    async def does(self, one: Intent) -> bool:
        """Do what somebody meant to do; ``False``: it is not this kind of thing."""
        does = self._does.get(one.what)
        if does is not None:
            await does(one)
        return does is not None

    def _later(self, hours: float, one: Intent, cause: str = "") -> None:
        rng = self._chance.generator("work", one.what, one.person, one.about, cause)
        wait = timedelta(minutes=10 * round(6 * rng.expovariate(1 / hours)))
        self._agenda.note(self._clock.now() + wait, one)

    # --- Dialogues ------------------------------------------------------------------------------

    async def _talk(self, one: Intent) -> None:
        """A team's lead may start a dialogue about a result, or because there was none."""
        node, _, figure = one.about.partition("/")
        rng = self._chance.generator("talk", one.about, str(self._clock.now()))
        lead = await self._bot.store.read(lambda tx: _free_lead(tx, node))
        if not lead or not habits.talks(rng, few=not figure):
            return
        source = await self._source(lead, node, figure)
        way = Way.MEETING if rng.random() < 0.25 else Way.DAYS
        topic = rng.choice(THEMES).topic
        begun = await self._talks.start(lead, node, topic, source, way)
        if begun is not None and way is Way.MEETING:
            self._agenda.note(self._clock.now(), Intent("meet", lead, begun))

    async def _source(self, lead: str, node: str, figure: str) -> str:
        """Return the proposal that stands on a result's page for this team, where there is one."""
        if not figure:
            return ""
        found = await self._hands.buttons(lead, f"results/{figure}", "dialogue.new")
        return next((button.value for button in found if button.context == node), "")

    async def _meet(self, one: Intent) -> None:
        """Talk together: one question after the other, everybody adds; then they vote at once."""
        talk = await self._dialogue(one.about)
        rng = self._chance.generator("meet", talk.id)
        here = await self._bot.store.read(lambda tx: people.everybody(tx, (talk.node,)))
        for step in STEPS:
            for person in here:
                if rng.random() < 0.5 and await self._talks.add(person.id, talk, step, rng):
                    self._tally.ideas[talk.id] += 1
            await self._talks.lead_on(one.person, talk)
        await self._talks.lead_on(one.person, talk)  # what they have grouped aloud
        if (await self._dialogue(talk.id)).phase is Phase.VOTING:
            for person in here:
                if rng.random() < 0.9 and await self._talks.vote(person.id, talk, rng):
                    self._tally["voted"] += 1
        self._agenda.note(
            self._clock.now() + timedelta(minutes=10), Intent("lead_on", one.person, f"{talk.id}/")
        )

    async def _sign(self, one: Intent) -> None:
        """Write ideas under one's name."""
        talk = await self._dialogue(_first(one))
        will = habits.willing(self._chance.generator("will", one.person))
        rng = self._chance.generator("sign", one.person, talk.id)
        if talk.phase is Phase.COLLECTING and rng.random() < will:
            written = await self._talks.write(one.person, talk, rng)
            self._tally.ideas[talk.id] += written
            self._tally["wrote"] += bool(written)

    async def _lead_on(self, one: Intent) -> None:
        """Whoever leads goes on: shows the ideas for the vote, or makes actions of the first."""
        talk = await self._dialogue(_first(one))
        rng = self._chance.generator("lead", talk.id, talk.phase.value)
        if talk.phase is Phase.CHOOSING:
            await self._talks.agree(one.person, talk, rng.choice((1, 1, 2, 2, 3)), rng)
        await self._talks.lead_on(one.person, talk)

    async def _dialogue(self, dialogue_id: str) -> Dialogue:
        found = await self._bot.store.read(lambda tx: dialogues.get(tx, dialogue_id))
        assert found is not None
        return found

    # --- Actions --------------------------------------------------------------------------------

    async def _act(self, one: Intent) -> None:
        """The responsible does something about an action, or forgets it."""
        item, reminder = await self._action(one), one.about.partition("/")[2]
        if not item.state.standing or item.responsible != one.person:
            return
        rng = self._chance.generator("act", one.person, one.about, str(self._clock.now()))
        chosen = habits.move(rng, reminder)
        match chosen:
            case Move.NOTHING:
                return
            case Move.DATE:
                await self._doings.new_date(one.person, item.id)
            case Move.DROP:
                await self._doings.drop(one.person, item.id, rng.choice(LEARNT))
            case _:
                await self._doings.press(one.person, chosen.value, item.id)
        self._tally[f"moved_{chosen.value}"] += 1
        if chosen is Move.START and rng.random() < 0.5:
            self._later(24 * 6, Intent("finish", one.person, f"{item.id}/"))

    async def _finish(self, one: Intent) -> None:
        item = await self._action(one)
        if item.state.standing and item.responsible == one.person:
            await self._doings.press(one.person, Move.DONE.value, item.id)
            self._tally["moved_done"] += 1

    async def _lend(self, one: Intent) -> None:
        """A lead who is asked for help helps, or passes on what cannot be solved here."""
        item = await self._action(one)
        rng = self._chance.generator("lend", one.person, item.id, str(item.version))
        if not item.state.standing:
            return
        if rng.random() < 0.4:
            await self._doings.pass_on(one.person, item.node, rng.choice(WISHES), item.id)
        else:
            await self._doings.lend_a_hand(one.person, item.id)

    async def _take_over(self, one: Intent) -> None:
        await self._doings.take_over(one.person, _first(one))
        self._tally["taken_over"] += 1

    async def _say(self, one: Intent) -> None:
        item = await self._action(one)
        rng = self._chance.generator("say", one.person, item.id, str(item.turn))
        if rng.random() < 0.85:
            await self._doings.say(one.person, item, habits.works(rng))

    async def _decide(self, one: Intent) -> None:
        """The lead decides, mostly as proposed; what worked is often shown to others."""
        item = await self._action(one)
        rng = self._chance.generator("decide", item.id, str(item.turn))
        wanted = habits.verdict(rng, proposed(item))
        if await self._doings.decide(one.person, item, wanted, rng.choice(LEARNT)):
            after = await self._action(one)
            if can_be_shared(after) and rng.random() < 0.5:
                await self._doings.share(one.person, item.id)

    async def _reply(self, one: Intent) -> None:
        rng = self._chance.generator("reply", one.person, one.about)
        state, text = rng.choice(tuple(zip(ANSWERS, REPLIES, strict=True)))
        await self._doings.reply(one.person, _first(one), state.value, text)

    async def _action(self, one: Intent) -> ActionItem:
        found = await self._bot.store.read(lambda tx: actions.get(tx, _first(one)))
        assert found is not None
        return found


def _free_lead(tx: Tx, node: NodeId) -> PersonId:
    """Return who leads the node; nobody while a dialogue runs there."""
    if dialogues.running(tx, (node,)):
        return ""
    return next((one.person for one in people.grants(tx, Role.LEAD) if one.node == node), "")


def _first(one: Intent) -> str:
    return one.about.partition("/")[0]
