"""``backup`` and ``restore``: whole copies without keys; a closed round is never opened again."""

import asyncio
import io
import os
import sqlite3
import stat
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from terminal import Process, Terminal
from town import Town, town

from bot.domain.rounds import Round
from bot.rehearsal.organisation import Cast
from bot.storage.backup import back_up
from bot.storage.store import Store

NOBODY = Cast((), (), ())
PEOPLE = "id,name,team,roles\n1,Anna Ask,A / B,admin@A\n2,Bo Birk,A / B,\n"


@pytest.fixture
def filled(terminal: Terminal) -> Terminal:
    """A database with two people."""
    terminal.run("people", "import", terminal.file("people.csv", PEOPLE), "--apply")
    return terminal


def names(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as driver:
        return [row[0] for row in driver.execute("SELECT name FROM person ORDER BY id")]


def states(database: Path) -> dict[str, str]:
    with closing(sqlite3.connect(database)) as driver:
        return dict(driver.execute("SELECT id, state FROM round").fetchall())


def test_a_backup_is_one_private_file_and_says_that_keys_are_not_in_it(filled: Terminal) -> None:
    (filled.settings.key_folder / f"{'a' * 32}.key").write_bytes(b"secret-key" * 4)
    ran = filled.run("backup", "monday.db")
    assert ran.code == 0
    copy = filled.folder / "monday.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert names(copy) == ["Anna Ask", "Bo Birk"]
    assert b"secret-key" not in copy.read_bytes()
    assert "The keys of open rounds are not in it" in ran.out


def test_a_backup_writes_over_nothing_unasked(filled: Terminal) -> None:
    assert filled.run("backup", "monday.db").code == 0
    refused = filled.run("backup", "monday.db")
    assert refused.code == 2
    assert refused.lines[0].startswith("STORE-12: ")
    assert filled.run("backup", "monday.db", "--replace").code == 0


def test_nothing_is_ever_copied_into_the_key_folder(filled: Terminal) -> None:
    ran = filled.run("backup", "data/keys/monday.db")
    assert ran.code == 2
    assert "key folder" in ran.err
    assert list(filled.settings.key_folder.glob("*.db")) == []


def test_a_folder_gets_dated_copies_and_loses_those_whose_days_are_over(filled: Terminal) -> None:
    folder = filled.folder / "backups"
    folder.mkdir()
    now = datetime.now(UTC)
    old = f"trivselsbot-{now - timedelta(days=8):%Y%m%d-%H%M%S}.db"
    young = f"trivselsbot-{now - timedelta(days=6):%Y%m%d-%H%M%S}.db"
    for name in (old, young, "christmas.db", "trivselsbot-x.db"):
        (folder / name).write_bytes(b"x")
    filled.set(backup_days=7)
    ran = filled.run("backup", folder)
    assert ran.code == 0
    left = {file.name for file in folder.iterdir()}
    assert {young, "christmas.db", "trivselsbot-x.db"} < left
    assert old not in left
    assert len(left) == 4
    assert f"Removed {folder / old}: older than 7 days." in ran.out


def test_without_a_database_there_is_nothing_to_back_up(terminal: Terminal) -> None:
    ran = terminal.run("backup", "x.db")
    assert ran.code == 2
    assert "nothing to back up" in ran.err


def test_a_restored_database_is_as_it_was_and_the_present_one_is_kept(filled: Terminal) -> None:
    filled.run("backup", "monday.db")
    filled.run("people", "erase", "2", "--yes")
    ran = filled.run("restore", "monday.db", "--yes")
    assert ran.code == 0, ran.err
    assert names(filled.settings.database) == ["Anna Ask", "Bo Birk"]
    (kept,) = filled.settings.data.glob("trivselsbot.db.before-restore-*")
    assert names(kept) == ["Anna Ask", "–"]
    assert kept.name in ran.out
    assert "Restored" in ran.out
    assert (filled.folder / "monday.db").exists()


def test_restore_asks_first(filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.run("backup", "monday.db")
    filled.run("people", "erase", "2", "--yes")
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert filled.run("restore", "monday.db").code == 1
    assert names(filled.settings.database) == ["Anna Ask", "–"]
    assert list(filled.settings.data.glob("*before-restore*")) == []
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert filled.run("restore", "monday.db").code == 0


def test_restore_refuses_while_a_bot_has_the_database_open(filled: Terminal) -> None:
    filled.run("backup", "monday.db")
    with Store.open(filled.settings.database):
        ran = filled.run("restore", "monday.db", "--yes")
    assert ran.code == 2
    assert ran.lines[0].startswith("STORE-2: ")
    assert list(filled.settings.data.glob("*before-restore*")) == []


def test_restore_refuses_a_damaged_a_foreign_and_a_newer_file(filled: Terminal) -> None:
    filled.run("backup", "good.db")
    good = (filled.folder / "good.db").read_bytes()
    (filled.folder / "damaged.db").write_bytes(good[:8192] + b"\xde\xad" * 3000 + good[14192:])
    with closing(sqlite3.connect(filled.folder / "foreign.db")) as driver:
        driver.execute("CREATE TABLE recipe (name TEXT)")
    (filled.folder / "newer.db").write_bytes(good)
    with closing(sqlite3.connect(filled.folder / "newer.db")) as driver:
        driver.execute("UPDATE alembic_version SET version_num='9999'")
        driver.commit()
    before = filled.settings.database.read_bytes()
    for name, code in (("damaged", "STORE-5"), ("foreign", "STORE-8"), ("newer", "STORE-7")):
        ran = filled.run("restore", f"{name}.db", "--yes")
        assert ran.code == 2, name
        assert ran.lines[0].startswith(f"{code}: "), ran.err
    assert filled.settings.database.read_bytes() == before


def test_restore_refuses_an_unusable_key_folder_for_tombstones_lie_there(
    filled: Terminal,
) -> None:
    filled.run("backup", "good.db")
    filled.settings.key_folder.chmod(0o755)
    ran = filled.run("restore", "good.db", "--yes")
    assert ran.code == 2
    assert ran.lines[0].startswith("KEYS-4: ")


def test_a_damaged_database_is_one_a_restore_is_for(filled: Terminal) -> None:
    filled.run("backup", "good.db")
    filled.settings.database.write_bytes(b"damaged beyond reading" * 500)
    assert filled.run("restore", "good.db", "--yes").code == 0
    assert names(filled.settings.database) == ["Anna Ask", "Bo Birk"]
    (kept,) = filled.settings.data.glob("trivselsbot.db.before-restore-*")
    assert kept.read_bytes().startswith(b"damaged beyond reading")


async def answered_round(t: Town, scope: str) -> Round:
    opened = await t.open("checkin", (scope,))
    for n in range(2, 9):
        await t.answer(f"{scope}-{n}", opened.id, 4)
    return opened


async def test_a_round_closed_since_the_backup_stays_closed_and_an_open_one_goes_on(
    terminal: Terminal,
) -> None:
    database = terminal.settings.database
    async with town(terminal.folder) as t:
        over = await answered_round(t, "dag")
        lasting = await t.open("checkin", ("aften",), open_days=30)
        back_up(database, terminal.folder / "while-open.db")
        await t.close(over)
        assert not (terminal.settings.key_folder / f"{over.id}.key").exists()
    ran = terminal.run("restore", "while-open.db", "--yes")
    assert ran.code == 0, ran.err
    assert "(Dag): was closed after this backup, and stays closed." in ran.out
    assert "(Aften): goes on; answers given after the backup was made are lost." in ran.out
    assert states(database) == {over.id: "void", lasting.id: "open"}
    with closing(sqlite3.connect(database)) as driver:
        slots = "SELECT count(*) FROM slot WHERE round_id=?"
        assert driver.execute(slots, (over.id,)).fetchone() == (0,)
        assert driver.execute(slots, (lasting.id,)).fetchone() != (0,)
    async with town(terminal.folder, NOBODY, now=over.closes_at) as t:
        await t.bot.tick(t.clock.now())
        assert (await t.round(over.id)).state.value == "void"
        await t.answer("aften-3", lasting.id, 4)
        told = {note.kind for note in await t.notes("person:dag-2")}
        assert "round.void" not in told  # the round was counted: nobody is asked again


async def test_a_round_whose_key_is_gone_is_told_and_voided_when_the_bot_starts(
    terminal: Terminal,
) -> None:
    database = terminal.settings.database
    async with town(terminal.folder) as t:
        opened = await t.open("checkin", ("dag",))
        back_up(database, terminal.folder / "open.db")
    (terminal.settings.key_folder / f"{opened.id}.key").unlink()
    ran = terminal.run("restore", "open.db", "--yes")
    assert "its key is gone; everybody is told and asked again" in ran.out
    assert states(database) == {opened.id: "open"}
    async with town(terminal.folder, NOBODY, now=opened.closes_at) as t:
        await t.bot.tick(t.clock.now())
        assert (await t.round(opened.id)).state.value == "void"


async def test_a_backup_on_a_strange_key_folder_is_told_before_the_bot_refuses(
    terminal: Terminal,
) -> None:
    async with town(terminal.folder) as t:
        await t.open("checkin", ("dag",))
        back_up(terminal.settings.database, terminal.folder / "open.db")
    terminal.settings.key_folder.rename(terminal.folder / "elsewhere")
    ran = terminal.run("restore", "open.db", "--yes")
    assert ran.code == 0
    assert "KEYS-6: " in ran.err
    terminal.set(port=0)
    refused = await asyncio.to_thread(terminal.run, "run")  # which begins a loop of its own
    assert refused.code == 2
    assert refused.lines[-2].startswith("KEYS-6: ")


@pytest.mark.slow
def test_a_backup_can_be_made_beside_a_running_bot_and_a_restore_cannot(filled: Terminal) -> None:
    with Process(filled.folder, "run", port=0) as bot:
        bot.wait_for(r"http://127")
        assert filled.run("backup", "live.db").code == 0
        assert names(filled.folder / "live.db") == ["Anna Ask", "Bo Birk"]
        ran = filled.run("restore", "live.db", "--yes")
        assert ran.code == 2
        assert ran.lines[0].startswith("STORE-2: ")
        begun = time.monotonic()
        assert bot.stop(15)[0] == 0
        assert time.monotonic() - begun < 5
    assert filled.run("restore", "live.db", "--yes").code == 0
    assert os.access(filled.settings.database, os.W_OK)
