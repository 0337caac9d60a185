"""How dates, times, numbers and lists are written in the three languages (voice). Pure.

These are the only filters a message may use. Nothing here converts a time zone: an instant comes
in the reader's zone already, so that the words never know who the reader is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import NumberPattern, format_percent, parse_pattern

from bot.domain.languages import Language


@dataclass(frozen=True)
class _Ways:
    """What Babel does not know by itself: the patterns of the house."""

    locale: str
    day: str
    date: str
    clock: str
    time: str
    week: str


_WAYS: Mapping[Language, _Ways] = {
    "da": _Ways(
        "da",
        "EEEE 'den' d. MMMM",
        "d. MMMM y",
        "kl. {hour}.{minute:02}",
        "{hour}.{minute:02}",
        "uge {week}",
    ),
    "sv": _Ways(
        "sv",
        "EEEE d MMMM",
        "d MMMM y",
        "kl. {hour}.{minute:02}",
        "{hour}.{minute:02}",
        "vecka {week}",
    ),
    "en": _Ways(
        "en_GB",
        "EEEE d MMMM",
        "d MMMM y",
        "{hour}:{minute:02}",
        "{hour}:{minute:02}",
        "week {week}",
    ),
}


class Formats:
    """One language's ways of writing.

    Every method raises ``TypeError`` or ``ValueError`` for a value it cannot write; neither
    repeats the value.
    """

    def __init__(self, language: Language) -> None:
        self._ways = _WAYS[language]
        self._locale = Locale.parse(self._ways.locale)
        self._decimal: NumberPattern = parse_pattern("0.##")

    def day(self, value: object) -> str:
        """Write a day: “tirsdag den 3. marts”, “tisdag 3 mars”, “Tuesday 3 March”."""
        return format_date(_day(value), self._ways.day, self._locale)

    def date(self, value: object) -> str:
        """Write a day with its year: “3. marts 2026”, “3 mars 2026”, “3 March 2026”."""
        return format_date(_day(value), self._ways.date, self._locale)

    def clock(self, value: object) -> str:
        """Write the time of day: “kl. 9.30”, “kl. 9.30”, “9:30”.

        Danish and Swedish include their “kl.”; an English template writes its “at” itself.
        """
        return _timed(value, self._ways.clock)

    def time(self, value: object) -> str:
        """Write the time of day bare, for spans and forms: “9.30”, “9.30”, “9:30”."""
        return _timed(value, self._ways.time)

    def week(self, value: object) -> str:
        """Write the ISO week a day lies in: “uge 10”, “vecka 10”, “week 10”."""
        return self._ways.week.format(week=_day(value).isocalendar().week)

    def number(self, value: object) -> str:
        """Write a number with at most two decimals: “3,5”, “3,5”, “3.5”; whole ones plain."""
        return str(self._decimal.apply(_number(value), self._locale))

    def percent(self, value: object) -> str:
        """Write whole per cent, 75 as “75 %” (no-break space), “75 %”, “75%”."""
        return format_percent(_number(value) / 100, locale=self._locale)

    def names(self, value: object) -> str:
        """Write a list: “A, B og C”, “A, B och C”, “A, B and C”."""
        return format_list(_texts(value), locale=self._locale)

    def join(self, value: object, separator: str = ", ") -> str:
        """Write a list with ``separator`` between its texts."""
        return separator.join(_texts(value))

    def filters(self) -> Mapping[str, Callable[..., str]]:
        """Return what a message may write after a value's name, by name."""
        return {name: getattr(self, name) for name in FILTERS}


FILTERS = ("day", "date", "clock", "time", "week", "number", "percent", "names", "join")


def _timed(value: object, way: str) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"a time of day needs a point in time, not {type(value).__name__}")
    _day(value)
    return way.format(hour=value.hour, minute=value.minute)


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"a day is needed, not {type(value).__name__}")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a point in time must come in the reader's zone, this one has none")
        return value.date()
    return value


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"a number is needed, not {type(value).__name__}")
    return value


def _texts(value: object) -> Sequence[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError(f"a list of texts is needed, not {type(value).__name__}")
    return value
