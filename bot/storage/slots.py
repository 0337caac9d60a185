"""Slots: where sealed ballots lie. The only table an answer changes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.domain.rounds import RoundId, RoundState
from bot.storage.store import Tx
from bot.storage.tables import round_, slot
from bot.storage.tx import Prepared

_MANY = 500
"""Slots that are asked for in one statement."""

_HERE = (slot.c.round_id == bindparam("of_round"), slot.c.slot == bindparam("key"))
_READ = Prepared(
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
_WRITE = Prepared(update(slot).where(*_HERE).values(ballot=bindparam("sealed")))
_SOME = select(slot.c.slot, slot.c.ballot).where(
    slot.c.round_id == bindparam("of_round"), slot.c.slot.in_(bindparam("keys", expanding=True))
)


@dataclass(frozen=True)
class Terms:
    """On what terms a round takes answers: what is asked, and until when."""

    instrument: str
    questions: tuple[str, ...]
    """Their ids, in order."""
    comments: bool
    zone: str
    opens_at: datetime
    closes_at: datetime
    publish_at: datetime
    about: str = ""
    """What the round asks about, where that is one thing."""
    scales: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """The values of questions that do not have all five."""


@dataclass(frozen=True)
class OpenSlot:
    """What one answer needs to know: a round's state and terms, and one sealed ballot."""

    state: RoundState
    terms: Terms
    sealed: bytes


def insert_all(tx: Tx, round_id: RoundId, sealed: Sequence[tuple[bytes, bytes]]) -> None:
    """Insert every invited person's slot with its empty ballot; they come in slot order."""
    rows = [{"round_id": round_id, "slot": key, "ballot": box} for key, box in sealed]
    tx.execute(insert(slot), rows)


def read(tx: Tx, round_id: RoundId, key: bytes) -> OpenSlot | None:
    """Return one slot with what is needed to answer; ``None`` if there is no such slot."""
    row = tx.quickly(_READ, round_id, key)
    if row is None:
        return None
    state, *stored, sealed = row
    return OpenSlot(RoundState(state), _terms(*stored), sealed)


@lru_cache(maxsize=256)
def _terms(instrument: str, frozen: str, *instants: str) -> Terms:
    """Return what a round's columns say. The same text says the same: it is read once."""
    plain = json.loads(frozen)
    questions = tuple(id_ for id_, _ in plain["questions"])
    opens, closes, publish = (datetime.fromisoformat(at).replace(tzinfo=UTC) for at in instants)
    return Terms(
        instrument=instrument,
        questions=questions,
        comments=plain["comments"],
        zone=plain["zone"],
        opens_at=opens,
        closes_at=closes,
        publish_at=publish,
        about=plain.get("about", ""),
        scales={id_: tuple(values) for id_, values in plain.get("scales", {}).items()},
    )


def write(tx: Tx, round_id: RoundId, key: bytes, sealed: bytes) -> None:
    """Put a new ciphertext, of the same length, in place of the old."""
    tx.quickly(_WRITE, sealed, round_id, key)


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
