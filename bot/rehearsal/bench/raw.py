"""Bare ``sqlite3``: the fewest steps that make the same rows as durable as the bot's."""

import os
import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter

_TABLE = (
    "CREATE TABLE slot (round_id TEXT, slot BLOB, ballot BLOB, PRIMARY KEY (round_id, slot))"
    " WITHOUT ROWID"
)
_UPDATE = "UPDATE slot SET ballot = ? WHERE round_id = ? AND slot = ?"
_ROUND = "0" * 32


class RawRows:
    """A database with as many rows of the same size as the round that is answered."""

    def __init__(self, file: Path, rows: int, row_bytes: int, rng: random.Random) -> None:
        self._rng, self._bytes = rng, row_bytes
        self._slots = sorted(rng.randbytes(32) for _ in range(rows))
        self._database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute(_TABLE)
        self._database.execute("BEGIN")
        self._database.executemany(
            "INSERT INTO slot VALUES (?, ?, ?)",
            ((_ROUND, slot, os.urandom(row_bytes)) for slot in self._slots),
        )
        self._database.execute("COMMIT")

    def per_second(self, rows: int, per_commit: int) -> float:
        """Return how many rows a second are written, ``per_commit`` at a time."""
        chosen = self._rng.choices(self._slots, k=rows)
        ballot = os.urandom(self._bytes)
        begun = perf_counter()
        for at in range(0, rows, per_commit):
            self._commit(chosen[at : at + per_commit], ballot)
        return rows / (perf_counter() - begun)

    def _commit(self, slots: Sequence[bytes], ballot: bytes) -> None:
        self._database.execute("BEGIN IMMEDIATE")
        for slot in slots:
            self._database.execute(_UPDATE, (ballot, _ROUND, slot))
        self._database.execute("COMMIT")

    def close(self) -> None:
        """Close the database."""
        with closing(self._database):
            pass
