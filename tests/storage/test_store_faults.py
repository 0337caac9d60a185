"""What a store does when the disk, another process or the operating system gets in its way."""

import asyncio
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import traceback
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from store_sandbox import (
    add,
    add_orphan,
    note,
    opened,
    pragma,
    reply,
    run_python,
    start_python,
    texts,
    writer_held,
)

from bot.storage.store import Store, Tx
from bot.storage.trouble import Code, NotRead, NotSaved, StorageTrouble, StorageUnusable

# --- Another process holds the database ---------------------------------------------------------


def test_a_short_lock_of_another_process_is_waited_for(sandbox: Store) -> None:
    with closing(sqlite3.connect(sandbox.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = threading.Thread(target=sandbox.write_now, args=(add("patient"),))
        writing.start()
        time.sleep(0.3)
        assert sandbox.read_now(texts) == []
        other.execute("COMMIT")
        writing.join()
    assert sandbox.read_now(texts) == ["patient"]


def test_an_open_waits_for_somebody_who_writes_to_a_file_that_is_not_in_wal_mode(
    path: Path,
) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE recipe (id INTEGER)")
        other.execute("BEGIN IMMEDIATE")
        ending = threading.Timer(0.3, other.execute, args=("COMMIT",))
        ending.start()
        Store.open(path).close_now()
        ending.join()


async def test_a_long_lock_of_another_process_saves_nothing_and_says_so(sandbox: Store) -> None:
    pragma(sandbox, "PRAGMA busy_timeout=100")
    holds = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
    holds += "c.execute('BEGIN IMMEDIATE'); print('held'); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-u", "-c", holds, str(sandbox.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        outcomes = await asyncio.gather(
            *(sandbox.write(add(str(n))) for n in range(3)), return_exceptions=True
        )
        other.communicate(b"")
    assert [getattr(o, "code", None) for o in outcomes] == [Code.LOCKED] * 3
    assert str(outcomes[0]).startswith("STORE-2: OperationalError.")
    assert await sandbox.write(add("free again")) == "free again"
    assert await sandbox.read(texts) == ["free again"]


@pytest.mark.slow
def test_a_lock_is_waited_for_five_seconds(sandbox: Store) -> None:
    with closing(sqlite3.connect(sandbox.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        with pytest.raises(NotSaved) as caught:
            sandbox.write_now(add("never"))
        assert 4.5 < time.monotonic() - started < 8
    assert caught.value.code is Code.LOCKED


# --- The disk is full ---------------------------------------------------------------------------


async def test_a_full_disk_saves_nothing_of_the_group_and_the_store_lives_on(
    sandbox: Store,
) -> None:
    await sandbox.write(add("before"))
    pages = pragma(sandbox, "PRAGMA page_count")[0]
    pragma(sandbox, f"PRAGMA max_page_count={pages + 5}")

    def big(tx: Tx) -> None:
        tx.execute(insert(note), {"text": "big", "body": b"x" * 100_000})

    with writer_held(sandbox):
        small = asyncio.create_task(sandbox.write(add("small")))
        large = asyncio.create_task(sandbox.write(big))
        last = asyncio.create_task(sandbox.write(add("last")))
        await asyncio.sleep(0)
    tasks: list[asyncio.Task[Any]] = [small, large, last]
    outcomes: list[Any] = await asyncio.gather(*tasks, return_exceptions=True)
    assert [(o.code, o.fact) for o in outcomes] == [(Code.FULL, "OperationalError")] * 3
    assert await sandbox.read(texts) == ["before"]

    pragma(sandbox, "PRAGMA max_page_count=1000000")
    await sandbox.write(big)
    assert await sandbox.read(texts) == ["before", "big"]


FULL_AT_COMMIT = """
import resource, signal, sys
from pathlib import Path
from store_sandbox import add, insert, note, opened, texts
from bot.storage.trouble import NotSaved

with opened(Path(sys.argv[1])) as store:
    store.write_now(add("before"))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = store.path.with_name(store.path.name + "-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (log + 8192, unlimited[1]))
    try:
        big = {"text": "big", "body": bytes(200_000)}
        store.write_now(lambda tx: tx.execute(insert(note), big))
    except NotSaved as error:
        print(error.code, error.fact)
    print(store.read_now(texts))
    resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    store.write_now(add("after"))
    print(store.read_now(texts))
"""


def test_a_commit_that_finds_no_room_saves_nothing_and_the_store_lives_on(path: Path) -> None:
    status, output = run_python(FULL_AT_COMMIT, path)
    first, during, after = output.splitlines()
    assert status == 0
    assert first in ("STORE-3 OperationalError", "STORE-5 OperationalError")
    assert during == "['before']"
    assert after == "['after', 'before']"


# --- Files that cannot be used ------------------------------------------------------------------

AS_NOBODY = """
import concurrent.futures.thread, os, sys
from pathlib import Path
from store_sandbox import add, opened, texts
from bot.storage.store import Store
from bot.storage.trouble import StorageTrouble

if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    with Store.open(sys.argv[1]) as store:
        store.write_now(add("no"))
except StorageTrouble as error:
    print(type(error).__name__, error.code)
"""


def test_a_file_that_may_only_be_read_is_refused_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "own" / "read_only.db"
    opened(file).close_now()
    file.chmod(0o400)
    if os.getuid() == 0:  # who may write everything; the process below becomes somebody else
        os.chown(file.parent, 65534, 65534)
        os.chown(file, 65534, 65534)
        for parent in (tmp_path, *tmp_path.parents):
            if not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o011)
    assert run_python(AS_NOBODY, file) == (0, "StorageUnusable STORE-4\n")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (":memory:", Code.CANNOT_OPEN),
        ("", Code.CANNOT_OPEN),
        ("sqlite://", Code.CANNOT_OPEN),
        ("oracle://somewhere/else", Code.CANNOT_OPEN),
        ("://", Code.CANNOT_OPEN),
    ],
)
def test_what_is_not_a_file_is_refused(name: str, code: Code) -> None:
    with pytest.raises(StorageUnusable) as caught:
        Store.open(name)
    assert caught.value.code is code


def test_a_folder_or_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear database, " * 500)
    with pytest.raises(StorageUnusable) as caught:
        Store.open(tmp_path / "letter.txt")
    assert caught.value.code is Code.DAMAGED
    assert "letter.txt" in str(caught.value)
    with pytest.raises(StorageUnusable) as caught:
        Store.open(tmp_path / "letter.txt" / "below.db")
    assert caught.value.code is Code.CANNOT_OPEN
    with pytest.raises(StorageUnusable) as caught:
        Store.open(tmp_path)
    assert caught.value.code is Code.CANNOT_OPEN


# --- The process is killed ----------------------------------------------------------------------

WRITE_PAIRS = """
import asyncio, os, sys
from pathlib import Path
from store_sandbox import insert, note, opened

def pair(name):
    def work(tx):
        tx.execute(insert(note), {"text": name + "/a"})
        tx.execute(insert(note), {"text": name + "/b"})
    return work

async def caller(store, who):
    for number in range(100_000):
        name = f"{who}-{number}"
        await store.write(pair(name))
        os.write(1, (name + "\\n").encode())

async def main():
    store = opened(Path(sys.argv[1]))
    await asyncio.gather(*(caller(store, who) for who in range(50)))

asyncio.run(main())
"""


def found_after_a_crash(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as driver:
        assert driver.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [row[0] for row in driver.execute("SELECT text FROM note")]


@pytest.mark.parametrize("confirmed_before_the_kill", [1, 60, 333])
def test_a_kill_loses_nothing_that_was_confirmed_and_leaves_no_half_job(
    path: Path, confirmed_before_the_kill: int
) -> None:
    with start_python(WRITE_PAIRS, path) as process:
        assert process.stdout
        told = [process.stdout.readline().strip() for _ in range(confirmed_before_the_kill)]
        process.send_signal(signal.SIGKILL)
        told += process.stdout.read().split()
    rows = found_after_a_crash(path)
    names = {row.partition("/")[0] for row in rows}
    assert set(told) <= names
    assert sorted(rows) == sorted(f"{name}/{half}" for name in names for half in "ab")


KILL_INSIDE_A_GROUP = """
import asyncio, os, signal, sys
from pathlib import Path
from store_sandbox import add, opened, writer_held

async def main():
    store = opened(Path(sys.argv[1]))
    await store.write(add("earlier"))
    def die(tx):
        add("half")(tx)
        os.kill(os.getpid(), signal.SIGKILL)
    with writer_held(store):
        jobs = [asyncio.create_task(store.write(w)) for w in (add("one"), add("two"), die)]
        await asyncio.sleep(0)
    await asyncio.gather(*jobs)

asyncio.run(main())
"""


def test_a_kill_in_the_middle_of_a_group_leaves_nothing_of_the_group(path: Path) -> None:
    status, _ = run_python(KILL_INSIDE_A_GROUP, path)
    assert status == -signal.SIGKILL
    assert found_after_a_crash(path) == ["earlier"]


def test_a_store_that_was_never_closed_does_not_keep_the_process_alive(path: Path) -> None:
    status, output = run_python(
        "import sys; from pathlib import Path; from store_sandbox import add, opened;"
        "print(opened(Path(sys.argv[1])).write_now(add('confirmed')))",
        path,
    )
    assert (status, output) == (0, "confirmed\n")
    assert found_after_a_crash(path) == ["confirmed"]


# --- No text carries a value --------------------------------------------------------------------

CANARY = "CANARY-4f1e"


class Unspeakable:
    def __repr__(self) -> str:
        return CANARY


FAULTY_JOBS: dict[str, Any] = {
    "unique": lambda tx: (add(CANARY)(tx), add(CANARY)(tx)),
    "not null": lambda tx: tx.execute(insert(note), {"text": None, "body": CANARY.encode()}),
    "foreign key": lambda tx: tx.execute(
        insert(reply), {"strict_note_id": 4711, "id": int.from_bytes(b"can")}
    ),
    "many at once": lambda tx: tx.insert_new(
        note, [{"id": 1, "text": CANARY}, {"id": 1, "text": CANARY + "2"}], conflict=["text"]
    ),
    "wrong type": lambda tx: tx.execute(insert(note), {"text": CANARY, "day": CANARY}),
    "no type": lambda tx: tx.execute(insert(note), {"text": Unspeakable(), "data": [CANARY]}),
    "not JSON": lambda tx: tx.execute(insert(note), {"text": CANARY, "data": Unspeakable()}),
    "missing": lambda tx: tx.execute(text("SELECT :a, :b"), {"a": CANARY}),
    "no table": lambda tx: tx.execute(text("SELECT :a FROM nowhere"), {"a": CANARY}),
    "commit": lambda tx: [work(tx) for work in (add(CANARY), add_orphan)],
}


@pytest.mark.parametrize("job", FAULTY_JOBS.values(), ids=FAULTY_JOBS.keys())
async def test_no_exception_and_no_log_carries_a_bound_value(
    sandbox: Store, job: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for ask in (sandbox.write, sandbox.read):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever it is
            await ask(job)
        error = caught.value
        assert CANARY not in "".join(traceback.format_exception(error))
        assert CANARY not in repr(error) + repr(vars(error))
    assert sandbox._writing.hide_parameters
    assert sandbox._reading.hide_parameters
    assert CANARY not in caplog.text


def test_no_log_carries_a_value_or_a_row_even_when_everything_is_logged(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="sqlalchemy.engine")
    with opened(path) as store:
        store.write_now(add(CANARY))
        assert store.read_now(texts) == [CANARY]
    assert CANARY not in caplog.text


def test_trouble_names_code_fact_and_what_to_do() -> None:
    assert str(NotRead(Code.FULL, "OperationalError")) == (
        "STORE-3: OperationalError. Make room on the disk the database lies on. "
        "Nothing that was confirmed is lost."
    )
    assert issubclass(NotSaved, StorageTrouble)


# --- What the engine sets -----------------------------------------------------------------------


def test_files_are_for_the_bots_user_alone(path: Path) -> None:
    path.parent.mkdir(mode=0o755)
    path.touch(mode=0o644)
    with opened(path) as store:
        store.write_now(add("one"))
        modes = {file.stat().st_mode & 0o777 for file in store.files()}
        assert len(store.files()) == 3
    assert modes == {0o600}


def test_a_new_folder_is_for_the_bots_user_alone(tmp_path: Path) -> None:
    Store.open(f"sqlite:///{tmp_path}/new/bot.db").close_now()
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "new" / "bot.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "writer", "reader"),
    [
        ("busy_timeout", 5000, 5000),
        ("journal_mode", "wal", "wal"),
        ("synchronous", 2, 2),
        ("foreign_keys", 1, 1),
        ("secure_delete", 1, 1),
        ("temp_store", 2, 2),
        ("query_only", 0, 1),
        ("wal_autocheckpoint", 16_000, 16_000),
        ("journal_size_limit", 4 * 1024 * 1024, 4 * 1024 * 1024),
    ],
)
def test_every_connection_has_the_pragmas(
    sandbox: Store, name: str, writer: object, reader: object
) -> None:
    def ask(tx: Tx) -> object:
        return tx.scalar(text(f"PRAGMA {name}"))

    assert sandbox.write_now(ask) == writer
    assert sandbox.read_now(ask) == reader


def test_a_pragma_that_is_not_accepted_stops_the_start() -> None:
    from bot.storage.engine import _WRITER, _set_pragmas

    with (
        closing(sqlite3.connect(":memory:")) as driver,
        pytest.raises(StorageUnusable, match="journal_mode is memory, not wal") as caught,
    ):
        _set_pragmas(driver, _WRITER, 100)
    assert caught.value.code is Code.PRAGMA_REFUSED


def test_rows_cannot_refer_to_rows_that_are_not_there(sandbox: Store) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"):
        sandbox.write_now(lambda tx: tx.execute(insert(reply), {"strict_note_id": 1}))
    assert sandbox.read_now(lambda tx: tx.first(select(reply))) is None
