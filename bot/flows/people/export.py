"""People and tree as a file that ``people.file`` reads back. Pure."""

import csv
import io
import re
from collections.abc import Iterable

from bot.domain.people import Grant, Person, Tree
from bot.flows.people import words


def path_of(tree: Tree, node: str) -> str:
    """Return a node's path as a file has it."""
    return " / ".join(tree[above].name for above in reversed(tree.above(node)))


def export(tree: Tree, people: Iterable[Person], grants: Iterable[Grant]) -> str:
    """Return everybody as a file ``read`` takes; no cell is a formula to a spreadsheet."""
    roles: dict[str, list[str]] = {}
    homes = {person.id: person for person in people}
    for grant in grants:
        if grant.person in homes and grant.node in tree:
            own = homes[grant.person].home == grant.node
            place = "" if own else f"@{path_of(tree, grant.node)}"
            roles.setdefault(grant.person, []).append(f"{grant.role.value}{place}")
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(words.COLUMNS)
    for person in homes.values():
        days = "" if person.working_days is None else sorted(person.working_days)
        cells = (
            person.id,
            person.name,
            person.email or "",
            path_of(tree, person.home),
            person.language or "",
            " ".join(words.DAYS[int(day)] for day in days),
            "; ".join(roles.get(person.id, ())),
        )
        writer.writerow([_no_formula(cell) for cell in cells])
    return written.getvalue()


def _no_formula(cell: str) -> str:
    return f"'{cell}" if re.match(r"'*[=+\-@\t\r]", cell) else cell
