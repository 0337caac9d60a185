"""Tells a ``Plan`` in lines of plain English, for whoever runs the command. Pure."""

from collections.abc import Iterable, Iterator

from bot.domain.people import Grant, Node, Person, Tree
from bot.flows.people.export import path_of
from bot.flows.people.plan import PersonChange, Plan, RoleChange, Standing
from bot.flows.people.words import DAYS

SHOWN = 20
"""Lines of one kind before the rest is only counted."""


def report(plan: Plan, standing: Standing, *, full: bool = False) -> Iterator[str]:
    """Yield what would change, the tree first; every kind with its number."""
    old = standing.tree or plan.tree
    most = None if full else SHOWN
    told: tuple[tuple[str, list[str]], ...] = (
        ("New teams and departments", [path_of(plan.tree, node.id) for node in plan.new_nodes]),
        ("Renamed or moved teams", [_node(plan, old, *pair) for pair in plan.changed_nodes]),
        ("Removed teams", [path_of(old, node.id) for node in plan.removed_nodes]),
        (
            "Empty now, kept until their round is over",
            [path_of(plan.tree, node.id) for node in plan.kept_nodes],
        ),
        ("New people", [f"{_who(one)}: {path_of(plan.tree, one.home)}" for one in plan.new]),
        ("Coming back", [_who(pair.after) for pair in plan.returning]),
        ("Changed", [_changed(pair) for pair in plan.changed]),
        ("Moved", [_moved(plan, old, pair) for pair in plan.moved]),
        ("Leaving", [f"{_who(one)}: {path_of(old, one.home)}" for one in plan.leaving]),
        ("Roles", [_roles(plan, old, change) for change in plan.roles]),
    )
    for title, lines in told:
        yield from _section(title, lines, most)
    if plan.empty:
        yield "Nothing changes."


def _section(title: str, lines: list[str], most: int | None) -> Iterator[str]:
    if lines:
        yield f"{title}: {len(lines)}"
        yield from (f"  {line}" for line in lines[:most])
        if most is not None and len(lines) > most:
            yield f"  … and {len(lines) - most} more (--full shows all)"


def _who(person: Person) -> str:
    return f"{person.name} ({person.email or person.id})"


def _node(plan: Plan, old: Tree, before: Node, after: Node) -> str:
    return f"{path_of(old, before.id)} → {path_of(plan.tree, after.id)}"


def _moved(plan: Plan, old: Tree, pair: PersonChange) -> str:
    was, now = path_of(old, pair.before.home), path_of(plan.tree, pair.after.home)
    return f"{_who(pair.after)}: {was} → {now}"


def _changed(pair: PersonChange) -> str:
    before, after = pair.before, pair.after
    parts = []
    for what, was, now in (
        ("name", before.name, after.name),
        ("e-mail", before.email, after.email),
        ("language", before.language, after.language),
        ("working days", _days(before.working_days), _days(after.working_days)),
    ):
        if was != now:
            parts.append(f"{what} {was or 'none'} → {now or 'none'}")
    return f"{_who(after)}: {'; '.join(parts)}"


def _days(days: frozenset[int] | None) -> str:
    return "the team's" if days is None else " ".join(DAYS[day] for day in sorted(days))


def _roles(plan: Plan, old: Tree, change: RoleChange) -> str:
    signs = [
        *(f"- {role}" for role in _named(old, plan.tree, change.before - change.after)),
        *(f"+ {role}" for role in _named(plan.tree, old, change.after - change.before)),
    ]
    return f"{_who(change.person)}: {', '.join(signs)}"


def _named(tree: Tree, other: Tree, grants: Iterable[Grant]) -> list[str]:
    return sorted(
        f"{grant.role.value} at {path_of(tree if grant.node in tree else other, grant.node)}"
        for grant in grants
    )
