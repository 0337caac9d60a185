"""Which people are counted together: atoms, and the pairing of small siblings at opening.

Everything here looks at counts only, never at an answer. What an atom publishes: ``publish``.

An atom is a group that is counted together and nowhere else. People whose own place is too small
to stand alone bubble up, place by place, until enough of them meet; whoever is left at the root is
not published. A home node's people always move together.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.people import NodeId
from bot.domain.rounds import Invited, Round

Nodes = Mapping[NodeId, tuple[str, NodeId | None]]
"""Name and parent of each node, as frozen in a round."""


@dataclass(frozen=True)
class Place:
    """A place in the tree as it is counted: a node, or small siblings that were paired."""

    nodes: tuple[NodeId, ...]
    children: "tuple[Place, ...]" = ()

    @property
    def at(self) -> NodeId:
        """Return the node that stands for the place."""
        return self.nodes[0]

    def walk(self) -> "Iterator[Place]":
        """Yield the place and all below it, parents before children."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Atom:
    """Home nodes whose people are counted together, and the node where they met."""

    at: NodeId
    nodes: tuple[NodeId, ...]


@dataclass(frozen=True)
class Split:
    """Every home node, once: in an atom, or in the rest that is not published."""

    atoms: tuple[Atom, ...]
    rest: tuple[NodeId, ...]


def places(scope: Sequence[NodeId], nodes: Nodes, units: Sequence[Sequence[NodeId]] = ()) -> Place:
    """Return the tree of a round's places; the root holds the scope, a unit's nodes are one place.

    ``nodes`` may or may not hold the scope itself. Raises ``ValueError`` when a node cannot be
    reached from the scope, or when a unit's nodes do not lie side by side.
    """
    children = _children(nodes)
    unit_of = {node: tuple(unit) for unit in units for node in unit}

    def build(members: tuple[NodeId, ...]) -> Place:
        below = [child for member in members for child in children.get(member, ())]
        below = [child for child in below if child not in scope]
        groups = dict.fromkeys(unit_of.get(child, (child,)) for child in below)
        if {node for group in groups for node in group} != set(below):
            raise ValueError("a unit's nodes do not lie side by side")
        return Place(members, tuple(build(group) for group in groups))

    root = build(tuple(scope))
    reached = {node for place in root.walk() for node in place.nodes}
    if unreached := nodes.keys() - reached:
        raise ValueError(f"not under the round's scope: {', '.join(sorted(unreached))}")
    return root


def split(
    root: Place, homes: frozenset[NodeId], enough: Callable[[Sequence[NodeId]], bool]
) -> Split:
    """Return the atoms under ``root``, and what is left over.

    ``homes`` are the nodes where somebody of the audience was invited. ``enough`` tells from
    counts whether the people of some home nodes may be counted by themselves.
    """

    def gather(place: Place) -> tuple[tuple[Atom, ...], tuple[NodeId, ...]]:
        found: tuple[Atom, ...] = ()
        rest = tuple(node for node in place.nodes if node in homes)
        for child in place.children:
            below, left = gather(child)
            found, rest = found + below, rest + left
        if rest and enough(rest):
            return (*found, Atom(place.at, rest)), ()
        return found, rest

    return Split(*gather(root))


def pair_small(round_: Round, members: Iterable[Invited]) -> tuple[tuple[NodeId, ...], ...]:
    """Return the units for a round that is about to open: small siblings, put together.

    A node's roster is the employees among ``members`` whose home is there or below. Among siblings,
    as long as one is under the threshold: the smallest joins the smallest sibling that lifts the
    pair to the threshold, or else the smallest there is; ties go by name. Several may end up
    together. A node without siblings stays, and its people bubble up; a node without employees
    joins nobody. The children of a unit are siblings of each other.
    """
    children = _children(round_.nodes)
    employees = Counter(member.node for member in members if not member.lead)
    units: list[tuple[NodeId, ...]] = []

    def roster(node: NodeId) -> int:
        return employees[node] + sum(map(roster, children.get(node, ())))

    def pair(nodes: Sequence[NodeId]) -> None:
        below = [child for node in nodes for child in children.get(node, ())]
        groups = [((child,), roster(child)) for child in below if child not in round_.scope]
        nobody = [group for group, size in groups if not size]
        for group in (*_join([one for one in groups if one[1]], round_.threshold), *nobody):
            if len(group) > 1:
                units.append(group)
            pair(group)

    pair(round_.scope)
    return tuple(units)


_Group = tuple[tuple[NodeId, ...], int]


def _join(groups: list[_Group], threshold: int) -> list[tuple[NodeId, ...]]:
    """Join siblings, given by name, until none is small or only one is left."""
    while len(groups) > 1:
        smallest = min(groups, key=_size)
        if _size(smallest) >= threshold:
            break
        others = [group for group in groups if group is not smallest]
        enough = [group for group in others if _size(group) + _size(smallest) >= threshold]
        partner = min(enough or others, key=_size)
        both = sorted((smallest, partner), key=groups.index)
        joined = both[0][0] + both[1][0], _size(smallest) + _size(partner)
        groups[groups.index(both[0])] = joined
        groups.remove(both[1])
    return [group for group, _ in groups]


def _size(group: _Group) -> int:
    return group[1]


def _children(nodes: Nodes) -> dict[NodeId, list[NodeId]]:
    found: dict[NodeId, list[NodeId]] = {}
    for node, (_, parent) in sorted(nodes.items(), key=lambda item: (item[1][0], item[0])):
        if parent is not None:
            found.setdefault(parent, []).append(node)
    return found
