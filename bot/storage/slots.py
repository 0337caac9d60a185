"""Slots: where sealed ballots lie. The only table an answer changes.

Statements that run for every answer are built once: building one costs more than executing it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.domain.rounds import AskedQuestion, RoundId, RoundState
from bot.storage.store import Tx
from bot.storage.tables import round_, slot

_MANY = 500
"""Slots that are asked for in one statement."""

_HERE = (slot.c.round_id == bindparam("of_round"), slot.c.slot == bindparam("key"))
_READ = (
    select(
        round_.c.state,
        round_.c.instrument,
        round_.c.frozen,
        round_.c.opens_at,
        round_.c.closes_at,
        round_.c.publish_at,
        slot.c.ballot,
    )
    .join(round_, round_.c.id == slot.c.round_id)
    .where(*_HERE)
)
_WRITE = update(slot).where(*_HERE).values(ballot=bindparam("sealed"))
_SOME = select(slot.c.slot, slot.c.ballot).where(
    slot.c.round_id == bindparam("of_round"), slot.c.slot.in_(bindparam("keys", expanding=True))
)


@dataclass(frozen=True)
class OpenSlot:
    """What one answer needs to know: a round's questions and state, and one sealed ballot."""

    state: RoundState
    instrument: str
    questions: tuple[AskedQuestion, ...]
    comments: bool
    zone: str
    opens_at: datetime
    closes_at: datetime
    publish_at: datetime
    sealed: bytes


def insert_all(tx: Tx, round_id: RoundId, sealed: Sequence[tuple[bytes, bytes]]) -> None:
    """Insert every invited person's slot with its empty ballot; they come in slot order."""
    rows = [{"round_id": round_id, "slot": key, "ballot": box} for key, box in sealed]
    tx.execute(insert(slot), rows)


def read(tx: Tx, round_id: RoundId, key: bytes) -> OpenSlot | None:
    """Return one slot with what is needed to answer; ``None`` if there is no such slot."""
    row = tx.first(_READ, {"of_round": round_id, "key": key})
    if row is None:
        return None
    return OpenSlot(
        state=RoundState(row.state),
        instrument=row.instrument,
        questions=tuple(AskedQuestion(id_, pole) for id_, pole in row.frozen["questions"]),
        comments=row.frozen["comments"],
        zone=row.frozen["zone"],
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        publish_at=row.publish_at,
        sealed=row.ballot,
    )


def write(tx: Tx, round_id: RoundId, key: bytes, sealed: bytes) -> None:
    """Put a new ciphertext, of the same length, in place of the old."""
    tx.execute(_WRITE, {"of_round": round_id, "key": key, "sealed": sealed})


def everything(tx: Tx, round_id: RoundId) -> dict[bytes, bytes]:
    """Return all sealed ballots of a round by slot."""
    query = select(slot.c.slot, slot.c.ballot).where(slot.c.round_id == round_id)
    return {row.slot: row.ballot for row in tx.rows(query)}


def some(tx: Tx, round_id: RoundId, keys: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return the sealed ballots of these slots."""
    wanted, found = sorted(keys), {}
    for at in range(0, len(wanted), _MANY):
        chosen = {"of_round": round_id, "keys": wanted[at : at + _MANY]}
        found.update({row.slot: row.ballot for row in tx.rows(_SOME, chosen)})
    return found


def count(tx: Tx, round_id: RoundId) -> int:
    """Return how many slots the round has."""
    return int(
        tx.scalar(select(func.count()).select_from(slot).where(slot.c.round_id == round_id)) or 0
    )


def delete_all(tx: Tx, round_id: RoundId) -> None:
    """Delete the round's slots, at its close."""
    tx.execute(delete(slot).where(slot.c.round_id == round_id))
