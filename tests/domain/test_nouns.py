"""The nouns: the tree and its rules, languages, clocks, chance, and a round's own knowledge."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chance import SeededChance, SystemChance
from bot.domain.clock import Clock, MovableClock
from bot.domain.languages import choose_language
from bot.domain.people import Away, Node, NodeRules, Person, Tree, rules_of
from bot.domain.results import Audience, CommentGroup
from bot.domain.rounds import AskedQuestion, RoundState

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DEFAULTS = NodeRules(
    "da", "Europe/Copenhagen", "DK", frozenset(range(5)), "08:00", "16:00", 5, 10, 1, 1, False
)


def tree() -> Tree:
    return Tree(
        [
            Node("b", "Bageri", "org"),
            Node("org", "Org", None, NodeRules(language="sv", threshold=8)),
            Node("a", "Aften", "org", NodeRules(zone="Europe/Stockholm")),
            Node("a1", "Aften 1", "a"),
        ]
    )


def test_the_tree_is_walked_from_the_top_by_name() -> None:
    assert tree().under("org") == ("org", "a", "b", "a1")
    assert tree().above("a1") == ("a1", "a", "org")
    assert tree().children("b") == ()
    assert tree().root.id == "org"


@pytest.mark.parametrize(
    ("nodes", "wrong"),
    [
        ([], "0"),
        ([Node("a", "A"), Node("b", "B")], "2"),
        ([Node("a", "A"), Node("b", "B", "c")], "no such parent: c"),
        ([Node("a", "A"), Node("b", "B", "c"), Node("c", "C", "b")], "ring"),
    ],
)
def test_a_tree_that_is_none_is_refused(nodes: list[Node], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        Tree(nodes)


def test_rules_come_from_the_nearest_node_that_has_one() -> None:
    rules = rules_of(tree(), "a1", DEFAULTS)
    assert (rules.zone, rules.language, rules.threshold) == ("Europe/Stockholm", "sv", 8)
    assert (rules.country, rules.lead_days) == ("DK", 1)


def test_a_rule_of_nothing_is_still_a_rule() -> None:
    own = Tree([Node("org", "Org", None, NodeRules(lead_days=0))])
    assert rules_of(own, "org", DEFAULTS).lead_days == 0


def test_a_pause_covers_both_its_ends() -> None:
    pause = Away(date(2026, 3, 2), date(2026, 3, 4))
    assert [pause.covers(date(2026, 3, day)) for day in range(1, 6)] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_not_for_me_is_about_checkins_alone_and_who_has_left_is_not_asked() -> None:
    off = Person("p", "P", "a", checkins_off=True)
    assert (off.wants("checkin"), off.wants("maturity")) == (False, True)
    assert not Person("p", "P", "a", active=False).wants("maturity")


@pytest.mark.parametrize(
    ("wishes", "spoken"),
    [
        (("sv-SE", "en"), "sv"),
        ((None, "en_GB"), "en"),
        (("fi", None, "sv"), "sv"),
        (("nb-NO",), "da"),
        (("", None), "da"),
        ((), "da"),
        (("DA",), "da"),
    ],
)
def test_the_first_language_the_bot_speaks_is_chosen(
    wishes: tuple[str | None, ...], spoken: str
) -> None:
    assert choose_language(*wishes) == spoken


def test_a_clock_tells_utc() -> None:
    assert Clock().now().tzinfo is UTC


def test_a_moved_clock_never_goes_back() -> None:
    clock = MovableClock(NOON)
    clock.move_to(NOON + timedelta(days=1))
    clock.move_to(NOON)
    assert clock.now() == NOON + timedelta(days=1)
    clock.restart(NOON)
    assert clock.now() == NOON


def test_a_clock_with_a_base_goes_on_by_itself() -> None:
    base = [NOON]
    clock = MovableClock(NOON - timedelta(days=7), base=lambda: base[0])
    base[0] += timedelta(minutes=5)
    assert clock.now() == NOON - timedelta(days=7) + timedelta(minutes=5)
    clock.move_to(NOON)
    assert clock.now() == NOON


@given(st.integers(), st.text(max_size=9), st.text(max_size=9))
def test_the_same_seed_and_name_give_the_same_draws(seed: int, one: str, other: str) -> None:
    again = SeededChance(seed)
    first = SeededChance(seed).generator(one, other).random()
    again.token()
    assert again.generator(one, other).random() == first
    assert SeededChance(seed).token() == SeededChance(seed).token()


@pytest.mark.parametrize("chance", [SystemChance(), SeededChance(1)])
def test_an_id_is_thirty_two_hexadecimal_digits_and_new_each_time(chance: SystemChance) -> None:
    ids = [chance.token() for _ in range(50)]
    assert len(set(ids)) == 50
    assert all(len(one) == 32 and int(one, 16) >= 0 for one in ids)


def test_only_an_open_or_reminded_round_takes_answers() -> None:
    assert {state for state in RoundState if state.takes_answers} == {
        RoundState.OPEN,
        RoundState.REMINDED,
    }


def test_a_question_put_the_other_way_is_turned() -> None:
    assert [AskedQuestion("q", "low").score(value) for value in range(1, 6)] == [5, 4, 3, 2, 1]
    assert AskedQuestion("q").score(4) == 4


def test_comments_are_not_shown_when_they_are_printed() -> None:
    assert "hemmelig" not in repr(CommentGroup("a", ("a",), Audience.EMPLOYEES, ("hemmelig",)))
