"""A rule of listed dates: so many working days before each meeting on a list. Pure.

A kind of rule beside the recurring ones of ``cadence``: its dates run out, and then somebody has to
be asked for new ones. When it is due next, ``plans`` says, for both kinds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.schedule.calendar import Calendar, local_time, to_utc
from bot.schedule.occurrences import Due

KIND = "meetings"
MOST_BEFORE = 20
"""Working days a meeting may lie ahead."""


@dataclass(frozen=True)
class Meetings:
    """``before`` working days before each of ``dates``, at a local time in whole minutes.

    Raises ``ValueError`` without a date, with one twice, or out of order.
    """

    dates: tuple[date, ...]
    before: int
    at: time

    def __post_init__(self) -> None:
        if not self.dates or list(self.dates) != sorted(set(self.dates)):
            raise ValueError("meetings are listed once each, the first one first")
        if self.before not in range(MOST_BEFORE + 1):
            raise ValueError(f"0 to {MOST_BEFORE} working days before, not {self.before}")
        if self.at.tzinfo or self.at.second or self.at.microsecond:
            raise ValueError("a local time in whole minutes")

    def to_dict(self) -> dict[str, object]:
        """Return the rule as plain data, ready for JSON."""
        return {
            "kind": KIND,
            "dates": [day.isoformat() for day in self.dates],
            "before": self.before,
            "at": self.at.strftime("%H:%M"),
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, object]) -> "Meetings":
        """Read what ``to_dict`` wrote. Raises ``ValueError``."""
        dates = given.get("dates")
        if given.get("kind") != KIND or not isinstance(dates, list):
            raise ValueError("not a list of meetings")
        return cls(
            tuple(date.fromisoformat(str(day)) for day in dates),
            int(str(given.get("before"))),
            local_time(str(given.get("at"))),
        )


def dues(rule: Meetings, calendar: Calendar) -> Iterator[Due]:
    """Yield when to write before each meeting, ``nominal`` being the meeting's own date.

    A meeting within a pause is left out. With no working days between, it is the day itself, or
    the last working day before it. May raise ``NoWorkingDay``.
    """
    for meeting in rule.dates:
        if calendar.is_paused(meeting):
            continue
        day = meeting
        if rule.before or not calendar.is_working_day(meeting):
            day = calendar.add_working_days(meeting, -max(rule.before, 1))
        at = to_utc(datetime.combine(day, rule.at), calendar.zone)
        yield Due(meeting, day, at)


def made_up(rule: Meetings, missed_at: datetime, now: datetime, calendar: Calendar) -> bool:
    """Tell whether what was due at ``missed_at`` still helps: a meeting it was for lies ahead."""
    reach = calendar.local(calendar.next_moment(now)).date()
    return any(missed_at <= due.at <= now and due.nominal >= reach for due in dues(rule, calendar))


def parse_dates(text: str) -> tuple[tuple[date, ...], tuple[str, ...]]:
    """Return the dates in a text, in order, and what in it was not understood.

    One date a line, or with commas or semicolons between: ``2026-03-17``, ``17.3.2026``,
    ``17/3 2026``, ``17-3-2026``.
    """
    found: set[date] = set()
    strange: list[str] = []
    for piece in text.replace(";", "\n").replace(",", "\n").splitlines():
        if not piece.strip():
            continue
        day = _day(piece.strip())
        if day is None:
            strange.append(piece.strip())
        else:
            found.add(day)
    return tuple(sorted(found)), tuple(strange)


def _day(piece: str) -> date | None:
    for mark in "./- ":
        piece = piece.replace(mark, " ")
    parts = piece.split()
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    if len(parts[0]) == 4:
        numbers.reverse()
    elif len(parts[2]) != 4:
        return None
    try:
        return date(numbers[2], numbers[1], numbers[0])
    except ValueError:
        return None
