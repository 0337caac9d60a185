"""When a recurring rule's rounds are due, holidays and pauses considered. Pure.

Two dates belong to every occurrence. The **nominal** date is the one the rule names. The
**opening** date is the same one, or the next working day where no work is done on it. An occurrence
is left out when its nominal date lies in a pause, or when it would have to move onto or past the
next nominal date. The time of day is the rule's own: the calendar's hours do not move it.

Working days, holidays and the odd hours of a clock change are ``calendar``'s; due rows and what is
done about them are the tick's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.schedule.cadence import Cadence
from bot.schedule.calendar import Calendar, to_utc

CATCH_UP_DAYS = 5
"""Working days there must be from a late round to the next regular one."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """One occurrence: the date the rule names, the local date it opens on, the instant (UTC)."""

    nominal: date
    opens: date
    at: datetime


def nominal_from(cadence: Cadence, day: date) -> date:
    """Return the first date, ``day`` or later, that the rule names; no calendar is asked."""
    if cadence.kind == "weekly":
        assert cadence.anchor is not None
        base = cadence.anchor + _DAY * (cadence.weekday - cadence.anchor.weekday())
        return day + _DAY * ((base - day).days % (7 * cadence.every))
    month = _month(day)
    if cadence.anchor is not None:
        month += (_month(cadence.anchor) - month) % cadence.every
    found = _weekday_of(cadence, month)
    return found if found >= day else _weekday_of(cadence, month + cadence.every)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _weekday_of(cadence: Cadence, month: int) -> date:
    """Return the rule's weekday in a month, given as months since the year 0."""
    assert cadence.nth is not None
    if cadence.nth == -1:
        month += 1
    first = date(month // 12, month % 12 + 1, 1)
    found = first + _DAY * ((cadence.weekday - first.weekday()) % 7)
    # The last one of a month is a week before the first one of the next.
    return found - _DAY * 7 if cadence.nth == -1 else found + _DAY * 7 * (cadence.nth - 1)


def _opening_day(cadence: Cadence, calendar: Calendar, nominal: date) -> date | None:
    """Return the day an occurrence opens on, ``None`` when it is left out."""
    if calendar.is_paused(nominal):
        return None
    if calendar.is_working_day(nominal):
        return nominal
    following = nominal_from(cadence, nominal + _DAY)
    day = nominal + _DAY
    while day < following:
        if calendar.is_working_day(day):
            return day
        day += _DAY
    return None


def _instant(cadence: Cadence, calendar: Calendar, day: date) -> datetime:
    return to_utc(datetime.combine(day, cadence.at), calendar.zone)


def _dues(cadence: Cadence, calendar: Calendar, after: datetime) -> Iterator[Due]:
    # Far enough back to meet the occurrence that was named before ``after`` but moved past it: the
    # same weekday of two months is up to six days further apart than the months are.
    reach = calendar.local(after).date()
    span = 7 * cadence.every if cadence.kind == "weekly" else 31 * cadence.every + 6
    nominal = nominal_from(cadence, reach - _DAY * span)
    while True:
        opens = _opening_day(cadence, calendar, nominal)
        if opens is None:
            # Only to end, with NoWorkingDay, a search that has no end.
            calendar.next_working_day(max(nominal, reach))
        elif opens >= reach:
            at = _instant(cadence, calendar, opens)
            if at > after:
                yield Due(nominal, opens, at)
                after = at
        nominal = nominal_from(cadence, nominal + _DAY)


def occurrences(
    cadence: Cadence, calendar: Calendar, after: datetime
) -> Iterator[tuple[date, datetime]]:
    """Yield (nominal date, instant in UTC) of all occurrences strictly later than ``after``.

    Endless; the iterator raises ``NoWorkingDay`` where the calendar comes to a stop.
    """
    return ((due.nominal, due.at) for due in _dues(cadence, calendar, after))


def next_due(cadence: Cadence, calendar: Calendar, after: datetime) -> Due:
    """Return the first occurrence strictly later than ``after``; may raise ``NoWorkingDay``."""
    return next(_dues(cadence, calendar, after))


def catch_up(
    missed_nominal: date, now: datetime, calendar: Calendar, cadence: Cadence
) -> datetime | None:
    """Return when (UTC) to open a round that was missed while the bot was down, or ``None``.

    It opens at the next moment the bot may write, unless the next regular one is less than
    ``CATCH_UP_DAYS`` working days away from there. However many were missed, one is made up for:
    pass any of them, then go on from ``next_due``. ``None`` also when nothing was missed: the
    occurrence is still to come, or is left out because of a pause.
    """
    opens = _opening_day(cadence, calendar, missed_nominal)
    if opens is None or _instant(cadence, calendar, opens) > now:
        return None
    moment = calendar.next_moment(now)
    regular = next_due(cadence, calendar, now).opens
    away = calendar.working_days_between(calendar.local(moment).date(), regular)
    return moment if away >= CATCH_UP_DAYS else None
