"""Everything that is true of SQLite only: pragmas, locks, the file and its companions, error codes.

What is committed, when and by whom stands in ``writer`` and ``store``.
"""

import logging
import os
import sqlite3
import time
from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.storage.trouble import Code, StorageUnusable

BUSY_MS = 5_000
"""How long a connection waits for a lock another process holds."""

MIGRATION_BUSY_MS = 60_000
"""How long a starting process waits for another one that is migrating."""

_LOG = "trivselsbot"

LONGEST_LOG = 16_000
"""Pages (64 MB) of log from which the writer empties it itself; before that ``checkpointer`` does.
"""
KEPT_LOG = 4 * 1024 * 1024
"""Bytes the log's file keeps for the next writes once it has been emptied."""

COMPANIONS = ("-wal", "-shm", "-journal")

Pragmas = tuple[tuple[str, str, str], ...]
"""Name, value to set, value that must be read back."""

_DURABLE: Pragmas = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("secure_delete", "ON", "1"),
    # Sorted comments must not spill into a temporary file that nobody wipes.
    ("temp_store", "MEMORY", "2"),
)
_WRITER = (
    *_DURABLE,
    ("foreign_keys", "ON", "1"),
    ("wal_autocheckpoint", str(LONGEST_LOG), str(LONGEST_LOG)),
    ("journal_size_limit", str(KEPT_LOG), str(KEPT_LOG)),
)
_READER = (*_WRITER, ("query_only", "ON", "1"))
# Batch mode drops and renames tables, which foreign keys would take for deletions; ``migrate``
# checks every reference before it commits. The pragma has no effect inside a transaction.
_MIGRATION = (*_DURABLE, ("foreign_keys", "OFF", "0"))

_CODES: dict[int, Code] = {
    sqlite3.SQLITE_BUSY: Code.LOCKED,
    sqlite3.SQLITE_LOCKED: Code.LOCKED,
    sqlite3.SQLITE_PROTOCOL: Code.LOCKED,
    sqlite3.SQLITE_FULL: Code.FULL,
    sqlite3.SQLITE_READONLY: Code.READ_ONLY,
    sqlite3.SQLITE_PERM: Code.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Code.CANNOT_OPEN,
    sqlite3.SQLITE_IOERR: Code.DAMAGED,
    sqlite3.SQLITE_CORRUPT: Code.DAMAGED,
    sqlite3.SQLITE_NOTADB: Code.DAMAGED,
}


def locate(path_or_url: str) -> Path:
    """Return the file a path or ``sqlite:///`` URL names; raise ``StorageUnusable`` otherwise."""
    name: str | None = path_or_url
    if "://" in path_or_url:
        try:
            url = make_url(path_or_url)
        except ArgumentError:
            raise StorageUnusable(Code.CANNOT_OPEN, "the database URL cannot be read") from None
        if url.get_backend_name() != "sqlite":
            raise StorageUnusable(Code.CANNOT_OPEN, f"no such database: {url.get_backend_name()}")
        name = url.database
    if not name or name == ":memory:":
        raise StorageUnusable(Code.CANNOT_OPEN, "a database in memory would lose what it confirmed")
    return Path(name).expanduser().absolute()


def prepare_file(path: Path) -> None:
    """Create folder (0700) and file (0600) where missing; take the file from everybody else."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            sync_folder(path.parent)
        for file in files(path):
            mode = file.stat().st_mode & 0o777
            if mode & 0o077:
                file.chmod(mode & 0o700)
    except OSError as error:
        raise StorageUnusable(Code.CANNOT_OPEN, f"{path}: {type(error).__name__}") from None


def files(path: Path) -> tuple[Path, ...]:
    """Return every file the database has now: itself, write-ahead log, its index, journal."""
    names = (path, *(path.with_name(path.name + ending) for ending in COMPANIONS))
    return tuple(name for name in names if name.exists())


def sync_folder(folder: Path) -> None:
    """Make the folder's entries durable: a new or renamed file survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_engine(path: Path) -> Engine:
    """Return the writer's engine: one connection, transactions begin as ``BEGIN IMMEDIATE``."""
    return _engine(path, _file_url(path), "BEGIN IMMEDIATE", _WRITER)


def checkpoint_engine(path: Path) -> Engine:
    """Return the engine of what empties the log beside the writer: one connection."""
    return _engine(path, _file_url(path), "BEGIN", _WRITER)


def read_engine(path: Path, readers: int) -> Engine:
    """Return the readers' engine: ``readers`` connections that cannot write."""
    return _engine(path, _file_url(path), "BEGIN", _READER, connections=readers)


def migration_engine(path: Path) -> Engine:
    """Return the engine for a migration: foreign keys off, waits long for another migration."""
    return _engine(path, _file_url(path), "BEGIN IMMEDIATE", _MIGRATION, busy_ms=MIGRATION_BUSY_MS)


def look_engine(path: Path) -> Engine:
    """Return an engine that looks at any file without changing it, not even its journal mode."""
    url = URL.create("sqlite", database=path.as_uri(), query={"mode": "ro", "uri": "true"})
    return _engine(path, url, "BEGIN", ())


def _file_url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))


def _engine(
    path: Path, url: URL, begin: str, pragmas: Pragmas, connections: int = 1, busy_ms: int = BUSY_MS
) -> Engine:
    engine = create_engine(
        url,
        # Python's own transaction control is off; the begin hook says exactly what is sent.
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "timeout": busy_ms / 1000,
        },
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
        logging_name=_LOG,
    )
    # At DEBUG SQLAlchemy logs whole rows, whatever is hidden; ours log nothing but trouble.
    logging.getLogger(f"sqlalchemy.engine.Engine.{_LOG}").setLevel(logging.WARNING)

    def connected(driver: sqlite3.Connection, _record: object) -> None:
        try:
            _set_pragmas(driver, pragmas, busy_ms)
        except BaseException as error:
            driver.close()  # the pool has not taken it over yet
            if isinstance(error, sqlite3.Error):
                raise unusable(path, error) from None
            raise

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    event.listen(engine, "handle_error", _forget_values)
    return engine


def try_write(engine: Engine) -> None:
    """Write and take it back: pragmas and BEGIN IMMEDIATE pass on a file that is read-only."""
    with engine.connect() as connection, connection.begin() as transaction:
        connection.exec_driver_sql("PRAGMA user_version=1")
        transaction.rollback()


def _set_pragmas(driver: sqlite3.Connection, pragmas: Pragmas, busy_ms: int) -> None:
    """Set each pragma and read it back; the time to wait comes first, for the others may wait."""
    for name, value, expected in (("busy_timeout", str(busy_ms), str(busy_ms)), *pragmas):
        _patiently(driver, f"PRAGMA {name}={value}", busy_ms)
        found = driver.execute(f"PRAGMA {name}").fetchone()
        if found is None or str(found[0]).lower() != expected:
            raise StorageUnusable(
                Code.PRAGMA_REFUSED, f"PRAGMA {name} is {found and found[0]}, not {expected}"
            )


def _patiently(driver: sqlite3.Connection, statement: str, busy_ms: int) -> None:
    """Execute; turning a file to WAL while somebody writes gives "locked" without any wait."""
    deadline = time.monotonic() + busy_ms / 1000
    while True:
        try:
            driver.execute(statement)
        except sqlite3.OperationalError as error:
            if code_of(error) is not Code.LOCKED or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _forget_values(context: ExceptionContext) -> None:
    """``hide_parameters`` keeps values out of the text only; take them off the exception too."""
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.params = None


def code_of(error: BaseException) -> Code | None:
    """Return the code when the database itself is in trouble; ``None`` for a mistake in the job."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    number = getattr(origin, "sqlite_errorcode", None)
    return None if number is None else _CODES.get(number & 0xFF)


def unusable(path: Path, error: BaseException) -> StorageUnusable:
    """Return what to raise at start-up for an error of the driver."""
    code = code_of(error) or Code.CANNOT_OPEN
    origin = error.orig if isinstance(error, DBAPIError) else error
    return StorageUnusable(code, f"{path}: {getattr(origin, 'sqlite_errorname', 'unknown error')}")


def driver_of(connection: Connection) -> sqlite3.Connection:
    """Return the driver's connection, for what must happen outside any transaction."""
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def in_transaction(connection: Connection) -> bool:
    """Tell whether the transaction still stands; some errors make SQLite end it by itself."""
    return driver_of(connection).in_transaction


def truncate_log(connection: Connection) -> bool:
    """Bring the write-ahead log into the database and empty it; false while a reader is active."""
    driver = driver_of(connection)
    # Waiting happens outside, between two tries: a wait in here would hold up every write.
    driver.execute("PRAGMA busy_timeout=50")
    try:
        busy: Any = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if code_of(error) is not Code.LOCKED:
            raise
        busy = 1
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    return bool(busy == 0)


def shorten_log(connection: Connection) -> None:
    """Bring the write-ahead log into the database as far as nobody has to wait for it."""
    driver_of(connection).execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()


def rebuild(connection: Connection) -> None:
    """Rewrite the whole file without free pages (``VACUUM``)."""
    driver_of(connection).execute("VACUUM")
