"""How dates, times, numbers and lists are written in Danish, Swedish and English."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.content.formats import Formats
from bot.domain.languages import Language

TUESDAY = date(2026, 3, 3)
HALF_PAST_NINE = datetime(2026, 3, 3, 9, 30, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.mark.parametrize(
    ("language", "day", "with_year", "week"),
    [
        ("da", "tirsdag den 3. marts", "3. marts 2026", "uge 10"),
        ("sv", "tisdag 3 mars", "3 mars 2026", "vecka 10"),
        ("en", "Tuesday 3 March", "3 March 2026", "week 10"),
    ],
)
def test_days_and_weeks_are_written_as_people_say_them(
    language: Language, day: str, with_year: str, week: str
) -> None:
    formats = Formats(language)
    for value in (TUESDAY, HALF_PAST_NINE):
        assert formats.day(value) == day
        assert formats.date(value) == with_year
        assert formats.week(value) == week


@pytest.mark.parametrize(
    ("language", "half_past", "full_hour"),
    [("da", "kl. 9.30", "kl. 14.00"), ("sv", "kl. 9.30", "kl. 14.00"), ("en", "9:30", "14:00")],
)
def test_the_clock_has_its_kl_in_danish_and_swedish_only(
    language: Language, half_past: str, full_hour: str
) -> None:
    assert Formats(language).clock(HALF_PAST_NINE) == half_past
    assert Formats(language).clock(HALF_PAST_NINE.replace(hour=14, minute=0)) == full_hour


@pytest.mark.parametrize(("language", "bare"), [("da", "9.30"), ("sv", "9.30"), ("en", "9:30")])
def test_a_bare_time_has_no_kl(language: Language, bare: str) -> None:
    assert Formats(language).time(HALF_PAST_NINE) == bare


def test_the_hour_is_the_one_that_was_given_whatever_the_zone() -> None:
    late = datetime(2026, 3, 3, 23, 5, tzinfo=ZoneInfo("America/New_York"))
    assert Formats("da").clock(late) == "kl. 23.05"
    assert Formats("da").day(late) == "tirsdag den 3. marts"


@pytest.mark.parametrize(
    ("day", "week"),
    [(date(2026, 1, 1), "uge 1"), (date(2027, 1, 1), "uge 53"), (date(2024, 12, 30), "uge 1")],
)
def test_weeks_are_iso_weeks_also_around_new_year(day: date, week: str) -> None:
    assert Formats("da").week(day) == week


@pytest.mark.parametrize(
    ("value", "nordic", "english"),
    [
        (3, "3", "3"),
        (3.0, "3", "3"),
        (3.5, "3,5", "3.5"),
        (0.5, "0,5", "0.5"),
        (2.25, "2,25", "2.25"),
        (12345, "12345", "12345"),
        (0, "0", "0"),
    ],
)
def test_numbers_have_a_decimal_comma_in_danish_and_swedish(
    value: float, nordic: str, english: str
) -> None:
    assert Formats("da").number(value) == nordic
    assert Formats("sv").number(value) == nordic
    assert Formats("en").number(value) == english


def test_per_cent_has_a_space_that_does_not_break_in_danish_and_swedish() -> None:
    assert Formats("da").percent(75) == "75\N{NO-BREAK SPACE}%"
    assert Formats("sv").percent(75) == "75\N{NO-BREAK SPACE}%"
    assert Formats("en").percent(75) == "75%"
    assert Formats("da").percent(72.7) == "73\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("language", "three", "two"),
    [
        ("da", "A, B og C", "A og B"),
        ("sv", "A, B och C", "A och B"),
        ("en", "A, B and C", "A and B"),
    ],
)
def test_names_are_listed_with_the_languages_own_and(
    language: Language, three: str, two: str
) -> None:
    formats = Formats(language)
    assert formats.names(["A", "B", "C"]) == three
    assert formats.names(["A", "B"]) == two
    assert formats.names(["A"]) == "A"
    assert formats.names([]) == ""


def test_a_name_with_braces_is_a_name() -> None:
    assert Formats("da").names(["{0}", "{1}", "{x!r}"]) == "{0}, {1} og {x!r}"


def test_texts_are_joined_with_what_the_template_says() -> None:
    assert Formats("en").join(["A", "B"]) == "A, B"
    assert Formats("en").join(["A", "B"], " / ") == "A / B"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("day", "2026-03-03"),
        ("date", 3),
        ("week", 10),
        ("clock", TUESDAY),
        ("clock", "9:30"),
        ("time", TUESDAY),
        ("number", "3"),
        ("number", True),
        ("percent", None),
        ("names", "Anna"),
        ("names", [1, 2]),
        ("join", {"a": 1}),
    ],
)
def test_a_value_of_another_kind_is_refused_without_being_repeated(
    name: str, value: object
) -> None:
    with pytest.raises(TypeError) as found:
        Formats("da").filters()[name](value)
    assert repr(value) not in str(found.value) or isinstance(value, list | bool | type(None) | int)


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 3, 3, 9, 30, tzinfo=UTC).replace(tzinfo=None)
    for write in (Formats("da").day, Formats("da").date, Formats("da").clock, Formats("da").week):
        with pytest.raises(ValueError, match="zone"):
            write(naive)
