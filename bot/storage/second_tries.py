"""A round's invitations or reminders are to be looked at again: one row of the outbox, for all.

The row tells which round and when. It names nobody and is the same whoever was missed: the rows of
the people themselves never tell (privacy, protocol 7). ``pass`` in it is drawn anew each time, by
which a process knows whether what it remembers is still how things stand.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Update, select, update

from bot.storage import outbox
from bot.storage.outbox import SENT, WAITING, Delivery, Note, Outgoing
from bot.storage.store import Tx
from bot.storage.tables import delivery

KIND = "round.again"
_CAUSES: Mapping[str, str] = {"round.invite": "invite", "round.reminder": "remind"}
_KINDS = {cause: kind for kind, cause in _CAUSES.items()}


def about(one: Delivery) -> tuple[str, str]:
    """Return of which kind and round a row speaks."""
    cause, _, round_id = one.purpose.partition("-again:")
    return _KINDS[cause], round_id


def pass_of(one: Delivery) -> str:
    """Return the pass a row was written for."""
    return str(one.note.params["pass"])


def waiting(tx: Tx, kind: str, round_id: str) -> Delivery | None:
    """Return the row of a round, where one waits."""
    query = select(delivery).where(
        delivery.c.purpose == _purpose(kind, round_id), delivery.c.state == WAITING
    )
    row = tx.first(query)
    return outbox.delivery_of(row) if row else None


def plan(tx: Tx, id_: str, kind: str, round_id: str, at: datetime, pass_: str) -> None:
    """Have a round's messages looked at again at ``at``; a row that waits already is moved."""
    row = Outgoing(_purpose(kind, round_id), f"round:{round_id}", _note(pass_), at)
    if outbox.add(tx, [id_], [row]):
        return
    query = update(delivery).where(
        delivery.c.purpose == row.purpose, delivery.c.recipient == row.recipient
    )
    values = {"state": WAITING, "due_at": at, "attempts": 0, "problem": None}
    tx.execute(query.values(values | {"note": _stored(row.note)}))


def over(tx: Tx, one: Delivery) -> None:
    """End a row somebody has claimed, unless it has been planned anew meanwhile."""
    tx.execute(_claimed(one).values(state=SENT, due_at=None, problem=None))


def go_on(tx: Tx, one: Delivery, at: datetime, pass_: str, problem: str | None) -> bool:
    """Have a claimed row looked at again; ``False`` where it has been planned anew meanwhile."""
    values = {
        "due_at": at,
        "attempts": one.attempts + 1,
        "problem": problem,
        "note": _stored(_note(pass_)),
    }
    return bool(tx.execute(_claimed(one).values(values)).rowcount)


def handled(tx: Tx, kind: str, round_id: str) -> tuple[Delivery, ...]:
    """Return the rows of the people of a round whose turn has been: reached, missed, or neither."""
    query = select(delivery).where(
        delivery.c.purpose == f"{_CAUSES[kind]}:{round_id}", delivery.c.state == SENT
    )
    return tuple(map(outbox.delivery_of, tx.rows(query.order_by(delivery.c.recipient))))


def _purpose(kind: str, round_id: str) -> str:
    return f"{_CAUSES[kind]}-again:{round_id}"


def _note(pass_: str) -> Note:
    return Note(KIND, {"pass": pass_})


def _stored(note: Note) -> dict[str, object]:
    return {"kind": note.kind, "params": dict(note.params)}


def _claimed(one: Delivery) -> Update:
    return update(delivery).where(
        delivery.c.id == one.id, delivery.c.state == WAITING, delivery.c.due_at == one.due_at
    )
