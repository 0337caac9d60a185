"""With whom somebody is counted: small teams that were put together when the round opened."""

from bot.domain.people import PersonId
from bot.domain.rounds import Round
from bot.storage import rounds
from bot.storage.store import Tx


def counted_with(tx: Tx, person: PersonId, one: Round) -> tuple[str, ...]:
    """Return the names of the teams that were put together, the person's own among them."""
    if not one.units:
        return ()
    member = rounds.member(tx, one.id, person)
    unit = next((unit for unit in one.units if member and member.node in unit), ())
    return tuple(one.nodes[node][0] for node in unit)
