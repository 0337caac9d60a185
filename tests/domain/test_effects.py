"""What answers to "does it work?" come to, of the label alone, and what is proposed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.action_items import ActionItem, ActionState, Effect, Verdict
from bot.domain.effects import (
    Circle,
    can_be_judged,
    can_be_shared,
    effect_of,
    first_free,
    known,
    proposed,
)
from bot.domain.results import Bound, Label

NOW = datetime(2026, 3, 16, 8, tzinfo=UTC)


def item(**changes: object) -> ActionItem:
    plain = ActionItem(
        id="a1",
        node="dag",
        what="Ro om morgenen",
        first_step="Find et sted",
        responsible="ann",
        due=date(2026, 3, 9),
        follow_up=date(2026, 3, 16),
        created_on=date(2026, 3, 2),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("label", "effect"),
    [
        (Label(4.0, Bound.AT_LEAST), Effect.WORKS),
        (Label(3.5), Effect.WORKS),
        (Label(3.4), Effect.PARTLY),
        (Label(3.0), Effect.PARTLY),
        (Label(2.5), Effect.PARTLY),
        (Label(2.1), Effect.PARTLY),
        (Label(2.0), Effect.NOT_YET),
        (Label(2.0, Bound.AT_MOST), Effect.NOT_YET),
        (Label(1.5, Bound.AT_MOST), Effect.NOT_YET),
    ],
)
def test_a_label_becomes_a_word(label: Label, effect: Effect) -> None:
    assert effect_of(label) is effect


def test_a_bound_never_says_more_than_it_holds() -> None:
    assert effect_of(Label(4.0, Bound.AT_MOST)) is Effect.PARTLY
    assert effect_of(Label(2.0, Bound.AT_LEAST)) is Effect.PARTLY


def test_without_a_label_nothing_is_known_of_the_team() -> None:
    assert effect_of(None) is None


def test_the_teams_answers_weigh_more_than_the_responsibles_word() -> None:
    both = item(said=Effect.WORKS, effect=Effect.NOT_YET)
    assert known(both) is Effect.NOT_YET
    assert known(item(said=Effect.PARTLY)) is Effect.PARTLY
    assert known(item()) is None


@pytest.mark.parametrize(
    ("effect", "first"),
    [
        (Effect.WORKS, Verdict.SCALE),
        (Effect.PARTLY, Verdict.ADJUST),
        (Effect.NOT_YET, Verdict.DROP),
    ],
)
def test_what_works_is_made_lasting_and_what_does_not_is_adjusted_or_stopped(
    effect: Effect, first: Verdict
) -> None:
    assert proposed(item(effect=effect))[0] is first


def test_where_nothing_is_known_nothing_is_proposed_but_to_talk() -> None:
    assert proposed(item()) == ()


def test_what_was_decided_dropped_or_passed_on_is_not_judged_again() -> None:
    assert can_be_judged(item())
    assert can_be_judged(item(state=ActionState.DONE))
    assert not can_be_judged(item(verdict=Verdict.KEEP))
    assert not can_be_judged(item(state=ActionState.DROPPED))
    assert not can_be_judged(item(state=ActionState.ESCALATED))


def test_only_what_works_and_goes_on_can_be_shared() -> None:
    assert can_be_shared(item(effect=Effect.WORKS, verdict=Verdict.SCALE))
    assert can_be_shared(item(said=Effect.WORKS, verdict=Verdict.KEEP))
    assert not can_be_shared(item(said=Effect.WORKS, effect=Effect.PARTLY, verdict=Verdict.KEEP))
    assert not can_be_shared(item(effect=Effect.WORKS))
    assert not can_be_shared(item(effect=Effect.WORKS, verdict=Verdict.DROP))
    assert not can_be_shared(item(verdict=Verdict.KEEP))


def circle(action: str, people: str, days: int = 0) -> Circle:
    return Circle(action, NOW + timedelta(days=days), frozenset(people))


def free(mine: Circle, *others: Circle) -> int:
    """Return in how many days ``mine`` may be asked, where every day is a working day."""
    at = first_free(mine, others, lambda at: at + timedelta(days=5))
    return (at - NOW).days


def test_a_circle_alone_is_asked_at_once() -> None:
    assert free(circle("a", "xyz")) == 0
    assert free(circle("a", "xyz"), circle("b", "uvw")) == 0


def test_the_same_people_may_be_asked_about_two_actions_but_not_about_three() -> None:
    one, two = circle("b", "xyz"), circle("c", "xyz", -2)
    assert free(circle("a", "xyz"), one) == 0
    assert free(circle("a", "xyz"), one, two) == 3
    assert free(circle("a", "xyz"), one, two, circle("d", "xyz", 3)) == 5


def test_a_circle_that_shares_some_people_and_not_others_waits_its_turn() -> None:
    assert free(circle("a", "xyz"), circle("b", "xyw")) == 5
    assert free(circle("a", "xyz"), circle("b", "xy", -3)) == 2
    assert free(circle("a", "xyz"), circle("b", "xy", 4)) == 9
    assert free(circle("a", "xyz"), circle("b", "xy", 4), circle("c", "yz", 8)) == 13


def test_five_working_days_apart_is_far_enough() -> None:
    assert free(circle("a", "xyz"), circle("b", "xy", -5), circle("c", "yz", 5)) == 0


def test_nobody_is_asked_twice_about_one_action() -> None:
    assert free(circle("a", "xyz"), circle("a", "xyz", -1)) == 4


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["xy", "xyz", "z", "yz"]))),
)
def test_whatever_is_asked_circles_that_differ_are_never_near_and_never_three_at_once(
    wanted: list[tuple[str, str]],
) -> None:
    placed: list[Circle] = []
    for action, people in wanted:
        mine = circle(action, people)
        at = first_free(mine, placed, lambda at: at + timedelta(days=5))
        placed.append(replace(mine, opens_at=at))
    for one in placed:
        near = [
            other
            for other in placed
            if other is not one
            and other.people & one.people
            and abs(other.opens_at - one.opens_at) < timedelta(days=5)
        ]
        assert all(other.people == one.people and other.action != one.action for other in near)
        within = [o for o in near if o.opens_at >= one.opens_at]
        assert len(within) <= 1
