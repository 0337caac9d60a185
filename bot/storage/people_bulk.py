"""Many people at once, and what has to be let go when a person or a team goes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update

from bot.domain.people import Grant, NodeId, Person, PersonId
from bot.domain.rounds import RoundState
from bot.storage import slack_erased
from bot.storage.outbox import WAITING
from bot.storage.store import Tx
from bot.storage.tables import (
    action,
    away,
    conversation,
    delivery,
    dialogue,
    escalation,
    grant,
    message,
    person,
    round_,
    slack_lead,
    slack_person,
)

OVER = (RoundState.REPORTED.value, RoundState.VOID.value)


_MANY = 500
"""People that are named in one statement."""

_UPDATE = (
    update(person)
    .where(person.c.id == bindparam("who"))
    .values({one.name: bindparam(f"new_{one.name}") for one in person.c if one.name != "id"})
)


def insert_people(tx: Tx, people: Sequence[Person]) -> None:
    """Insert people who are not there yet."""
    rows = [{"id": one.id, **_values(one)} for one in people]
    if rows:
        tx.execute(insert(person), rows)


def update_people(tx: Tx, people: Sequence[Person]) -> None:
    """Replace people who are there."""
    rows = [
        {"who": one.id, **{f"new_{name}": value for name, value in _values(one).items()}}
        for one in people
    ]
    if rows:
        tx.execute(_UPDATE, rows)


def make_inactive(tx: Tx, people: Sequence[PersonId]) -> None:
    """Note that people have left."""
    for at in range(0, len(people), _MANY):
        some = people[at : at + _MANY]
        tx.execute(update(person).where(person.c.id.in_(some)).values(active=False))


def put_grants(tx: Tx, wanted: Mapping[PersonId, Iterable[Grant]]) -> None:
    """Give each of these people exactly these roles."""
    people = list(wanted)
    for at in range(0, len(people), _MANY):
        tx.execute(delete(grant).where(grant.c.person_id.in_(people[at : at + _MANY])))
    rows = [
        {"person_id": one.person, "node_id": one.node, "role": one.role.value}
        for grants in wanted.values()
        for one in grants
    ]
    if rows:
        tx.execute(insert(grant), rows)


def clear_emails(tx: Tx, people: Sequence[PersonId]) -> None:
    """Take the addresses away, so that they can be given anew: two people may swap theirs."""
    for at in range(0, len(people), _MANY):
        some = people[at : at + _MANY]
        tx.execute(update(person).where(person.c.id.in_(some)).values(email=None))


def needed_nodes(tx: Tx) -> frozenset[NodeId]:
    """Return the nodes of rounds that are not reported yet, and those a message waits for.

    Also those with actions, dialogues or escalations: what was agreed there stays readable.
    """
    found: set[NodeId] = set()
    unfinished = select(round_.c.frozen, round_.c.tree).where(round_.c.state.not_in(OVER))
    for row in tx.rows(unfinished):
        found.update(row.frozen["scope"], row.tree["nodes"])
    waiting = select(delivery.c.recipient).where(
        delivery.c.state == WAITING,
        or_(delivery.c.recipient.like("node:%"), delivery.c.recipient.like("amg:%")),
    )
    found.update(row.recipient.partition(":")[2] for row in tx.rows(waiting))
    for one in (action.c.node_id, dialogue.c.node_id, escalation.c.from_node, escalation.c.to_node):
        found.update(row[0] for row in tx.rows(select(one).distinct()))
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
    tx.execute(delete(slack_lead).where(slack_lead.c.person_id == person_id))
    slack_erased.remember(tx, person_id)
    tx.execute(delete(slack_person).where(slack_person.c.person_id == person_id))
    return int(gone)


def _values(one: Person) -> dict[str, Any]:
    return {
        "name": one.name,
        "email": one.email,
        "node_id": one.home,
        "language": one.language,
        "zone": one.zone,
        "working_days": None if one.working_days is None else sorted(one.working_days),
        "checkins_off": one.checkins_off,
        "active": one.active,
    }
