"""Properties of due times, against the oracle, for drawn zones, calendars, rules and instants."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import available_timezones

from hypothesis import example, given, settings
from hypothesis import strategies as st
from schedule_oracle import DAY, MINUTE, first_instant, nominal_dates, openings, quiet_days_of, wall

from bot.domain.people import Away
from bot.schedule.cadence import Cadence
from bot.schedule.calendar import Calendar
from bot.schedule.occurrences import catch_up, next_due, occurrences
from bot.schedule.windows import reminder_at, window

ODD_ONES = (
    "Pacific/Apia",
    "Africa/Casablanca",
    "America/Godthab",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Asia/Kathmandu",
)
YEARS = range(2019, 2040)
QUIET_DAYS = {country: quiet_days_of(country, YEARS) for country in (None, "DK", "SE", "NO")}

zones = st.sampled_from(ODD_ONES) | st.sampled_from(sorted(available_timezones()))
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 59]))
pauses = st.builds(
    lambda first, length: Away(first, first + length * DAY), days, st.integers(0, 60)
)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
rules = st.one_of(
    st.builds(Cadence.weekly, st.integers(0, 6), times, days, st.integers(1, 8)),
    st.builds(Cadence.monthly, st.sampled_from([1, 2, 3, 4, -1]), st.integers(0, 6), times),
    st.builds(
        Cadence.every_months,
        st.integers(1, 12),
        st.sampled_from([1, 2, 3, 4, -1]),
        st.integers(0, 6),
        times,
        days,
    ),
)
calendars = st.builds(
    Calendar,
    zones,
    st.sampled_from([None, "DK", "SE", "NO"]),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.builds(time, st.integers(7, 10), st.sampled_from([0, 30])),
    st.builds(time, st.integers(14, 19), st.sampled_from([0, 24])),
    st.lists(pauses, max_size=4).map(tuple),
)
LORD_HOWE = Calendar("Australia/Lord_Howe", working_days=frozenset(range(7)))
HALF_HOUR_GAP = Cadence.weekly(6, time(2, 15), date(2026, 10, 4))


def works(calendar: Calendar, day: date) -> bool:
    off = any(pause.first <= day <= pause.last for pause in calendar.closed)
    free = day in QUIET_DAYS[calendar.country]
    return day.weekday() in calendar.working_days and not off and not free


def near(pause: Away | None, instant: datetime) -> datetime:
    """Move an instant to a pause's eve, so that pauses and instants meet."""
    return instant if pause is None else datetime.combine(pause.first - DAY, instant.timetz())


def expected(
    rule: Cadence, calendar: Calendar, after: datetime, n: int
) -> list[tuple[date, datetime]]:
    there = wall(after, calendar.zone).date()
    years = max(1, rule.every // 4) if rule.kind == "months" else 1
    named = nominal_dates(rule, there - 400 * DAY, there + (n + 4) * years * 200 * DAY)
    paused = {day for day in named if any(away.covers(day) for away in calendar.closed)}
    opened = openings(named, lambda day: works(calendar, day), paused)
    late_enough = [(nominal, day) for nominal, day in opened if day >= there - DAY]
    found = [
        (nominal, first_instant(datetime.combine(day, rule.at), calendar.zone))
        for nominal, day in late_enough[: n + 3]
    ]
    return [(nominal, at) for nominal, at in found if at > after][:n]


@settings(deadline=None, max_examples=60)
@given(rules, calendars, instants)
@example(HALF_HOUR_GAP, LORD_HOWE, datetime(2026, 10, 2, tzinfo=UTC))
def test_due_times_are_those_of_the_oracle(
    rule: Cadence, calendar: Calendar, after: datetime
) -> None:
    after = near(next(iter(calendar.closed), None), after)
    found = list(islice(occurrences(rule, calendar, after), 3))
    assert found == expected(rule, calendar, after, 3)


@settings(deadline=None, max_examples=60)
@given(rules, calendars, instants)
def test_due_times_only_go_forward_and_never_name_a_date_twice(
    rule: Cadence, calendar: Calendar, after: datetime
) -> None:
    found = list(islice(occurrences(rule, calendar, after), 12))
    assert found[0][1] > after
    for (nominal, at), (later_nominal, later_at) in pairwise(found):
        assert nominal < later_nominal
        assert at < later_at


@settings(deadline=None, max_examples=60)
@given(rules, calendars, instants)
def test_nothing_opens_on_a_day_without_work_nor_is_named_in_a_pause(
    rule: Cadence, calendar: Calendar, after: datetime
) -> None:
    due = next_due(rule, calendar, near(next(iter(calendar.closed), None), after))
    assert works(calendar, due.opens)
    assert due.opens >= due.nominal
    assert not any(pause.covers(due.nominal) for pause in calendar.closed)


@settings(deadline=None, max_examples=60)
@given(rules, calendars, instants)
@example(HALF_HOUR_GAP, LORD_HOWE, datetime(2026, 10, 2, tzinfo=UTC))
def test_the_wall_clock_reads_the_rules_time_unless_it_jumped_over_it(
    rule: Cadence, calendar: Calendar, after: datetime
) -> None:
    due = next_due(rule, calendar, after)
    meant = datetime.combine(due.opens, rule.at)
    reads = wall(due.at, calendar.zone)
    jumped_over = wall(due.at - timedelta(seconds=1), calendar.zone) < meant < reads
    assert reads == meant or jumped_over


@settings(deadline=None, max_examples=60)
@given(rules, calendars, instants, st.floats(0, 1, exclude_max=True))
def test_asking_again_before_it_is_due_gives_the_same(
    rule: Cadence, calendar: Calendar, after: datetime, share: float
) -> None:
    due = next_due(rule, calendar, after)
    just_before = due.at - timedelta(microseconds=1)
    assert next_due(rule, calendar, just_before) == due
    assert next_due(rule, calendar, min(just_before, after + (due.at - after) * share)) == due
    assert next_due(rule, calendar, due.at) != due


@settings(deadline=None, max_examples=60)
@given(rules)
def test_any_rule_survives_being_written_down(rule: Cadence) -> None:
    assert Cadence.from_dict(rule.to_dict()) == rule == Cadence.from_dict(rule.to_parts())


@settings(deadline=None, max_examples=60)
@given(calendars, instants)
def test_the_next_moment_is_the_first_minute_on_a_working_day_within_hours(
    calendar: Calendar, instant: datetime
) -> None:
    instant = instant.replace(second=0, microsecond=0)
    day = wall(instant, calendar.zone)
    soon = (day.date() + k * DAY for k in range(6))
    if not any(works(calendar, day) for day in soon):
        return  # watching the clock for months is too slow
    seen, minute = day, instant
    while not (
        works(calendar, seen.date()) and calendar.day_starts <= seen.time() < calendar.day_ends
    ):
        minute += MINUTE
        seen = wall(minute, calendar.zone)
    assert calendar.next_moment(instant) == minute
    assert calendar.next_moment(minute) == minute


@settings(deadline=None, max_examples=60)
@given(rules, calendars, instants, st.integers(1, 15))
def test_a_round_closes_on_a_working_day_and_is_reminded_of_within_hours_before(
    rule: Cadence, calendar: Calendar, after: datetime, open_for: int
) -> None:
    calendar = replace(calendar, day_ends=time(20))
    rule = replace(rule, at=time(11, 15))
    due = next_due(rule, calendar, after)
    closes = window(due.at, calendar, open_for)
    last = wall(closes, calendar.zone)
    assert works(calendar, last.date())
    assert last.time() == rule.at
    passed = range(1, (last.date() - due.opens).days + 1)
    assert sum(works(calendar, due.opens + k * DAY) for k in passed) == open_for

    reminder = reminder_at(due.at, closes, calendar)
    assert reminder is not None, "there is always room in a whole working day of nine hours or more"
    reads = wall(reminder, calendar.zone)
    assert works(calendar, reads.date())
    assert calendar.day_starts <= reads.time() < calendar.day_ends
    assert due.at < reminder <= closes - timedelta(hours=4)
    before = range(1, (reads.date() - due.opens).days + 1)
    passed_days = sum(works(calendar, due.opens + k * DAY) for k in before)
    assert abs(passed_days - open_for / 2) <= 1


@settings(deadline=None, max_examples=80)
@given(rules, calendars, instants, st.integers(1, 24 * 100))
def test_after_any_downtime_at_most_one_round_is_made_up_for_and_never_crowds_the_next(
    rule: Cadence, calendar: Calendar, down: datetime, hours: int
) -> None:
    now = down + timedelta(hours=hours)
    missed = [one for one in islice(occurrences(rule, calendar, down), 120) if one[1] <= now]
    regular = next_due(rule, calendar, now)
    moments = {catch_up(nominal, now, calendar, rule) for nominal, _ in missed}
    if not missed:
        assert catch_up(regular.nominal, now, calendar, rule) is None
        return
    assert len(moments) == 1, "whichever of the missed ones is named, the answer is the same"
    permitted = calendar.next_moment(now)
    there = wall(permitted, calendar.zone).date()
    between = sum(
        works(calendar, there + k * DAY) for k in range(1, (regular.opens - there).days + 1)
    )
    assert moments == ({permitted} if between >= 5 else {None})
