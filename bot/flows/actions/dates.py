"""The dates of an action: which are good ones, what is proposed instead, and how they are typed.

Pure. A date that is past or on which nobody works is told with the next working day.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from bot.content.words import Words
from bot.domain.action_items import Milestone
from bot.schedule.calendar import Calendar, NoWorkingDay

USUAL_DAYS = 10
"""Working days from today that are proposed for an action; think small."""
UNTIL_FOLLOW_UP = 10
"""Working days from the date to the follow-up."""
FURTHEST = timedelta(days=730)
MOST_MILESTONES = 20
_DONE = "✓"
_TYPED_DAY = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"|(?P<d2>\d{1,2})[./](?P<m2>\d{1,2})(?:[./](?P<y2>\d{4})|\.)?)(?=[\s:–-]|$)[\s:–-]*"
)
_WRITTEN: dict[str, Callable[[date], str]] = {
    "da": lambda day: f"{day.day}.{day.month}.{day.year}",
    "sv": lambda day: day.isoformat(),
    "en": lambda day: f"{day.day}/{day.month}/{day.year}",
}


def working_days_on(calendar: Calendar, day: date, number: int) -> date:
    """Return the day so many working days later; where nobody works, so many days later."""
    try:
        return calendar.add_working_days(day, number)
    except NoWorkingDay:
        return day + timedelta(days=number)


def next_good(calendar: Calendar, day: date, today: date) -> date:
    """Return the first working day from ``day`` and from today on."""
    first = max(day, today)
    try:
        return calendar.next_working_day(first)
    except NoWorkingDay:
        return first


def fault_of(words: Words, calendar: Calendar, day: date, today: date) -> str:
    """Say what is wrong with a date, with a better one; nothing when it is a good one."""
    if day > today + FURTHEST:
        return words("action.date_far", latest=today + FURTHEST)
    good = next_good(calendar, day, today)
    if day < today:
        return words("action.date_past", day=day, next=good)
    if day != good:
        return words("action.date_off", day=day, next=good)
    return ""


def written(words: Words, milestones: Sequence[Milestone]) -> str:
    """Return the timetable as one types it, a line each: "✓ 16.3.2026 Prøv én dag"."""
    write = _WRITTEN[words.language]
    marks = ((f"{_DONE} " if one.done else "", one) for one in milestones)
    return "\n".join(f"{mark}{write(one.day)} {one.text}" for mark, one in marks)


def read(text: str, today: date) -> tuple[tuple[Milestone, ...], str]:
    """Return the timetable that was typed, in order, and the first line that is not understood.

    Without a year, a day is the next of its name, or one of the last two months.
    """
    found: list[Milestone] = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        done, bare = line.startswith(_DONE), line.removeprefix(_DONE).strip()
        match = _TYPED_DAY.match(bare)
        day = _day(match, today) if match else None
        rest = bare[match.end() :].strip() if match else ""
        if day is None or not rest or len(found) >= MOST_MILESTONES:
            return (), line
        found.append(Milestone(day, rest, done))
    return tuple(sorted(found, key=lambda one: one.day)), ""


def _day(match: re.Match[str], today: date) -> date | None:
    year, month, day = (match[name] or match[f"{name}2"] for name in "ymd")
    try:
        if year:
            return date(int(year), int(month), int(day))
        soon = date(today.year, int(month), int(day))
        long_past = soon < today - timedelta(days=60)
        return date(today.year + 1, int(month), int(day)) if long_past else soon
    except ValueError:
        return None
