"""Two of the bot on one database, as two processes are: each with its own memory and connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from double import SlackDouble
from double.delivery import Delivery
from double.lines import Answer, Kind, Line, Retry
from double.shapes import Json
from slack_town import SlackTown, slack_town
from sqlalchemy import func, select
from town import cast

from bot.domain.clock import MovableClock
from bot.rehearsal.organisation import Cast
from bot.storage import people as stored
from bot.storage.tables import delivery as deliveries

TEAM = cast(("dag", 11))
NOBODY_NEW = Cast((), (), ())
HOLIDAY = {"in.first": "2026-04-01", "in.last": "2026-04-03"}


@dataclass
class Twins:
    """Two bots, and how Slack reaches each over HTTP."""

    double: SlackDouble
    one: SlackTown
    other: SlackTown
    lines: tuple[Line, Line]

    def only(self, number: int) -> None:
        """Have Slack reach one of them."""
        self.double.post.line = self.lines[number]

    def both(self) -> None:
        """Have Slack reach both at once with everything; an acknowledgement counts."""
        self.double.post.line = Both(self.lines)

    async def sends(self) -> None:
        """Let both do what is left to do."""
        for t in (self.one, self.other):
            await t.sends()


@dataclass
class Both:
    """A line on which the same is told twice, at once."""

    lines: tuple[Line, Line]

    async def send(self, kind: Kind, payload: Json, retry: Retry = None) -> Answer:
        answers = await asyncio.gather(*(one.send(kind, payload, retry) for one in self.lines))
        return next((one for one in answers if one.status == 200), answers[0])


@asynccontextmanager
async def twins(
    folder: Path, double: SlackDouble, clock: MovableClock, people: Cast
) -> AsyncIterator[Twins]:
    """Start both; the second finds the first one's database."""
    async with slack_town(folder, double, clock, people) as one:
        first = double.post.line
        async with slack_town(folder, double, clock, NOBODY_NEW, seed=8) as other:
            second = double.post.line
            assert first is not None
            assert second is not None
            yield Twins(double, one, other, (first, second))


def once_more(delivery: Delivery, trigger: str) -> Delivery:
    """Return the same form as somebody sends it who presses the button again."""
    return Delivery(delivery.kind, delivery.payload | {"trigger_id": trigger})


async def away(both: Twins) -> Delivery:
    """Have Anna send in her holiday; return what Slack sent."""
    anna = both.double.person("dag-3")
    await anna.command("/trivsel", "væk")
    assert await anna.submit(HOLIDAY) == "updated"
    return both.double.post.sent[-1]


async def pauses(t: SlackTown) -> int:
    """Return how many holidays Anna has sent in."""
    found = await t.bot.store.read(lambda tx: stored.aways(tx, "dag-3", date(2026, 3, 2)))
    return len(found)


async def welcomes(t: SlackTown) -> int:
    """Return how many channels were asked to set up their team."""
    query = select(func.count()).select_from(deliveries).where(deliveries.c.purpose.like("setup:%"))
    return int(await t.bot.store.read(lambda tx: tx.scalar(query)))
