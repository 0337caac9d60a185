"""When a plan is due next, whatever kind of rule it follows, and what becomes of a missed time.

A rule is a recurring one (``cadence``) or a list of dates (``meetings``). A plan is a line of the
plan: a round's, or a programme's such as a digest. Pure.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot.schedule import meetings
from bot.schedule.cadence import Cadence
from bot.schedule.calendar import Calendar
from bot.schedule.meetings import Meetings
from bot.schedule.occurrences import Due, catch_up
from bot.schedule.occurrences import next_due as next_recurring

Rule = Cadence | Meetings

LATE = timedelta(minutes=10)
"""Within this, a plan's time counts as now; later, it is caught up with."""


def rule_of(plain: Mapping[str, object]) -> Rule:
    """Read a rule from plain data. Raises ``CadenceError`` or another ``ValueError``."""
    if plain.get("kind") == meetings.KIND:
        return Meetings.from_dict(plain)
    return Cadence.from_dict(plain)


def next_run(rule: Rule, calendar: Calendar, after: datetime) -> Due | None:
    """Return the first occurrence strictly later than ``after``; ``None``: the dates ran out.

    May raise ``NoWorkingDay``.
    """
    if isinstance(rule, Cadence):
        return next_recurring(rule, calendar, after)
    later = (due for due in meetings.dues(rule, calendar) if due.at > after)
    return min(later, key=lambda due: due.at, default=None)


def takes_place(
    rule: Rule, calendar: Calendar, due_at: datetime, nominal: date, now: datetime
) -> datetime | None:
    """Return when what was due at ``due_at`` happens, ``None`` when it is left out.

    On time; after downtime still the same day at the next moment the bot may write; on a later day
    as ``catch_up`` says, or for a listed meeting as long as it lies ahead. However many were
    missed, one is made up for. May raise ``NoWorkingDay``.
    """
    if now - due_at <= LATE:
        return due_at
    moment = calendar.next_moment(now)
    if calendar.local(moment).date() == calendar.local(due_at).date():
        return moment
    if isinstance(rule, Cadence):
        return catch_up(nominal, now, calendar, rule)
    return moment if meetings.made_up(rule, due_at, now, calendar) else None
