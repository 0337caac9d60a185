"""Which questions a round asks: the anchor first, the pool over time, half of it on what works."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.loader import load, shipped_folder
from bot.content.model import Instrument, Pack, Question
from bot.domain.rounds import AskedQuestion
from bot.flows.rounds.selection import choose


@cache
def pack() -> Pack:
    return load(shipped_folder())


def checkin() -> Instrument:
    return pack().instruments["checkin"]


def pool_of(resourceful: int, others: int) -> Instrument:
    """Return an instrument with an anchor and a pool of that many questions."""
    anchor = replace(checkin().questions[0], id="anchor", anchor=True, resource=True)
    made: list[Question] = [
        replace(anchor, id=f"q{n}", anchor=False, resource=n < resourceful)
        for n in range(resourceful + others)
    ]
    return replace(checkin(), questions=(anchor, *made))


def lived(instrument: Instrument, wanted: int | None, rounds: int) -> list[tuple[str, ...]]:
    """Return what so many rounds in a row ask, the oldest first."""
    past: list[tuple[str, ...]] = []
    for _ in range(rounds):
        past.insert(0, tuple(one.id for one in choose(instrument, past, wanted)))
    return past[::-1]


@pytest.mark.parametrize("wanted", [2, 3, 4])
def test_the_anchor_comes_first_and_the_number_is_as_wished(wanted: int) -> None:
    for asked in lived(checkin(), wanted, 30):
        assert asked[0] == "anchor"
        assert len(asked) == wanted
        assert len(set(asked)) == wanted


@pytest.mark.parametrize(("wanted", "given_"), [(None, 3), (0, 3), (1, 2), (9, 4)])
def test_a_wish_outside_the_bounds_is_brought_inside(wanted: int | None, given_: int) -> None:
    assert len(choose(checkin(), [], wanted)) == given_


@pytest.mark.parametrize("wanted", [2, 3, 4])
def test_at_least_half_of_every_checkin_asks_for_what_works(wanted: int) -> None:
    instrument = checkin()
    for asked in lived(instrument, wanted, 60):
        resourceful = sum(instrument.question(one).resource for one in asked)
        assert 2 * resourceful >= len(asked)


@pytest.mark.parametrize("wanted", [2, 3, 4])
def test_the_whole_pool_comes_round(wanted: int) -> None:
    instrument = checkin()
    pool = len(instrument.questions) - 1
    needed = -(-pool // (wanted - 1))
    seen = {one for asked in lived(instrument, wanted, needed + 3) for one in asked}
    assert seen == {one.id for one in instrument.questions}


@pytest.mark.parametrize("wanted", [2, 3, 4])
def test_no_question_comes_back_before_most_others_have_been_asked(wanted: int) -> None:
    instrument = checkin()
    rounds = lived(instrument, wanted, 80)
    apart = (len(instrument.questions) - 1) // (wanted - 1) - 4
    for at, asked in enumerate(rounds):
        before = {one for past in rounds[max(0, at - apart) : at] for one in past[1:]}
        assert not before & set(asked[1:])


@settings(max_examples=40)
@given(st.integers(1, 40), st.integers(0, 40), st.sampled_from([2, 3, 4]))
def test_any_pool_with_enough_resource_questions_is_covered(
    resourceful: int, others: int, wanted: int
) -> None:
    instrument = pool_of(resourceful + wanted, min(others, resourceful))
    pool = len(instrument.questions) - 1
    needed = -(-pool // (wanted - 1))
    rounds = lived(instrument, wanted, 2 * needed + 2)
    assert {one for asked in rounds for one in asked} == {one.id for one in instrument.questions}
    for asked in rounds:
        assert len(set(asked)) == wanted
        assert 2 * sum(instrument.question(one).resource for one in asked) >= wanted


def test_the_past_of_one_team_says_nothing_about_another() -> None:
    mine = choose(checkin(), [["anchor", "goals"]], 3)
    assert "goals" not in {one.id for one in mine}
    assert choose(checkin(), [], 3) == choose(checkin(), [], 3)


def test_a_fixed_instrument_asks_all_its_questions_in_order_whatever_is_wished() -> None:
    maturity = pack().instruments["maturity"]
    asked = choose(maturity, [["priority"]], 2)
    assert [one.id for one in asked] == [one.id for one in maturity.questions]
    assert len(asked) == 10


def test_which_end_is_good_is_frozen_with_the_question() -> None:
    for asked in lived_questions():
        assert asked.pole == checkin().question(asked.id).pole


def lived_questions() -> list[AskedQuestion]:
    return [*choose(checkin(), [], 4)]


def test_a_question_that_left_the_pool_disturbs_nobody() -> None:
    assert len(choose(checkin(), [["anchor", "no-longer-there"]], 4)) == 4
