"""Whom somebody can turn to: the elected representatives over his team."""

from bot.domain.people import PersonId, Role
from bot.storage import people
from bot.storage.store import Tx


def listeners(tx: Tx, person: PersonId) -> tuple[str, ...]:
    """Return the names of the person's elected representatives, with their addresses."""
    asker = people.active(tx, person)
    if asker is None:
        return ()
    over = people.above(tx, asker.home)
    elected = sorted({g.person for g in people.grants(tx, Role.AMR) if g.node in over})
    known = people.by_ids(tx, elected)
    return tuple(
        f"{known[one].name} ({known[one].email})" if known[one].email else known[one].name
        for one in elected
        if one != person
    )
