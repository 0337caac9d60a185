"""The thread that empties the write-ahead log: what it does, and what it keeps its hands off."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from sqlalchemy import insert
from store_sandbox import note, opened

from bot.storage import engine
from bot.storage.checkpointer import FROM, Checkpointer
from bot.storage.store import Store, Tx

PAGE = 100_000


def write(store: Store, much: int) -> None:
    for _ in range(much // PAGE):
        store.write_now(
            lambda tx: tx.execute(insert(note), {"text": token_hex(), "body": bytes(PAGE)})
        )


def soon(true: Callable[[], bool]) -> bool:
    for _ in range(500):
        if true():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "sandbox.db") as found:
        yield found


def test_a_long_log_is_emptied_beside_the_writer_and_its_file_is_used_anew(store: Store) -> None:
    log = store.path.with_name("sandbox.db-wal")
    write(store, FROM + 4 * PAGE)
    long = log.stat().st_size
    before = store.path.stat().st_size
    assert soon(lambda: store.path.stat().st_size > before), "nothing came into the database"
    assert soon(lambda: _shorter(store, log, long)), "the log was not begun anew"


def _shorter(store: Store, log: Path, than: int) -> bool:
    write(store, PAGE)
    return log.stat().st_size < than


def test_a_short_log_is_left_alone(store: Store) -> None:
    watched = beside(store, calm=0.01)
    write(store, 4 * PAGE)
    watched.wrote()
    time.sleep(0.1)
    watched.close()
    assert watched.rounds == 0


def test_it_waits_for_a_pause_and_does_it_once_then(store: Store) -> None:
    watched = beside(store, worth=PAGE, calm=3600)
    write(store, 5 * PAGE)
    watched.wrote()
    time.sleep(0.1)
    assert watched.rounds == 0
    watched.close()
    watched = beside(store, worth=PAGE, calm=0.01)
    watched.wrote()
    assert soon(lambda: watched.rounds == 1)
    time.sleep(0.1)
    assert watched.rounds == 1
    watched.close()


def test_a_log_that_has_grown_long_waits_for_no_pause(store: Store) -> None:
    watched = beside(store, worth=PAGE, long=5 * PAGE, calm=3600)
    write(store, 5 * PAGE)
    watched.wrote()
    assert soon(lambda: watched.rounds == 1)
    watched.close()


def beside(store: Store, **how: float) -> Checkpointer:
    return Checkpointer(engine.checkpoint_engine(store.path), store.path, pause=0.01, **how)  # type: ignore[arg-type]


def test_somebody_who_reads_for_long_holds_nobody_up(store: Store) -> None:
    write(store, PAGE)
    reading, finish = threading.Event(), threading.Event()

    def read_long(tx: Tx) -> None:
        tx.scalar(note.select())
        reading.set()
        assert finish.wait(20)

    reader = threading.Thread(target=store.read_now, args=(read_long,))
    reader.start()
    assert reading.wait(20)
    write(store, FROM + 4 * PAGE)  # every one of them is committed while the reader reads
    finish.set()
    reader.join()


def test_a_file_that_is_in_trouble_is_told_by_its_code(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "broken.db"
    file.write_bytes(b"this is no database" * 100)
    file.with_name("broken.db-wal").write_bytes(bytes(64))
    with caplog.at_level(logging.ERROR):
        watched = Checkpointer(engine.look_engine(file), file, worth=1, calm=0.01)
        watched.wrote()
        assert soon(lambda: "STORE-" in caplog.text)
        watched.close()
        watched.close()
    assert watched.rounds == 0
