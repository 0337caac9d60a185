import errno
import multiprocessing
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.privacy.keys import KeyDestroyed, KeyLost, KeyStore, KeyStoreUnusable, KeyTaken

ONE, TWO, THREE = "1" * 32, "2" * 32, "3" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def store(folder: Path) -> KeyStore:
    made = KeyStore(folder)
    made.check()
    return made


def failing(number: int) -> Callable[..., int]:
    def fail(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    return fail


def now_and(later: timedelta) -> datetime:
    return datetime.now(UTC) + later


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_at_start_the_folder_is_made_for_the_bot_alone(store: KeyStore, folder: Path) -> None:
    assert mode(folder) == 0o700
    assert list(folder.iterdir()) == []
    store.check()


@pytest.mark.parametrize("open_to", [0o750, 0o705, 0o711, 0o777])
def test_a_folder_others_may_enter_is_refused_and_left_as_it_is(folder: Path, open_to: int) -> None:
    folder.mkdir()
    folder.chmod(open_to)
    with pytest.raises(KeyStoreUnusable) as caught:
        KeyStore(folder).check()
    assert caught.value.code == "KEYS-4"
    assert mode(folder) == open_to


def test_a_file_where_the_folder_should_be_is_refused(folder: Path) -> None:
    folder.write_text("")
    with pytest.raises(KeyStoreUnusable) as caught:
        KeyStore(folder).check()
    assert caught.value.code == "KEYS-1"


def test_a_folder_that_cannot_be_written_is_found_at_start(
    store: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", failing(errno.EROFS))
    with pytest.raises(KeyStoreUnusable) as caught:
        store.check()
    assert caught.value.code == "KEYS-2"


def test_a_key_is_made_once_for_its_owner_alone(store: KeyStore, folder: Path) -> None:
    key = store.create(ONE)
    assert mode(folder / f"{ONE}.key") == 0o600
    assert len((folder / f"{ONE}.key").read_bytes()) == 32
    assert KeyStore(folder).load(ONE).slot("p") == key.slot("p")
    assert store.rounds() == {ONE}
    with pytest.raises(KeyTaken):
        store.create(ONE)
    assert store.create(TWO).slot("p") != key.slot("p")


def test_a_key_is_on_disk_before_it_is_given_out(
    store: KeyStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    store.create(ONE)
    assert synced == [f"{ONE}.key", "keys"]
    synced.clear()
    store.destroy(ONE)
    assert synced == [f"{ONE}.gone", "keys", f"{ONE}.key", "keys", "keys"]


def test_answering_reads_the_key_file_once(
    store: KeyStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.create(ONE)
    fresh = KeyStore(folder)
    first = fresh.load(ONE)
    monkeypatch.setattr(os, "open", failing(errno.EACCES))
    assert fresh.load(ONE) is first


def test_a_destroyed_key_leaves_a_tombstone_and_cannot_be_loaded_or_made_again(
    store: KeyStore, folder: Path
) -> None:
    store.create(ONE)
    store.destroy(ONE)
    assert store.tombstoned(ONE)
    assert store.rounds() == frozenset()
    assert [path.name for path in folder.iterdir()] == [f"{ONE}.gone"]
    with pytest.raises(KeyDestroyed):
        store.load(ONE)
    with pytest.raises(KeyDestroyed):
        store.create(ONE)


def test_destroying_can_be_repeated(store: KeyStore) -> None:
    store.create(ONE)
    store.destroy(ONE)
    store.destroy(ONE)
    assert store.tombstoned(ONE)


def test_a_key_is_overwritten_before_it_is_removed(
    store: KeyStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.create(ONE)
    before = (folder / f"{ONE}.key").read_bytes()
    monkeypatch.setattr(Path, "unlink", failing(errno.EIO))
    with pytest.raises(KeyStoreUnusable):
        store.destroy(ONE)
    after = (folder / f"{ONE}.key").read_bytes()
    assert len(after) == 32
    assert after != before


def test_a_crash_half_way_through_destroying_is_finished_by_the_sweep(
    store: KeyStore, folder: Path
) -> None:
    store.create(ONE)
    (folder / f"{ONE}.gone").touch()
    with pytest.raises(KeyDestroyed):
        store.load(ONE)
    assert store.sweep([ONE], now_and(timedelta(0))) == (ONE,)
    assert store.rounds() == frozenset()


def test_another_process_s_tombstone_counts_at_once(store: KeyStore, folder: Path) -> None:
    store.create(ONE)
    KeyStore(folder).destroy(ONE)
    with pytest.raises(KeyDestroyed):
        store.load(ONE)


def test_a_key_that_is_gone_without_a_tombstone_is_lost(store: KeyStore, folder: Path) -> None:
    store.create(ONE)
    (folder / f"{ONE}.key").unlink()
    with pytest.raises(KeyLost) as caught:
        KeyStore(folder).load(ONE)
    assert caught.value.round_id == ONE


@pytest.mark.parametrize("written", [b"", b"half a key", bytes(33)])
def test_a_key_written_half_is_no_key(store: KeyStore, folder: Path, written: bytes) -> None:
    (folder / f"{ONE}.key").write_bytes(written)
    with pytest.raises(KeyLost):
        store.load(ONE)
    assert store.sweep([], now_and(timedelta(hours=2))) == (ONE,)


def test_a_folder_that_is_not_mounted_loses_no_round(store: KeyStore, folder: Path) -> None:
    store.create(ONE)
    folder.rename(folder.with_name("elsewhere"))
    for use in (KeyStore(folder).load, store.create, store.destroy):
        with pytest.raises(KeyStoreUnusable) as caught:
            use(TWO)
        assert caught.value.code == "KEYS-1"
        assert "Mount" in str(caught.value)
    with pytest.raises(KeyStoreUnusable):
        store.rounds()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "KEYS-3"),
        (errno.EDQUOT, "KEYS-3"),
        (errno.EACCES, "KEYS-2"),
        (errno.EIO, "KEYS-5"),
    ],
)
def test_a_write_that_fails_leaves_no_key_and_says_what_to_do(
    store: KeyStore, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(os, "write", failing(number))
        with pytest.raises(KeyStoreUnusable) as caught:
            store.create(ONE)
    assert caught.value.code == code
    assert str(caught.value).startswith(f"{code}: {caught.value.advice}")
    assert store.rounds() == frozenset()
    with pytest.raises(KeyLost):
        store.load(ONE)
    store.create(ONE)


def test_a_disk_that_takes_a_few_bytes_at_a_time_gets_the_whole_key(
    store: KeyStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, data[:5]))
    key = store.create(ONE)
    assert KeyStore(folder).load(ONE).slot("p") == key.slot("p")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
def test_a_key_that_may_not_be_read_is_not_lost(
    store: KeyStore, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    store.create(ONE)
    monkeypatch.setattr(os, "open", failing(number))
    with pytest.raises(KeyStoreUnusable) as caught:
        KeyStore(folder).load(ONE)
    assert caught.value.code == "KEYS-2"


def test_a_tombstone_that_cannot_be_written_leaves_the_key_for_another_try(
    store: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.create(ONE)
    with monkeypatch.context() as full:
        full.setattr(os, "open", failing(errno.ENOSPC))
        with pytest.raises(KeyStoreUnusable):
            store.destroy(ONE)
    assert store.rounds() == {ONE}
    store.destroy(ONE)
    assert store.tombstoned(ONE)


def test_a_link_is_not_followed(store: KeyStore, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(bytes(32))
    (folder / f"{ONE}.key").symlink_to(tmp_path / "precious")
    with pytest.raises(KeyStoreUnusable):
        store.load(ONE)
    with pytest.raises(KeyStoreUnusable):
        store.destroy(ONE)
    assert (tmp_path / "precious").read_bytes() == bytes(32)


def test_the_sweep_takes_old_orphans_and_leaves_young_and_known_keys(store: KeyStore) -> None:
    for round_id in (ONE, TWO):
        store.create(round_id)
    assert store.sweep([ONE], now_and(timedelta(minutes=59))) == ()
    assert store.sweep([ONE], now_and(timedelta(minutes=61))) == (TWO,)
    assert store.rounds() == {ONE}
    assert store.tombstoned(TWO)


def test_the_sweep_forgets_keys_another_process_destroyed(store: KeyStore, folder: Path) -> None:
    store.create(ONE)
    other = KeyStore(folder)
    other.destroy(ONE)
    assert store.sweep([], now_and(timedelta(0))) == ()
    (folder / f"{ONE}.gone").unlink()
    with pytest.raises(KeyLost):
        store.load(ONE)


def test_foreign_files_in_the_folder_are_left_alone(store: KeyStore, folder: Path) -> None:
    (folder / "notes.key").write_text("x")
    assert store.rounds() == frozenset()
    assert store.sweep([], now_and(timedelta(days=9))) == ()
    assert (folder / "notes.key").exists()


@pytest.mark.parametrize("round_id", ["", "../" + "a" * 29, "A" * 32, "a" * 31, "a" * 32 + "\n"])
def test_only_round_ids_become_file_names(store: KeyStore, round_id: str) -> None:
    for use in (store.create, store.load, store.destroy, store.tombstoned):
        with pytest.raises(ValueError, match="32 hexadecimal digits"):
            use(round_id)


def test_more_rounds_than_are_remembered_can_be_open(store: KeyStore, folder: Path) -> None:
    ids = [f"{at:032x}" for at in range(600)]
    for round_id in ids:
        (folder / f"{round_id}.key").write_bytes(bytes.fromhex(round_id) * 2)
    slots = [store.load(round_id).slot("p") for round_id in ids]
    assert [store.load(round_id).slot("p") for round_id in ids] == slots


def create_when_told(folder: Path, start: float, told: "multiprocessing.Queue[str]") -> None:
    time.sleep(max(0.0, start - time.time()))
    try:
        told.put(KeyStore(folder).create(THREE).slot("p").hex())
    except KeyTaken:
        told.put("taken")


def test_of_two_processes_that_make_the_same_key_one_gets_it(store: KeyStore, folder: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    told: multiprocessing.Queue[str] = spawn.Queue()
    start = time.time() + 1.5
    both = [spawn.Process(target=create_when_told, args=(folder, start, told)) for _ in range(2)]
    for process in both:
        process.start()
    outcomes = {told.get(timeout=30) for _ in both}
    for process in both:
        process.join()
    assert outcomes == {"taken", store.load(THREE).slot("p").hex()}
