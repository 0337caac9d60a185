"""Recurring rules: when the next round is due, how long it stays open, when to remind.

Pure. Working days, holidays and the odd hours of a clock change are ``calendar``'s; due rows and
what is done about them are the tick's.

Two dates belong to every occurrence. The **nominal** date is the one the rule names. The
**opening** date is the same one, or the next working day where no work is done on it. An occurrence
is left out when its nominal date lies in a pause, or when it would have to move onto or past the
next nominal date. The time of day is the rule's own: the calendar's hours do not move it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Literal, cast, get_args

from bot.schedule.calendar import Calendar, local_time, to_utc

Kind = Literal["weekly", "monthly", "months"]
Fault = Literal["missing", "wrong", "unused"]

CATCH_UP_DAYS = 5
"""Working days there must be from a late round to the next regular one."""
REMINDER_BEFORE_CLOSE = timedelta(hours=4)
"""Working time that is left to answer in after the reminder, at least."""
REMINDER_AFTER_OPENING = timedelta(hours=2)
"""Working time that nobody is reminded in, at least; less would be pestering."""

_DAY = timedelta(days=1)

_USED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "weekly": frozenset({"kind", "weekday", "at", "every", "anchor"}),
        "monthly": frozenset({"kind", "weekday", "at", "nth"}),
        "months": frozenset({"kind", "weekday", "at", "every", "nth", "anchor"}),
    }
)
_ALLOWED: Mapping[str, str] = MappingProxyType(
    {
        "kind": "one of weekly, monthly, months",
        "weekday": "0 (Monday) to 6 (Sunday)",
        "at": "a time of day in whole minutes, such as 09:30",
        "every": "a whole number of weeks from 1 to 52 or of months from 1 to 24",
        "nth": "1 to 4, or -1 (last)",
        "anchor": "a date such as 2026-08-31",
    }
)


class CadenceError(ValueError):
    """A rule that makes no sense; ``faults`` has a code for each field, for a form to put in words.

    ``missing``: the kind needs it. ``wrong``: not a value it can have. ``unused``: the kind does
    not have it.
    """

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        self.faults = dict(faults)
        said = (
            f"{name}: {fault}, allowed is {_ALLOWED.get(name, 'nothing of that name')}"
            for name, fault in sorted(faults.items())
        )
        super().__init__("; ".join(said))


@dataclass(frozen=True)
class Cadence:
    """A recurring rule in local time; build it with ``weekly``, ``monthly`` or ``every_months``.

    ``anchor`` sets the rhythm, not the beginning: its week (from Monday), or its month, is one of
    those that have an occurrence, and the rule runs both ways from there. Raises ``CadenceError``.
    """

    kind: Kind
    weekday: int
    """Monday is 0."""
    at: time
    """Local time, whole minutes."""
    every: int = 1
    """Weeks or months from one to the next."""
    nth: int | None = None
    """Which of the month's such weekdays: 1 to 4, or -1 for the last."""
    anchor: date | None = None

    def __post_init__(self) -> None:
        faults = _faults(self)
        if faults:
            raise CadenceError(faults)

    @classmethod
    def weekly(cls, weekday: int, at: time, anchor: date, every: int = 1) -> "Cadence":
        """Return the rule: every ``every`` weeks on ``weekday``, counted from the anchor's week."""
        return cls("weekly", weekday, at, every=every, anchor=anchor)

    @classmethod
    def monthly(cls, nth: int, weekday: int, at: time) -> "Cadence":
        """Return the rule: every month, on its ``nth`` ``weekday``."""
        return cls("monthly", weekday, at, nth=nth)

    @classmethod
    def every_months(cls, every: int, nth: int, weekday: int, at: time, anchor: date) -> "Cadence":
        """Return the rule: every ``every`` months from the anchor's, on the ``nth`` ``weekday``."""
        return cls("months", weekday, at, every=every, nth=nth, anchor=anchor)

    def to_dict(self) -> dict[str, str | int]:
        """Return the rule as plain data, ready for JSON: only the fields that its kind uses."""
        found: dict[str, str | int] = {"kind": self.kind, "weekday": self.weekday}
        found["at"] = self.at.strftime("%H:%M")
        if self.kind != "monthly":
            found["every"] = self.every
        if self.nth is not None:
            found["nth"] = self.nth
        if self.anchor is not None:
            found["anchor"] = self.anchor.isoformat()
        return found

    def to_parts(self) -> dict[str, str]:
        """Return the rule as a form's values: all strings, and ``last`` for an ``nth`` of -1."""
        parts = {name: str(value) for name, value in self.to_dict().items()}
        return parts | ({"nth": "last"} if self.nth == -1 else {})

    @classmethod
    def from_dict(cls, given: Mapping[str, object]) -> "Cadence":
        """Read what ``to_dict`` or ``to_parts`` wrote, or what somebody put into a form.

        Empty values count as not given. Raises ``CadenceError`` with every fault at once.
        """
        values = {key: value for key, value in given.items() if value not in (None, "")}
        faults: dict[str, Fault] = {}
        known = {field.name for field in fields(cls)}
        used = _USED.get(str(values.get("kind")), known)
        for name in used - values.keys():
            faults[name] = "missing"
        read: dict[str, object] = {}
        for name, value in values.items():
            if name not in used:
                faults[name] = "unused"
                continue
            try:
                read[name] = _read(name, value)
            except ValueError:
                faults[name] = "wrong"
        if faults:
            raise CadenceError(faults)
        return cls(**read)  # type: ignore[arg-type]  # _read gives each field its type


def _read(name: str, value: object) -> object:
    text = str(value).strip()
    if name == "kind":
        if text not in get_args(Kind):
            raise ValueError(text)
        return cast("Kind", text)
    if name == "at":
        return local_time(text)
    if name == "anchor":
        return date.fromisoformat(text)
    return -1 if name == "nth" and text == "last" else int(text)


def _faults(rule: Cadence) -> dict[str, Fault]:
    if rule.kind not in _USED:
        return {"kind": "wrong"}
    used = _USED[rule.kind]
    faults: dict[str, Fault] = {}
    for name, value in (("nth", rule.nth), ("anchor", rule.anchor)):
        if value is None and name in used:
            faults[name] = "missing"
        elif value is not None and name not in used:
            faults[name] = "unused"
    if rule.weekday not in range(7):
        faults["weekday"] = "wrong"
    if rule.nth is not None and rule.nth not in (1, 2, 3, 4, -1):
        faults.setdefault("nth", "wrong")
    if rule.every not in range(1, {"weekly": 53, "monthly": 2, "months": 25}[rule.kind]):
        faults["every"] = "wrong"
    if rule.at.tzinfo or rule.at.second or rule.at.microsecond:
        faults["at"] = "wrong"
    return faults


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


def window(opens_at: datetime, calendar: Calendar, working_days_open: int) -> datetime:
    """Return when (UTC) a round closes: the same local time, that many working days later."""
    if working_days_open < 1:
        raise ValueError(f"a round is open for one working day or more, not {working_days_open}")
    opens = calendar.local(opens_at)
    day = calendar.add_working_days(opens.date(), working_days_open)
    return to_utc(datetime.combine(day, opens.time()), calendar.zone)


def reminder_at(opens_at: datetime, closes_at: datetime, calendar: Calendar) -> datetime | None:
    """Return when (UTC) to remind: half-way through the working time a round is open.

    Always within the hours of a working day, with ``REMINDER_BEFORE_CLOSE`` of working time left
    and ``REMINDER_AFTER_OPENING`` gone; ``None`` where there is no room for that.
    """
    spans = _working_spans(calendar, opens_at, closes_at)
    total = sum((end - start for start, end in spans), timedelta(0))
    wait = min(total / 2, total - REMINDER_BEFORE_CLOSE)
    if wait < REMINDER_AFTER_OPENING:
        return None
    for start, end in spans:
        if wait < end - start:
            return (start + wait).replace(second=0, microsecond=0)
        wait -= end - start
    return None


def _working_spans(
    calendar: Calendar, start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """Return the stretches of working time between two instants, in UTC."""
    day, last = calendar.local(start).date(), calendar.local(end).date()
    spans = []
    while day <= last:
        if calendar.is_working_day(day):
            starts, ends = calendar.hours(day)
            spans.append((max(starts, start.astimezone(UTC)), min(ends, end.astimezone(UTC))))
        day += _DAY
    return [(starts, ends) for starts, ends in spans if starts < ends]
