import random
from statistics import fmean

import pytest
from enumerator import every_outcome
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.results import Band, Bound, Label, QuestionFigure
from bot.privacy.labels import (
    Tally,
    Trend,
    band,
    draw_label,
    figure,
    lowest_shown,
    mean_label,
    overall,
    trend,
    weight,
)

AT_MOST_2 = Label(2.0, Bound.AT_MOST)
AT_LEAST_4 = Label(4.0, Bound.AT_LEAST)


def test_five_answers_have_five_labels_in_half_steps_with_clipped_ends() -> None:
    shown = {label for total in range(5, 26) for label in every_outcome(draw(total, 5))}
    assert shown == {AT_MOST_2, Label(2.5), Label(3.0), Label(3.5), AT_LEAST_4}


@pytest.mark.parametrize(("n", "lowest"), [(5, 20), (9, 20), (10, 15), (29, 15), (30, 15)])
def test_the_bound_is_the_smallest_half_step_at_or_above_one_and_five_nths(
    n: int, lowest: int
) -> None:
    assert lowest_shown(n) == lowest


def test_from_thirty_answers_a_label_has_one_decimal() -> None:
    assert set(every_outcome(draw(73, 30))) == {Label(2.4), Label(2.5)}
    assert set(every_outcome(draw(73, 29))) == {Label(2.5), Label(3.0)}
    assert set(every_outcome(draw(44, 30))) == {Label(1.5, Bound.AT_MOST)}


@given(st.integers(5, 60).flatmap(lambda n: st.tuples(st.integers(n, 5 * n), st.just(n))))
def test_rounding_has_no_bias_in_the_courses_chance_can_take(case: tuple[int, int]) -> None:
    total, n = case
    outcomes = every_outcome(draw(total, n))
    if any(label.bound is not Bound.ABOUT for label in outcomes):
        return
    courses = sum(outcomes.values())
    tenths = sum(round(10 * label.value) * times for label, times in outcomes.items())
    assert tenths * n == 10 * total * courses


def test_rounding_has_no_bias_in_many_draws() -> None:
    rng = random.Random(20260302)
    drawn = [draw_label(16, 6, rng).value for _ in range(20_000)]
    assert set(drawn) == {2.5, 3.0}
    assert fmean(drawn) == pytest.approx(16 / 6, abs=0.01)


def test_a_mean_on_a_step_needs_no_chance() -> None:
    assert every_outcome(draw(15, 5)) == {Label(3.0): 1}


def test_a_question_under_the_threshold_shows_nothing_at_all() -> None:
    nothing = QuestionFigure("q")
    assert figure("q", Tally((0, 0, 4, 0, 0), 9), 5, random.Random(1)) == nothing
    assert figure("q", Tally((0, 0, 7, 0, 0)), 8, random.Random(1)) == nothing


def test_dont_know_is_a_share_of_its_own_and_never_lowers_the_mean() -> None:
    shown = figure("q", Tally((0, 0, 5, 0, 0), 5), 5, random.Random(1))
    assert shown == QuestionFigure("q", Label(3.0), Band.HALF)


def test_the_distribution_is_shown_in_bands_from_ten_answers() -> None:
    nine = figure("q", Tally((0, 0, 9, 0, 0)), 5, random.Random(1))
    ten = figure("q", Tally((0, 3, 7, 0, 0)), 5, random.Random(1))
    assert nine.distribution is None
    assert ten.distribution == (Band.FEW, Band.QUARTER, Band.MOST, Band.FEW, Band.FEW)


@pytest.mark.parametrize(
    ("count", "of", "shown"),
    [
        (0, 5, Band.FEW),
        (2, 7, Band.FEW),
        (12, 100, Band.FEW),
        (13, 100, Band.QUARTER),
        (37, 100, Band.QUARTER),
        (38, 100, Band.HALF),
        (62, 100, Band.HALF),
        (63, 100, Band.MOST),
        (100, 100, Band.MOST),
    ],
)
def test_a_share_is_shown_in_four_bands(count: int, of: int, shown: Band) -> None:
    assert band(count, of) is shown


def test_an_overall_figure_is_the_mean_of_the_labels_that_are_shown() -> None:
    figures = [
        QuestionFigure("a", Label(2.5)),
        QuestionFigure("b", Label(3.5)),
        QuestionFigure("c"),
        QuestionFigure("d", AT_LEAST_4),
    ]
    assert overall(figures, 6) == Label(3.5)
    assert overall(figures, 30) == Label(3.3)
    assert overall([QuestionFigure("c")], 6) is None


def test_a_mean_half_way_goes_towards_the_middle() -> None:
    assert mean_label([(Label(2.5), 1), (Label(3.0), 1)], 6) == Label(3.0)
    assert mean_label([(Label(3.0), 1), (Label(3.5), 1)], 6) == Label(3.0)


def test_a_mean_of_labels_is_a_bound_only_where_all_are_clipped_alike() -> None:
    assert mean_label([(AT_MOST_2, 5), (AT_MOST_2, 10)], 15) == AT_MOST_2
    assert mean_label([(AT_MOST_2, 5), (Label(2.5), 5)], 10) == Label(2.5)
    assert mean_label([(AT_MOST_2, 5), (AT_LEAST_4, 5)], 10) == Label(3.0)


def test_a_mean_of_labels_counts_the_larger_group_more() -> None:
    assert mean_label([(Label(2.5), 20), (Label(3.5), 5)], 40) == Label(2.7)


@pytest.mark.parametrize(("answered", "shown"), [(5, 5), (7, 5), (8, 10), (12, 10), (13, 15)])
def test_weights_are_answers_rounded_to_fives(answered: int, shown: int) -> None:
    assert weight(answered) == shown


@pytest.mark.parametrize(
    ("previous", "current", "moved"),
    [
        (Label(3.0), Label(3.5), Trend.SAME),
        (Label(3.0), Label(4.0), Trend.UP),
        (Label(3.5), Label(2.5), Trend.DOWN),
        (AT_MOST_2, Label(3.0), Trend.UP),
        (AT_LEAST_4, Label(3.5), Trend.SAME),
        (AT_LEAST_4, AT_LEAST_4, Trend.SAME),
        (Label(2.4), Label(3.3), Trend.SAME),
        (Label(2.4), Label(3.4), Trend.UP),
    ],
)
def test_a_trend_needs_a_full_step(previous: Label, current: Label, moved: Trend) -> None:
    assert trend(previous, current) is moved


def test_exact_counts_never_show_themselves() -> None:
    counted = Tally((0, 0, 0, 0, 5), 3)
    assert "5" not in f"{counted} {counted!r} {[counted]}"


def draw(total: int, n: int):  # type: ignore[no-untyped-def]
    return lambda rng: draw_label(total, n, rng)
