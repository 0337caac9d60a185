"""A whole bot in a temporary folder, with a clock that stands still and invented people.

``async with town(tmp_path) as t:`` – then click, submit, type and travel as people do.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import Bot, started
from bot.cards import (
    Actions,
    Ask,
    Button,
    Clicked,
    Command,
    Message,
    Reply,
    Show,
    Submitted,
    in_place,
)
from bot.content.loader import load, shipped_folder
from bot.content.model import Pack
from bot.domain.chance import SeededChance
from bot.domain.clock import MovableClock
from bot.domain.people import Grant, Node, Person, Role
from bot.domain.rounds import Round
from bot.flows.rounds import running
from bot.flows.rounds.opening import Refused, Wish
from bot.platforms.port import Nudge, Platform, Undelivered
from bot.platforms.web.delivery import WebDelivery
from bot.rehearsal.organisation import Cast, settle
from bot.rehearsal.travel import travel
from bot.settings import Settings
from bot.storage import chat, rounds
from bot.storage.outbox import Delivery, Note

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=COPENHAGEN).astimezone(UTC)
"""Monday 2 March 2026, nine in the morning in Copenhagen: an ordinary working week."""


def at(day: int, hour: int = 9, minute: int = 0, month: int = 3) -> datetime:
    """Return a local time in Copenhagen in 2026 as an instant."""
    return datetime(2026, month, day, hour, minute, tzinfo=COPENHAGEN).astimezone(UTC)


def cast(*teams: tuple[str, int], top: bool = True) -> Cast:
    """Return ``org`` with these teams; ``TEAM-1`` leads each, ``boss`` leads and administers all.

    The first team's second person is the AMR of the whole organisation.
    """
    nodes = [Node("org", "Organisationen"), *(Node(id_, id_.title(), "org") for id_, _ in teams)]
    people = [Person("boss", "Boss Boserup", "org")] if top else []
    grants = [Grant("boss", "org", Role.LEAD), Grant("boss", "org", Role.ADMIN)] if top else []
    for id_, size in teams:
        people += [Person(f"{id_}-{n}", f"{id_.title()} {n}", id_) for n in range(1, size + 1)]
        grants.append(Grant(f"{id_}-1", id_, Role.LEAD))
    if teams and teams[0][1] > 1:
        grants.append(Grant(f"{teams[0][0]}-2", "org", Role.AMR))
    return Cast(tuple(nodes), tuple(people), tuple(grants))


@dataclass
class Recorder:
    """A platform that passes everything on and remembers it; can be told to fail."""

    inner: Platform | None = None
    posted: list[Delivery] = field(default_factory=list)
    nudged: list[Nudge] = field(default_factory=list)
    fail: dict[str, Undelivered] = field(default_factory=dict)
    """Recipient to problem."""

    async def post(self, deliveries: Any) -> dict[str, Undelivered | None]:
        good = [one for one in deliveries if one.recipient not in self.fail]
        self.posted += good
        assert self.inner is not None
        outcome = await self.inner.post(good)
        return outcome | {
            one.id: self.fail[one.recipient] for one in deliveries if one.recipient in self.fail
        }

    async def nudge(self, nudges: Any) -> Mapping[Nudge, Undelivered]:
        self.nudged += nudges
        assert self.inner is not None
        return await self.inner.nudge(nudges)


@dataclass
class Town:
    """A running bot, and what people do to it."""

    bot: Bot
    clock: MovableClock
    recorder: Recorder

    async def click(self, person: str, action: str, context: str = "", value: str = "") -> Reply:
        return await self.bot.front.handle(Clicked("e", person, "c", action, context, value))

    async def press(self, person: str, button: Button) -> Reply:
        return await self.click(person, button.action, button.context, button.value)

    async def submit(self, person: str, form: str, context: str = "", **values: object) -> Reply:
        return await self.bot.front.handle(Submitted("e", person, "c", form, context, values))

    async def type(self, person: str, text: str) -> Reply:
        return await self.bot.front.handle(Command("e", person, "c", text))

    async def open(
        self, instrument: str = "checkin", scope: tuple[str, ...] = ("dag",), **wish: Any
    ) -> Round:
        """Open a round now."""
        days = {"open_days": 3, "opens_at": self.clock.now()} | wish
        opened = await running.open_round(
            self.bot.store, self.bot.env, Wish(scope=scope, instrument=instrument, **days)
        )
        assert isinstance(opened, Round), opened
        await self.bot.tick(self.clock.now())
        return opened

    async def try_open(self, instrument: str, scope: tuple[str, ...]) -> Round | Refused | None:
        wish = Wish(scope, instrument, self.clock.now(), 3)
        return await running.open_round(self.bot.store, self.bot.env, wish)

    async def answer(
        self, person: str, round_id: str, value: int = 4, comment: str | None = None
    ) -> Reply:
        """Walk through all questions with one value (0: don't know)."""
        reply = await self.click(person, "ask.show", round_id)
        for _ in range(30):
            if isinstance(reply, Ask):
                return await self.submit(
                    person, reply.form.id, reply.form.context, comment=comment or ""
                )
            if not isinstance(reply, Show) or reply.done:
                return reply
            wanted = [b for b in buttons(reply.message) if b.value.endswith(f":{value}")]
            reply = await self.press(person, next(b for b in wanted if b.action == "ask.answer"))
        raise AssertionError("no end to the questions")

    async def travel(self, until: datetime) -> None:
        await travel(self.bot, self.clock, until)

    async def round(self, round_id: str) -> Round:
        found = await self.bot.store.read(lambda tx: rounds.get(tx, round_id))
        assert found is not None
        return found

    async def close(self, one: Round) -> None:
        await self.travel(one.closes_at)

    async def notes(self, conversation: str) -> list[Note]:
        posted = await self.bot.store.read(lambda tx: chat.latest(tx, conversation))
        return [message.note for message in posted]

    async def shown(self, person: str, conversation: str) -> list[Message]:
        """Return the cards somebody sees in a conversation, and then those that wait for him."""
        found = await self.bot.front.conversation(person, conversation)
        assert found is not None
        return [*(item.card for item in found.items), *found.waiting]


@cache
def shipped() -> Pack:
    """Read the shipped content once: checking it takes most of a start."""
    return load(shipped_folder())


@asynccontextmanager
async def town(
    folder: Path, people: Cast | None = None, *, now: datetime = MONDAY, seed: int = 7, **set_: Any
) -> AsyncIterator[Town]:
    """Start a bot; again in the same folder to see what a restart does (``people=Cast((), (), ())``
    then invents nobody anew).
    """
    clock = MovableClock(now)
    recorder = Recorder()
    settings = Settings(data=folder / "data", **set_)
    pack = None if settings.content else shipped()
    chance = SeededChance(seed)
    async with started(settings, clock=clock, chance=chance, platform=recorder, pack=pack) as bot:
        recorder.inner = WebDelivery(bot.store, clock, bot.hub)
        chosen = cast(("dag", 11), ("aften", 8), ("nat", 4)) if people is None else people
        if chosen.people:
            await bot.store.write(lambda tx: settle(tx, chosen, bot.env.chance, now))
        yield Town(bot, clock, recorder)


def buttons(card: Message) -> list[Button]:
    """Return a card's buttons in order."""
    return [
        one
        for part in in_place(card).children
        if isinstance(part, Actions)
        for one in part.children
        if isinstance(one, Button)
    ]


def words_of(card: Message) -> str:
    """Return everything a card says, for a look at its words."""
    return repr(card)
