"""How long a round is open, and when its reminder goes out: counted in working time. Pure."""

from datetime import UTC, datetime, timedelta

from bot.schedule.calendar import Calendar, to_utc

REMINDER_BEFORE_CLOSE = timedelta(hours=4)
"""Working time that is left to answer in after the reminder, at least."""
REMINDER_AFTER_OPENING = timedelta(hours=2)
"""Working time that nobody is reminded in, at least; less would be pestering."""

_DAY = timedelta(days=1)


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
