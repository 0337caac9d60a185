"""From counted answers to what may be shown of one question, and from labels to other labels.

Pure functions; chance is an argument. Which answers are counted together lives in ``atoms``.

A colleague who knows his own answer must not be able to work out anybody else's, from everything
that is shown of a question taken together: label, bands, distribution and how many answered. The
enumerator in the tests proves it for every possible set of answers. What it taught:

- Without clipping it fails: five people, I said 5, the label says "1½" – all the others said 1.
- The gap between a scale's neighbouring values counts. For yes/no (1 and 5) the ends made for five
  points are too tight: five people, I said yes, "at most 2" – all the others said no. So the bound
  grows with the gap (``lowest_shown``); on the five-point scale that changes nothing.
- Label and distribution can be safe apart and not together. Were "few" under an eighth only: ten
  people, I said 1, the label says "at most 1½", most said 2 and few anything else – all the others
  said 2, as the few who said 1 are me, and anybody over 2 would lift the mean out of the label. The
  same up to sixteen people. So one or two people are always "few" (``band``), at any number.
- That also keeps "few" from meaning exactly none where one of six or seven said "don't know".
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from bot.domain.results import Band, Bound, Label, QuestionFigure
from bot.domain.rounds import FIVE_POINTS as FIVE_POINTS

FINE_FROM = 30
"""Answers from which a label has one decimal instead of half steps."""
DISTRIBUTION_FROM = 10
"""Answers from which the distribution is shown."""

_HALF, _TENTH = 5, 1
"""Steps, in tenths of a point; labels are reckoned in tenths, so that no binary fraction errs."""
_MIDDLE = 30


@dataclass(frozen=True)
class Tally:
    """One question's answers in one atom: exact counts, which never leave this package."""

    scores: tuple[int, int, int, int, int]
    """How many have the score 1, 2, 3, 4, 5."""
    dont_know: int = 0

    def __repr__(self) -> str:
        return "Tally(<not shown>)"

    @property
    def values(self) -> int:
        """Return how many answers carry a value."""
        return sum(self.scores)

    @property
    def total(self) -> int:
        """Return the sum of all scores."""
        return sum(score * count for score, count in zip(FIVE_POINTS, self.scores, strict=True))


def figure(
    question: str,
    tally: Tally,
    threshold: int,
    rng: random.Random,
    scale: Sequence[int] = FIVE_POINTS,
) -> QuestionFigure:
    """Return all that is shown of a question in an atom; nothing under ``threshold`` values."""
    n = tally.values
    if n < threshold:
        return QuestionFigure(question)
    spread = n >= DISTRIBUTION_FROM
    return QuestionFigure(
        question,
        label=draw_label(tally.total, n, rng, scale),
        dont_know=band(tally.dont_know, n + tally.dont_know),
        distribution=tuple(band(count, n) for count in tally.scores) if spread else None,
    )


def draw_label(total: int, n: int, rng: random.Random, scale: Sequence[int] = FIVE_POINTS) -> Label:
    """Round the mean ``total / n`` up or down by chance, without bias, and clip the ends.

    Draws at most one number under ``n``. Draw once and store: drawing again would give it away.
    """
    step = _step(n)
    steps, over = divmod(total * (10 // step), n)
    up = over > 0 and rng.randrange(n) < over
    return _clipped(step * (steps + up), lowest_shown(n, scale))


def lowest_shown(n: int, scale: Sequence[int] = FIVE_POINTS) -> int:
    """Return the lowest value told apart, in tenths: everything at or under it is "at most" it.

    The smallest half step at or above ``1 + 5/n``. Who gave the highest answer himself then cannot
    tell whether all others gave the lowest, or one of them the next: that mean is
    ``1 + (4 + gap)/n``, and its lower rounding must be clipped too. Values far apart need more.
    """
    gap = max(high - low for low, high in pairwise(sorted(scale)))
    halves = max(-(-(2 * n + 10) // n), (2 * n + 2 * (4 + gap)) // n)
    return halves * _HALF


def band(count: int, of: int) -> Band:
    """Return a share as it is shown: few is one or two people or under 1/8; then 3/8, 5/8."""
    if count <= 2 or 8 * count < of:
        return Band.FEW
    if 8 * count < 3 * of:
        return Band.QUARTER
    return Band.HALF if 8 * count <= 5 * of else Band.MOST


def mean_label(parts: Iterable[tuple[Label, int]], answered: int) -> Label | None:
    """Return the mean of labels by weight, a clipped one as its bound; ``None`` without any.

    A function of what is shown already, so it can tell nothing new. ``answered`` decides the step,
    as for a single label. To the nearest step; half-way goes towards the middle of the scale, so
    that neither end is overstated. Only where all are clipped the same way is the mean a bound too.
    """
    known = [(round(label.value * 10), label.bound, weight) for label, weight in parts]
    if not known:
        return None
    mean = Fraction(sum(v * w for v, _, w in known), sum(w for _, _, w in known))
    step = _step(answered)
    steps, over = divmod(mean, step)
    up = 2 * over > step or (2 * over == step and mean < _MIDDLE)
    bounds = {bound for _, bound, _ in known}
    return Label(step * (steps + up) / 10, bounds.pop() if len(bounds) == 1 else Bound.ABOUT)


def overall(figures: Iterable[QuestionFigure], answered: int) -> Label | None:
    """Return the overall figure: the mean of the topics' labels, each counting alike."""
    return mean_label(((f.label, 1) for f in figures if f.label is not None), answered)


def weight(answered: int) -> int:
    """Return an atom's weight in the figures above it: its answers, rounded to fives."""
    return max(5, (answered + 2) // 5 * 5)


class Trend(StrEnum):
    """How a label moved since the last round."""

    UP = "up"
    SAME = "same"
    """About as before."""
    DOWN = "down"


def trend(previous: Label, current: Label) -> Trend:
    """Compare two stored labels, a clipped one as its bound: a full step moves, half does not."""
    moved = round(current.value * 10) - round(previous.value * 10)
    if moved >= 10:
        return Trend.UP
    return Trend.DOWN if moved <= -10 else Trend.SAME


def _step(n: int) -> int:
    return _HALF if n < FINE_FROM else _TENTH


def _clipped(tenths: int, lowest: int) -> Label:
    highest = 2 * _MIDDLE - lowest
    if tenths <= lowest:
        return Label(lowest / 10, Bound.AT_MOST)
    if tenths >= highest:
        return Label(highest / 10, Bound.AT_LEAST)
    return Label(tenths / 10)
