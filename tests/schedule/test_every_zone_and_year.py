"""All zones, all years 2020 to 2035: due times and clock changes against the oracle."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile
from zoneinfo import available_timezones

import pytest
from schedule_oracle import (
    DAY,
    WatchedClock,
    first_instant,
    nominal_dates,
    openings,
    quiet_days_of,
    wall,
)

from bot.domain.people import Away
from bot.schedule.cadence import Cadence
from bot.schedule.calendar import Calendar, to_utc
from bot.schedule.occurrences import occurrences

ZONES = sorted(available_timezones())
FIRST, LAST = date(2020, 1, 1), date(2035, 12, 31)
EVERY_DAY = frozenset(range(7))
SUMMERS = tuple(Away(date(year, 7, 6), date(year, 7, 31)) for year in range(2020, 2036))
QUIET = quiet_days_of("DK", range(2019, 2037))
OFFICE_RULES = (
    Cadence.weekly(0, time(9), date(2026, 8, 31), every=2),
    Cadence.monthly(-1, 4, time(0, 30)),
    Cadence.every_months(3, 1, 1, time(23, 45), date(2026, 2, 17)),
)


def works_in_the_office(day: date) -> bool:
    return day.weekday() < 5 and day not in QUIET and not in_summer(day)


def in_summer(day: date) -> bool:
    return day.month == 7 and day.day >= 6


@lru_cache
def opened(rule: Cadence, works: Callable[[date], bool], summers: bool) -> list[tuple[date, date]]:
    named = nominal_dates(rule, FIRST - 400 * DAY, LAST + 800 * DAY)
    return openings(named, works, {day for day in named if summers and in_summer(day)})


def check(
    rule: Cadence, calendar: Calendar, clock: WatchedClock, days: list[tuple[date, date]]
) -> int:
    after = datetime(2020, 1, 1, tzinfo=UTC)
    until = datetime(2036, 1, 1, tzinfo=UTC)
    reckoned = (
        (nominal, clock.first_instant(datetime.combine(day, rule.at)))
        for nominal, day in days
        if FIRST - DAY <= day <= LAST + DAY
    )
    expected = [(nominal, at) for nominal, at in reckoned if after < at < until]
    found = list(takewhile(lambda one: one[1] < until, occurrences(rule, calendar, after)))
    assert found == expected, (rule, calendar.zone)
    return len(found)


def a_rule_in_the_last_gap(zone: str, clock: WatchedClock) -> Cadence:
    """A weekly rule on the weekday and in the middle of the minutes that the clock jumps over."""
    for start, before, ahead in reversed(
        list(zip(clock.starts[1:], clock.aheads, clock.aheads[1:], strict=False))
    ):
        if ahead > before:
            gap = wall(start, zone) - (ahead - before) / 2
            return Cadence.weekly(gap.weekday(), gap.time(), gap.date())
    return Cadence.weekly(6, time(2, 30), date(2026, 1, 1))


def check_changes(zone: str, clock: WatchedClock) -> int:
    steps = [timedelta(minutes=10 * k) for k in range(-19, 20)]
    for change in clock.starts[1:]:
        around = wall(change, zone)
        for step in steps:
            assert to_utc(around + step, zone) == clock.first_instant(around + step), (zone, change)
    return len(clock.starts) - 1


@pytest.mark.slow
@pytest.mark.parametrize("share", range(6))
def test_every_zone_in_every_year_is_right(share: int) -> None:
    changes = found = 0
    for zone in ZONES[share::6]:
        clock = WatchedClock(zone, 2020, 2035)
        changes += check_changes(zone, clock)
        office = Calendar(zone, "DK", closed=SUMMERS)
        for rule in OFFICE_RULES:
            found += check(rule, office, clock, opened(rule, works_in_the_office, True))
        weekly = a_rule_in_the_last_gap(zone, clock)
        every_day = Calendar(zone, working_days=EVERY_DAY)
        found += check(weekly, every_day, clock, opened(weekly, every_day_works, False))
    assert changes > 500
    assert found > 90 * 16 * 80


def every_day_works(day: date) -> bool:
    return True


@pytest.mark.parametrize("zone", ["Europe/Copenhagen", "Australia/Lord_Howe", "America/Nuuk"])
def test_the_two_oracles_agree_with_each_other(zone: str) -> None:
    clock = WatchedClock(zone, 2026, 2026)
    for change in clock.starts[1:]:
        for minutes in range(-130, 131, 20):
            local = wall(change, zone) + timedelta(minutes=minutes)
            assert clock.first_instant(local) == first_instant(local, zone)
