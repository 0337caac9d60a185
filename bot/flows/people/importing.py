"""What a people file changes: decided from what stands and what the file says. Pure.

Nothing is written here; ``people.applying`` does what a ``Plan`` says, in one transaction.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.domain.people import Grant, Node, NodeId, Person, PersonId, Role, Tree
from bot.flows.people.file import AS_TEAM, Fault, PeopleFaults, PeopleFile, Row, quoted
from bot.flows.people.plan import PersonChange, Plan, RoleChange, Standing
from bot.flows.people.roles import by_name, grants, unknown_places
from bot.flows.people.tree import Path, places, recognise, spelled


@dataclass
class _Work:
    """The two sides side by side, while they are compared."""

    file: PeopleFile
    standing: Standing
    matched: dict[int, Person]
    """Line to the person the database already has."""
    paths: Mapping[Path, Path]
    tree: Tree
    node_at: Mapping[Path, NodeId]
    faults: list[Fault] = field(default_factory=list)


def compare(
    file: PeopleFile, standing: Standing, new_id: Callable[[], str], *, keep_missing: bool = False
) -> Plan:
    """Return what the file changes. Raises ``PeopleFaults`` with every fault, also the file's own.

    ``new_id`` gives the ids of new teams, and of people the file knows by their address alone.
    ``keep_missing``: people and teams that are not in the file stay as they are.
    """
    faults = list(file.faults)
    paths = places([path for _, path in file.paths])
    faults += _two_tops(file, standing, paths, keep_missing)
    if not paths or faults:
        faults += unknown_places(file, paths, standing.tree if keep_missing else None)
        raise PeopleFaults(faults)
    matched, doubles = _matched(file.rows, standing)
    node_at = _recognised(standing, file.rows, paths, matched, by_people=not keep_missing)
    tree, all_nodes = _new_tree(standing, paths, node_at, new_id, keep_missing=keep_missing)
    work = _Work(file, standing, matched, paths, tree, all_nodes, doubles)
    plan = _people(work, new_id, keep_missing=keep_missing)
    if work.faults:
        raise PeopleFaults(work.faults)
    return plan


def _two_tops(
    file: PeopleFile, standing: Standing, paths: Mapping[Path, Path], keep_missing: bool
) -> list[Fault]:
    tops = [path for path in paths if len(path) == 1]
    first: dict[Path, int] = {}
    for line, path in file.paths:
        first.setdefault(spelled(path[:1]), line)
    if len(tops) > 1:
        order = sorted(first, key=lambda top: first[top])
        name = quoted(paths[order[0]][0])
        return [
            Fault(first[top], f"a second top, {quoted(paths[top][0])}: all paths begin with {name}")
            for top in order[1:]
        ]
    if tops and keep_missing and standing.tree is not None:
        root = standing.tree.root.name
        if tops[0] != (root.casefold(),):
            text = f"the database's top is {quoted(root)}; with --keep-missing it stays"
            return [Fault(first[tops[0]], text)]
    return []


def _matched(rows: Iterable[Row], standing: Standing) -> tuple[dict[int, Person], list[Fault]]:
    """Find each row's person: by id, else by an address that nobody else in the file has."""
    rows = tuple(rows)
    by_id = {person.id: person for person in standing.people}
    by_email = {person.email.lower(): person for person in standing.people if person.email}
    found = {row.line: by_id[row.id] for row in rows if row.id in by_id}
    taken = {person.id: line for line, person in found.items()}
    faults = []
    for row in rows:
        person = by_email.get(row.email or "")
        if row.line in found or person is None:
            continue
        if row.id is None and person.id in taken:
            text = f"this is the same person as in line {taken[person.id]}, by the e-mail there"
            faults.append(Fault(row.line, text))
        elif person.id not in taken:
            found[row.line] = person
            taken[person.id] = row.line
    return found, faults


def _recognised(
    standing: Standing,
    rows: Iterable[Row],
    paths: Mapping[Path, Path],
    matched: Mapping[int, Person],
    *,
    by_people: bool,
) -> dict[Path, NodeId]:
    if standing.tree is None:
        return {}
    before = {person.id: person.home for person in standing.people if person.active}
    after = {matched[row.line].id: spelled(row.path) for row in rows if row.line in matched}
    return recognise(standing.tree, tuple(paths), before, after, by_people=by_people)


def _new_tree(
    standing: Standing,
    paths: Mapping[Path, Path],
    node_at: Mapping[Path, NodeId],
    new_id: Callable[[], str],
    *,
    keep_missing: bool,
) -> tuple[Tree, dict[Path, NodeId]]:
    """Return the tree as it will be, and every place's node in it."""
    old: Mapping[NodeId, Node] = standing.tree or {}
    ids = {path: node_at.get(path) or new_id() for path in paths}
    nodes: dict[NodeId, Node] = {}
    for path, written in paths.items():
        parent = ids[path[:-1]] if len(path) > 1 else None
        known = old.get(ids[path], Node(ids[path], ""))
        nodes[ids[path]] = replace(known, name=written[-1], parent=parent)
    top = next(iter(ids.values()))
    if standing.tree is not None:
        for node in standing.tree.under(standing.tree.root.id):
            if node not in nodes and (keep_missing or node in standing.needed):
                parent = next((one for one in standing.tree.above(node)[1:] if one in nodes), top)
                nodes[node] = replace(standing.tree[node], parent=parent)
    return Tree(nodes.values()), ids


def _people(work: _Work, new_id: Callable[[], str], *, keep_missing: bool) -> Plan:
    after = {row.line: _after(work, row, new_id) for row in work.file.rows}
    staying = {person.id for person in after.values()}
    active = [person for person in work.standing.people if person.active]
    absent = [person for person in active if person.id not in staying]
    leaving = () if keep_missing else tuple(absent)
    _check_addresses(work, after, absent if keep_missing else ())
    pairs = [
        PersonChange(work.matched[row.line], after[row.line])
        for row in work.file.rows
        if row.line in work.matched
    ]
    alive = [pair for pair in pairs if pair.before.active]
    different = [pair for pair in alive if pair.before != pair.after]
    roles = _roles(work, after, absent if keep_missing else ())
    old = work.standing.tree
    gone = [node for node in old.under(old.root.id) if node not in work.tree] if old else []
    in_order = work.tree.under(work.tree.root.id)
    in_file = {work.node_at[path] for path in work.paths}
    return Plan(
        tree=work.tree,
        new_nodes=tuple(work.tree[node] for node in in_order if node not in (old or ())),
        changed_nodes=tuple(
            (old[node], work.tree[node])
            for node in in_order
            if old is not None and node in old and old[node] != work.tree[node]
        ),
        removed_nodes=tuple(old[node] for node in reversed(gone)) if old else (),
        kept_nodes=tuple(
            work.tree[node] for node in work.tree if node not in in_file and not keep_missing
        ),
        new=tuple(after[row.line] for row in work.file.rows if row.line not in work.matched),
        returning=tuple(pair for pair in pairs if not pair.before.active),
        changed=tuple(pair for pair in different if pair.before.home == pair.after.home),
        moved=tuple(pair for pair in different if pair.before.home != pair.after.home),
        leaving=leaving,
        released=_released(work, after, staying, keep_missing=keep_missing),
        roles=roles,
        staying=len(active),
        warnings=_warnings(work, roles, leaving),
    )


def _after(work: _Work, row: Row, new_id: Callable[[], str]) -> Person:
    """Return the person as the file wants him; what it does not say stays as it is."""
    home = work.node_at[spelled(row.path)]
    before = work.matched.get(row.line)
    known = before or Person(row.id or new_id(), row.name, home)
    language, days = known.language, known.working_days
    if row.language is not None:
        language = None if row.language == AS_TEAM else row.language  # type: ignore[assignment]
    if row.days is not None:
        days = row.days if isinstance(row.days, frozenset) else None
    return replace(
        known,
        name=row.name,
        home=home,
        email=row.email if "email" in work.file.columns or row.email else known.email,
        language=language,
        working_days=days,
        active=True,
    )


def _check_addresses(work: _Work, after: Mapping[int, Person], kept: Iterable[Person]) -> None:
    theirs = {person.email.lower() for person in kept if person.email}
    for line, person in after.items():
        if person.email and person.email.lower() in theirs:
            text = f"email {quoted(person.email)} is that of somebody who is not in the file"
            work.faults.append(Fault(line, text))


def _released(
    work: _Work, after: Mapping[int, Person], staying: set[PersonId], *, keep_missing: bool
) -> tuple[PersonChange, ...]:
    """Return those not in the file whose address somebody has now, or whose home is gone."""
    addresses = {person.email for person in after.values() if person.email}
    found = []
    for person in work.standing.people:
        if person.id in staying or (keep_missing and person.active):
            continue
        old = work.standing.tree
        assert old is not None
        home = next((one for one in old.above(person.home) if one in work.tree), work.tree.root.id)
        email = None if person.email in addresses else person.email
        changed = replace(person, home=home, email=email, active=False)
        if changed != replace(person, active=False):
            found.append(PersonChange(person, changed))
    return tuple(found)


def _roles(
    work: _Work, after: Mapping[int, Person], kept: Iterable[Person]
) -> tuple[RoleChange, ...]:
    before: dict[PersonId, set[Grant]] = {}
    for grant in work.standing.grants:
        before.setdefault(grant.person, set()).add(grant)
    found = []
    named = by_name(work.tree, work.node_at)
    for row in work.file.rows:
        person = after[row.line]
        had = frozenset(before.pop(person.id, ()))
        has = frozenset(grant for grant in had if grant.node in work.tree)
        if "roles" in work.file.columns:
            has = frozenset(grants(row, person, named, work.faults))
        if had != has:
            found.append(RoleChange(person, had, has))
    still = {person.id for person in kept}
    known = {person.id: person for person in work.standing.people}
    found += [
        RoleChange(known[person], frozenset(had), frozenset())
        for person, had in sorted(before.items())
        if person not in still
    ]
    return tuple(found)


def _warnings(
    work: _Work, roles: Iterable[RoleChange], leaving: Iterable[Person]
) -> tuple[str, ...]:
    found = list(work.file.warnings)
    held = set(work.standing.grants)
    for change in roles:
        held = (held - change.before) | change.after
    gone = {person.id for person in leaving}
    if not any(one.role is Role.ADMIN and one.person not in gone for one in held):
        found.append("Nobody would be administrator: give somebody the role admin.")
    other = sum(
        row.id is not None and row.line in work.matched and work.matched[row.line].id != row.id
        for row in work.file.rows
    )
    if other:
        found.append(f"{other} people are known by their e-mail under another id, and keep that.")
    return tuple(found)
