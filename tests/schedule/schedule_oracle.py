"""What the schedule tests compare with, worked out in other ways than ``bot.schedule`` does it.

Recurrences come from ``dateutil.rrule``, holidays from Easter and the statute books, instants from
looking at the clock on the wall minute by minute (or day by day, where all zones are looked at).
"""

from bisect import bisect_right
from collections.abc import Callable, Container, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta
from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from bot.schedule.cadence import Cadence

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def wall(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def first_instant(local: datetime, zone: str) -> datetime:
    """The first minute (UTC) at which the clock reads ``local`` or later, by watching it."""
    here = ZoneInfo(zone)
    instant = local.replace(tzinfo=UTC) - timedelta(hours=15)
    while instant.astimezone(here).replace(tzinfo=None) < local:
        instant += MINUTE
    return instant


class WatchedClock:
    """The clock of one zone, watched for some years: stretches between two changes of offset."""

    def __init__(self, zone: str, first_year: int, last_year: int) -> None:
        here = ZoneInfo(zone)
        start = datetime(first_year - 1, 12, 1, tzinfo=UTC)
        end = datetime(last_year + 1, 2, 1, tzinfo=UTC)
        ahead = start.astimezone(here).utcoffset()
        assert ahead is not None
        self.starts, self.aheads = [start], [ahead]
        day = start
        while day < end:
            if day.astimezone(here).utcoffset() != self.aheads[-1]:
                self._look_closer(day - DAY, here)
            day += DAY
        self.ends = [*self.starts[1:], end]

    def _look_closer(self, instant: datetime, here: ZoneInfo) -> None:
        while instant.astimezone(here).utcoffset() == self.aheads[-1]:
            instant += MINUTE
        ahead = instant.astimezone(here).utcoffset()
        assert ahead is not None
        self.starts.append(instant)
        self.aheads.append(ahead)

    def first_instant(self, local: datetime) -> datetime:
        """As the function of that name: the first stretch in which the time comes, or is past."""
        as_utc = local.replace(tzinfo=UTC)
        near = max(0, bisect_right(self.starts, as_utc) - 2)
        for start, end, ahead in zip(
            self.starts[near:], self.ends[near:], self.aheads[near:], strict=True
        ):
            instant = max(as_utc - ahead, start)
            if instant < end:
                return instant
        raise AssertionError(f"{local} was not watched")


def nominal_dates(rule: Cadence, first: date, last: date) -> list[date]:
    """All dates the rule names from ``first`` to ``last``, by ``dateutil.rrule``."""
    anchor = rule.anchor or date(2000, 1, 1)
    if rule.kind == "weekly":
        step = relativedelta(weeks=rule.every)
        on = weekday(rule.weekday)
    else:
        step = relativedelta(months=rule.every)
        on = weekday(rule.weekday, rule.nth)
        anchor = anchor.replace(day=1)
    back = 0
    while anchor - back * step > first - 40 * DAY:
        back += 10
    start = datetime.combine(anchor - back * step, datetime.min.time())
    until = datetime.combine(last, datetime.min.time())
    frequency: Literal[1, 2] = WEEKLY if rule.kind == "weekly" else MONTHLY
    found = rrule(frequency, start, interval=rule.every, wkst=0, byweekday=on, until=until)
    return [one.date() for one in found if one.date() >= first]


def openings(
    nominals: list[date], works: Callable[[date], bool], paused: Container[date]
) -> list[tuple[date, date]]:
    """(nominal, opening) dates; the last of ``nominals`` only bounds the one before."""
    found = []
    for nominal, following in pairwise(nominals):
        room = (nominal + k * DAY for k in range((following - nominal).days))
        opens = next((day for day in room if works(day)), None)
        if nominal not in paused and opens is not None:
            found.append((nominal, opens))
    return found


def _around_easter(year: int, *offsets: int) -> set[date]:
    return {easter(year) + k * DAY for k in offsets}


def _on(year: int, *days: tuple[int, int]) -> set[date]:
    return {date(year, month, day) for month, day in days}


def _saturday_from(year: int, month: int, day: int) -> date:
    start = date(year, month, day)
    return start + (5 - start.weekday()) % 7 * DAY


def danish_quiet_days(year: int) -> set[date]:
    moving = _around_easter(year, -3, -2, 0, 1, 39, 49, 50)
    prayer = _around_easter(year, 26) if year <= 2023 else set()
    return moving | prayer | _on(year, (1, 1), (6, 5), (12, 24), (12, 25), (12, 26), (12, 31))


def swedish_quiet_days(year: int) -> set[date]:
    midsummer = _saturday_from(year, 6, 20)
    moving = {midsummer - DAY, midsummer, _saturday_from(year, 10, 31)}
    moving |= _around_easter(year, -2, 0, 1, 39, 49)
    fixed = _on(year, (1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
    return moving | fixed


def norwegian_quiet_days(year: int) -> set[date]:
    fixed = _on(year, (1, 1), (5, 1), (5, 17), (12, 24), (12, 25), (12, 26), (12, 31))
    return _around_easter(year, -3, -2, 0, 1, 39, 49, 50) | fixed


QUIET: dict[str | None, Callable[[int], set[date]]] = {
    None: lambda year: set(),
    "DK": danish_quiet_days,
    "SE": swedish_quiet_days,
    "NO": norwegian_quiet_days,
}


def quiet_days_of(country: str | None, years: Iterable[int]) -> set[date]:
    return {day for year in years for day in QUIET[country](year)}
