"""What stands in the database, and what an import of people would change: plain values."""

from dataclasses import dataclass

from bot.domain.people import Grant, Node, NodeId, Person, Tree

MOST_LEAVING = 3
"""More than one in so many leaving at once is taken for a wrong file until somebody says yes."""


@dataclass(frozen=True)
class Standing:
    """What is in the database. ``people`` includes those who have left."""

    tree: Tree | None = None
    people: tuple[Person, ...] = ()
    grants: tuple[Grant, ...] = ()
    needed: frozenset[NodeId] = frozenset()
    """Nodes that a round still runs in, or a message still goes to: not to be removed now."""


@dataclass(frozen=True)
class PersonChange:
    """A person before and after."""

    before: Person
    after: Person


@dataclass(frozen=True)
class RoleChange:
    """A person's roles before and after."""

    person: Person
    before: frozenset[Grant]
    after: frozenset[Grant]


@dataclass(frozen=True)
class Plan:
    """Everything the import would do; see ``people.report`` for how it is told."""

    tree: Tree
    """As it will be."""
    new_nodes: tuple[Node, ...] = ()
    changed_nodes: tuple[tuple[Node, Node], ...] = ()
    """Renamed or moved: before, after."""
    removed_nodes: tuple[Node, ...] = ()
    """Children before parents."""
    kept_nodes: tuple[Node, ...] = ()
    """Not in the file, but still needed; a later import removes them."""
    new: tuple[Person, ...] = ()
    returning: tuple[PersonChange, ...] = ()
    changed: tuple[PersonChange, ...] = ()
    """The name, the address or settings; ``moved`` holds those whose home is another node."""
    moved: tuple[PersonChange, ...] = ()
    leaving: tuple[Person, ...] = ()
    released: tuple[PersonChange, ...] = ()
    """Who left before: the address is somebody else's now, or the home is gone."""
    roles: tuple[RoleChange, ...] = ()
    staying: int = 0
    """How many active people the database has now."""
    warnings: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Tell whether nothing would change."""
        return not any(
            getattr(self, name)
            for name in (
                *("new_nodes", "changed_nodes", "removed_nodes", "new", "returning"),
                *("changed", "moved", "leaving", "released", "roles"),
            )
        )

    @property
    def too_many_leave(self) -> bool:
        """Tell whether so many would leave that it is more likely the wrong file."""
        return MOST_LEAVING * len(self.leaving) > self.staying
