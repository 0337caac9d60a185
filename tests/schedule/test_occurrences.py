from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest

from bot.domain.people import Away
from bot.schedule.cadence import Cadence
from bot.schedule.calendar import Calendar, NoWorkingDay
from bot.schedule.occurrences import Due, catch_up, next_due, nominal_from, occurrences

COPENHAGEN = Calendar("Europe/Copenhagen", "DK")
EVERY_SECOND_TUESDAY = Cadence.weekly(1, time(9, 30), date(2026, 8, 31), every=2)
LAST_FRIDAY = Cadence.monthly(-1, 4, time(10))
QUARTERLY = Cadence.every_months(3, 1, 0, time(8), date(2026, 2, 17))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def nominals(rule: Cadence, calendar: Calendar, after: str, n: int) -> list[str]:
    return [f"{day:%m-%d}" for day, _ in islice(occurrences(rule, calendar, utc(after)), n)]


def test_weeks_are_counted_from_the_anchors_week_in_both_directions() -> None:
    free = Calendar("Europe/Copenhagen")
    later = nominals(EVERY_SECOND_TUESDAY, free, "2026-09-01T12:00", 3)
    assert later == ["09-15", "09-29", "10-13"]
    assert nominals(EVERY_SECOND_TUESDAY, free, "2026-08-01", 3) == ["08-04", "08-18", "09-01"]


def test_an_anchor_on_a_sunday_belongs_to_the_week_that_began_the_monday_before() -> None:
    sunday = Cadence.weekly(0, time(9), date(2026, 9, 6), every=2)
    assert nominal_from(sunday, date(2026, 8, 25)) == date(2026, 8, 31)
    assert nominal_from(sunday, date(2026, 9, 1)) == date(2026, 9, 14)


def test_the_last_friday_of_the_month_is_found_in_short_and_long_months() -> None:
    free = Calendar("Europe/Copenhagen")
    assert nominals(LAST_FRIDAY, free, "2026-01-01", 4) == ["01-30", "02-27", "03-27", "04-24"]


@pytest.mark.parametrize("rule", [EVERY_SECOND_TUESDAY, LAST_FRIDAY, QUARTERLY])
def test_a_date_the_rule_names_is_the_first_from_itself_on(rule: Cadence) -> None:
    named = nominal_from(rule, date(2026, 1, 10))
    assert nominal_from(rule, named) == named
    assert nominal_from(rule, named + timedelta(days=1)) > named


def test_quarters_are_counted_from_the_anchors_month_over_the_turn_of_the_year() -> None:
    free = Calendar("Europe/Copenhagen")
    assert nominals(QUARTERLY, free, "2026-07-01", 4) == ["08-03", "11-02", "02-01", "05-03"]


def test_the_instant_follows_the_wall_clock_through_summer_and_winter() -> None:
    due = next_due(EVERY_SECOND_TUESDAY, COPENHAGEN, utc("2026-10-12T00:00"))
    assert due == Due(date(2026, 10, 13), date(2026, 10, 13), utc("2026-10-13T07:30"))
    due = next_due(EVERY_SECOND_TUESDAY, COPENHAGEN, due.at)
    assert due == Due(date(2026, 10, 27), date(2026, 10, 27), utc("2026-10-27T08:30"))


def test_an_occurrence_on_a_holiday_opens_on_the_next_working_day() -> None:
    easter_monday = Cadence.weekly(0, time(9), date(2026, 4, 6))
    due = next_due(easter_monday, COPENHAGEN, utc("2026-04-01T00:00"))
    assert due == Due(date(2026, 4, 6), date(2026, 4, 7), utc("2026-04-07T07:00"))


def test_an_occurrence_named_before_but_moved_past_the_present_is_still_to_come() -> None:
    easter_monday = Cadence.weekly(0, time(9), date(2026, 4, 6))
    due = next_due(easter_monday, COPENHAGEN, utc("2026-04-06T18:00"))
    assert due.nominal == date(2026, 4, 6)


def test_an_occurrence_that_would_move_onto_the_next_one_is_left_out() -> None:
    only_mondays = Calendar("Europe/Copenhagen", "DK", frozenset({0}))
    rule = Cadence.weekly(0, time(9), date(2026, 4, 6))
    assert nominals(rule, only_mondays, "2026-03-29", 3) == ["03-30", "04-13", "04-20"]


def test_an_occurrence_named_in_a_pause_is_left_out_and_not_moved() -> None:
    paused = Calendar("Europe/Copenhagen", closed=(Away(date(2026, 9, 14), date(2026, 9, 15)),))
    assert nominals(EVERY_SECOND_TUESDAY, paused, "2026-08-31", 2) == ["09-01", "09-29"]


def test_a_holiday_just_before_a_pause_moves_to_the_day_after_it() -> None:
    closed = (Away(date(2026, 5, 15), date(2026, 5, 18)),)
    calendar = Calendar("Europe/Copenhagen", "DK", closed=closed)
    ascension = Cadence.weekly(3, time(9), date(2026, 5, 14))
    due = next_due(ascension, calendar, utc("2026-05-13T00:00"))
    assert (due.nominal, due.opens) == (date(2026, 5, 14), date(2026, 5, 19))


def test_an_occurrence_that_moved_by_more_than_a_month_is_still_found() -> None:
    winter = Calendar("Europe/Oslo", "DK", closed=(Away(date(2026, 12, 26), date(2027, 1, 26)),))
    due = next_due(LAST_FRIDAY, winter, utc("2027-01-26T12:00"))
    assert (due.nominal, due.opens) == (date(2026, 12, 25), date(2027, 1, 27))
    assert next_due(LAST_FRIDAY, winter, due.at).nominal == date(2027, 1, 29)


def test_a_rule_in_the_missing_hour_is_due_when_the_clock_has_jumped() -> None:
    every_day = Calendar("Europe/Copenhagen", working_days=frozenset(range(7)))
    at_night = Cadence.weekly(6, time(2, 30), date(2026, 3, 1))
    at = [at for _, at in islice(occurrences(at_night, every_day, utc("2026-03-21T00:00")), 3)]
    assert at == [utc("2026-03-22T01:30"), utc("2026-03-29T01:00"), utc("2026-04-05T00:30")]


def test_a_rule_carried_over_midnight_by_the_clock_is_found_from_both_days() -> None:
    every_day = Calendar("America/Nuuk", working_days=frozenset(range(7)))
    late = Cadence.weekly(5, time(23, 30), date(2026, 3, 28))
    expected = Due(date(2026, 3, 28), date(2026, 3, 28), utc("2026-03-29T01:00"))
    assert next_due(late, every_day, utc("2026-03-28T12:00")) == expected
    assert next_due(late, every_day, utc("2026-03-29T00:59:59")) == expected
    assert next_due(late, every_day, expected.at).nominal == date(2026, 4, 4)


def test_two_occurrences_that_a_skipped_day_brings_together_are_one() -> None:
    # Samoa had no 30 December 2011. Christmas Eve moves to that Friday, next to Saturday the 31st.
    apia = Calendar("Pacific/Apia", "FI", working_days=frozenset({4, 5}))
    midnight = Cadence.weekly(5, time(0), date(2011, 12, 24))
    found = list(islice(occurrences(midnight, apia, utc("2011-12-20T00:00")), 2))
    assert found[0] == (date(2011, 12, 24), utc("2011-12-30T10:00"))
    assert found[1][0] == date(2012, 1, 7)


@pytest.mark.parametrize("rule", [EVERY_SECOND_TUESDAY, LAST_FRIDAY, QUARTERLY])
def test_a_calendar_that_never_works_ends_the_search(rule: Cadence) -> None:
    nothing = Calendar("Europe/Copenhagen", working_days=frozenset())
    with pytest.raises(NoWorkingDay):
        next_due(rule, nothing, utc("2026-01-01T00:00"))
    for_years = Calendar("Europe/Oslo", closed=(Away(date(2026, 1, 1), date(9999, 12, 31)),))
    with pytest.raises(NoWorkingDay):
        next_due(rule, for_years, utc("2026-02-01T00:00"))


def test_a_long_pause_that_is_over_does_not_stop_a_rule() -> None:
    yearly = Cadence.weekly(0, time(9), date(2023, 12, 18), every=52)
    over = Calendar("Europe/Oslo", closed=(Away(date(2023, 1, 1), date(2025, 12, 31)),))
    assert next_due(yearly, over, utc("2026-01-05T00:00")).nominal == date(2026, 12, 14)
    every_other_year = Cadence.every_months(24, 1, 0, time(9), date(2024, 2, 1))
    assert next_due(every_other_year, over, utc("2026-01-05T00:00")).nominal == date(2026, 2, 2)


MONTHLY = Cadence.monthly(1, 0, time(9))


def test_a_missed_round_opens_at_the_next_moment_the_bot_may_write() -> None:
    missed = date(2026, 11, 2)
    assert catch_up(missed, utc("2026-11-10T10:00"), COPENHAGEN, MONTHLY) == utc("2026-11-10T10:00")
    saturday = utc("2026-11-14T03:00")
    assert catch_up(missed, saturday, COPENHAGEN, MONTHLY) == utc("2026-11-16T07:00")


def test_a_missed_round_is_dropped_when_the_regular_one_is_less_than_five_days_off() -> None:
    missed = date(2026, 11, 2)
    next_regular_is_december_7th = utc("2026-11-30T10:00")
    assert catch_up(missed, next_regular_is_december_7th, COPENHAGEN, MONTHLY) is not None
    assert catch_up(missed, utc("2026-12-01T10:00"), COPENHAGEN, MONTHLY) is None


def test_the_distance_is_to_the_day_the_regular_round_opens_not_the_one_it_is_named_by() -> None:
    moved_from_easter_monday_to_tuesday = date(2026, 4, 7)
    wednesday, thursday = utc("2026-03-25T10:00"), utc("2026-03-26T10:00")
    assert next_due(MONTHLY, COPENHAGEN, thursday).opens == moved_from_easter_monday_to_tuesday
    assert catch_up(date(2026, 3, 2), wednesday, COPENHAGEN, MONTHLY) == wednesday
    assert catch_up(date(2026, 3, 2), thursday, COPENHAGEN, MONTHLY) == thursday
    assert catch_up(date(2026, 3, 2), utc("2026-03-27T10:00"), COPENHAGEN, MONTHLY) is None


def test_being_late_into_the_evening_counts_from_the_next_working_day() -> None:
    late = utc("2026-11-30T16:00")
    assert catch_up(date(2026, 11, 2), late, COPENHAGEN, MONTHLY) is None


def test_what_is_still_to_come_or_lies_in_a_pause_was_not_missed() -> None:
    assert catch_up(date(2026, 11, 2), utc("2026-11-02T07:59"), COPENHAGEN, MONTHLY) is None
    on_the_minute = utc("2026-11-02T08:00")
    assert catch_up(date(2026, 11, 2), on_the_minute, COPENHAGEN, MONTHLY) == on_the_minute
    moved = date(2026, 6, 1)
    free = Calendar("Europe/Oslo", working_days=frozenset({2}))
    assert catch_up(moved, utc("2026-06-02T12:00"), free, MONTHLY) is None
    pause = (Away(date(2026, 11, 1), date(2026, 11, 4)),)
    paused = Calendar("Europe/Copenhagen", closed=pause)
    assert catch_up(date(2026, 11, 2), utc("2026-11-10T10:00"), paused, MONTHLY) is None


def test_after_a_long_downtime_there_is_one_round_whichever_missed_one_is_named() -> None:
    now = utc("2026-11-10T10:00")
    for missed in (date(2026, 9, 7), date(2026, 10, 5), date(2026, 11, 2)):
        assert catch_up(missed, now, COPENHAGEN, MONTHLY) == now
    assert next_due(MONTHLY, COPENHAGEN, now).at - now > timedelta(days=20)
