"""``trivselsbot simulate``: the whole bot for weeks or years on a clock of its own, in minutes.

Simulated people come through the same door as everybody. All chance is seeded: the same seed gives
the same output. What people do stands in ``habits`` and ``life``, what is counted in ``tally``.
"""

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import settings as reading
from bot.app import Bot, started
from bot.domain.chance import SeededChance
from bot.domain.clock import MovableClock
from bot.flows.calendars import team_calendar
from bot.flows.programmes import registry as programmes
from bot.rehearsal.agenda import Agenda, Intent
from bot.rehearsal.life import Life
from bot.rehearsal.organisation import (
    Cast,
    counted_together,
    fortnightly,
    many_teams,
    plan,
    settle,
    uneven,
)
from bot.rehearsal.tally import Tally, take_stock
from bot.schedule.cadence import Cadence
from bot.storage import people
from bot.storage.store import Tx

MONDAY = datetime(2026, 1, 5, 6, tzinfo=ZoneInfo("Europe/Copenhagen")).astimezone(UTC)
"""When every simulation begins."""
WEEK = timedelta(weeks=1)
DOWN = timedelta(days=3, hours=5)
"""How long the bot is off, half-way."""

Progress = Callable[[], object]


@dataclass(frozen=True)
class Wanted:
    """How large a simulation is; ``people`` is how many a full team has."""

    teams: int
    people: int
    weeks: int
    seed: int


@dataclass(frozen=True)
class Outcome:
    """What came of it. ``published`` is a fingerprint of every figure."""

    wanted: Wanted
    tally: Tally
    published: str

    def as_plain(self) -> dict[str, object]:
        """Return it as plain data."""
        return {**asdict(self.wanted), **self.tally.as_plain(), "published": self.published}

    def as_text(self) -> str:
        """Return it as a table."""
        return f"{self.tally.as_text()}\nPublished figures: {self.published[:16]}"


async def simulate(wanted: Wanted, folder: Path, progress: Progress = lambda: None) -> Outcome:
    """Live through the weeks in an empty folder; ``progress`` is called after each of them.

    Half-way the bot is off for three days and started again, as after a power cut: people come
    back to it, and what fell due meanwhile is caught up with.
    """
    chance, clock = SeededChance(wanted.seed), MovableClock(MONDAY)
    life = Life(clock, chance, Agenda(), Tally())
    # Nothing is forgotten: all is counted at the end.
    kept = {"figures_days": 0, "comments_days": 0, "messages_days": 0, "outbox_days": 0}
    settings = reading.read(data=folder, organisation="Simulation", **kept)
    async with started(settings, clock=clock, chance=chance, platform=life) as bot:
        life.enter(bot)
        cast = _cast(wanted, chance)
        await bot.store.write(lambda tx: _invent(tx, bot, cast))
        _intend(life.agenda, cast, wanted, chance)
        await _weeks(life, 0, wanted.weeks // 2, progress)
    clock.move_to(clock.now() + DOWN)
    async with started(settings, clock=clock, chance=chance, platform=life) as bot:
        life.enter(bot)
        await _weeks(life, wanted.weeks // 2, wanted.weeks, progress)
        published = await bot.store.read(lambda tx: take_stock(tx, life.tally, clock.now()))
    return Outcome(wanted, life.tally, published)


async def _weeks(life: Life, first: int, last: int, progress: Progress) -> None:
    for week in range(first, last):
        await life.until(MONDAY + WEEK * (week + 1))
        progress()


def _cast(wanted: Wanted, chance: SeededChance) -> Cast:
    full = many_teams(wanted.teams, wanted.people, chance.generator("names"))
    return uneven(full, chance.generator("sizes"))


def _invent(tx: Tx, bot: Bot, cast: Cast) -> None:
    """Settle the people; plan check-ins every other week, and maturity twice a year."""
    chance, defaults = bot.env.chance, bot.env.defaults
    settle(tx, cast, chance, MONDAY)
    programmes.settle(tx, bot.env, MONDAY)
    tree, today = people.tree(tx), MONDAY.date()
    rng = chance.generator("plans")
    for scope in counted_together(cast, 5):
        calendar = team_calendar(tx, tree, defaults, scope, today)
        often = fortnightly(rng.randrange(5), time(9, rng.choice((0, 30))), _anchor(rng))
        plan(tx, chance, calendar, [scope], "checkin", often, 3, MONDAY, questions=3)
    for node in cast.nodes:
        if node.id.startswith("dep-"):
            calendar = team_calendar(tx, tree, defaults, (node.id,), today)
            anchor = date(2026, rng.randint(1, 6), 1)
            yearly = Cadence.every_months(6, 2, rng.randrange(5), time(9), anchor)
            plan(tx, chance, calendar, [(node.id,)], "maturity", yearly, 10, MONDAY)


def _anchor(rng: random.Random) -> date:
    return MONDAY.date() + timedelta(weeks=rng.randrange(2))


def _intend(agenda: Agenda, cast: Cast, wanted: Wanted, chance: SeededChance) -> None:
    """Note what people do of their own accord: shifts at once, a look ahead each month, leaving."""
    rng = chance.generator("agenda")
    end = MONDAY + WEEK * wanted.weeks
    led = {grant.person: grant.node for grant in cast.grants if grant.node.startswith("team-")}
    leads = {grant.person for grant in cast.grants}
    for person in cast.people:
        agenda.note(MONDAY, Intent("shift", person.id))
        at = MONDAY
        while at < end:
            month = at.date().replace(day=1)
            agenda.note(at + timedelta(hours=4), Intent("days_off", person.id, month.isoformat()))
            if person.id in led and rng.random() < 0.06:
                when = at + timedelta(days=rng.randrange(25), hours=5)
                agenda.note(when, Intent("extra", person.id, led[person.id]))
            at = (at.replace(day=1) + timedelta(days=32)).replace(day=1)
        if person.id not in leads and rng.random() < 0.03 * wanted.weeks / 52:
            agenda.note(MONDAY + rng.random() * (end - MONDAY), Intent("leave", person.id))
    for week in range(1, wanted.weeks + 1):
        agenda.note(MONDAY + WEEK * week - timedelta(hours=27), Intent("house"))
