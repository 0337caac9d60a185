"""The outbox: a row for every message, written in the transaction that caused it.

A row is unique on (purpose, recipient), so that the same cause can never send twice. Before it is
sent it is claimed: its due time is moved to the end of a lease, by a conditional update that only
one process wins. Who dies with a row in his hands holds it no longer than that.

Rows of private reminders never record attempts, times or who claimed them: those of people who have
answered and of people who have not must look alike (privacy, protocol 7). The one date a row has,
for the day it is forgotten, is the same for all that were written together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, or_, select, update

from bot.storage.store import Tx
from bot.storage.tables import delivery

WAITING, SENT, DEAD = "waiting", "sent", "dead"
LEASE = timedelta(minutes=5)
"""How long a claimed row is its claimer's. Longer than any platform takes over one batch."""

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
    """A message to be: ``recipient`` is ``person:ID``, ``node:ID`` (the node's channel) or
    ``amg:ID`` (the channel of its work-environment group).
    """

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
    together = list(messages)
    if not together:
        return 0
    first_due = min(one.due_at for one in together).astimezone(UTC).date()
    rows = [
        {
            "id": id_,
            "purpose": one.purpose,
            "recipient": one.recipient,
            "note": {"kind": one.note.kind, "params": dict(one.note.params)},
            "due_at": one.due_at,
            "first_due": first_due,
            "state": WAITING,
            "attempts": 0,
        }
        for id_, one in zip(ids, together, strict=False)
    ]
    return tx.insert_new(delivery, rows)


def due(tx: Tx, now: datetime, limit: int = 500) -> tuple[Delivery, ...]:
    """Return rows whose time has come; a row that is done has no time."""
    return tuple(delivery_of(row) for row in tx.rows(_DUE, {"now": now, "most": limit}))


def claim(tx: Tx, now: datetime, limit: int = 500) -> tuple[Delivery, ...]:
    """Take rows whose time has come for oneself; nobody else gets them before the lease is over.

    Their ``due_at`` is the end of the lease. What happens to them is told with ``done``, ``failed``
    or ``put_off``; what is to be tried at once, with ``give_back``.
    """
    until = now + LEASE
    seen = [row.id for row in tx.rows(_DUE, {"now": now, "most": limit})]
    if not seen:
        return ()
    mine = update(delivery).where(
        delivery.c.id.in_(seen), delivery.c.state == WAITING, delivery.c.due_at <= now
    )
    rows = tx.execute(mine.values(due_at=until).returning(delivery)).all()
    place = {id_: at for at, id_ in enumerate(seen)}
    return tuple(delivery_of(row) for row in sorted(rows, key=lambda row: place[row.id]))


def give_back(tx: Tx, rows: Iterable[Delivery], now: datetime) -> int:
    """Let go of claimed rows that nothing was done about; return how many that were."""
    found = 0
    for lease, ids in _by_lease(rows).items():
        query = update(delivery).where(
            delivery.c.id.in_(ids), delivery.c.state == WAITING, delivery.c.due_at == lease
        )
        found += tx.execute(query.values(due_at=now)).rowcount
    return found


def _by_lease(rows: Iterable[Delivery]) -> Mapping[datetime | None, list[str]]:
    found: dict[datetime | None, list[str]] = {}
    for one in rows:
        found.setdefault(one.due_at, []).append(one.id)
    return found


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


def failed(tx: Tx, one: Delivery, problem: str, again_at: datetime | None) -> bool:
    """Keep a failure of a claimed row: try again at ``again_at``, or give up when it is ``None``.

    ``False``, and nothing changes, when the lease ran out and somebody else has the row by now.
    """
    query = update(delivery).where(
        delivery.c.id == one.id, delivery.c.state == WAITING, delivery.c.due_at == one.due_at
    )
    values = {
        "attempts": one.attempts + 1,
        "problem": problem,
        "due_at": again_at,
        "state": DEAD if again_at is None else WAITING,
    }
    return bool(tx.execute(query.values(values)).rowcount)


def hurry(tx: Tx, recipient: str, now: datetime) -> int:
    """Send what waits for a recipient now, also what was given up; return how many rows.

    What is due within a lease is left alone: somebody may have it in his hands.
    """
    waits = (delivery.c.state == WAITING) & (delivery.c.due_at > now + LEASE)
    failed_before = delivery.c.recipient == recipient, delivery.c.problem.is_not(None)
    query = update(delivery).where(*failed_before, waits | (delivery.c.state == DEAD))
    values = {"state": WAITING, "due_at": now, "attempts": 0, "problem": None}
    return int(tx.execute(query.values(values)).rowcount)


def revive(tx: Tx, id_: str, now: datetime) -> bool:
    """Try a dead letter again, on an administrator's word."""
    query = update(delivery).where(delivery.c.id == id_, delivery.c.state == DEAD)
    return bool(tx.execute(query.values(state=WAITING, due_at=now, attempts=0)).rowcount)


def dead(tx: Tx, limit: int = 100) -> tuple[Delivery, ...]:
    """Return what could not be delivered."""
    query = (
        select(delivery).where(delivery.c.state == DEAD).order_by(delivery.c.purpose).limit(limit)
    )
    return tuple(delivery_of(row) for row in tx.rows(query))


def put_off_before(
    tx: Tx, recipients: Iterable[str], codes: Iterable[str], but: Iterable[str]
) -> dict[str, datetime]:
    """Return until when something waits that was to be said before, by recipient.

    That is what has failed with a problem that begins with one of ``codes`` and is tried again,
    ``but`` for rows one has in hand.
    """
    query = select(delivery.c.recipient, func.max(delivery.c.due_at).label("until")).where(
        delivery.c.recipient.in_(list(recipients)),
        delivery.c.state == WAITING,
        or_(*(delivery.c.problem.startswith(one, autoescape=True) for one in codes)),
        delivery.c.id.not_in(list(but)),
    )
    return {row.recipient: row.until for row in tx.rows(query.group_by(delivery.c.recipient))}


def counts(tx: Tx, but: Iterable[str] = ()) -> dict[str, int]:
    """Return the number of rows in each state; not those whose purpose begins with one of ``but``.

    How many invitations still wait would tell how many people are away.
    """
    query = select(delivery.c.state, func.count().label("n")).group_by(delivery.c.state)
    for prefix in but:
        query = query.where(delivery.c.purpose.not_like(f"{prefix}%"))
    return {row.state: row.n for row in tx.rows(query)}


def forget_sent(tx: Tx, before: date, limit: int) -> int:
    """Delete sent rows first due before that day; return how many, at most ``limit``.

    Those that were written together go together, when the last of them is handled: which of them
    still waits tells who is away.
    """
    other = delivery.alias()
    waits = select(other.c.id).where(
        other.c.purpose == delivery.c.purpose,
        other.c.first_due == delivery.c.first_due,
        other.c.state == WAITING,
    )
    old = select(delivery.c.id).where(
        delivery.c.state == SENT, delivery.c.first_due < before, ~waits.exists()
    )
    query = delete(delivery).where(delivery.c.id.in_(old.limit(limit)))
    return int(tx.execute(query).rowcount)


def delivery_of(row: Row[Any]) -> Delivery:
    """Return a row as the rest of the house knows it."""
    return Delivery(
        id=row.id,
        purpose=row.purpose,
        recipient=row.recipient,
        note=Note(row.note["kind"], row.note["params"]),
        due_at=row.due_at,
        attempts=row.attempts,
        problem=row.problem,
    )
