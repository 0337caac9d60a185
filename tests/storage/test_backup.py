"""Backups: whole and checked, made while the bot runs; put back all or nothing."""

import os
import signal
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert
from store_sandbox import add, note, opened, run_python, texts

from bot.storage import backup
from bot.storage.backup import back_up, copy_durably, put_in_place, verify
from bot.storage.store import Store
from bot.storage.trouble import Code, StorageUnusable


def texts_in(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as driver:
        return sorted(row[0] for row in driver.execute("SELECT text FROM note"))


def spoil(file: Path) -> None:
    """Overwrite the pages after the first few with noise."""
    with file.open("r+b") as handle:
        handle.seek(8192)
        handle.write(b"\xde\xad" * 6000)


@pytest.fixture
def saved(sandbox: Store, tmp_path: Path) -> Path:
    """A backup of the sandbox, which then goes on."""
    sandbox.write_now(lambda tx: tx.execute(insert(note), {"text": "old", "body": b"x" * 40_000}))
    back_up(sandbox.path, tmp_path / "saved.db")
    sandbox.write_now(add("new"))
    return tmp_path / "saved.db"


def test_a_backup_is_one_private_file_with_everything_confirmed_so_far(
    sandbox: Store, tmp_path: Path
) -> None:
    sandbox.write_now(add("one"))
    back_up(sandbox.path, tmp_path / "backups" / "monday.db")
    assert [file.name for file in (tmp_path / "backups").iterdir()] == ["monday.db"]
    assert (tmp_path / "backups" / "monday.db").stat().st_mode & 0o777 == 0o600
    verify(tmp_path / "backups" / "monday.db")
    assert [file.name for file in (tmp_path / "backups").iterdir()] == ["monday.db"]
    assert texts_in(tmp_path / "backups" / "monday.db") == ["one"]


def test_a_backup_is_of_one_moment_while_others_write(
    sandbox: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PAGES_PER_STEP", 5)
    body = b"x" * 4000
    rows = [{"text": f"{n:04d}", "body": body} for n in range(300)]
    sandbox.write_now(lambda tx: tx.execute(insert(note), rows))
    told: list[tuple[int, int]] = []

    def meanwhile(done: int, total: int) -> None:
        told.append((done, total))
        if len(told) % 10 == 0:
            sandbox.write_now(add(f"during {len(told)}"))

    back_up(sandbox.path, tmp_path / "saved.db", progress=meanwhile)
    assert texts_in(tmp_path / "saved.db") == [row["text"] for row in rows]
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]
    assert len(sandbox.read_now(texts)) > len(rows)


def test_a_backup_does_not_take_a_name_that_is_in_use(saved: Path, sandbox: Store) -> None:
    with pytest.raises(StorageUnusable) as caught:
        back_up(sandbox.path, saved)
    assert caught.value.code is Code.BACKUP_EXISTS
    assert texts_in(saved) == ["old"]
    back_up(sandbox.path, saved, replace=True)
    assert texts_in(saved) == ["new", "old"]


def test_a_backup_of_nothing_or_of_a_damaged_database_is_refused(
    saved: Path, tmp_path: Path
) -> None:
    with pytest.raises(StorageUnusable) as caught:
        back_up(tmp_path / "nowhere.db", tmp_path / "copy.db")
    assert caught.value.code is Code.CANNOT_OPEN
    spoil(saved)
    with pytest.raises(StorageUnusable) as caught:
        back_up(saved, tmp_path / "copy.db")
    assert caught.value.code is Code.DAMAGED
    assert sorted(file.name for file in tmp_path.glob("*copy*")) == []


def test_a_damaged_an_empty_and_a_missing_backup_are_told_apart(
    saved: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()
    spoil(saved)
    found = {}
    for file in (saved, empty, tmp_path / "missing.db"):
        with pytest.raises(StorageUnusable) as caught:
            verify(file)
        found[file.name] = caught.value.code
    assert found == {
        "saved.db": Code.DAMAGED,
        "empty.db": Code.BACKUP_UNUSABLE,
        "missing.db": Code.CANNOT_OPEN,
    }


def test_a_database_copied_by_hand_with_its_log_is_no_backup(
    sandbox: Store, tmp_path: Path
) -> None:
    sandbox.write_now(add("only in the log"))
    for file in sandbox.files():
        copy_durably(file, tmp_path / file.name)
    with pytest.raises(StorageUnusable) as caught:
        verify(tmp_path / sandbox.path.name)
    assert caught.value.code is Code.BACKUP_UNUSABLE


def test_rows_that_refer_to_missing_rows_are_found(saved: Path) -> None:
    with closing(sqlite3.connect(saved)) as driver:
        driver.execute("INSERT INTO reply (strict_note_id) VALUES (99)")
        driver.commit()
    with pytest.raises(StorageUnusable, match="missing rows"):
        verify(saved)


def test_a_backup_put_in_place_is_the_database(saved: Path, sandbox: Store) -> None:
    sandbox.close_now()
    put_in_place(saved, sandbox.path)
    assert saved.exists()
    assert [file.name for file in sandbox.path.parent.iterdir()] == ["sandbox.db"]
    assert sandbox.path.stat().st_mode & 0o777 == 0o600
    with opened(sandbox.path) as store:
        assert store.read_now(texts) == ["old"]
        assert store.write_now(add("goes on")) == "goes on"


def test_a_backup_can_be_put_where_there_is_no_database(saved: Path, tmp_path: Path) -> None:
    put_in_place(saved, tmp_path / "new house" / "bot.db")
    assert texts_in(tmp_path / "new house" / "bot.db") == ["old"]


def test_a_database_in_use_is_not_replaced(saved: Path, sandbox: Store) -> None:
    with pytest.raises(StorageUnusable) as caught:
        put_in_place(saved, sandbox.path)
    assert caught.value.code is Code.LOCKED
    assert sandbox.read_now(texts) == ["new", "old"]
    assert sandbox.write_now(add("goes on")) == "goes on"


def test_a_damaged_backup_replaces_nothing(saved: Path, sandbox: Store) -> None:
    sandbox.close_now()
    spoil(saved)
    with pytest.raises(StorageUnusable):
        put_in_place(saved, sandbox.path)
    assert texts_in(sandbox.path) == ["new", "old"]


@pytest.mark.parametrize("noise", [b"not a database at all " * 400, b""])
def test_a_damaged_database_is_replaced_and_its_log_is_not_played_into_the_new_one(
    saved: Path, sandbox: Store, noise: bytes
) -> None:
    logs = {file: file.read_bytes() for file in sandbox.files() if file != sandbox.path}
    sandbox.close_now()
    sandbox.path.write_bytes(noise)
    for file, content in logs.items():
        file.write_bytes(content)
    put_in_place(saved, sandbox.path)
    assert [file.name for file in sandbox.path.parent.iterdir()] == ["sandbox.db"]
    assert texts_in(sandbox.path) == ["old"]


KILLED = """
import os, signal, sys
from pathlib import Path
from bot.storage import backup

calls = 0
def die(*_):
    global calls
    calls += 1
    if calls == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

def watch(name):
    true = getattr(os, name)
    def watched(*arguments, **options):
        die()
        return true(*arguments, **options)
    setattr(os, name, watched)

for name in ("fsync", "replace", "rename", "unlink"):
    watch(name)
backup.put_in_place(Path(sys.argv[1]), Path(sys.argv[2]))
print("done after", calls)
"""


@pytest.mark.slow
def test_a_restore_killed_at_any_point_leaves_the_old_or_the_new_database(
    saved: Path, sandbox: Store
) -> None:
    sandbox.close_now()
    whole = sandbox.path.read_bytes()
    outcomes: list[list[str]] = []
    for moment in range(1, 10):
        sandbox.path.write_bytes(whole)
        status, output = run_python(KILLED, saved, sandbox.path, moment)
        outcomes.append(texts_in(sandbox.path))
        left_over = {file.name for file in sandbox.path.parent.iterdir()} - {"sandbox.db"}
        if status == 0:
            assert output.startswith("done after")
            break
        assert status == -signal.SIGKILL
    assert outcomes[0] == ["new", "old"]
    assert outcomes[-1] == ["old"]
    assert all(outcome in (["new", "old"], ["old"]) for outcome in outcomes)
    assert len(outcomes) > 2
    assert left_over == set()


def test_a_copy_is_the_same_bytes_and_private(saved: Path, tmp_path: Path) -> None:
    copy_durably(saved, tmp_path / "elsewhere" / "copy.db")
    assert (tmp_path / "elsewhere" / "copy.db").read_bytes() == saved.read_bytes()
    assert (tmp_path / "elsewhere" / "copy.db").stat().st_mode & 0o777 == 0o600


def test_what_a_killed_backup_left_is_gone_after_the_next_try(
    sandbox: Store, tmp_path: Path
) -> None:
    (tmp_path / "saved.db.unfinished").write_bytes(b"names")
    (tmp_path / "saved.db.unfinished-journal").write_bytes(b"names")
    back_up(sandbox.path, tmp_path / "saved.db")
    assert not list(tmp_path.glob("*unfinished*"))


def test_a_backup_that_cannot_be_written_is_said_to_be_so(sandbox: Store, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageUnusable) as caught:
        back_up(sandbox.path, tmp_path / "file" / "saved.db")
    assert caught.value.code is Code.CANNOT_OPEN


def test_two_backups_at_once_do_not_disturb_each_other(sandbox: Store, tmp_path: Path) -> None:
    sandbox.write_now(add("one"))
    names = [tmp_path / f"{n}.db" for n in range(4)]
    threads = [threading.Thread(target=back_up, args=(sandbox.path, name)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [texts_in(name) for name in names] == [["one"]] * 4
    assert not [name for name in os.listdir(tmp_path) if "unfinished" in name]
