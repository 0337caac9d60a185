"""Which team of a file is which team of the database: same place, new name, or new team. Pure.

A team keeps its id, and with it its channel, plan and results, when it is renamed or moved. A file
has no ids of teams, so that is recognised: by place and name, else by who is there.
"""

from collections import Counter
from collections.abc import Collection, Mapping

from bot.domain.people import NodeId, PersonId, Tree

Path = tuple[str, ...]


def spelled(path: Path) -> Path:
    """Return a path as it is compared: capital letters make no difference."""
    return tuple(name.casefold() for name in path)


def places(paths: Collection[Path]) -> dict[Path, Path]:
    """Return every place the paths name, those above included, parents first.

    Keys are as compared, values as first written.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for depth in range(1, len(path) + 1):
            found.setdefault(spelled(path[:depth]), path[:depth])
    return dict(sorted(found.items(), key=lambda item: (len(item[0]), item[0])))


def recognise(
    tree: Tree,
    wanted: Collection[Path],
    homes_before: Mapping[PersonId, NodeId],
    homes_after: Mapping[PersonId, Path],
    *,
    by_people: bool = True,
) -> dict[Path, NodeId]:
    """Return which places of the file are nodes of the tree. ``wanted`` is as compared.

    1. The same name in the same place. 2. Where one is gone and one has appeared: more than half
    of the people known in either are the same. 3. The top is the top.
    """
    found: dict[Path, NodeId] = {}
    _by_name(tree, wanted, found)
    if by_people:
        for path, node in _by_people(tree, wanted, found, homes_before, homes_after):
            if path not in found and node not in found.values():
                found[path] = node
                _by_name(tree, wanted, found)
        top = min(wanted, key=len)
        if top not in found and tree.root.id not in found.values():
            found[top] = tree.root.id
            _by_name(tree, wanted, found)
    return found


def _by_name(tree: Tree, wanted: Collection[Path], found: dict[Path, NodeId]) -> None:
    taken = set(found.values())
    for path in sorted(wanted, key=lambda path: (len(path), path)):
        if path in found:
            continue
        if len(path) == 1:
            candidates: tuple[NodeId, ...] = (tree.root.id,)
        elif path[:-1] in found:
            candidates = tree.children(found[path[:-1]])
        else:
            continue
        for node in candidates:
            if node not in taken and tree[node].name.casefold() == path[-1]:
                found[path] = node
                taken.add(node)
                break


def _by_people(
    tree: Tree,
    wanted: Collection[Path],
    found: Mapping[Path, NodeId],
    homes_before: Mapping[PersonId, NodeId],
    homes_after: Mapping[PersonId, Path],
) -> list[tuple[Path, NodeId]]:
    """Return the pairs of gone and new places that share most people, the surest first."""
    gone = set(tree) - set(found.values())
    new = set(wanted) - set(found)
    shared: Counter[tuple[Path, NodeId]] = Counter()
    before: Counter[NodeId] = Counter()
    after: Counter[Path] = Counter()
    for person in homes_before.keys() & homes_after.keys():
        here = homes_after[person]
        nodes = [node for node in tree.above(homes_before[person]) if node in gone]
        paths = [here[:depth] for depth in range(1, len(here) + 1) if here[:depth] in new]
        before.update(nodes)
        after.update(paths)
        shared.update((path, node) for path in paths for node in nodes)
    sure = [
        (tree[node].name.casefold() != path[-1], -number / (before[node] + after[path]), path, node)
        for (path, node), number in shared.items()
        if 2 * number > before[node] and 2 * number > after[path]
    ]
    return [(path, node) for _, _, path, node in sorted(sure)]
