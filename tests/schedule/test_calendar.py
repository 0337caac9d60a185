from datetime import UTC, date, datetime, time, timedelta

import pytest
from schedule_oracle import QUIET, quiet_days_of

from bot.domain.people import Away
from bot.schedule.calendar import (
    HORIZON_DAYS,
    Calendar,
    NoWorkingDay,
    known_countries,
    local_time,
    quiet_days,
)

COPENHAGEN = Calendar("Europe/Copenhagen", "DK")


@pytest.mark.parametrize("country", ["DK", "SE", "NO"])
@pytest.mark.parametrize("year", range(2020, 2036))
def test_quiet_days_are_those_of_the_statute_books_and_of_custom(country: str, year: int) -> None:
    assert quiet_days(country, year) == QUIET[country](year)


def test_great_prayer_day_is_an_ordinary_friday_since_2024() -> None:
    assert COPENHAGEN.is_holiday(date(2023, 5, 5))
    assert not COPENHAGEN.is_holiday(date(2024, 4, 26))
    assert COPENHAGEN.is_working_day(date(2024, 4, 26))


def test_constitution_day_and_the_two_eves_are_quiet_in_denmark() -> None:
    for day in (date(2026, 6, 5), date(2026, 12, 24), date(2026, 12, 31)):
        assert not COPENHAGEN.is_working_day(day)


def test_first_of_may_is_a_working_day_in_denmark_but_not_in_sweden() -> None:
    assert COPENHAGEN.is_working_day(date(2026, 5, 1))
    assert not Calendar("Europe/Stockholm", "SE").is_working_day(date(2026, 5, 1))


def test_a_swedish_team_that_works_on_sundays_is_asked_on_sundays() -> None:
    every_day = Calendar("Europe/Stockholm", "SE", frozenset(range(7)))
    assert every_day.is_working_day(date(2026, 11, 22))
    assert not every_day.is_working_day(date(2026, 4, 5)), "Easter Sunday"


@pytest.mark.parametrize(
    ("country", "day", "works"),
    [
        ("FI", date(2026, 6, 19), False),
        ("FI", date(2026, 12, 31), True),
        ("IS", date(2026, 12, 24), False),
        ("IS", date(2026, 4, 23), False),
        ("FO", date(2026, 7, 28), False),
        ("GL", date(2027, 6, 21), False),
        ("DE", date(2026, 12, 31), False),
        ("GB", date(2026, 12, 24), True),
        ("GB", date(2026, 12, 28), False),
    ],
)
def test_other_countries_follow_the_library_and_the_table(
    country: str, day: date, works: bool
) -> None:
    assert Calendar("Europe/Oslo", country).is_working_day(day) is works


def test_without_a_country_there_are_no_holidays() -> None:
    assert Calendar("Europe/Copenhagen").is_working_day(date(2026, 12, 25))


def test_everything_wrong_with_a_calendar_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="no such time zone") as caught:
        Calendar("Europe/Atlantis", "XX", frozenset({7}), time(16), time(8))
    said = str(caught.value)
    assert "no such country: 'XX'; known are AD" in said
    assert " DK, " in said
    assert "weekdays run from 0 to 6" in said
    assert "must start before it ends" in said


@pytest.mark.parametrize("zone", ["Europe", "", "../Oslo", "/etc/hosts", "CEST!", "a\0b"])
def test_a_zone_that_is_none_is_a_value_error(zone: str) -> None:
    with pytest.raises(ValueError, match="no such time zone"):
        Calendar(zone)


def test_known_countries_are_two_letter_codes_with_the_nordic_ones_among_them() -> None:
    known = known_countries()
    assert {"DK", "SE", "NO", "FI", "IS", "FO", "GL", "AX", "DE", "GB"} <= set(known)
    assert all(len(code) == 2 and code.isupper() for code in known)
    assert list(known) == sorted(known)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("9", time(9)), ("9.30", time(9, 30)), ("09:05", time(9, 5)), (" 23:59 ", time(23, 59))],
)
def test_a_time_of_day_is_read_as_people_write_it(text: str, expected: time) -> None:
    assert local_time(text) == expected


@pytest.mark.parametrize("text", ["", "24:00", "9:3", "9:60", "nine", "-1", "9:30:00", ":30", "²"])
def test_a_time_of_day_that_is_none_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="time of day"):
        local_time(text)


def test_the_next_working_day_after_easter_week_is_tuesday() -> None:
    assert COPENHAGEN.next_working_day(date(2026, 4, 2)) == date(2026, 4, 7)
    assert COPENHAGEN.next_working_day(date(2026, 4, 7)) == date(2026, 4, 7)


def test_adding_working_days_never_counts_the_day_itself() -> None:
    friday, saturday, monday = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)
    assert COPENHAGEN.add_working_days(friday, 1) == monday
    assert COPENHAGEN.add_working_days(saturday, 1) == monday
    assert COPENHAGEN.add_working_days(saturday, 0) == saturday
    assert COPENHAGEN.add_working_days(monday, -1) == friday
    assert COPENHAGEN.add_working_days(saturday, -1) == friday


@pytest.mark.parametrize("n", [-40, -5, -1, 0, 1, 2, 5, 40])
@pytest.mark.parametrize("day", [date(2026, 12, 20) + timedelta(days=k) for k in range(9)])
def test_adding_and_counting_working_days_agree(day: date, n: int) -> None:
    there = COPENHAGEN.add_working_days(day, n)
    assert COPENHAGEN.working_days_between(day, there) == n


def test_counting_working_days_agrees_with_counting_them_one_by_one() -> None:
    quiet = quiet_days_of("DK", [2026, 2027])
    first = date(2026, 12, 1)
    for days in range(60):
        last = first + timedelta(days=days)
        week = [first + timedelta(days=k) for k in range(1, days + 1)]
        expected = len([day for day in week if day.weekday() < 5 and day not in quiet])
        assert COPENHAGEN.working_days_between(first, last) == expected


def test_a_calendar_without_work_says_so_instead_of_searching_for_ever() -> None:
    never = Calendar("Europe/Copenhagen", working_days=frozenset())
    closed = Calendar("Europe/Oslo", closed=(Away(date(2026, 1, 1), date(2029, 12, 31)),))
    for calendar in (never, closed):
        with pytest.raises(NoWorkingDay):
            calendar.next_working_day(date(2026, 3, 1))
        with pytest.raises(NoWorkingDay):
            calendar.add_working_days(date(2027, 12, 1), -1)
        with pytest.raises(NoWorkingDay):
            calendar.next_moment(datetime(2026, 3, 1, tzinfo=UTC))


def test_a_pause_just_shorter_than_the_horizon_is_waited_out() -> None:
    monday = date(2026, 3, 2)
    last = monday + timedelta(days=HORIZON_DAYS - 2)
    calendar = Calendar(
        "Europe/Oslo", working_days=frozenset(range(7)), closed=(Away(monday, last),)
    )
    assert calendar.next_working_day(monday) == last + timedelta(days=1)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-23T06:59", "2026-11-23T07:00"),
        ("2026-11-23T07:00", "2026-11-23T07:00"),
        ("2026-11-23T14:59", "2026-11-23T14:59"),
        ("2026-11-23T15:00", "2026-11-24T07:00"),
        ("2026-11-20T15:00", "2026-11-23T07:00"),
        ("2026-12-23T15:00", "2026-12-28T07:00"),
        ("2026-07-01T05:00", "2026-07-01T06:00"),
    ],
)
def test_the_next_moment_is_within_hours_on_a_working_day(instant: str, expected: str) -> None:
    found = COPENHAGEN.next_moment(datetime.fromisoformat(instant).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_the_next_moment_is_never_earlier_where_the_hours_begin_in_a_doubled_hour() -> None:
    night = Calendar("Europe/Copenhagen", None, frozenset(range(7)), time(2, 30), time(6))
    second_half_past_two = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert night.local(second_half_past_two) == datetime(2026, 10, 25, 2, 10)  # noqa: DTZ001
    assert night.next_moment(second_half_past_two) == second_half_past_two


def test_hours_that_the_clock_jumps_over_have_no_moment() -> None:
    short = Calendar("Europe/Copenhagen", None, frozenset(range(7)), time(2), time(3))
    found = short.next_moment(datetime(2026, 3, 29, 0, 0, tzinfo=UTC))
    assert found == datetime(2026, 3, 30, 0, 0, tzinfo=UTC)


def test_a_persons_calendar_has_his_own_days_zone_and_pauses() -> None:
    team = Calendar("Europe/Copenhagen", "DK", closed=(Away(date(2026, 7, 6), date(2026, 7, 31)),))
    person = team.for_person(
        frozenset({1, 5}), (Away(date(2026, 11, 24), date(2026, 11, 24)),), "America/Godthab"
    )
    assert not person.is_working_day(date(2026, 11, 23)), "a Monday"
    assert not person.is_working_day(date(2026, 11, 24)), "his own day off"
    assert person.is_working_day(date(2026, 11, 28)), "a Saturday he works"
    assert not person.is_working_day(date(2026, 7, 7)), "the team's pause"
    assert not person.is_working_day(date(2026, 12, 26)), "a holiday on one of his days"
    assert person.hours(date(2026, 11, 28))[0] == datetime(2026, 11, 28, 10, tzinfo=UTC)


def test_a_person_with_nothing_of_his_own_has_the_teams_calendar() -> None:
    assert COPENHAGEN.for_person() == COPENHAGEN
