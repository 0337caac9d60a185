"""People, the organisation's tree, and who has which role where."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from bot.domain.languages import Language

PersonId = str
NodeId = str

WEEKDAYS = frozenset(range(5))


class Role(StrEnum):
    """What a person may be, beside being an employee (*medarbejder*) as everybody is."""

    LEAD = "lead"
    """Team lead (*teamleder*) of a node and of everything below it."""
    AMG = "amg"
    """Member of the node's work-environment group (*arbejdsmiljøgruppe*): the leader's side."""
    AMR = "amr"
    """Elected work-environment representative (*arbejdsmiljørepræsentant*), also in the group."""
    ADMIN = "admin"
    """Administrator: people, tree and settings; sees no more answers than anybody else."""


@dataclass(frozen=True)
class Person:
    """Somebody the bot may ask.

    ``working_days`` are weekdays (Monday is 0); ``None`` means the team's. ``checkins_off`` is the
    person's own "not for me"; no lead can see it.
    """

    id: PersonId
    name: str
    home: NodeId
    email: str | None = None
    language: Language | None = None
    zone: str | None = None
    working_days: frozenset[int] | None = None
    checkins_off: bool = False
    active: bool = True

    def wants(self, instrument: str) -> bool:
        """Tell whether the person may be asked: he is here, and has not said "not for me"."""
        return self.active and not (self.checkins_off and instrument == "checkin")


@dataclass(frozen=True)
class Grant:
    """One role of one person at one node of the tree."""

    person: PersonId
    node: NodeId
    role: Role


@dataclass(frozen=True)
class Away:
    """A span of days, both included, in which a person or a team is left in peace."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Tell whether ``day`` lies in the span."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class NodeRules:
    """A node's own settings; ``None`` is inherited from the node above."""

    language: Language | None = None
    zone: str | None = None
    country: str | None = None
    working_days: frozenset[int] | None = None
    day_starts: str | None = None
    """Start of the hours in which the bot may write, local time, ``HH:MM``."""
    day_ends: str | None = None
    threshold: int | None = None
    """``k``: the fewest answers a figure may stand on; 5 or 8."""
    comment_answers: int | None = None
    """The fewest answers comments may be shown with; 5 to 10, never under the threshold."""
    lead_days: int | None = None
    """Working days the lead has the result before the team."""
    reminders: int | None = None
    """How many reminders a round sends: none or one."""
    members_start: bool | None = None
    """Whether any member may start a dialogue or add an action, or only the lead and the AMR."""


@dataclass(frozen=True)
class Node:
    """A place in the organisation: a team, a department, or all of it (``parent`` is ``None``)."""

    id: NodeId
    name: str
    parent: NodeId | None = None
    rules: NodeRules = field(default_factory=NodeRules)


class Tree(Mapping[NodeId, Node]):
    """The organisation's tree; one root.

    Raises ``ValueError`` when a parent is missing, when there is more or less than one root, or
    when nodes go round in a ring.
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._nodes = {node.id: node for node in nodes}
        roots = [node for node in self._nodes.values() if node.parent is None]
        if len(roots) != 1:
            raise ValueError(f"a tree has one root, this one has {len(roots)}")
        self.root = roots[0]
        for node in self._nodes.values():
            if node.parent is not None and node.parent not in self._nodes:
                raise ValueError(f"{node.id}: no such parent: {node.parent}")
        if len(self.under(self.root.id)) != len(self._nodes):
            raise ValueError("some nodes go round in a ring and never reach the root")

    def __getitem__(self, key: NodeId) -> Node:
        return self._nodes[key]

    def __iter__(self) -> Iterator[NodeId]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)

    @cached_property
    def _children(self) -> dict[NodeId, tuple[NodeId, ...]]:
        found: dict[NodeId, list[NodeId]] = {}
        for node in sorted(self._nodes.values(), key=lambda node: (node.name, node.id)):
            if node.parent is not None:
                found.setdefault(node.parent, []).append(node.id)
        return {parent: tuple(children) for parent, children in found.items()}

    def children(self, node: NodeId) -> tuple[NodeId, ...]:
        """Return the nodes directly below, by name."""
        return self._children.get(node, ())

    def under(self, node: NodeId) -> tuple[NodeId, ...]:
        """Return the node and everything below it, parents before children."""
        found = [node]
        for here in found:
            found.extend(self.children(here))
        return tuple(found)

    def above(self, node: NodeId) -> tuple[NodeId, ...]:
        """Return the node and everything above it, up to the root."""
        found = [node]
        while (parent := self._nodes[found[-1]].parent) is not None:
            found.append(parent)
        return tuple(found)


@dataclass(frozen=True)
class Rules:
    """A node's rules with everything filled in."""

    language: Language
    zone: str
    country: str
    working_days: frozenset[int]
    day_starts: str
    day_ends: str
    threshold: int
    comment_answers: int
    lead_days: int
    reminders: int
    members_start: bool


def rules_of(tree: Tree, node: NodeId, defaults: NodeRules) -> Rules:
    """Return the node's rules: its own, then those above it, then ``defaults`` (all filled in)."""
    found = inherited(tree.root.rules, defaults)
    for below in reversed(tree.above(node)[:-1]):
        found = inherited(tree[below].rules, found)
    return found


def inherited(own: NodeRules, above: Rules | NodeRules) -> Rules:
    """Return a node's own rules, filled in from those ``above`` it (all filled in)."""
    found = {
        name: getattr(above, name) if (value := getattr(own, name)) is None else value
        for name in Rules.__dataclass_fields__
    }
    return Rules(**found)
