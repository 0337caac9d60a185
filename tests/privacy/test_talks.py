"""What leaves the ballots of a dialogue: shuffled ideas, and an order that gives nobody away."""

import random
from collections import Counter
from collections.abc import Hashable, Iterable
from functools import cache
from itertools import combinations, permutations, product

import pytest
from enumerator import Multiset, Publication, leaks

from bot.domain.action_items import Factor
from bot.domain.dialogues import IDEAS, STEPS
from bot.privacy.ballots import (
    ENTRIES_EACH,
    ENTRY_LIMIT,
    Ballot,
    BallotTooLarge,
    ballot_size,
    decode,
    encode,
)
from bot.privacy.comments import clean_comment
from bot.privacy.talks import gathered, ranked, votes_each

GROUPS = "abcdefgh"


def one_each(people: int) -> list[tuple[tuple[str, str, str], ...]]:
    return [(("how", f"idé {n}", ""),) for n in range(people)]


def test_ideas_of_five_come_out_shuffled_and_without_a_trace_of_who_wrote_together() -> None:
    written = [(("best", f"a{n}", ""), ("how", f"b{n}", "risk")) for n in range(5)]
    ideas = gathered(written, 5, random.Random(3))
    assert Counter(ideas) == Counter(entry for entries in written for entry in entries)
    assert ideas != tuple(entry for entries in written for entry in entries)
    assert gathered(written[::-1], 5, random.Random(3)) == ideas


def test_fewer_than_enough_look_like_none() -> None:
    for people in range(5):
        assert gathered([*one_each(people), (), ()], 5, random.Random(1)) == ()
    assert len(gathered([*one_each(5), ()], 5, random.Random(1))) == 5
    assert gathered(one_each(7), 8, random.Random(1)) == ()


def test_one_person_with_many_ideas_is_one_contributor() -> None:
    many = (("how", "a", ""), ("how", "b", ""), ("how", "c", ""))
    assert gathered([many, *one_each(3)], 5, random.Random(1)) == ()


def test_how_many_votes_each_has() -> None:
    assert [votes_each(groups) for groups in range(1, 9)] == [1, 1, 1, 2, 2, 3, 3, 3]


def test_the_order_is_by_votes_and_a_tie_is_broken_by_chance() -> None:
    ballots = [{"b"}, {"b"}, {"b"}, {"a"}, {"c"}]
    orders = {ranked("abcd", ballots, 5, random.Random(seed)) for seed in range(60)}
    assert {order[0][0] for order in orders if order} == {"b"}
    assert {order[0][1] for order in orders if order} == {"a", "c"}
    assert {order[1] for order in orders if order} == {5}


def test_too_few_votes_give_no_order() -> None:
    assert ranked("abcd", [{"a"}] * 4, 5, random.Random(1)) is None
    assert ranked("abcd", [*[{"a"}] * 4, set()], 5, random.Random(1)) is None


def test_a_ballot_with_more_votes_than_one_has_is_no_vote() -> None:
    crowd = [{"a", "b", "c"}, *[{"d"}] * 4]
    assert ranked("abcd", crowd, 5, random.Random(1)) is None
    strange = [{"x"}, *[{"d"}] * 4]
    assert ranked("abcd", strange, 5, random.Random(1)) is None


# --- Nobody's vote can be worked out ------------------------------------------------------------


def possible_ballots(groups: int) -> list[frozenset[str]]:
    names = GROUPS[:groups]
    return [
        frozenset(chosen)
        for size in range(1, votes_each(groups) + 1)
        for chosen in combinations(names, size)
    ]


def orders_of(groups: int) -> Publication:
    """Everything that can be published of a vote: each order chance can make, and how many voted.

    Held against what ``ranked`` returns by the test below.
    """
    ballots, names = possible_ballots(groups), GROUPS[:groups]

    @cache
    def of_counts(counts: tuple[int, ...]) -> frozenset[Hashable]:
        levels: dict[int, list[str]] = {}
        for name, count in zip(names, counts, strict=True):
            levels.setdefault(count, []).append(name)
        tied = [list(permutations(levels[count])) for count in sorted(levels, reverse=True)]
        return frozenset("".join(map("".join, order)) for order in product(*tied))

    def publication(everybody: Multiset) -> Iterable[Hashable]:
        held = Counter(name for given in everybody if given for name in ballots[given - 1])
        return of_counts(tuple(held[name] for name in names))

    return publication


def scale(groups: int) -> tuple[int, ...]:
    return tuple(range(1, len(possible_ballots(groups)) + 1))


@pytest.mark.parametrize("groups", [2, 3, 4])
@pytest.mark.parametrize("voters", [5, 6, 7, 8])
def test_an_insider_finds_two_possible_votes_for_every_colleague(voters: int, groups: int) -> None:
    assert leaks(orders_of(groups), voters, scale(groups), others=()) == []


@pytest.mark.slow
@pytest.mark.parametrize(("voters", "groups"), [(5, 5), (6, 5), (7, 5)])
def test_an_insider_finds_them_with_more_ideas_too(voters: int, groups: int) -> None:
    assert leaks(orders_of(groups), voters, scale(groups), others=()) == []


def test_what_is_enumerated_is_what_is_published() -> None:
    ballots = possible_ballots(4)
    rng = random.Random(5)
    for _ in range(40):
        given = tuple(sorted(rng.choices(scale(4), k=6)))
        held = [ballots[at - 1] for at in given]
        found = {ranked("abcd", held, 5, random.Random(seed)) for seed in range(200)}
        drawn = {"".join(order) for each in found if each for order in [each[0]]}
        assert drawn <= set(orders_of(4)(given))


def test_the_enumerator_finds_the_leak_of_counts() -> None:
    ballots = possible_ballots(2)

    def counts(everybody: Multiset) -> Iterable[Hashable]:
        held = Counter(name for given in everybody if given for name in ballots[given - 1])
        return [tuple(sorted(held.items()))]

    assert leaks(counts, 5, scale(2), others=())


def test_the_enumerator_finds_the_leak_of_a_tie_that_is_told() -> None:
    ballots = possible_ballots(2)

    def with_ties(everybody: Multiset) -> Iterable[Hashable]:
        held = Counter(name for given in everybody if given for name in ballots[given - 1])
        return [("=" if held["a"] == held["b"] else "<", held["a"] == 0, held["b"] == 0)]

    assert leaks(with_ties, 5, scale(2), others=())


# --- The ballot that holds ideas ----------------------------------------------------------------

SIZE = ballot_size(len(STEPS), comments=False, instrument=IDEAS)


@pytest.mark.parametrize("letter", ["a", "\U0001f642", '"', "\\", "\n.", "字"])
def test_the_fullest_sheet_of_ideas_fits(letter: str) -> None:
    text = clean_comment((letter * ENTRY_LIMIT)[:ENTRY_LIMIT], ENTRY_LIMIT)
    entries = tuple(
        (step.value, text, Factor.HEALTH.value) for step in STEPS for _ in range(ENTRIES_EACH)
    )
    fullest = Ballot(2**62, {step.value: None for step in STEPS}, entries=entries)
    assert len(encode(fullest, SIZE)) == SIZE == len(encode(Ballot(), SIZE))
    assert decode(encode(fullest, SIZE)) == fullest


def test_a_sheet_shows_nothing_of_what_it_holds() -> None:
    ballot = Ballot(1, {"how": None}, entries=(("how", "Kanariefuglen", "risk"),))
    assert "Kanariefuglen" not in repr(ballot)
    assert ballot.answered
    assert not ballot.is_empty
    with pytest.raises(BallotTooLarge) as caught:
        encode(Ballot(entries=(("how", "Kanariefuglen" * 1000, ""),)), SIZE)
    assert "Kanariefuglen" not in str(caught.value)
