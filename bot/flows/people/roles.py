"""Where the roles of a people file are held: a team's path or name, found in the tree. Pure."""

from collections.abc import Iterator, Mapping

from bot.domain.people import Grant, NodeId, Person, Tree
from bot.flows.people.file import Fault, PeopleFile, Row, quoted
from bot.flows.people.tree import Path, spelled


def by_name(tree: Tree, node_at: Mapping[Path, NodeId]) -> dict[Path, list[NodeId]]:
    """Return the nodes each full path, and each bare name, stands for."""
    found: dict[Path, list[NodeId]] = {}
    for node in tree:
        full = tuple(tree[one].name for one in reversed(tree.above(node)))
        for key in {spelled(full), spelled(full[-1:])}:
            found.setdefault(key, []).append(node)
    for path, node in node_at.items():
        found[path] = [node]
    return found


def grants(
    row: Row, person: Person, named: Mapping[Path, list[NodeId]], faults: list[Fault]
) -> Iterator[Grant]:
    """Yield the roles a row gives its person; add what has no place, or more than one."""
    for wanted in row.roles:
        nodes = named.get(spelled(wanted.place), []) if wanted.place else [person.home]
        if len(nodes) == 1:
            yield Grant(person.id, nodes[0], wanted.role)
        else:
            faults.append(_no_place(row.line, wanted.place, len(nodes)))


def _no_place(line: int, place: Path, number: int) -> Fault:
    name = quoted(" / ".join(place))
    if number:
        return Fault(line, f"{number} teams are called {name}; write the role's whole path")
    return Fault(line, f"a role at {name}, but there is no such team")


def unknown_places(
    file: PeopleFile, paths: Mapping[Path, Path], tree: Tree | None
) -> Iterator[Fault]:
    """Look at the roles' places although the file has other faults."""
    names = [path[-1] for path in paths] + [node.name.casefold() for node in (tree or {}).values()]
    for row in file.rows:
        for wanted in row.roles:
            place = spelled(wanted.place)
            known = names.count(place[0]) if len(place) == 1 else int(place in paths or not place)
            if known != 1 and not (tree is not None and len(place) > 1) and place not in paths:
                yield _no_place(row.line, wanted.place, known)
