"""Everything published about a question, together, against the enumerator."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction
from functools import cache

import pytest
from enumerator import (
    DONT_KNOW,
    SKIPPED,
    Given,
    Multiset,
    Publication,
    every_outcome,
    leaks,
    leaks_of_agreement,
)

from bot.domain.results import Band, Bound, Label
from bot.privacy.labels import FIVE_POINTS, Tally, draw_label, figure

YES_NO = (1, 5)
YES_PARTLY_NO = (1, 3, 5)

BESIDE = {
    "may be skipped or not known": (SKIPPED, DONT_KNOW),
    "one question alone cannot be skipped": (DONT_KNOW,),
    "everybody is known to have given a value": (),
}


def tally(everybody: Iterable[Given]) -> Tally:
    held = Counter(everybody)
    one, two, three, four, five = (held[score] for score in FIVE_POINTS)
    return Tally((one, two, three, four, five), held[DONT_KNOW])


def product_rules(threshold: int = 5, scale: Sequence[int] = FIVE_POINTS) -> Publication:
    """Label, don't-know band and distribution of the product, with every draw chance can make."""

    @cache
    def outcomes(counted: Tally) -> frozenset[Hashable]:
        return frozenset(
            every_outcome(lambda rng: figure("q", counted, threshold, rng, scale)).keys()
        )

    return lambda everybody: outcomes(tally(everybody))


@pytest.mark.parametrize("others", BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("answered", [5, 6, 7])
def test_nobody_is_found_out_in_a_small_team(answered: int, others: Sequence[Given]) -> None:
    assert leaks(product_rules(), answered, others=others) == []


def test_nobody_is_found_out_where_the_distribution_begins() -> None:
    assert leaks(product_rules(), 10, others=()) == []


@pytest.mark.slow
@pytest.mark.parametrize("others", BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("answered", range(5, 13))
def test_nobody_is_found_out_by_everything_published_together(
    answered: int, others: Sequence[Given]
) -> None:
    assert leaks(product_rules(), answered, others=others) == []


@pytest.mark.slow
@pytest.mark.parametrize("answered", range(8, 13))
def test_nobody_is_found_out_with_a_threshold_of_eight(answered: int) -> None:
    assert leaks(product_rules(threshold=8), answered) == []


@pytest.mark.slow
@pytest.mark.parametrize("scale", [YES_NO, YES_PARTLY_NO], ids=["yes/no", "yes/partly/no"])
@pytest.mark.parametrize("answered", range(5, 13))
def test_nobody_is_found_out_on_a_shorter_scale(answered: int, scale: Sequence[int]) -> None:
    assert leaks(product_rules(scale=scale), answered, scale) == []
    assert leaks(product_rules(scale=scale), answered, scale, others=()) == []


@pytest.mark.parametrize("scale", [FIVE_POINTS, YES_PARTLY_NO, YES_NO])
def test_agreement_is_not_found_out_in_larger_groups_either(scale: Sequence[int]) -> None:
    for answered in (*range(5, 45), 80, 200):
        assert leaks_of_agreement(product_rules(scale=scale), answered, scale) == []


def test_both_ways_of_looking_agree() -> None:
    for scale, answered in ((FIVE_POINTS, 5), (FIVE_POINTS, 9), (YES_NO, 5), (YES_NO, 10)):
        for rules in (product_rules(), product_rules(scale=scale), exact_mean, unclipped):
            known = {(one.own, one.shown) for one in leaks(rules, answered, scale, others=())}
            near = {(one.own, one.shown) for one in leaks_of_agreement(rules, answered, scale)}
            assert known <= near


def exact_mean(everybody: Multiset) -> Iterable[Hashable]:
    values = [given for given in everybody if given]
    return [Fraction(sum(values), len(values)) if len(values) >= 5 else None]


def unclipped(everybody: Multiset) -> Iterable[Hashable]:
    values = [given for given in everybody if given]
    if len(values) < 5:
        return [None]
    halves, over = divmod(2 * sum(values), len(values))
    return [halves / 2, *([halves / 2 + 0.5] if over else [])]


def test_the_enumerator_finds_the_leak_of_an_exact_mean() -> None:
    found = {(one.own, one.shown) for one in leaks(exact_mean, 5, others=())}
    assert {(1, Fraction(1)), (5, Fraction(9, 5)), (3, Fraction(23, 5))} <= found


def test_the_enumerator_finds_the_leak_of_rounding_without_clipping() -> None:
    found = {(one.own, one.shown): one.possible for one in leaks(unclipped, 5)}
    assert found[5, 1.5] == {1}
    assert found[1, 4.5] == {5}


def test_the_enumerator_finds_the_leak_of_a_yes_no_question_clipped_like_five_points() -> None:
    found = leaks(product_rules(), 5, YES_NO, others=())
    assert {(one.own, tuple(one.possible)) for one in found} == {(5, (1,)), (1, (5,))}


def label_beside_narrow_bands(everybody: Multiset) -> Iterable[Hashable]:
    """The product's label, beside a distribution in which only one person of ten is "few"."""
    held = tally(everybody)
    few = tuple(8 * count < held.values for count in held.scores)
    labels = every_outcome(lambda rng: draw_label(held.total, held.values, rng))
    return [(label, few) for label in labels]


def test_the_enumerator_finds_the_leak_of_label_and_distribution_together() -> None:
    found = leaks(label_beside_narrow_bands, 10, others=())
    assert {(one.own, tuple(one.possible)) for one in found} == {(1, (2,)), (5, (4,))}


def test_the_enumerator_does_not_take_a_skip_for_a_way_out() -> None:
    def counts_ones(everybody: Multiset) -> Iterable[Hashable]:
        values = [given for given in everybody if given]
        return ["all ones" if set(values) <= {1} else "mixed"]

    assert any(one.shown == "all ones" for one in leaks(counts_ones, 5))


def test_one_or_two_people_are_few_in_the_smallest_group() -> None:
    def shown(count: int) -> set[Band | None]:
        counted = Tally((1, 1, 1, 1, 1), count)
        return set(every_outcome(lambda rng: figure("q", counted, 5, rng).dont_know))

    assert shown(0) == shown(1) == shown(2) == {Band.FEW}
    assert shown(3) == {Band.HALF}


def test_everyone_said_one_looks_like_a_mean_of_two() -> None:
    assert set(every_outcome(lambda rng: draw_label(5, 5, rng))) == {Label(2.0, Bound.AT_MOST)}
    assert Label(2.0, Bound.AT_MOST) in every_outcome(lambda rng: draw_label(10, 5, rng))
