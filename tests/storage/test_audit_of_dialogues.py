"""The auditor on dialogues: nothing to link in one lived through, and each leak is found."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from talks import begin, go_on, groups_of, vote, write_all
from town import at, cast, town

from bot.storage import audit as auditor
from bot.storage.audit import audit

PEOPLE = cast(("dag", 9))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditor, "SETTLE_SECONDS", 0.0)


async def _live(folder: Path) -> None:
    """One dialogue without names voted on and ended, one with names, one being written."""
    async with town(folder, PEOPLE) as t:
        one = await begin(t)
        two = await begin(t, topic="Møder", naming="named")
        for n in range(2, 9):
            await write_all(t, f"dag-{n}", one)
            await write_all(t, f"dag-{n}", two)
        await t.travel(at(5))
        await go_on(t, one)
        favourite = (await groups_of(t, one))[0].id
        for n in range(2, 8):
            await vote(t, f"dag-{n}", one, favourite)
        await t.travel(at(9, 12))
        await go_on(t, one)
        three = await begin(t, topic="Ro")
        await write_all(t, "dag-3", three)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("talked")
    asyncio.run(_live(folder))
    return folder / "data"


@pytest.fixture
def data(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lived, tmp_path / "data", copy_function=shutil.copy2))


def codes(data: Path, *logs: Path) -> set[str]:
    return {one.code for one in audit(data / "trivselsbot.db", data / "keys", logs).findings}


def spoil(data: Path, *statements: str) -> set[str]:
    with closing(sqlite3.connect(data / "trivselsbot.db", isolation_level=None)) as driver:
        driver.execute("PRAGMA journal_mode=DELETE")
        driver.execute("PRAGMA secure_delete=ON")
        for statement in statements:
            driver.execute(statement)
    return codes(data)


SEALED = "(SELECT id FROM dialogue WHERE topic = 'Samarbejde')"
OPEN = "(SELECT id FROM dialogue WHERE topic = 'Ro')"
LEAKS = {
    "an author in a dialogue without names": (
        f"UPDATE idea SET author_id = 'dag-3' WHERE dialogue_id = {SEALED}",
        "AUDIT-91",
    ),
    "an idea before its round is counted": (
        "INSERT INTO idea (id, dialogue_id, question, text, held) "
        f"VALUES ('{'a' * 32}', {OPEN}, 'how', 'Ro', 0)",
        "AUDIT-92",
    ),
    "an idea held back whose text is still there": (
        f"UPDATE idea SET held = 1 WHERE dialogue_id = {SEALED}",
        "AUDIT-93",
    ),
    "counts of votes in place of an order": (
        f"UPDATE idea_group SET place = 6 WHERE place = 1 AND dialogue_id = {SEALED}",
        "AUDIT-94",
    ),
    "how many voted where too few did": ("UPDATE dialogue_vote SET took_part = 4", "AUDIT-95"),
    "ids that tell an order": ("UPDATE idea SET id = '00000' || substr(id, 6)", "AUDIT-96"),
    "a time beside an idea": ("ALTER TABLE idea ADD COLUMN created DATETIME", "AUDIT-02"),
    "a column of votes": ("ALTER TABLE idea_group ADD COLUMN votes INTEGER", "AUDIT-02"),
    "who voted": ("ALTER TABLE dialogue_vote ADD COLUMN people TEXT", "AUDIT-02"),
}


def test_a_dialogue_that_was_lived_through_leaves_nothing_to_link(data: Path) -> None:
    assert codes(data) == set()


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_found(data: Path, leak: str) -> None:
    statement, code = LEAKS[leak]
    assert code in spoil(data, statement)


def test_an_idea_in_a_log_is_found(data: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data / "trivselsbot.db")) as driver:
        ((text,),) = driver.execute("SELECT text FROM idea LIMIT 1").fetchall()
    log = tmp_path / "bot.log"
    log.write_text(f"2026-03-09 INFO somebody wrote {text}\n")
    assert "AUDIT-85" in codes(data, log)
