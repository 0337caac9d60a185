"""What somebody holds who has copied the database and the key folder: read only, and raw.

Nothing here uses the bot's own queries: an auditor must not share a mistake with what he audits.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.domain.results import Audience
from bot.privacy.sealing import KEY_BYTES
from bot.storage.engine import files, unusable
from bot.storage.trouble import Code, StorageUnusable

TAKES_ANSWERS = ("open", "reminded")
STANDING = (*TAKES_ANSWERS, "closing")
"""States in which a round has slots."""
COUNTED = ("closed", "reported")
"""States in which a round has figures."""

Row = dict[str, Any]
_KEY = re.compile(r"([0-9a-f]{32})\.(key|gone)")


@dataclass(frozen=True)
class KeyFolder:
    """The key folder as it lies there; a key is read only to work slots out again."""

    path: Path
    name: str | None
    modes: dict[str, int]
    """Permission bits by file name; the folder itself is ``.``."""
    keys: frozenset[str]
    tombstones: frozenset[str]

    def key(self, round_id: str) -> bytes | None:
        """Return a whole key, or ``None``."""
        try:
            raw = (self.path / f"{round_id}.key").read_bytes()
        except OSError:
            return None
        return raw if len(raw) == KEY_BYTES else None


def look_into(folder: Path) -> KeyFolder:
    """List a key folder. Raise ``StorageUnusable`` when there is none or it cannot be read."""
    try:
        modes = {".": folder.stat().st_mode & 0o777}
        found = [file for file in folder.iterdir() if file.is_file()]
        modes |= {file.name: file.stat().st_mode & 0o777 for file in found}
        named = folder / "folder.name"
        name = named.read_text() if named.is_file() else None
    except OSError as error:
        fact = f"{folder}: {type(error).__name__}"
        raise StorageUnusable(Code.CANNOT_OPEN, fact) from None
    kinds = [match.groups() for file in found if (match := _KEY.fullmatch(file.name))]
    return KeyFolder(
        folder,
        name,
        modes,
        frozenset(id_ for id_, kind in kinds if kind == "key"),
        frozenset(id_ for id_, kind in kinds if kind == "gone"),
    )


@dataclass(frozen=True)
class Evidence:
    """One moment of a database, with the key folder beside it where it was given."""

    database: Path
    driver: sqlite3.Connection = field(repr=False)
    keys: KeyFolder | None

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Return the rows of a query, as mappings."""
        cursor = self.driver.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def all_of(self, table: str) -> list[Row]:
        """Return every row of a table, none for a table that is not there."""
        if table not in self.tables:
            return []
        return self.rows(f"SELECT * FROM {quoted(table)}")  # noqa: S608 - a name it has itself

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """Return the names of all tables but SQLite's own."""
        found = self.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        return tuple(row["name"] for row in found if not row["name"].startswith("sqlite_"))

    @cached_property
    def rounds(self) -> dict[str, Row]:
        """Return every round with ``frozen``, ``tree`` and ``reached`` taken out of their JSON."""
        found = {}
        for row in self.all_of("round"):
            for name in ("frozen", "tree", "reached"):
                row[name] = json.loads(row[name]) if row.get(name) else {}
            found[row["id"]] = row
        return found

    @cached_property
    def rosters(self) -> dict[str, list[Row]]:
        """Return who was invited, by round."""
        return by_round(self.all_of("round_member"))

    @cached_property
    def slots(self) -> dict[str, list[Row]]:
        """Return the slots, by round, in the order in which the table gives them, as bytes."""
        rows = self.all_of("slot")
        for row in rows:
            row["slot"], row["ballot"] = _raw(row["slot"]), _raw(row["ballot"])
        return by_round(rows)

    @cached_property
    def people(self) -> frozenset[str]:
        """Return everybody's id."""
        return frozenset(row["id"] for row in self.all_of("person"))

    def invited(self, round_id: str, audience: Audience) -> dict[str, int]:
        """Return how many of an audience were invited, by home node."""
        homes: dict[str, int] = {}
        for row in self.rosters.get(round_id, []):
            if bool(row["lead"]) == (audience is Audience.LEADS):
                homes[row["node_id"]] = homes.get(row["node_id"], 0) + 1
        return homes


@contextmanager
def evidence(database: Path, keys: Path | None) -> Iterator[Evidence]:
    """Open one moment of the database, changing nothing. Raise ``StorageUnusable`` if it cannot."""
    if not database.is_file():
        raise StorageUnusable(Code.CANNOT_OPEN, f"{database}: no such file")
    # A lone file is read as it lies there; beside a log, the log belongs to it.
    how = "mode=ro" if len(files(database)) > 1 else "mode=ro&immutable=1"
    try:
        url = f"{database.absolute().as_uri()}?{how}"
        with closing(sqlite3.connect(url, uri=True, isolation_level=None)) as driver:
            # A text that is none must not stop the auditor: somebody may have put it there.
            driver.text_factory = lambda raw: raw.decode(errors="surrogateescape")
            driver.execute("BEGIN")
            driver.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            yield Evidence(database, driver, look_into(keys) if keys else None)
    except sqlite3.Error as error:
        raise unusable(database, error) from None


def quoted(name: str) -> str:
    """Return a name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def _raw(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogateescape")


def by_round(rows: list[Row]) -> dict[str, list[Row]]:
    """Return rows by the round they belong to."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["round_id"], []).append(row)
    return found
