"""The question about an action's effect: label, don't-know and participation, all together.

Three values, one question alone; it passes before it ships (``enumerator``).
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from datetime import UTC, date, datetime
from functools import cache
from itertools import product
from types import SimpleNamespace
from typing import Any, cast

import pytest
from enumerator import DONT_KNOW, SKIPPED, Given, Multiset, every_outcome, leaks, leaks_of_agreement

from bot.content.loader import load, shipped_folder
from bot.domain.chance import Chance
from bot.domain.effects import effect_of
from bot.domain.results import Label
from bot.domain.rounds import EFFECT, Invited, Round, RoundState
from bot.flows.effects import reckoning as effect
from bot.flows.rounds.selection import choose
from bot.privacy.ballots import Ballot
from bot.privacy.labels import draw_label

SCALE = (1, 3, 5)
PACK = load(shipped_folder())
QUESTIONS = choose(PACK.instruments[EFFECT], (), None)
AT = datetime(2026, 3, 16, 8, tzinfo=UTC)
BESIDE = {
    "may be skipped or not known": (SKIPPED, DONT_KNOW),
    "everybody is known to have given a value": (),
}


def asked(people: int) -> Round:
    return Round(
        id="r",
        scope=("dag",),
        instrument=EFFECT,
        questions=QUESTIONS,
        comments=False,
        threshold=5,
        comment_answers=10,
        zone="Europe/Copenhagen",
        local_date=date(2026, 3, 16),
        opens_at=AT,
        remind_at=None,
        closes_at=AT,
        publish_at=AT,
        state=RoundState.CLOSING,
        nodes={"dag": ("Dag", None)},
        about="a1",
    )


def published(everybody: Multiset) -> frozenset[Hashable]:
    """Return all that can come out of a whole round, counted by the flow that counts it."""
    return _published(tuple(sorted(everybody, key=lambda one: -1 if one is None else one)))


@cache
def _published(everybody: Multiset) -> frozenset[Hashable]:
    one = asked(len(everybody))
    ballots = [
        (Invited(str(number), "dag"), Ballot(1, {QUESTIONS[0].id: given}))
        for number, given in enumerate(everybody)
    ]

    def draw(rng: Any) -> Hashable:
        chance = cast(Chance, SimpleNamespace(generator=lambda *_: rng))
        env = cast(Any, SimpleNamespace(chance=chance))
        counted = effect.count(env, one, ballots)
        (atom,) = counted.atoms or (None,)
        if atom is None:
            return None
        word = effect_of(atom.questions[0].label)
        return atom.answered, atom.invited, atom.questions, atom.overall, word, counted.too_few

    return frozenset(every_outcome(draw).keys())


def test_the_question_has_the_three_values_the_enumerator_tries() -> None:
    assert [question.scale for question in QUESTIONS] == [SCALE]
    assert not PACK.instruments[EFFECT].comment


@pytest.mark.parametrize("others", BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("answered", [5, 6, 7, 8])
def test_nobody_is_found_out_by_what_a_small_team_is_told(
    answered: int, others: tuple[Given, ...]
) -> None:
    assert leaks(published, answered, SCALE, others) == []


@pytest.mark.slow
@pytest.mark.parametrize("others", BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("answered", [9, 10, 11, 12])
def test_nobody_is_found_out_by_what_a_larger_team_is_told(
    answered: int, others: tuple[Given, ...]
) -> None:
    assert leaks(published, answered, SCALE, others) == []


def test_agreement_is_not_found_out_in_larger_groups_either() -> None:
    for answered in (*range(5, 40), 80):
        assert leaks_of_agreement(published, answered, SCALE) == []


def test_how_the_answers_are_spread_is_not_kept() -> None:
    for shown in published((1, 1, 3, 3, 3, 3, 5, 5, 5, 5, 5, 5)):
        assert isinstance(shown, tuple)
        assert shown[2][0].distribution is None


def drawn(everybody: Multiset) -> Counter[Hashable]:
    values = [given for given in everybody if given]
    return every_outcome(lambda rng: draw_label(sum(values), len(values), rng, SCALE))


def test_the_same_circle_asked_about_two_actions_that_are_one_is_not_found_out() -> None:
    def two_draws(everybody: Multiset) -> Iterable[Hashable]:
        return product(drawn(everybody), repeat=2)

    for answered in range(5, 13):
        assert leaks(two_draws, answered, SCALE, ()) == []


def test_a_circle_asked_again_and_again_would_be_found_out() -> None:
    """Why nobody is asked about more than two actions within five working days."""

    def ever_so_many_draws(everybody: Multiset) -> Iterable[Hashable]:
        found = drawn(everybody)
        return [frozenset((label, times / found.total()) for label, times in found.items())]

    assert leaks(ever_so_many_draws, 5, SCALE, ())


def test_a_circle_of_one_more_would_be_found_out() -> None:
    """Why circles that differ by a person are kept five working days apart."""

    def beside_a_named_colleague(everybody: Multiset) -> Iterable[Label]:
        total = sum(given for given in everybody if given) + 5  # he said by name that it works
        return every_outcome(lambda rng: draw_label(total, len(everybody) + 1, rng, SCALE))

    found = leaks(beside_a_named_colleague, 4, SCALE, ())
    assert found  # who is asked by name and counted, too, gives the others away
