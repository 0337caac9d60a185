"""Throw-away tables and small jobs for the tests of the storage engine."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
    select,
)

from bot.storage.engine import driver_of
from bot.storage.store import Store, Tx

metadata = MetaData()

note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", String, unique=True, nullable=False),
    Column("day", Date),
    Column("data", JSON),
    Column("body", LargeBinary),
)
reply = Table(
    "reply",
    metadata,
    Column("id", Integer, primary_key=True),
    # Checked at the commit only: the way to a commit that fails.
    Column("note_id", ForeignKey("note.id", deferrable=True, initially="DEFERRED")),
    Column("strict_note_id", ForeignKey("note.id")),
)

ROOT = Path(__file__).parents[2]


def opened(path: Path, **options: Any) -> Store:
    store = Store.open(path, **options)
    store.write_now(lambda tx: metadata.create_all(tx.connection))
    return store


def add(text: str) -> Callable[[Tx], str]:
    def work(tx: Tx) -> str:
        tx.execute(insert(note), {"text": text})
        return text

    return work


def add_orphan(tx: Tx) -> None:
    tx.execute(insert(reply), {"note_id": 4711})


def texts(tx: Tx) -> list[str]:
    return sorted(row.text for row in tx.rows(select(note.c.text)))


def pragma(store: Store, statement: str) -> Any:
    """Send a pragma on the writer's own connection, outside any transaction."""
    return store._chore(lambda connection: driver_of(connection).execute(statement).fetchone())


@contextmanager
def writer_held(store: Store) -> Iterator[None]:
    """Keep the writer busy, so that everything asked for inside becomes one group."""
    entered, release = threading.Event(), threading.Event()

    def hold(tx: Tx) -> None:
        entered.set()
        assert release.wait(20)

    thread = threading.Thread(target=store.write_now, args=(hold,))
    thread.start()
    assert entered.wait(20)
    try:
        yield
    finally:
        release.set()
        thread.join()


def start_python(code: str, *args: object) -> subprocess.Popen[str]:
    """Start a process that can import the bot and this module; its output is a pipe of lines."""
    path = os.pathsep.join((str(ROOT), str(Path(__file__).parent)))
    return subprocess.Popen(
        [sys.executable, "-u", "-c", code, *map(str, args)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )


def run_python(code: str, *args: object) -> tuple[int, str]:
    """Run such a process to its end; return its exit code and what it printed."""
    with start_python(code, *args) as process:
        output, _ = process.communicate(timeout=60)
    return process.returncode, output
