"""Many people at once, and what has to be let go when a person or a team goes."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, or_, select, update

from bot.domain.people import NodeId, Person, PersonId
from bot.domain.rounds import RoundState
from bot.storage.outbox import WAITING
from bot.storage.store import Tx
from bot.storage.tables import away, conversation, delivery, grant, message, person, round_

OVER = (RoundState.REPORTED.value, RoundState.VOID.value)


def insert_people(tx: Tx, people: Sequence[Person]) -> None:
    """Insert people who are not there yet."""
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "email": one.email,
            "node_id": one.home,
            "language": one.language,
            "zone": one.zone,
            "working_days": None if one.working_days is None else sorted(one.working_days),
            "checkins_off": one.checkins_off,
            "active": one.active,
        }
        for one in people
    ]
    if rows:
        tx.execute(insert(person), rows)


def clear_emails(tx: Tx, people: Sequence[PersonId]) -> None:
    """Take the addresses away, so that they can be given anew: two people may swap theirs."""
    for at in range(0, len(people), 500):
        some = people[at : at + 500]
        tx.execute(update(person).where(person.c.id.in_(some)).values(email=None))


def needed_nodes(tx: Tx) -> frozenset[NodeId]:
    """Return the nodes of rounds that are not reported yet, and those a message waits for."""
    found: set[NodeId] = set()
    unfinished = select(round_.c.frozen, round_.c.tree).where(round_.c.state.not_in(OVER))
    for row in tx.rows(unfinished):
        found.update(row.frozen["scope"], row.tree["nodes"])
    waiting = select(delivery.c.recipient).where(
        delivery.c.state == WAITING, delivery.c.recipient.like("node:%")
    )
    found.update(row.recipient.partition(":")[2] for row in tx.rows(waiting))
    return frozenset(found)


def let_go_of_node(tx: Tx, node_id: NodeId) -> None:
    """Take from a node what ties it: its pauses, the roles at it, its channel.

    The channel's messages stay in the database, without a place where anybody could read them.
    """
    tx.execute(delete(away).where(away.c.node_id == node_id))
    tx.execute(delete(grant).where(grant.c.node_id == node_id))
    tx.execute(update(conversation).where(conversation.c.node_id == node_id).values(node_id=None))


def erase_traces(tx: Tx, person_id: PersonId) -> int:
    """Delete what a person wrote in channels, was written by the bot, and his pauses and roles.

    Return how many messages that were. His lines in the rosters of past rounds stay: they hold
    his id alone, and the number of people invited.
    """
    own = select(conversation.c.id).where(conversation.c.person_id == person_id)
    gone = tx.execute(
        delete(message).where(
            or_(message.c.author_id == person_id, message.c.conversation_id.in_(own))
        )
    ).rowcount
    tx.execute(delete(conversation).where(conversation.c.person_id == person_id))
    tx.execute(delete(away).where(away.c.person_id == person_id))
    tx.execute(delete(grant).where(grant.c.person_id == person_id))
    return int(gone)
