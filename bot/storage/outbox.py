"""The outbox: a row for every message, written in the transaction that caused it.

A row is unique on (purpose, recipient), so that the same cause can never send twice. Rows of
private reminders never record attempts or times: those of people who have answered and of people
who have not must look alike (privacy, protocol 7).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from bot.storage.store import Tx
from bot.storage.tables import delivery

WAITING, SENT, DEAD = "waiting", "sent", "dead"

# What every tick asks for is built once.
_DUE = (
    select(delivery)
    .where(delivery.c.due_at <= bindparam("now"))
    .order_by(delivery.c.due_at, delivery.c.purpose, delivery.c.recipient)
    .limit(bindparam("most"))
)
_NEXT = select(func.min(delivery.c.due_at))


@dataclass(frozen=True)
class Note:
    """What to say, not how: a kind and plain ids; worded when it is shown."""

    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outgoing:
    """A message to be: ``recipient`` is ``person:ID`` or ``node:ID`` (the node's channel)."""

    purpose: str
    recipient: str
    note: Note
    due_at: datetime


@dataclass(frozen=True)
class Delivery:
    """A row of the outbox."""

    id: str
    purpose: str
    recipient: str
    note: Note
    due_at: datetime | None
    attempts: int
    problem: str | None = None


def add(tx: Tx, ids: Iterable[str], messages: Iterable[Outgoing]) -> int:
    """Insert rows that are not there yet; return how many were new."""
    rows = [
        {
            "id": id_,
            "purpose": one.purpose,
            "recipient": one.recipient,
            "note": {"kind": one.note.kind, "params": dict(one.note.params)},
            "due_at": one.due_at,
            "state": WAITING,
            "attempts": 0,
        }
        for id_, one in zip(ids, messages, strict=False)
    ]
    return tx.insert_new(delivery, rows) if rows else 0


def due(tx: Tx, now: datetime, limit: int = 500) -> tuple[Delivery, ...]:
    """Return rows whose time has come; a row that is done has no time."""
    return tuple(_delivery(row) for row in tx.rows(_DUE, {"now": now, "most": limit}))


def next_at(tx: Tx) -> datetime | None:
    """Return when the next row is due."""
    found: datetime | None = tx.scalar(_NEXT)
    return found


def done(tx: Tx, ids: Iterable[str]) -> int:
    """Mark rows as handled; return how many were still waiting."""
    query = update(delivery).where(delivery.c.id.in_(list(ids)), delivery.c.state == WAITING)
    return int(tx.execute(query.values(state=SENT, due_at=None, problem=None)).rowcount)


def put_off(tx: Tx, until: Mapping[str, datetime]) -> None:
    """Move waiting rows to a later time; nothing else about them changes."""
    by_time: dict[datetime, list[str]] = {}
    for id_, at in until.items():
        by_time.setdefault(at, []).append(id_)
    for at, ids in by_time.items():
        query = update(delivery).where(delivery.c.id.in_(ids), delivery.c.state == WAITING)
        tx.execute(query.values(due_at=at))


def failed(tx: Tx, id_: str, attempts: int, problem: str, again_at: datetime | None) -> None:
    """Keep a failure: try again at ``again_at``, or give up when it is ``None``."""
    tx.execute(
        update(delivery)
        .where(delivery.c.id == id_)
        .values(
            attempts=attempts,
            problem=problem,
            due_at=again_at,
            state=DEAD if again_at is None else WAITING,
        )
    )


def revive(tx: Tx, id_: str, now: datetime) -> bool:
    """Try a dead letter again, on an administrator's word."""
    query = update(delivery).where(delivery.c.id == id_, delivery.c.state == DEAD)
    return bool(tx.execute(query.values(state=WAITING, due_at=now, attempts=0)).rowcount)


def dead(tx: Tx, limit: int = 100) -> tuple[Delivery, ...]:
    """Return what could not be delivered."""
    query = (
        select(delivery).where(delivery.c.state == DEAD).order_by(delivery.c.purpose).limit(limit)
    )
    return tuple(_delivery(row) for row in tx.rows(query))


def counts(tx: Tx, but: Iterable[str] = ()) -> dict[str, int]:
    """Return the number of rows in each state; not those whose purpose begins with one of ``but``.

    How many invitations still wait would tell how many people are away.
    """
    query = select(delivery.c.state, func.count().label("n")).group_by(delivery.c.state)
    for prefix in but:
        query = query.where(delivery.c.purpose.not_like(f"{prefix}%"))
    return {row.state: row.n for row in tx.rows(query)}


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        purpose=row.purpose,
        recipient=row.recipient,
        note=Note(row.note["kind"], row.note["params"]),
        due_at=row.due_at,
        attempts=row.attempts,
        problem=row.problem,
    )
