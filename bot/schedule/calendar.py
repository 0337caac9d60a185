"""Working days, holidays, pauses and wall clocks: when the bot may write, in one place on earth.

Pure. What recurs, and when a round opens and closes, is in ``cadence``; nothing here knows of
rounds, rows or messages.

Two policies are written here and nowhere else:

- **The missing and the doubled hour.** A wall time means the first instant at which the clock on
  the wall reads that time or later. A time that the clock jumps over is therefore the first
  instant after the jump, and a time that comes twice is the first of the two.
- **Quiet days** are the country's public holidays (package ``holidays``, national ones only) and
  the days off by custom listed in ``_CUSTOMARY``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.people import WEEKDAYS, Away

HORIZON_DAYS = 400
"""How many days in a row may be without work before a calendar is taken to have none at all."""

_DAY = timedelta(days=1)

# Days on which most offices are shut although no law says so, as (month, day).
# DK: Constitution Day, Christmas Eve and New Year's Eve; 1 May is not here, it is for local
#     agreement. NO, IS, DE: work ends at noon on the two eves, too early to ask anybody anything.
# FO, GL: half days and the national day that the library lists, but not as public holidays.
# SE: its three eves come from the library (see _CATEGORIES). FI, AX: the library counts Midsummer
#     Eve and Christmas Eve as public; 31 December is an ordinary day there.
_CUSTOMARY: Mapping[str, tuple[tuple[int, int], ...]] = MappingProxyType(
    {
        "DK": ((6, 5), (12, 24), (12, 31)),
        "NO": ((12, 24), (12, 31)),
        "IS": ((12, 24), (12, 31)),
        "FO": ((6, 5), (7, 28), (12, 24), (12, 31)),
        "GL": ((6, 21), (12, 24), (12, 31)),
        "DE": ((12, 24), (12, 31)),
    }
)

# Swedish law puts the eves of Midsummer, Christmas and New Year beside Sundays (SFS 1977:480, 7 §).
_CATEGORIES: Mapping[str, tuple[str, ...]] = MappingProxyType({"SE": ("public", "de_facto")})


class NoWorkingDay(Exception):  # noqa: N818 - it is an answer about a calendar, not a fault in it
    """A calendar has no working day within ``HORIZON_DAYS``: no weekdays, or a long pause."""


@lru_cache(maxsize=1)
def known_countries() -> tuple[str, ...]:
    """Return the two-letter ISO codes of the countries whose holidays are known, sorted."""
    from holidays.registry import COUNTRIES  # a list; nothing of any country is loaded

    return tuple(sorted(code for _, code, *_ in COUNTRIES.values()))


@lru_cache(maxsize=4096)
def quiet_days(country: str, year: int) -> frozenset[date]:
    """Return the public holidays and customary days off of one country in one year.

    Sundays as such are not among them, also where the law counts them as holidays.
    """
    import holidays  # here, because it takes long to load and many commands never need it

    categories = _CATEGORIES.get(country, ("public",))
    public = holidays.country_holidays(country, years=year, categories=categories)
    customary = (date(year, month, day) for month, day in _CUSTOMARY.get(country, ()))
    return frozenset(public) | frozenset(customary)


@lru_cache(maxsize=1024)  # ZoneInfo itself keeps only the eight latest
def zone_info(zone: str) -> ZoneInfo:
    """Return the rules of an IANA time zone; raise ``ValueError`` when there is none such."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no such time zone: {zone!r}; a name looks like Europe/Oslo") from error


def local_time(text: str) -> time:
    """Read a time of day as people write it: ``9``, ``9:30``, ``09:30`` or the Danish ``9.30``."""
    hour, _, minute = text.strip().replace(".", ":").partition(":")
    if not (hour.isdecimal() and (minute or "0").isdecimal() and len(minute) in (0, 2)):
        raise ValueError(f"not a time of day: {text!r}; write it as 09:30")
    try:
        return time(int(hour), int(minute or "0"))
    except ValueError as error:
        raise ValueError(f"no such time of day: {text!r}; it runs from 00:00 to 23:59") from error


def to_utc(local: datetime, zone: str) -> datetime:
    """Return the instant (UTC) at which a wall clock in ``zone`` first reads ``local`` or later.

    ``local`` is naive; its ``fold`` is ignored. See the policy in the module's docstring.
    """
    if local.tzinfo is not None:
        raise ValueError(f"a wall time has no zone of its own: {local.isoformat()}")
    here = zone_info(zone)
    first = local.replace(tzinfo=here, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=here, fold=1).astimezone(UTC)
    # Only for a time that does not exist do the two readings come in reverse order (PEP 495); the
    # clock's jump lies between them.
    return first if first <= second else _after_the_jump(second, first, local, here)


def _after_the_jump(low: datetime, high: datetime, local: datetime, here: ZoneInfo) -> datetime:
    """Find, to the second, the instant after ``low``, at most ``high``, that passes ``local``."""
    low, high = low.replace(microsecond=0), high.replace(microsecond=0)
    while (seconds := (high - low) // timedelta(seconds=1)) > 1:
        middle = low + timedelta(seconds=seconds // 2)
        if middle.astimezone(here).replace(tzinfo=None) < local:
            low = middle
        else:
            high = middle
    return high


@dataclass(frozen=True)
class Calendar:
    """The working days and hours of a team or a person.

    ``working_days`` are weekdays (Monday is 0). The bot may write from ``day_starts`` until just
    before ``day_ends``, local time. ``country`` is a two-letter code, ``None`` for no holidays at
    all; ``closed`` are pauses. Raises ``ValueError`` with everything that is wrong at once.
    """

    zone: str
    country: str | None = None
    working_days: frozenset[int] = WEEKDAYS
    day_starts: time = time(8)
    day_ends: time = time(16)
    closed: tuple[Away, ...] = ()

    def __post_init__(self) -> None:
        wrong = []
        try:
            zone_info(self.zone)
        except ValueError as error:
            wrong.append(str(error))
        if self.country is not None and self.country not in known_countries():
            known = ", ".join(known_countries())
            wrong.append(f"no such country: {self.country!r}; known are {known}")
        if not self.working_days <= frozenset(range(7)):
            wrong.append(f"weekdays run from 0 to 6: {sorted(self.working_days)}")
        if self.day_starts.tzinfo or self.day_ends.tzinfo or self.day_starts >= self.day_ends:
            wrong.append(f"the day must start before it ends: {self.day_starts}-{self.day_ends}")
        if wrong:
            raise ValueError("; ".join(wrong))

    def is_holiday(self, day: date) -> bool:
        """Tell whether ``day`` is a public holiday or a customary day off in the country."""
        return self.country is not None and day in quiet_days(self.country, day.year)

    def is_paused(self, day: date) -> bool:
        """Tell whether ``day`` lies in one of the pauses."""
        return any(away.covers(day) for away in self.closed)

    def is_working_day(self, day: date) -> bool:
        """Tell whether work is done on ``day``: a chosen weekday, no holiday, no pause."""
        return (
            day.weekday() in self.working_days
            and not self.is_holiday(day)
            and not self.is_paused(day)
        )

    def next_working_day(self, day: date) -> date:
        """Return ``day`` itself if work is done on it, else the first such day after it.

        Raises ``NoWorkingDay`` when there is none within ``HORIZON_DAYS``.
        """
        return self._working_day_from(day, _DAY)

    def _working_day_from(self, day: date, step: timedelta) -> date:
        found = day
        for _ in range(HORIZON_DAYS):
            if self.is_working_day(found):
                return found
            found += step
        raise NoWorkingDay(f"no working day within {HORIZON_DAYS} days of {day}")

    def add_working_days(self, day: date, n: int) -> date:
        """Return the ``n``-th working day after ``day``; before it, when ``n`` is negative.

        ``day`` itself is never counted, and 0 gives it back, working day or not. So Friday and
        Saturday both have Monday as their first working day after.
        """
        step = _DAY if n > 0 else -_DAY
        for _ in range(abs(n)):
            day = self._working_day_from(day + step, step)
        return day

    def working_days_between(self, a: date, b: date) -> int:
        """Count the working days after ``a`` up to and including ``b``.

        Negative when ``b`` comes first, so that it is always the ``n`` of ``add_working_days``.
        """
        if b < a:
            return -sum(self.is_working_day(b + _DAY * k) for k in range((a - b).days))
        return sum(self.is_working_day(a + _DAY * k) for k in range(1, (b - a).days + 1))

    def hours(self, day: date) -> tuple[datetime, datetime]:
        """Return the instants (UTC) from which and before which the bot may write on ``day``.

        Whether ``day`` is a working day is not asked. Where the clock jumps over all of the hours,
        the two are the same.
        """
        start = to_utc(datetime.combine(day, self.day_starts), self.zone)
        return start, to_utc(datetime.combine(day, self.day_ends), self.zone)

    def local(self, instant: datetime) -> datetime:
        """Return what the clock on the wall shows at ``instant``: a naive ``datetime``."""
        return instant.astimezone(zone_info(self.zone)).replace(tzinfo=None)

    def next_moment(self, instant: datetime) -> datetime:
        """Return the first instant (UTC), ``instant`` or later, at which the bot may write.

        Raises ``NoWorkingDay`` when no working day comes.
        """
        day = self.next_working_day(self.local(instant).date())
        while True:
            start, end = self.hours(day)
            if instant < end and start < end:
                return max(start, instant.astimezone(UTC))
            day = self.next_working_day(day + _DAY)

    def for_person(
        self,
        working_days: frozenset[int] | None = None,
        aways: tuple[Away, ...] = (),
        zone: str | None = None,
    ) -> "Calendar":
        """Return the calendar of a person in the team.

        His own weekdays replace the team's, his own zone likewise; his pauses are added to the
        team's. Country and hours stay the team's, the hours read on his own clock.
        """
        return replace(
            self,
            working_days=self.working_days if working_days is None else working_days,
            closed=self.closed + aways,
            zone=zone or self.zone,
        )
