"""With whom a team is counted: what the set-up proposes, the best first."""

from bot.domain.people import Node, NodeId, Tree
from bot.flows.teams.scopes import Scope, proposals

TREE = Tree(
    [
        Node("org", "Org"),
        Node("care", "Pleje", "org"),
        Node("day", "Dag", "care"),
        Node("night", "Nat", "care"),
        Node("eve", "Aften", "care"),
        Node("kitchen", "Køkken", "org"),
    ]
)
HOMES = {"day": 11, "night": 4, "eve": 3, "kitchen": 2, "org": 1}


def size(node: NodeId) -> int:
    return sum(HOMES.get(one, 0) for one in TREE.under(node))


def proposed(node: NodeId, threshold: int = 5, may: tuple[str, ...] | None = None) -> list[Scope]:
    def allowed(nodes: tuple[NodeId, ...]) -> bool:
        return may is None or set(nodes) <= set(may)

    def enough(nodes: tuple[NodeId, ...]) -> bool:
        return sum(map(size, nodes)) >= threshold

    return list(proposals(TREE, node, size, enough, allowed))


def test_a_team_that_is_large_enough_stands_alone_or_is_counted_above() -> None:
    assert proposed("day") == [Scope(("day",), 11), Scope(("care",), 18), Scope(("org",), 21)]


def test_a_small_team_is_put_with_the_smallest_neighbour_that_is_enough() -> None:
    assert [scope.nodes for scope in proposed("night")] == [
        ("night", "eve"),
        ("night", "day"),
        ("care",),
        ("org",),
    ]


def test_a_neighbour_too_small_to_help_is_not_proposed() -> None:
    assert ("night", "eve") not in [scope.nodes for scope in proposed("night", threshold=8)]


def test_without_a_neighbour_that_helps_only_the_nodes_above_remain() -> None:
    assert [scope.nodes for scope in proposed("org", threshold=30)] == []
    assert [scope.nodes for scope in proposed("kitchen")][-1] == ("org",)


def test_nobody_is_offered_what_he_may_not_choose() -> None:
    assert proposed("night", may=("night",)) == []
    assert [scope.nodes for scope in proposed("night", may=("night", "eve"))] == [("night", "eve")]
