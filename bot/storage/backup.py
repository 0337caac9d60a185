"""Copies of a SQLite database: made while it is in use, checked, and put back in its place.

What a restored database means for open rounds, and who may restore, is decided above. A backup
holds people and results in clear and ballots sealed; the keys are never part of it.
"""

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.storage.engine import BUSY_MS, code_of, files, sync_folder, unusable
from bot.storage.trouble import Code, StorageUnusable

PAGES_PER_STEP = 1_000
"""4 MB at SQLite's usual page size: how often a long copy reports how far it is."""

Progress = Callable[[int, int], object]
"""Called with pages done and pages in all."""


def back_up(
    database: Path, target: Path, *, replace: bool = False, progress: Progress | None = None
) -> None:
    """Copy the database, as it is at one moment and while others use it, to the file ``target``.

    The copy is one file (0600) without companions, checked and durable before it gets its name; a
    crash leaves no half backup under that name. Raise ``StorageUnusable`` if the name is taken
    (unless ``replace``), if there is no database, or if reading or writing fails.
    """
    if target.exists() and not replace:
        raise StorageUnusable(Code.BACKUP_EXISTS, f"{target} exists")
    if not database.exists():
        raise StorageUnusable(Code.CANNOT_OPEN, f"{database}: no such file")
    with _new_file(target) as unfinished:
        try:
            _copy_pages(database, unfinished, progress)
        except sqlite3.Error as error:
            raise unusable(target, error) from None
        verify(unfinished)


def verify(file: Path) -> None:
    """Check every page, index and reference of a backup; raise ``StorageUnusable`` if one is bad.

    Reads only, and only the file itself: an empty database, or one copied together with its log,
    is refused.
    """
    if not file.exists():
        raise StorageUnusable(Code.CANNOT_OPEN, f"{file}: no such file")
    if len(files(file)) > 1:
        raise StorageUnusable(Code.BACKUP_UNUSABLE, f"{file} has a log or journal beside it")
    try:
        with closing(_read_only(file)) as driver:
            empty = driver.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
            problems = driver.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok"
            orphans = driver.execute("PRAGMA foreign_key_check").fetchone() is not None
    except sqlite3.Error as error:
        raise unusable(file, error) from None
    if empty:
        raise StorageUnusable(Code.BACKUP_UNUSABLE, f"{file} has no tables")
    if problems or orphans:
        found = "pages or indexes are damaged" if problems else "rows refer to missing rows"
        raise StorageUnusable(Code.DAMAGED, f"{file}: {found}")


def copy_durably(source: Path, target: Path) -> None:
    """Copy a file byte for byte (0600), under its name only when it is whole and on the disk.

    For backups; a database in use is copied with ``back_up``.
    """
    with _new_file(target) as unfinished:
        shutil.copyfile(source, unfinished)


def require_alone(database: Path) -> None:
    """Raise ``StorageUnusable`` when another process has the database open; else bring its log in.

    A database that is too damaged to be opened passes: it is one a restore is for.
    """
    _take_log_in(database)


def put_in_place(backup: Path, database: Path) -> None:
    """Replace the database by the backup, all or nothing; the backup itself stays where it is.

    Whatever was in the database is gone: make a backup of it first. Raise ``StorageUnusable`` when
    another process has the database open, or when the backup is damaged; nothing is changed then.
    """
    verify(backup)
    _take_log_in(database)
    with _new_file(database) as unfinished:
        shutil.copyfile(backup, unfinished)
        verify(unfinished)
        # A left-over log would be played into the new file; what it held is in the old one by now.
        for companion in files(database):
            if companion != database:
                companion.unlink()
        sync_folder(database.parent)


@contextmanager
def _new_file(target: Path) -> Iterator[Path]:
    """Yield a fresh file beside ``target``; made durable and renamed to it if all goes well.

    What a crash left of an earlier try goes first: it holds people's names. (Of two that write the
    same target at once, one fails.)
    """
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove(unfinished)
        handle = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        try:
            yield unfinished
            os.fsync(handle)
            unfinished.replace(target)
            sync_folder(target.parent)
        finally:
            os.close(handle)
            _remove(unfinished)
    except OSError as error:
        code = Code.FULL if error.errno == errno.ENOSPC else Code.CANNOT_OPEN
        raise StorageUnusable(code, f"{target}: {type(error).__name__}") from None


def _remove(file: Path) -> None:
    for left in files(file):
        left.unlink(missing_ok=True)


def _copy_pages(database: Path, target: Path, progress: Progress | None) -> None:
    def step(_status: int, remaining: int, total: int) -> None:
        if progress:
            progress(total - remaining, total)

    with closing(sqlite3.connect(database, timeout=BUSY_MS / 1000, isolation_level=None)) as source:
        # One read transaction around all steps: otherwise each write by others starts it anew.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            source.backup(copy, pages=PAGES_PER_STEP, progress=step, sleep=0)
            # The copied header says WAL; a backup is one file.
            copy.execute("PRAGMA journal_mode=DELETE")
        source.execute("ROLLBACK")


def _read_only(file: Path) -> sqlite3.Connection:
    """Open without making companions, which reading a file in WAL mode would otherwise do."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _take_log_in(database: Path) -> None:
    """Bring the log into the file and leave WAL mode, which works only if nobody else has it open.

    A database too damaged to be opened is one a restore is for.
    """
    if not database.exists():
        return
    with closing(sqlite3.connect(database, timeout=0.2, isolation_level=None)) as driver:
        try:
            driver.execute("PRAGMA journal_mode=DELETE").fetchone()
            driver.execute("BEGIN EXCLUSIVE")
            driver.execute("ROLLBACK")
        except sqlite3.Error as error:
            if code_of(error) is not Code.DAMAGED:
                raise unusable(database, error) from None
