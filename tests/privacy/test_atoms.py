from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rounds_made import a_round

from bot.domain.people import NodeId
from bot.domain.rounds import Invited
from bot.privacy.atoms import Atom, Nodes, Place, Split, pair_small, places, split

Counts = Mapping[NodeId, int]


@st.composite
def trees(draw: st.DrawFn) -> Nodes:
    """A tree of up to a dozen nodes below the root "n0"."""
    size = draw(st.integers(1, 12))
    parents = [draw(st.integers(0, at - 1)) for at in range(1, size)]
    above = {f"n{at}": (f"Team {at}", f"n{up}") for at, up in enumerate(parents, start=1)}
    return {"n0": ("Top", None), **above}


@st.composite
def staffed(draw: st.DrawFn) -> tuple[Nodes, Counts, Counts]:
    """A tree, how many are invited at each node, and how many of them answered."""
    nodes = draw(trees())
    invited = {node: draw(st.integers(0, 12)) for node in nodes}
    answered = {node: draw(st.integers(0, some)) for node, some in invited.items()}
    return nodes, invited, answered


def split_by(root: Place, invited: Counts, answered: Counts, k: int = 5) -> Split:
    homes = frozenset(node for node, some in invited.items() if some)
    return split(root, homes, lambda nodes: sum(answered[node] for node in nodes) >= k)


def team(node: NodeId, employees: int, leads: int = 0) -> list[Invited]:
    people = [Invited(f"{node}-{at}", node) for at in range(employees)]
    return people + [Invited(f"{node}-lead-{at}", node, lead=True) for at in range(leads)]


def pairs(nodes: Nodes, counts: Counts, scope: Sequence[NodeId] = ("n0",)) -> object:
    members = [one for node, some in counts.items() for one in team(node, some, leads=1)]
    return pair_small(a_round(scope=tuple(scope), nodes=nodes), members)


FLAT: Nodes = {
    "n0": ("Department", None),
    "a": ("Alfa", "n0"),
    "b": ("Bravo", "n0"),
    "c": ("Charlie", "n0"),
}


@given(staffed(), st.sampled_from([5, 8]))
def test_atoms_are_disjoint_reach_the_threshold_and_leave_out_nobody_unsaid(
    case: tuple[Nodes, Counts, Counts], k: int
) -> None:
    nodes, invited, answered = case
    found = split_by(places(["n0"], nodes), invited, answered, k)
    everywhere = [node for atom in found.atoms for node in atom.nodes] + list(found.rest)
    assert sorted(everywhere) == sorted(node for node, some in invited.items() if some)
    assert all(sum(answered[node] for node in atom.nodes) >= k for atom in found.atoms)
    assert sum(answered[node] for node in found.rest) < k
    assert len({atom.at for atom in found.atoms}) == len(found.atoms)


@given(staffed())
def test_people_are_counted_at_or_above_their_home_and_never_beside_it(
    case: tuple[Nodes, Counts, Counts],
) -> None:
    nodes, invited, answered = case
    for atom in split_by(places(["n0"], nodes), invited, answered).atoms:
        for home in atom.nodes:
            assert atom.at in up_from(nodes, home)


@given(staffed())
def test_something_is_published_exactly_when_enough_have_answered_in_all(
    case: tuple[Nodes, Counts, Counts],
) -> None:
    nodes, invited, answered = case
    found = split_by(places(["n0"], nodes), invited, answered)
    assert bool(found.atoms) == (sum(answered.values()) >= 5)


@given(staffed())
def test_pairing_leaves_no_small_node_that_has_a_sibling(
    case: tuple[Nodes, Counts, Counts],
) -> None:
    nodes, invited, _ = case
    members = [one for node, some in invited.items() for one in team(node, some)]
    units = pair_small(a_round(scope=("n0",), nodes=nodes), members)
    root = places(["n0"], nodes, units)
    assert sorted(node for place in root.walk() for node in place.nodes) == sorted(nodes)
    for place in root.walk():
        sizes = [roster(child, invited) for child in place.children]
        staffed_sizes = [size for size in sizes if size]
        assert len(staffed_sizes) < 2 or min(staffed_sizes) >= 5


@given(staffed())
def test_atoms_of_paired_nodes_are_disjoint_and_cover_everybody_too(
    case: tuple[Nodes, Counts, Counts],
) -> None:
    nodes, invited, answered = case
    members = [one for node, some in invited.items() for one in team(node, some)]
    root = places(["n0"], nodes, pair_small(a_round(scope=("n0",), nodes=nodes), members))
    found = split_by(root, invited, answered)
    everywhere = [node for atom in found.atoms for node in atom.nodes] + list(found.rest)
    assert sorted(everywhere) == sorted(node for node, some in invited.items() if some)


def test_a_small_team_bubbles_up_to_its_department() -> None:
    found = split_by(
        places(["n0"], FLAT),
        invited={"n0": 3, "a": 6, "b": 4, "c": 0},
        answered={"n0": 2, "a": 5, "b": 3, "c": 0},
    )
    assert found == Split((Atom("a", ("a",)), Atom("n0", ("n0", "b"))), ())


def test_who_is_left_at_the_root_is_counted_nowhere() -> None:
    some = {"n0": 0, "a": 5, "b": 4, "c": 0}
    found = split_by(places(["n0"], FLAT), some, some)
    assert found == Split((Atom("a", ("a",)),), ("b",))


def test_a_team_where_nobody_answered_still_lends_its_name_to_the_atom() -> None:
    found = split_by(
        places(["n0"], FLAT),
        invited={"n0": 0, "a": 6, "b": 7, "c": 0},
        answered={"n0": 0, "a": 0, "b": 5, "c": 0},
    )
    assert found == Split((Atom("b", ("b",)),), ("a",))


def test_small_siblings_as_the_scope_are_counted_as_one_place() -> None:
    nodes: Nodes = {"a": ("Alfa", None), "b": ("Bravo", None)}
    found = split_by(places(["a", "b"], nodes), {"a": 3, "b": 3}, {"a": 3, "b": 2})
    assert found == Split((Atom("a", ("a", "b")),), ())


def test_a_small_team_is_paired_with_the_smallest_sibling_that_makes_five() -> None:
    assert pairs(FLAT, {"a": 3, "b": 9, "c": 6}) == (("a", "c"),)


def test_pairs_that_reach_five_are_preferred_to_heaps_of_small_teams() -> None:
    nodes: Nodes = {**FLAT, "d": ("Delta", "n0")}
    assert pairs(nodes, {"a": 1, "b": 3, "c": 4, "d": 4}) == (("a", "c"), ("b", "d"))


def test_teams_too_small_even_in_pairs_are_put_together() -> None:
    assert pairs(FLAT, {"a": 2, "b": 2, "c": 2}) == (("a", "b", "c"),)


def test_leads_do_not_make_a_team_large_enough() -> None:
    members = [*team("a", 4, leads=3), *team("b", 6), *team("c", 7)]
    round_ = a_round(scope=("n0",), nodes=FLAT)
    assert pair_small(round_, members) == (("a", "b"),)


def test_teams_of_five_stand_alone_and_empty_ones_join_nobody() -> None:
    assert pairs(FLAT, {"a": 5, "b": 5}) == ()


def test_a_small_team_without_siblings_is_left_to_bubble_up() -> None:
    assert pairs({"n0": ("Department", None), "a": ("Alfa", "n0")}, {"n0": 9, "a": 2}) == ()


def test_a_unit_of_nodes_that_are_no_siblings_is_refused() -> None:
    nodes: Nodes = {**FLAT, "d": ("Delta", "a")}
    with pytest.raises(ValueError, match="side by side"):
        places(["n0"], nodes, [("b", "d")])


def test_a_node_outside_the_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="not under"):
        places(["a"], FLAT)


def up_from(nodes: Nodes, node: NodeId) -> list[NodeId]:
    parent = nodes[node][1]
    return [node, *(up_from(nodes, parent) if parent else ())]


def roster(place: Place, invited: Counts) -> int:
    return sum(invited[node] for below in place.walk() for node in below.nodes)
