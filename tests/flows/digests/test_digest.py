"""What a digest says is a function of its facts, and of nothing else."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from group_town import item
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.action_items import ActionState, Effect, Perspective, Prevention, Verdict
from bot.flows.digests.saying import SECTIONS, SHOWN, Digest, Facts, Result, reckon

TODAY = date(2026, 4, 7)
SINCE, SOON = TODAY - timedelta(days=30), TODAY + timedelta(days=30)
DAY = timedelta(days=1)


def facts(**changes: Any) -> Facts:
    return replace(Facts(SINCE, TODAY, SOON), **changes)


def result(figure: str, **changes: Any) -> Result:
    plain = Result(figure, ("dag",), "checkin", TODAY - 20 * DAY, low=True)
    return replace(plain, **changes)


def test_without_facts_it_is_quiet_and_proposes_nothing() -> None:
    found = reckon(facts())
    assert found.quiet
    assert found.point == ("", "")


def test_actions_are_late_due_or_further_off() -> None:
    ages = {"late": -1, "older": -9, "today": 0, "soon": 30, "far": 31}
    items = tuple(
        item(id_, due=TODAY + n * DAY, follow_up=TODAY + 60 * DAY) for id_, n in ages.items()
    )
    found = reckon(facts(actions=items))
    assert (found.late, found.due) == (("older", "late"), ("today", "soon"))


def test_what_is_over_or_passed_on_is_neither_late_nor_due() -> None:
    over = (ActionState.DONE, ActionState.DROPPED, ActionState.ESCALATED)
    items = tuple(item(state.value, due=TODAY - DAY, state=state) for state in over)
    assert reckon(facts(actions=items)).quiet


def test_what_was_done_since_and_what_worked_can_be_told_and_spread() -> None:
    worked = item("w", state=ActionState.DONE, effect=Effect.WORKS, verdict=Verdict.KEEP)
    partly = item("p", state=ActionState.DONE, effect=Effect.PARTLY, said=Effect.WORKS)
    told = item("t", state=ActionState.DONE, said=Effect.WORKS)
    dropped = item("d", state=ActionState.DROPPED, said=Effect.WORKS, verdict=Verdict.DROP)
    shared = replace(worked, id="s", shared=True)
    earlier = replace(worked, id="e")
    everything = (worked, partly, told, dropped, shared, earlier)
    found = reckon(
        facts(
            actions=everything,
            done=frozenset({"w", "p"}),
            judged=frozenset({"w", "p", "t", "d", "s"}),
        )
    )
    assert set(found.done) == {"w", "p"}
    assert set(found.spread) == {"w", "t"}


def test_escalations_stand_with_how_long_they_have_waited_the_longest_first() -> None:
    found = reckon(facts(waiting=(("old", TODAY - 40 * DAY), ("new", TODAY))))
    assert (found.waiting, found.days) == (("old", "new"), (40, 0))


def test_a_low_result_without_anything_agreed_since_is_told_after_a_week() -> None:
    young = result("young", published=TODAY - 6 * DAY)
    assert reckon(facts(results=(young,))).untouched == ()
    assert reckon(facts(results=(replace(young, published=TODAY - 7 * DAY),))).untouched


def test_a_team_that_has_agreed_on_something_or_talks_is_not_told() -> None:
    low = result("f")
    agreed = item("a", created_on=low.published)
    assert reckon(facts(results=(low,), actions=(agreed,))).untouched == ()
    assert reckon(facts(results=(low,), begun=(("dag", low.published),))).untouched == ()
    before = item("a", created_on=low.published - DAY)
    elsewhere = replace(agreed, node="nat")
    assert reckon(facts(results=(low,), actions=(before, elsewhere))).untouched == ("f",)


def test_only_the_newest_result_of_a_group_can_be_untouched_and_never_a_departments_mean() -> None:
    newest = result("new", low=False, published=TODAY - 10 * DAY)
    older = result("old", published=TODAY - 30 * DAY)
    mean = result("mean", nodes=("org",), team=False)
    assert reckon(facts(results=(newest, older, mean))).untouched == ()


def test_new_results_come_with_how_they_moved() -> None:
    moved, still = result("a", trend="up"), result("b", low=False)
    found = reckon(facts(results=(moved, still, result("c")), new=frozenset("ab")))
    assert (found.results, found.trends) == (("a", "b"), ("up", ""))


def test_promoting_should_be_the_largest_and_is_spoken_of_only_where_there_is_enough() -> None:
    def balance(*kinds: Perspective) -> Digest:
        return reckon(
            facts(actions=tuple(item(f"a{n}", perspective=one) for n, one in enumerate(kinds)))
        )

    promoting, preventive, handling = Perspective
    assert balance(promoting, preventive, handling).promoting_leads
    assert balance(preventive, preventive).promoting_leads
    uneven = balance(promoting, handling, handling)
    assert (uneven.promoting_leads, uneven.perspectives) == (False, (1, 0, 2))
    assert uneven.preventions == (3, 0, 0)


def test_long_lists_are_cut_and_the_rest_is_counted() -> None:
    items = tuple(item(f"a{n:02}", due=TODAY - DAY) for n in range(SHOWN + 3))
    found = reckon(facts(actions=items))
    assert (len(found.late), found.total) == (SHOWN, {"late": SHOWN + 3})
    assert reckon(facts(actions=items), 100).total == {}


def test_one_point_is_proposed_the_most_pressing_first() -> None:
    late = item("late", due=TODAY - DAY, perspective=Perspective.HANDLING)
    ahead = {"due": TODAY, "follow_up": SOON}
    more = tuple(item(f"h{n}", perspective=Perspective.HANDLING, **ahead) for n in range(3))
    good = item("good", state=ActionState.DONE, effect=Effect.WORKS)
    steps: Sequence[tuple[str, dict[str, Any]]] = (
        ("waiting", {"waiting": (("e", TODAY),)}),
        ("untouched", {"results": (result("f", nodes=("nat",)),)}),
        ("late", {"actions": (late, good, *more)}),
        ("spread", {"actions": (good, *more), "judged": frozenset({"good"})}),
        ("balance", {"actions": more}),
        ("", {"actions": ()}),
    )
    for at, (kind, changes) in enumerate(steps):
        assert reckon(facts(**changes)).point[0] == kind
        together = {key: value for _, found in reversed(steps[at:]) for key, value in found.items()}
        assert reckon(facts(**together)).point[0] == kind


states = st.sampled_from(list(ActionState))
dates = st.integers(-60, 60).map(lambda n: TODAY + n * DAY)
ids = st.text("0123456789abcdef", min_size=8, max_size=8)


@st.composite
def items(draw: st.DrawFn) -> Any:
    due = draw(dates)
    return item(
        draw(ids),
        node=draw(st.sampled_from(["dag", "nat"])),
        due=due,
        follow_up=due + 14 * DAY,
        created_on=draw(dates),
        state=draw(states),
        perspective=draw(st.sampled_from(list(Perspective))),
        prevention=draw(st.sampled_from(list(Prevention))),
        effect=draw(st.none() | st.sampled_from(list(Effect))),
        shared=draw(st.booleans()),
    )


results = st.builds(
    Result,
    ids,
    st.sampled_from([("dag",), ("nat",), ("dag", "nat")]),
    st.sampled_from(["checkin", "maturity"]),
    dates,
    st.booleans(),
    st.sampled_from(["", "up", "same", "down"]),
    st.booleans(),
)


@st.composite
def all_facts(draw: st.DrawFn) -> Facts:
    acts = tuple(draw(st.lists(items(), max_size=12, unique_by=lambda one: one.id)))
    found = tuple(draw(st.lists(results, max_size=8, unique_by=lambda one: one.figure)))
    some = frozenset(one.id for one in acts if draw(st.booleans()))
    return facts(
        actions=acts,
        done=some,
        judged=frozenset(one.id for one in acts if draw(st.booleans())),
        waiting=tuple(draw(st.dictionaries(ids, dates, max_size=8)).items()),
        results=found,
        new=frozenset(one.figure for one in found if draw(st.booleans())),
        begun=tuple(draw(st.lists(st.tuples(st.sampled_from(["dag", "nat"]), dates), max_size=3))),
    )


@given(given_=all_facts(), seed=st.randoms())
def test_the_same_facts_in_any_order_give_the_same_digest(given_: Facts, seed: Any) -> None:
    mixed = list(given_.actions)
    seed.shuffle(mixed)
    assert reckon(replace(given_, actions=tuple(mixed))) == reckon(given_)


@given(given_=all_facts())
def test_a_digest_is_stored_as_ids_numbers_and_dates_and_read_back(given_: Facts) -> None:
    found = reckon(given_)
    plain = json.loads(json.dumps(found.to_plain()))
    assert Digest.from_plain(plain) == found
    told = json.dumps(plain)
    for one in given_.actions:
        assert one.what not in told
        assert one.responsible not in told


@given(given_=all_facts(), most=st.integers(1, 8))
def test_nothing_is_told_twice_in_a_section_and_nothing_is_lost_uncounted(
    given_: Facts, most: int
) -> None:
    whole, cut = reckon(given_, 1000), reckon(given_, most)
    for name in SECTIONS:
        all_of_it, shown = getattr(whole, name), getattr(cut, name)
        assert len(set(all_of_it)) == len(all_of_it)
        assert shown == all_of_it[:most]
        assert cut.total.get(name, len(shown)) == len(all_of_it)


@given(given_=all_facts())
def test_the_point_is_about_something_the_digest_shows(given_: Facts) -> None:
    found = reckon(given_)
    kind, about = found.point
    if kind in ("", "balance"):
        pressing = (found.waiting, found.untouched, found.late, found.spread)
        assert not any(pressing)
        assert (kind == "balance") is not found.promoting_leads
    else:
        assert about in getattr(found, kind)
