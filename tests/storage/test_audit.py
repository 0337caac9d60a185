"""The auditor: nothing to link in a bot that lived through everything, and every leak is found."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from town import Town, cast, town

from bot.cli import commands
from bot.flows.notes import KINDS
from bot.flows.rounds.reminding import PRIVATE
from bot.storage import audit as auditor
from bot.storage.audit import audit
from bot.storage.audit import notes as audited_notes
from bot.storage.backup import back_up, put_in_place
from bot.storage.trouble import StorageUnusable

PEOPLE = cast(("dag", 13), ("aften", 6), ("nat", 4))
CANARY = "Kanariefuglen synger i kantinen"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditor, "SETTLE_SECONDS", 0.0)


async def _answers(t: Town, round_id: str, but: tuple[str, ...] = ()) -> None:
    for n, person in enumerate(PEOPLE.people):
        if person.id not in but:
            await t.answer(person.id, round_id, n % 5 + 1, comment=f"{CANARY} {n}")


async def _live(folder: Path) -> None:
    """One round reported, the next one reminded."""
    async with town(folder, PEOPLE) as t:
        one = await t.open("maturity", ("org",))
        await _answers(t, one.id)
        await t.travel(one.publish_at + timedelta(days=14))
        two = await t.open("maturity", ("org",))
        await _answers(t, two.id, but=("dag-4", "nat-2"))
        assert two.remind_at is not None
        await t.travel(two.remind_at + timedelta(hours=1))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a stopped bot; never changed, each test copies it."""
    folder = tmp_path_factory.mktemp("lived")
    asyncio.run(_live(folder))
    return folder / "data"


class Copied:
    """A copy of the lived-through data folder, for a test to spoil."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "trivselsbot.db"
        self.keys = folder / "keys"

    def sql(self, *statements: str, secure: bool = True) -> None:
        with closing(sqlite3.connect(self.database, isolation_level=None)) as driver:
            driver.execute("PRAGMA journal_mode=DELETE")
            driver.execute(f"PRAGMA secure_delete={'ON' if secure else 'OFF'}")
            for statement in statements:
                driver.execute(statement)

    def values(self, query: str) -> list[tuple]:
        with closing(sqlite3.connect(self.database)) as driver:
            return driver.execute(query).fetchall()

    def data(self, change: Callable[[dict], None], where: str) -> None:
        """Change the JSON of one figure."""
        ((id_, text),) = self.values(f"SELECT id, data FROM figure WHERE {where} LIMIT 1")
        data = json.loads(text)
        change(data)
        with closing(sqlite3.connect(self.database, isolation_level=None)) as driver:
            driver.execute("UPDATE figure SET data = ? WHERE id = ?", (json.dumps(data), id_))

    def round(self, state: str) -> str:
        ((id_,),) = self.values(f"SELECT id FROM round WHERE state = '{state}'")
        return id_

    def codes(self, *logs: Path) -> set[str]:
        return {one.code for one in audit(self.database, self.keys, logs).findings}


@pytest.fixture
def copied(lived: Path, tmp_path: Path) -> Copied:
    return Copied(Path(shutil.copytree(lived, tmp_path / "data", copy_function=shutil.copy2)))


# --- Nothing to link ----------------------------------------------------------------------------


@pytest.mark.slow
async def test_at_every_stage_of_a_round_nothing_can_be_linked(tmp_path):
    async with town(tmp_path, PEOPLE) as t:

        def look() -> str:
            report = audit(t.bot.settings.database, t.bot.settings.key_folder)
            assert report.findings == ()
            return " ".join(report.notes)

        look()
        one = await t.open("checkin", ("org",))
        assert f"round {one.id} is open: until it closes, whoever holds" in look()
        await _answers(t, one.id, but=("dag-5",))
        look()
        saved = tmp_path / "saved.db"
        back_up(t.bot.settings.database, saved)
        await t.travel(one.remind_at)
        assert f"round {one.id} is reminded" in look()
        await t.travel(one.closes_at)
        assert one.id not in look()
        await t.travel(one.publish_at)
        assert one.id not in look()
        await t.travel(one.publish_at + timedelta(days=10))
        lost = await t.open("checkin", ("org",))
        await _answers(t, lost.id)
        (t.bot.settings.key_folder / f"{lost.id}.key").unlink()
        t.bot.env.keys._loaded.clear()
        assert "its key is not here" in look()
        await t.travel(lost.closes_at)
        assert (await t.round(lost.id)).state.value == "void"
        look()
        await t.bot.keep_house()
        look()
    put_in_place(saved, t.bot.settings.database)
    assert "its key was destroyed: this is an old copy" in look()
    async with town(tmp_path, cast(top=False), now=t.clock.now()) as t:
        await t.travel(t.clock.now() + timedelta(days=1))
        assert (await t.round(one.id)).state.value == "void"
        look()


def test_a_stopped_bot_is_clean_and_the_audit_changes_nothing(copied: Copied):
    before = {file.name: file.read_bytes() for file in copied.folder.rglob("*") if file.is_file()}
    report = audit(copied.database, copied.keys)
    assert report.clean
    assert report.looked_at["rounds"] == 2
    assert report.looked_at["slots"] == len(PEOPLE.people)
    after = {file.name: file.read_bytes() for file in copied.folder.rglob("*") if file.is_file()}
    assert after == before


def test_a_backup_is_audited_without_keys_and_says_what_was_left_out(copied: Copied, tmp_path):
    back_up(copied.database, tmp_path / "backup.db")
    report = audit(tmp_path / "backup.db")
    assert report.clean
    assert "no key folder was given" in report.notes[0]


def test_what_it_knows_of_notes_is_what_the_flows_write():
    assert audited_notes.PRIVATE == PRIVATE
    # A kind that is not about a round needs no line; it must not speak of one then.
    assert set(audited_notes.PARAMS) - PRIVATE <= set(KINDS)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "noise.db").write_bytes(b"noise" * 500)
    with pytest.raises(StorageUnusable):
        audit(tmp_path / "noise.db")
    with pytest.raises(StorageUnusable):
        audit(tmp_path / "missing.db")


# --- Tables and columns -------------------------------------------------------------------------

TABLES = {
    "participation": (
        "AUDIT-05",
        "CREATE TABLE participation (round_id TEXT, person_id TEXT)",
    ),
    "participation in disguise": (
        "AUDIT-05",
        "CREATE TABLE x (a TEXT, b TEXT)",
        "INSERT INTO x SELECT round_id, person_id FROM round_member LIMIT 1",
    ),
    "participation inside JSON": (
        "AUDIT-05",
        "CREATE TABLE x (a TEXT)",
        "INSERT INTO x SELECT json_object('a', round_id, 'b', json_array(person_id)) "
        "FROM round_member LIMIT 1",
    ),
    "an event log": ("AUDIT-06", "CREATE TABLE event (slot_id BLOB, at TIMESTAMP)"),
    "when somebody was last seen": ("AUDIT-08", "ALTER TABLE person ADD COLUMN last_seen TEXT"),
    "visits": ("AUDIT-08", "CREATE TABLE visit (person_id TEXT, created_at TEXT)"),
    "a time in the slot": ("AUDIT-02", "ALTER TABLE slot ADD COLUMN changed_at TEXT"),
    "a language in the slot": ("AUDIT-02", "ALTER TABLE slot ADD COLUMN locale TEXT"),
    "a mark on the roster": ("AUDIT-02", "ALTER TABLE round_member ADD COLUMN answered BOOLEAN"),
    "an author of a comment": ("AUDIT-02", "ALTER TABLE comment ADD COLUMN slot BLOB"),
    "raw counts": ("AUDIT-02", "ALTER TABLE figure ADD COLUMN counts TEXT"),
    "a trigger": (
        "AUDIT-04",
        "CREATE TRIGGER watch AFTER UPDATE ON slot BEGIN SELECT 1; END",
    ),
    "a view": ("AUDIT-04", "CREATE VIEW watch AS SELECT * FROM slot"),
    "an index on ballots": ("AUDIT-04", "CREATE INDEX watch ON slot (ballot)"),
    "a slot elsewhere": (
        "AUDIT-07",
        "CREATE TABLE x (a TEXT)",
        "INSERT INTO x SELECT lower(hex(slot)) FROM slot LIMIT 1",
    ),
    "a ballot elsewhere": (
        "AUDIT-07",
        "CREATE TABLE x (a BLOB)",
        "INSERT INTO x SELECT ballot FROM slot LIMIT 1",
    ),
    "no table for slots": ("AUDIT-01", "DROP TABLE slot"),
    "a slot table with row numbers, filled in the order of answers": (
        "AUDIT-13",
        "ALTER TABLE slot RENAME TO old",
        "CREATE TABLE slot (round_id TEXT, slot BLOB, ballot BLOB)",
        "INSERT INTO slot SELECT * FROM old ORDER BY ballot",
        "DROP TABLE old",
    ),
    "comments with row numbers": (
        "AUDIT-03",
        "ALTER TABLE comment RENAME TO old",
        "CREATE TABLE comment AS SELECT * FROM old",
        "DROP TABLE old",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_place_where_person_time_and_answer_can_meet_is_found(copied: Copied, name: str):
    code, *statements = TABLES[name]
    copied.sql(*statements)
    assert code in copied.codes()


# --- Slots --------------------------------------------------------------------------------------

SLOTS = {
    "a slot is missing": ("AUDIT-12", "DELETE FROM slot WHERE slot = (SELECT min(slot) FROM slot)"),
    "a slot is nobody's": (
        "AUDIT-16",
        "UPDATE slot SET slot = zeroblob(32) WHERE slot = (SELECT min(slot) FROM slot)",
    ),
    "a ballot is longer than the others": (
        "AUDIT-14",
        "UPDATE slot SET ballot = ballot || x'00' WHERE slot = (SELECT min(slot) FROM slot)",
    ),
    "two ballots are alike": (
        "AUDIT-15",
        "UPDATE slot SET ballot = zeroblob(length(ballot))",
    ),
    "slots are left after the close": (
        "AUDIT-11",
        "INSERT INTO slot SELECT (SELECT id FROM round WHERE state = 'reported'), slot, ballot "
        "FROM slot LIMIT 1",
    ),
    "slots are left in a void round": (
        "AUDIT-11",
        "UPDATE round SET state = 'void' WHERE state = 'reminded'",
    ),
    "slots of no round": (
        "AUDIT-11",
        "INSERT INTO slot SELECT 'f', slot, ballot FROM slot LIMIT 1",
    ),
}


@pytest.mark.parametrize("name", SLOTS)
def test_a_wrong_slot_is_found(copied: Copied, name: str):
    code, *statements = SLOTS[name]
    copied.sql(*statements)
    assert code in copied.codes()


def test_a_key_left_behind_is_found(copied: Copied):
    ended = copied.round("reported")
    (copied.keys / f"{ended}.key").write_bytes(b"k" * 32)
    (copied.keys / f"{ended}.key").chmod(0o600)
    assert copied.codes() == {"AUDIT-22"}
    (copied.keys / f"{ended}.gone").unlink()
    assert copied.codes() == {"AUDIT-23"}
    (copied.keys / f"{ended}.key").unlink()
    assert copied.codes() == {"AUDIT-24"}


def test_a_key_or_a_database_that_others_may_read_is_found(copied: Copied):
    copied.database.chmod(0o640)
    assert copied.codes() == {"AUDIT-25"}
    copied.database.chmod(0o600)
    next(copied.keys.glob("*.key")).chmod(0o604)
    assert copied.codes() == {"AUDIT-21"}
    next(copied.keys.glob("*.key")).chmod(0o600)
    copied.keys.chmod(0o750)
    assert copied.codes() == {"AUDIT-21"}


# --- Messages -----------------------------------------------------------------------------------

_REMINDER = "json_extract(note, '$.kind') = 'round.reminder'"
NOTES = {
    "a reminder was left out for one who answered": (
        "AUDIT-34",
        f"DELETE FROM delivery WHERE id = (SELECT max(id) FROM delivery WHERE {_REMINDER})",
    ),
    "a reminder differs": (
        "AUDIT-35",
        "UPDATE delivery SET note = json_set(note, '$.params.round', '0') "
        f"WHERE id = (SELECT max(id) FROM delivery WHERE {_REMINDER})",
        "UPDATE delivery SET note = json_set(note, '$.params.round', "
        "(SELECT id FROM round WHERE state = 'reminded'), '$.mood', 1) "
        f"WHERE id = (SELECT max(id) FROM delivery WHERE {_REMINDER})",
    ),
    "a reminder counts attempts": (
        "AUDIT-36",
        "UPDATE delivery SET attempts = 1 "
        f"WHERE id = (SELECT max(id) FROM delivery WHERE {_REMINDER})",
    ),
    "a reminder has a state of its own": (
        "AUDIT-37",
        "UPDATE delivery SET state = 'skipped' "
        f"WHERE id = (SELECT max(id) FROM delivery WHERE {_REMINDER})",
    ),
    "ids carry an order": (
        "AUDIT-38",
        f"UPDATE delivery SET id = '01890a5d' || substr(id, 9) WHERE {_REMINDER}",
    ),
    "a reminder was stored as a message": (
        "AUDIT-39",
        "INSERT INTO message (conversation_id, at, note) SELECT 'person:dag-4', '2026-03-01', note "
        f"FROM delivery WHERE {_REMINDER} LIMIT 1",
    ),
    "a note carries an answer": (
        "AUDIT-32",
        "UPDATE delivery SET note = json_set(note, '$.params.answer', 4) "
        "WHERE json_extract(note, '$.kind') = 'result.lead'",
    ),
    "an unknown note speaks of a round": (
        "AUDIT-31",
        "UPDATE message SET note = json_set(note, '$.kind', 'nudge.late') "
        "WHERE json_extract(note, '$.kind') = 'result.team'",
    ),
    "an unknown note carries an answer": (
        "AUDIT-32",
        "UPDATE message SET note = json_object('kind', 'thanks', 'params', json_object('score', 4))"
        " WHERE json_extract(note, '$.kind') = 'welcome'",
    ),
    "a lead is told a number": (
        "AUDIT-33",
        "UPDATE message SET note = json_set(note, '$.params.reached', 7) "
        "WHERE json_extract(note, '$.kind') = 'round.bit'",
    ),
}


@pytest.mark.parametrize("name", NOTES)
def test_a_message_that_tells_something_is_found(copied: Copied, name: str):
    code, *statements = NOTES[name]
    copied.sql(*statements)
    assert code in copied.codes()


# --- What was published -------------------------------------------------------------------------

_FROZEN = "UPDATE round SET frozen = json_set(frozen, '$.{}', {}) WHERE state = 'reported'"
PUBLISHED = {
    "a threshold under five": ("AUDIT-41", _FROZEN.format("threshold", 4)),
    "comments under the threshold": ("AUDIT-41", _FROZEN.format("comment_answers", 4)),
    "a figure of an open round": (
        "AUDIT-42",
        "UPDATE figure SET round_id = (SELECT id FROM round WHERE state = 'reminded')",
    ),
    "more than a bit of an open round": (
        "AUDIT-43",
        "UPDATE round SET reached = json_set(reached, '$.dag', 7) WHERE state = 'reminded'",
    ),
    "too few comments": (
        "AUDIT-72",
        "DELETE FROM comment WHERE id > (SELECT id FROM comment ORDER BY id LIMIT 1 OFFSET 1)",
    ),
    "comments of a group with too few answers": (
        "AUDIT-72",
        "UPDATE comment SET nodes_key = 'nat', at_node = 'nat'",
    ),
    "comments at two levels": (
        "AUDIT-73",
        "INSERT INTO comment SELECT substr(id, 2) || 'x', round_id, audience, 'org', "
        "nodes_key, text, held "
        "FROM comment WHERE at_node = 'dag'",
        "INSERT INTO comment SELECT substr(id, 2) || 'y', round_id, audience, 'aften', "
        "nodes_key, text, held "
        "FROM comment WHERE at_node = 'dag'",
    ),
    "comments although there was no box": ("AUDIT-71", _FROZEN.format("comments", "json('false')")),
    "a comment that was not cleaned": ("AUDIT-74", "UPDATE comment SET text = hex(zeroblob(400))"),
    "a held comment was kept": ("AUDIT-75", "UPDATE comment SET held = 1"),
    "comments numbered as they came": (
        "AUDIT-76",
        "UPDATE comment SET id = '01890a5d' || substr(id, 9)",
    ),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_broken_rule_of_publication_is_found(copied: Copied, name: str):
    code, *statements = PUBLISHED[name]
    copied.sql(*statements)
    assert code in copied.codes()


def _label(value: float, bound: str = "about") -> Callable[[dict], None]:
    def change(data: dict) -> None:
        data["questions"][0]["label"] = {"value": value, "bound": bound}

    return change


def _put(**values: object) -> Callable[[dict], None]:
    return lambda data: data.update(values)


def _asked(**values: object) -> Callable[[dict], None]:
    return lambda data: data["questions"][0].update(values)


_DAG = "kind = 'atom' AND audience = 'employees' AND at_node = 'dag'"
_AFTEN = "kind = 'atom' AND audience = 'employees' AND at_node <> 'dag'"
_ABOVE = "kind = 'parent' AND audience = 'employees'"
FIGURES = {
    "invited is not the roster's": ("AUDIT-55", _DAG, _put(invited=40)),
    "a group under the threshold": ("AUDIT-51", _AFTEN, _put(answered=4)),
    "more answers than people": ("AUDIT-52", _DAG, _put(answered=30)),
    "overlapping groups": ("AUDIT-53", _AFTEN, _put(nodes=["dag", "aften"])),
    "a group of others": ("AUDIT-54", _DAG, _put(nodes=["elsewhere"])),
    "an unclipped label": ("AUDIT-62", _DAG, _label(1.0)),
    "an unclipped bound": ("AUDIT-62", _AFTEN, _label(1.5, "at_most")),
    "a label that was not rounded": ("AUDIT-62", _DAG, _label(3.2)),
    "a mean with all its digits": ("AUDIT-62", _DAG, _label(3.1666)),
    "a distribution of few": ("AUDIT-61", _AFTEN, _asked(distribution=["few"] * 5)),
    "shares without a figure": ("AUDIT-61", _DAG, _asked(label=None)),
    "counts beside bands": ("AUDIT-44", _DAG, _asked(counts=[1, 2, 3, 4, 5])),
    "a mean beside labels": ("AUDIT-44", _DAG, _put(mean=3.41)),
    "exact shares": ("AUDIT-44", _DAG, _asked(dont_know=0.13)),
    "an overall figure of its own": (
        "AUDIT-63",
        _DAG,
        _put(overall={"value": 1.7, "bound": "about"}),
    ),
    "a parent of its own": ("AUDIT-64", _ABOVE, _label(1.3)),
    "a parent that counts others": ("AUDIT-64", _ABOVE, _put(answered=99)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_that_tells_too_much_is_found(copied: Copied, name: str):
    code, where, change = FIGURES[name]
    copied.data(change, where)
    assert code in copied.codes()


def test_a_parent_of_too_few_groups_is_found(copied: Copied):
    copied.sql(
        "DELETE FROM figure WHERE kind = 'atom' AND audience = 'employees' AND at_node <> 'dag'"
    )
    assert "AUDIT-64" in copied.codes()


# --- Files --------------------------------------------------------------------------------------


def test_a_free_page_that_is_not_zeros_is_found(copied: Copied):
    copied.sql(
        "CREATE TABLE x (a BLOB)",
        "INSERT INTO x VALUES (randomblob(50000))",
        "DELETE FROM x",
        secure=False,
    )
    assert copied.codes() == {"AUDIT-83"}
    copied.sql("VACUUM")
    assert copied.codes() == set()


def test_free_pages_that_were_zeroed_are_fine(copied: Copied):
    copied.sql(
        "CREATE TABLE x (a BLOB)",
        "INSERT INTO x VALUES (randomblob(50000)), (randomblob(90000))",
        "DELETE FROM x WHERE rowid = 1",
        "INSERT INTO x VALUES (randomblob(9000))",
        "DELETE FROM x",
    )
    assert copied.values("PRAGMA freelist_count") > [(5,)]
    assert copied.codes() == set()


def test_sealed_ballots_left_in_free_space_after_the_close_are_found(copied: Copied):
    standing = copied.round("reminded")
    (copied.keys / f"{standing}.key").unlink()
    (copied.keys / f"{standing}.gone").touch(0o600)
    copied.sql("UPDATE round SET state = 'void', reached = NULL", "DELETE FROM slot", secure=False)
    assert "AUDIT-82" in copied.codes()


def test_sealed_ballots_left_in_the_log_after_the_close_are_found(copied: Copied):
    standing = copied.round("reminded")
    (copied.keys / f"{standing}.key").unlink()
    (copied.keys / f"{standing}.gone").touch(0o600)
    driver = sqlite3.connect(copied.database, isolation_level=None)
    driver.execute("PRAGMA journal_mode=WAL")
    driver.execute("PRAGMA wal_autocheckpoint=0")
    driver.execute("UPDATE slot SET ballot = randomblob(length(ballot))")
    driver.execute("PRAGMA secure_delete=ON")
    driver.execute("DELETE FROM slot WHERE round_id = ?", (standing,))
    driver.execute("UPDATE round SET state = 'void', reached = NULL WHERE id = ?", (standing,))
    copied.database.with_name("trivselsbot.db-wal").chmod(0o600)
    try:
        places = {(one.code, one.table) for one in audit(copied.database, copied.keys).findings}
    finally:
        driver.close()
    assert ("AUDIT-82", "trivselsbot.db-wal") in places


def test_a_ballot_in_clear_anywhere_in_the_files_is_found(copied: Copied):
    copied.sql(
        "CREATE TABLE x (a TEXT)",
        'INSERT INTO x VALUES (\'{"a":{"calm":4},"c":null,"d":true,"l":null,"r":3}\')',
        "DELETE FROM x",
        secure=False,
    )
    assert "AUDIT-81" in copied.codes()


def test_answers_and_comments_in_a_log_file_are_found(copied: Copied, tmp_path: Path):
    ((question,),) = copied.values(
        "SELECT json_extract(frozen, '$.questions[0][0]') FROM round WHERE state = 'reported'"
    )
    logs = {
        "fine.log": ("INFO round opened: maturity, 26 invited 10:20:3\n", None),
        "click.log": (f"DEBUG ask.answer value='3:{question}:4'\n", "AUDIT-84"),
        "ballot.log": ('DEBUG {"a":{"x":4},"c":null,"d":true,"l":null,"r":3}\n', "AUDIT-81"),
        "comment.log": (f"DEBUG got {CANARY} 4\n", "AUDIT-85"),
        "empty.log": ("", None),
    }
    for name, (text, code) in logs.items():
        (tmp_path / name).write_text(text)
        assert copied.codes(tmp_path / name) == ({code} if code else set()), name


# --- The command --------------------------------------------------------------------------------


def test_the_command_says_nothing_can_be_linked_and_leaves_with_0(copied: Copied):
    env = {"TRIVSELSBOT_DATA": str(copied.folder)}
    told = CliRunner().invoke(commands, ["privacy-audit"], env=env)
    assert told.exit_code == 0
    assert "Nothing can be linked (2 rounds" in told.output
    assert "is reminded: until it closes, whoever holds" in told.output


def test_the_command_says_exactly_what_can_be_linked_and_leaves_with_1(copied: Copied):
    copied.sql("ALTER TABLE slot ADD COLUMN changed_at TEXT")
    where = ["--database", str(copied.database), "--keys", str(copied.keys)]
    told = CliRunner().invoke(commands, ["privacy-audit", *where])
    assert told.exit_code == 1
    assert "AUDIT-02 slot.changed_at: a column that the protocol does not have" in told.output
    as_json = CliRunner().invoke(commands, ["privacy-audit", *where, "--json"])
    plain = json.loads(as_json.output)
    assert as_json.exit_code == 1
    assert not plain["clean"]
    assert plain["findings"][0]["column"] == "changed_at"


def test_no_finding_names_a_person_an_answer_or_a_comment(copied: Copied, tmp_path: Path):
    copied.sql(
        "CREATE TABLE participation (round_id TEXT, person_id TEXT)",
        "INSERT INTO participation SELECT round_id, person_id FROM round_member",
        "UPDATE comment SET nodes_key = 'nat', at_node = 'nat'",
        "DELETE FROM slot WHERE slot = (SELECT min(slot) FROM slot)",
    )
    (tmp_path / "a.log").write_text(f"{CANARY} 3")
    said = json.dumps(audit(copied.database, copied.keys, [tmp_path / "a.log"]).as_plain())
    assert CANARY not in said
    assert not [person.id for person in PEOPLE.people if f'"{person.id}"' in said]
