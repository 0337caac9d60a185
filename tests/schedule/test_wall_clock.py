from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schedule_oracle import WatchedClock, first_instant, wall

from bot.schedule.calendar import to_utc

ZONES = sorted(available_timezones())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("Europe/Copenhagen", "2026-01-15T09:00", "2026-01-15T08:00"),
        ("Europe/Copenhagen", "2026-07-15T09:00", "2026-07-15T07:00"),
        ("Europe/Copenhagen", "2026-03-29T02:00", "2026-03-29T01:00"),
        ("Europe/Copenhagen", "2026-03-29T02:59", "2026-03-29T01:00"),
        ("Europe/Copenhagen", "2026-03-29T03:00", "2026-03-29T01:00"),
        ("Europe/Copenhagen", "2026-03-29T03:01", "2026-03-29T01:01"),
        ("Europe/Copenhagen", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("Europe/Copenhagen", "2026-10-25T03:00", "2026-10-25T02:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45"),
        ("Antarctica/Troll", "2026-03-29T01:30", "2026-03-29T01:00"),
        ("Africa/Casablanca", "2026-03-22T02:30", "2026-03-22T02:00"),
        ("America/Godthab", "2026-03-28T23:30", "2026-03-29T01:00"),
        ("Asia/Beirut", "2026-03-29T00:00", "2026-03-28T22:00"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00"),
    ],
)
def test_the_missing_hour_ends_at_once_and_the_doubled_one_is_the_first(
    zone: str, local: str, utc: str
) -> None:
    assert to_utc(at(local), zone) == at(utc).replace(tzinfo=UTC)


def test_seconds_are_kept_outside_a_gap_and_dropped_inside() -> None:
    there = to_utc(at("2026-03-29T02:10:11.000013"), "Europe/Oslo")
    assert there == datetime(2026, 3, 29, 1, tzinfo=UTC)
    kept = to_utc(at("2026-03-29T03:10:11.000013"), "Europe/Oslo")
    assert kept == datetime(2026, 3, 29, 1, 10, 11, 13, tzinfo=UTC)


def test_the_fold_of_a_wall_time_makes_no_difference() -> None:
    doubled = at("2026-10-25T02:30")
    assert to_utc(doubled.replace(fold=1), "Europe/Oslo") == to_utc(doubled, "Europe/Oslo")


def test_an_aware_datetime_is_no_wall_time() -> None:
    with pytest.raises(ValueError, match="no zone of its own"):
        to_utc(datetime(2026, 1, 1, tzinfo=UTC), "Europe/Oslo")


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(ZONES), st.integers(0, 16 * 366 * 24 * 60 - 1))
def test_any_wall_time_is_the_first_minute_the_clock_reads_it_or_later(
    zone: str, minutes: int
) -> None:
    local = at("2020-01-01") + timedelta(minutes=minutes)
    assert to_utc(local, zone) == first_instant(local, zone)


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from([zone for zone in ZONES if zone.startswith(("America/", "Africa/C", "Aust"))]),
    st.integers(2020, 2035),
    st.integers(-150, 150),
    st.data(),
)
def test_wall_times_near_a_change_of_the_clock_are_right_too(
    zone: str, year: int, minutes: int, data: st.DataObject
) -> None:
    changes = WatchedClock(zone, year, year).starts[1:]
    if not changes:
        return
    change = data.draw(st.sampled_from(changes))
    local = wall(change, zone) + timedelta(minutes=minutes)
    found = to_utc(local, zone)
    assert found == first_instant(local, zone)
    assert found.utcoffset() == timedelta(0)
