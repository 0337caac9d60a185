"""Listed meetings: so many working days before each, until the dates run out."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from town import at

from bot.domain.people import Away
from bot.schedule.calendar import Calendar
from bot.schedule.meetings import KIND, Meetings, dues, parse_dates
from bot.schedule.plans import next_run, rule_of, takes_place

DK = Calendar("Europe/Copenhagen", "DK")
NINE = time(9)
MARCH_17, APRIL_9 = date(2026, 3, 17), date(2026, 4, 9)
TWO = Meetings((MARCH_17, APRIL_9), 5, NINE)


def test_it_comes_so_many_working_days_before_each_meeting() -> None:
    assert [due.nominal for due in dues(TWO, DK)] == [MARCH_17, APRIL_9]
    assert next_run(TWO, DK, at(2)) == next(dues(TWO, DK))
    # Easter lies between: Maundy Thursday, Good Friday and Easter Monday are no working days.
    assert [due.at for due in dues(TWO, DK)] == [at(10, 9), at(30, 9)]


def test_on_the_day_itself_or_the_last_working_day_before_it() -> None:
    rule = Meetings((date(2026, 3, 18), date(2026, 3, 21)), 0, NINE)
    assert [due.opens for due in dues(rule, DK)] == [date(2026, 3, 18), date(2026, 3, 20)]


def test_the_dates_run_out() -> None:
    assert next_run(TWO, DK, at(30, 9)) is None


def test_a_meeting_in_a_pause_is_left_out() -> None:
    paused = Calendar("Europe/Copenhagen", "DK", closed=(Away(MARCH_17, MARCH_17),))
    assert [due.nominal for due in dues(TWO, paused)] == [APRIL_9]


@pytest.mark.parametrize(
    ("now", "happens"),
    [
        (at(10, 9), at(10, 9)),
        (at(10, 9, 10), at(10, 9)),
        (at(10, 11), at(10, 11)),
        (at(12, 20), at(13, 8)),
        (at(17, 8), at(17, 8)),
        (at(17, 20), None),
        (at(20, 9), None),
        (at(31, 9), at(31, 9)),
        (at(10, 9, month=4), None),
    ],
)
def test_a_missed_one_still_comes_as_long_as_its_meeting_lies_ahead(
    now: datetime, happens: datetime | None
) -> None:
    assert takes_place(TWO, DK, at(10, 9), MARCH_17, now) == happens


@pytest.mark.parametrize("dates", [(), (APRIL_9, MARCH_17), (MARCH_17, MARCH_17)])
def test_meetings_are_listed_once_each_and_in_order(dates: tuple[date, ...]) -> None:
    with pytest.raises(ValueError, match="meetings"):
        Meetings(dates, 5, NINE)


def test_a_meeting_is_announced_at_most_a_month_ahead_at_a_whole_minute() -> None:
    with pytest.raises(ValueError, match="working days"):
        Meetings((MARCH_17,), 21, NINE)
    with pytest.raises(ValueError, match="minutes"):
        Meetings((MARCH_17,), 2, time(9, 0, 30))


@pytest.mark.parametrize(
    "plain",
    [{"kind": KIND}, {"kind": "weekly", "dates": []}, {"kind": KIND, "dates": ["x"], "at": "9"}],
)
def test_what_is_no_list_of_meetings_is_refused(plain: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Meetings.from_dict(plain)


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
rules = st.builds(
    Meetings,
    st.lists(days, min_size=1, max_size=12, unique=True).map(lambda found: tuple(sorted(found))),
    st.integers(0, 20),
    st.times().map(lambda found: found.replace(second=0, microsecond=0)),
)


@given(rule=rules)
def test_what_is_written_down_is_read_back(rule: Meetings) -> None:
    assert rule_of(rule.to_dict()) == rule


@given(rule=rules, hours=st.integers(0, 24 * 800))
def test_the_next_one_is_later_and_none_is_passed_over(rule: Meetings, hours: int) -> None:
    after = at(1, month=1) + timedelta(hours=hours)
    found = next_run(rule, DK, after)
    later = [due.at for due in dues(rule, DK) if due.at > after]
    assert (found.at if found else None) == min(later, default=None)


@given(rule=rules)
def test_it_comes_on_a_working_day_and_never_after_its_meeting(rule: Meetings) -> None:
    for due in dues(rule, DK):
        assert DK.is_working_day(due.opens)
        assert due.opens <= due.nominal


def test_dates_are_read_as_people_write_them() -> None:
    text = "17.3.2026, 2026-04-09\n1/6 2026;  24-12-2026 \n\n17.3.2026"
    found = (MARCH_17, APRIL_9, date(2026, 6, 1), date(2026, 12, 24))
    assert parse_dates(text) == (found, ())


@pytest.mark.parametrize("piece", ["tirsdag", "17.3", "31.2.2026", "17.3.26", "2026", "1.2.3.2026"])
def test_what_is_no_date_is_given_back(piece: str) -> None:
    assert parse_dates(f"17.3.2026\n{piece}") == ((MARCH_17,), (piece,))


@given(text=st.text(max_size=60))
def test_nothing_typed_breaks_the_reading_or_gets_lost(text: str) -> None:
    dates, strange = parse_dates(text)
    assert list(dates) == sorted(set(dates))
    assert bool(dates or strange) == any(piece.strip() for piece in _pieces(text))


def _pieces(text: str) -> list[str]:
    return text.replace(";", "\n").replace(",", "\n").splitlines()
