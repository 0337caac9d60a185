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
    threshold: int,
    may: Callable[[tuple[NodeId, ...]], bool],
) -> tuple[Scope, ...]:
    """Return the scopes that can be counted and that the person may choose, the best first.

    Alone where the team is large enough; else with one sibling, the smallest that is enough; then
    the nodes above.
    """
    found = []
    if size(node) >= threshold:
        found.append(Scope((node,), size(node)))
    parent = tree[node].parent
    if parent is not None and size(node) < threshold:
        siblings = [one for one in tree.children(parent) if one != node]
        pairs = [Scope((node, one), size(node) + size(one)) for one in siblings if size(one)]
        found += sorted(
            (pair for pair in pairs if pair.people >= threshold),
            key=lambda pair: (pair.people, pair.nodes),
        )
    found += [
        Scope((above,), size(above)) for above in tree.above(node)[1:] if size(above) >= threshold
    ]
    return tuple(scope for scope in found if may(scope.nodes))
