"""The built-in chat: channels, direct conversations and what stands in them.

Only what everybody in the conversation may see is stored. What waits for a person is drawn from the
state when he looks; answers are never messages.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select

from bot.domain.people import NodeId, PersonId
from bot.storage.outbox import Note
from bot.storage.store import Tx
from bot.storage.tables import conversation, message


@dataclass(frozen=True)
class Posted:
    """A message in a conversation; ``author`` is ``None`` for the bot."""

    id: int
    conversation: str
    at: datetime
    author: PersonId | None
    note: Note


def channel_id(node: NodeId) -> str:
    """Return the conversation id of a node's channel."""
    return f"node:{node}"


def group_id(node: NodeId) -> str:
    """Return the conversation id of a node's work-environment group."""
    return f"amg:{node}"


def direct_id(person: PersonId) -> str:
    """Return the id of a person's conversation with the bot."""
    return f"person:{person}"


def ensure(tx: Tx, conversation_id: str) -> None:
    """Make the conversation if it is not there."""
    kind, _, owner = conversation_id.partition(":")
    row = {
        "id": conversation_id,
        "node_id": owner if kind == "node" else None,
        "person_id": owner if kind == "person" else None,
    }
    tx.insert_new(conversation, [row])


def post(
    tx: Tx,
    conversation_id: str,
    at: datetime,
    note: Note,
    *,
    author: PersonId | None = None,
    delivery_id: str | None = None,
) -> bool:
    """Put a message into a conversation; ``False`` if this delivery already stands there."""
    ensure(tx, conversation_id)
    row = {
        "conversation_id": conversation_id,
        "at": at,
        "author_id": author,
        "note": {"kind": note.kind, "params": dict(note.params)},
        "delivery_id": delivery_id,
    }
    return bool(tx.insert_new(message, [row]))


def latest(
    tx: Tx, conversation_id: str, limit: int = 60, before: int | None = None
) -> tuple[Posted, ...]:
    """Return the newest messages, oldest first; with ``before``, those older than that id."""
    query = select(message).where(message.c.conversation_id == conversation_id)
    if before is not None:
        query = query.where(message.c.id < before)
    rows = tx.rows(query.order_by(message.c.id.desc()).limit(limit))
    return tuple(_posted(row) for row in reversed(rows))


def last_ids(tx: Tx, conversations: list[str]) -> dict[str, int]:
    """Return the newest message id of each conversation, for the unread mark."""
    found: dict[str, int] = {}
    for one in conversations:
        query = select(message.c.id).where(message.c.conversation_id == one)
        newest = tx.scalar(query.order_by(message.c.id.desc()).limit(1))
        if newest is not None:
            found[one] = newest
    return found


def forget(tx: Tx, before: datetime, limit: int, *, typed: bool) -> int:
    """Delete messages older than that, people's own or the bot's; return how many, at most
    ``limit``.
    """
    written = message.c.author_id.is_not(None) if typed else message.c.author_id.is_(None)
    old = select(message.c.id).where(message.c.at < before, written).limit(limit)
    return int(tx.execute(delete(message).where(message.c.id.in_(old))).rowcount)


def _posted(row: Row[Any]) -> Posted:
    return Posted(
        row.id,
        row.conversation_id,
        row.at,
        row.author_id,
        Note(row.note["kind"], row.note["params"]),
    )
