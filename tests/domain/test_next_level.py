"""Where what a team cannot solve goes: the next level up that has somebody to answer."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.escalations import next_level
from bot.domain.people import Node, Tree

TREE = Tree(
    [
        Node("org", "Org"),
        Node("dep", "Dep", "org"),
        Node("sub", "Sub", "dep"),
        Node("team", "Team", "sub"),
    ]
)


def test_it_goes_to_the_nearest_level_above_that_has_a_lead_or_a_group() -> None:
    assert next_level(TREE, "team", {"team", "sub", "org"}) == "sub"
    assert next_level(TREE, "team", {"dep", "org"}) == "dep"


def test_a_team_is_never_its_own_next_level() -> None:
    assert next_level(TREE, "sub", {"team", "sub"}) == "org"


def test_the_root_keeps_its_own() -> None:
    assert next_level(TREE, "org", {"org"}) == "org"


@given(
    node=st.sampled_from(sorted(TREE)),
    held=st.frozensets(st.sampled_from(sorted(TREE))),
)
def test_it_always_goes_up_and_never_past_anybody(node: str, held: frozenset[str]) -> None:
    to = next_level(TREE, node, held)
    above = TREE.above(node)[1:]
    assert to in above or (node == to == "org")
    passed = above[: above.index(to)] if to in above else ()
    assert not held & set(passed)
