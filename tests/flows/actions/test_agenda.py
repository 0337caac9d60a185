"""What an action's responsible is told, and when: a few calm words, each of them once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.action_items import ActionItem, ActionState, Verdict
from bot.domain.people import WEEKDAYS, Away
from bot.flows.actions.agenda import Days, Kind, Point, ahead, settled, step
from bot.schedule.calendar import Calendar

DK = Calendar("Europe/Copenhagen", "DK")
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday, nine in Copenhagen
TEAM = Days(DK, DK)

ITEM = ActionItem(
    id="a",
    node="dag",
    what="Ti minutter sammen",
    first_step="Aftal et sted",
    responsible="ann",
    due=date(2026, 3, 16),
    follow_up=date(2026, 3, 30),
    created_on=date(2026, 3, 2),
)


def plan(
    item: ActionItem, told: Sequence[str] = (), days: Days = TEAM, now: datetime = NOW
) -> list[tuple[str, str]]:
    """Return what is ahead as (kind, local day)."""
    return [
        (point.kind.value, f"{DK.local(point.at):%d/%m %H}")
        for point in ahead(item, told, days, now)
    ]


def test_first_step_before_the_date_twice_when_late_and_at_the_follow_up() -> None:
    assert plan(ITEM) == [
        ("first", "04/03 08"),
        ("soon", "12/03 08"),
        ("late", "17/03 08"),
        ("late", "24/03 08"),
        ("stalled", "30/03 08"),
    ]


def test_what_has_begun_is_not_asked_about_its_first_step_but_about_its_effect() -> None:
    begun = replace(ITEM, state=ActionState.IN_PROGRESS)
    assert [kind for kind, _ in plan(begun)] == ["soon", "late", "late", "follow_up"]


def test_what_is_done_is_left_in_peace_until_the_follow_up() -> None:
    assert plan(replace(ITEM, state=ActionState.DONE)) == [("follow_up", "30/03 08")]


def test_what_is_dropped_passed_on_or_decided_has_nothing_ahead() -> None:
    for state in (ActionState.DROPPED, ActionState.ESCALATED):
        assert plan(replace(ITEM, state=state)) == []
    assert plan(replace(ITEM, state=ActionState.DONE, verdict=Verdict.KEEP)) == []


def test_a_date_close_by_has_no_reminder_before_it() -> None:
    tomorrow = replace(ITEM, due=date(2026, 3, 3))
    assert [kind for kind, _ in plan(tomorrow)] == ["late", "late", "stalled"]


def test_nothing_is_said_on_somebodys_days_off() -> None:
    away = replace(DK, closed=(Away(date(2026, 3, 5), date(2026, 3, 13)),))
    tuesdays = replace(DK, working_days=frozenset({1}))
    assert plan(ITEM, days=Days(away, DK))[:2] == [("soon", "03/03 08"), ("late", "17/03 08")]
    assert plan(ITEM, days=Days(tuesdays, DK))[0] == ("soon", "03/03 08")


def test_somebody_who_never_works_is_not_reminded_but_the_team_is_asked() -> None:
    never = replace(DK, working_days=frozenset())
    assert plan(ITEM, days=Days(never, DK)) == []
    begun = replace(ITEM, state=ActionState.IN_PROGRESS)
    assert plan(begun, days=Days(never, DK)) == [("follow_up", "30/03 08")]


def test_an_action_whose_responsible_has_left_asks_its_lead_at_once_and_once() -> None:
    (point,) = ahead(ITEM, (), Days(None, DK), NOW)
    assert (point.kind, point.at) == (Kind.ORPHAN, NOW)
    assert ahead(ITEM, (point.cause,), Days(None, DK), NOW) == ()


def test_a_snooze_puts_off_everything_until_its_day_and_then_asks_once() -> None:
    told = ["later:2026-03-17"]
    assert plan(ITEM, told) == [
        ("again", "17/03 08"),
        ("late", "24/03 08"),
        ("stalled", "30/03 08"),
    ]


def test_of_several_reminders_after_downtime_only_the_newest_is_said() -> None:
    after = datetime(2026, 3, 25, 9, tzinfo=UTC)
    points = ahead(ITEM, (), TEAM, after)
    found = step(points, (), after, after)
    assert [point.cause for point in found.say] == [f"action-late:a:{ITEM.due}:2"]
    assert len(found.told) == 4
    assert found.next_at == ahead(ITEM, found.told, TEAM, after)[0].at


def test_outside_working_hours_it_waits_and_is_decided_anew_in_the_morning() -> None:
    evening = datetime(2026, 3, 12, 20, tzinfo=UTC)
    points = ahead(ITEM, (), TEAM, evening)
    found = step(points, (), DK.next_moment(evening), evening)
    assert (found.say, found.told) == ((), ())
    assert found.next_at == DK.next_moment(evening)


def test_the_reminder_before_the_date_is_not_said_after_it() -> None:
    saturday = datetime(2026, 3, 14, 9, tzinfo=UTC)
    friday = replace(ITEM, due=date(2026, 3, 13))
    soon = [point for point in ahead(friday, (), TEAM, saturday) if point.kind is Kind.SOON]
    assert step(soon, (), saturday, saturday).say == ()


def test_whoever_has_just_changed_an_action_is_not_reminded_of_the_past() -> None:
    late = datetime(2026, 3, 18, 9, tzinfo=UTC)
    found = settled(ahead(ITEM, (), TEAM, late), (), late)
    assert found.say == ()
    assert len(found.told) == 3
    assert DK.local(found.next_at or late).date() == date(2026, 3, 24)


def test_a_follow_up_that_came_due_while_somebody_edited_is_not_forgotten() -> None:
    late = datetime(2026, 3, 30, 9, tzinfo=UTC)
    begun = replace(ITEM, state=ActionState.IN_PROGRESS)
    found = settled(ahead(begun, (), TEAM, late), (), late)
    assert found.next_at is not None
    assert found.next_at <= late


ONE_DAY = timedelta(days=1)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
CALENDARS = st.builds(
    Calendar,
    zone=st.sampled_from(["Europe/Copenhagen", "Europe/Stockholm", "Atlantic/Faroe"]),
    country=st.sampled_from(["DK", "SE", None]),
    working_days=st.sets(st.sampled_from(sorted(WEEKDAYS)), min_size=1).map(frozenset),
    closed=st.lists(
        DAYS.flatmap(lambda day: st.integers(0, 30).map(lambda n: Away(day, day + n * ONE_DAY))),
        max_size=3,
    ).map(tuple),
)


@st.composite
def items(draw: st.DrawFn) -> ActionItem:
    created = draw(DAYS)
    due = created + draw(st.integers(0, 60)) * ONE_DAY
    return replace(
        ITEM,
        created_on=created,
        due=due,
        follow_up=due + draw(st.integers(0, 60)) * ONE_DAY,
        state=draw(st.sampled_from(ActionState)),
        turn=draw(st.integers(1, 2)),
    )


@given(item=items(), own=CALENDARS, moves=st.lists(st.integers(1, 20 * 24), max_size=25))
def test_however_time_passes_each_reminder_is_said_once_in_hours_and_few_in_all(
    item: ActionItem, own: Calendar, moves: list[int]
) -> None:
    """Time jumps by hours; each look is made twice, as after a crash."""
    now = datetime.combine(item.created_on, datetime.min.time(), UTC) + timedelta(hours=9)
    told: tuple[str, ...] = ()
    said: list[Point] = []
    for hours in moves:
        for _ in range(2):
            found = step(ahead(item, told, Days(own, DK), now), told, own.next_moment(now), now)
            for point in found.say:
                assert point.at <= now
                assert not point.kind.reminds or own.next_moment(now) == now
            assert found.next_at is None or found.next_at > now
            told, said = found.told, [*said, *found.say]
        now += timedelta(hours=hours)
    causes = [point.cause for point in said]
    assert len(causes) == len(set(causes))
    assert len([point for point in said if point.kind.reminds]) <= 5
