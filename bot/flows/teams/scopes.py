"""With whom a team is counted: alone, with neighbours, or as the whole department. Pure.

A team under the threshold cannot stand alone; the set-up proposes the nearest way to be counted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.people import NodeId, Tree

Sizes = Mapping[NodeId, int]


@dataclass(frozen=True)
class Scope:
    """A choice: the nodes a round would belong to, and how many people that is."""

    nodes: tuple[NodeId, ...]
    people: int


def proposals(
    tree: Tree,
    node: NodeId,
    size: Callable[[NodeId], int],
    enough: Callable[[tuple[NodeId, ...]], bool],
    may: Callable[[tuple[NodeId, ...]], bool],
) -> tuple[Scope, ...]:
    """Return the scopes that can be counted and that the person may choose, the best first.

    Alone where the team is large enough; else with one sibling, the smallest that is enough; then
    the nodes above.
    """
    parent = tree[node].parent
    alone = enough((node,))
    siblings = tree.children(parent) if parent is not None and not alone else ()
    pairs = sorted(
        (Scope((node, one), size(node) + size(one)) for one in siblings if one != node),
        key=lambda pair: (pair.people, pair.nodes),
    )
    found = [Scope((node,), size(node)), *pairs]
    found += [Scope((above,), size(above)) for above in tree.above(node)[1:]]
    return tuple(scope for scope in found if enough(scope.nodes) and may(scope.nodes))
