"""A database is brought to the schema of the code whole, or stays as it was."""

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text, create_engine
from store_sandbox import run_python, start_python

from bot.storage import migrate
from bot.storage.engine import migration_engine
from bot.storage.migrate import autogenerate, current, newest, upgrade
from bot.storage.store import Store
from bot.storage.tables import metadata
from bot.storage.trouble import Code, StorageUnusable

FIRST = """
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None
def upgrade():
    op.create_table("pot", sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Text))
    op.create_table(
        "lid",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("pot_id", sa.Integer, sa.ForeignKey("pot.id", ondelete="CASCADE")),
    )
"""
SECOND = """
import os, signal, time
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
    op.create_table("spoon", sa.Column("id", sa.Integer, primary_key=True))
    with op.batch_alter_table("pot") as batch:
        batch.alter_column("x", new_column_name="y")
    op.execute("UPDATE pot SET y = y || '!'")
    {then}
"""


def steps_in(folder: Path, *texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(texts, 1):
        (folder / f"{number:04d}_step.py").write_text(text)
    return folder


@pytest.fixture
def old(path: Path, tmp_path: Path) -> Path:
    """A database at the first of the sandbox's two steps, with rows."""
    upgrade(path, steps=steps_in(tmp_path / "one", FIRST))
    with closing(sqlite3.connect(path)) as driver:
        driver.execute("INSERT INTO pot VALUES (1, 'soup')")
        driver.execute("INSERT INTO lid VALUES (1, 1)")
        driver.commit()
    return path


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as driver:
        assert driver.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return list(driver.iterdump())


def storage_flags(path: Path) -> dict[str, tuple[object, ...]]:
    """What ``compare_metadata`` does not see: WITHOUT ROWID and AUTOINCREMENT."""
    with closing(sqlite3.connect(path)) as driver:
        sql = dict(driver.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        listed = driver.execute("PRAGMA main.table_list").fetchall()
    return {
        name: (without_rowid, strict, "AUTOINCREMENT" in sql[name])
        for _, name, kind, _, without_rowid, strict in listed
        if kind == "table" and name in sql and not name.startswith(("sqlite_", "alembic_"))
    }


def test_the_steps_lead_to_exactly_the_tables_of_the_code(path: Path, tmp_path: Path) -> None:
    upgrade(path)
    migrating = migration_engine(path)
    with migrating.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    migrating.dispose()

    direct = create_engine(f"sqlite:///{tmp_path}/direct.db")
    metadata.create_all(direct)
    direct.dispose()
    assert storage_flags(path) == storage_flags(tmp_path / "direct.db")
    assert len(storage_flags(path)) == len(metadata.tables)


def test_a_new_database_is_created_and_needs_no_backup(path: Path) -> None:
    assert current(path) is None
    assert upgrade(f"sqlite:///{path}") is None
    assert {file.name for file in path.parent.iterdir()} == {"sandbox.db"}
    assert current(path) == newest()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_database_that_is_up_to_date_is_left_alone(path: Path) -> None:
    upgrade(path)
    before = path.read_bytes()
    assert upgrade(path) is None
    assert path.read_bytes() == before


def test_an_older_database_is_copied_before_it_is_changed(old: Path, tmp_path: Path) -> None:
    before = dump(old)
    saved = upgrade(old, steps=steps_in(tmp_path / "two", FIRST, SECOND.format(then="")))
    assert saved == old.with_name("sandbox.db.before-0002")
    assert dump(saved) == before
    assert saved.stat().st_mode & 0o777 == 0o600
    assert current(saved) == "0001"


def test_a_rebuilt_table_keeps_its_rows_and_what_refers_to_them(old: Path, tmp_path: Path) -> None:
    upgrade(old, steps=steps_in(tmp_path / "two", FIRST, SECOND.format(then="")))
    with closing(sqlite3.connect(old)) as driver:
        assert driver.execute("SELECT id, y FROM pot").fetchall() == [(1, "soup!")]
        assert driver.execute("SELECT id, pot_id FROM lid").fetchall() == [(1, 1)]
        assert driver.execute("PRAGMA foreign_key_list(lid)").fetchone()[2] == "pot"
    assert current(old) == "0002"


@pytest.mark.parametrize(
    "then",
    [
        "raise ValueError('no')",
        "op.execute('SELECT * FROM nowhere')",
        "op.execute('DELETE FROM pot')",  # the lid would refer to a pot that is gone
    ],
)
def test_a_step_that_fails_leaves_the_old_schema(old: Path, tmp_path: Path, then: str) -> None:
    before = dump(old)
    with pytest.raises(StorageUnusable) as caught:
        upgrade(old, steps=steps_in(tmp_path / "two", FIRST, SECOND.format(then=then)))
    assert caught.value.code is Code.MIGRATION_FAILED
    assert dump(old) == before


UPGRADE = "import sys; from pathlib import Path; from bot.storage.migrate import upgrade;"
UPGRADE += "print(upgrade(sys.argv[1], steps=Path(sys.argv[2])))"


def test_a_process_killed_half_way_leaves_the_old_schema(old: Path, tmp_path: Path) -> None:
    before = dump(old)
    killed = SECOND.format(then="os.kill(os.getpid(), signal.SIGKILL)")
    status, _ = run_python(UPGRADE, old, steps_in(tmp_path / "two", FIRST, killed))
    assert status == -signal.SIGKILL
    assert dump(old) == before
    upgrade(old, steps=steps_in(tmp_path / "two", FIRST, SECOND.format(then="")))
    assert current(old) == "0002"


@pytest.mark.slow
@pytest.mark.parametrize("existing", [True, False])
def test_two_processes_that_migrate_at_once_do_it_once(
    old: Path, tmp_path: Path, existing: bool
) -> None:
    target = old if existing else tmp_path / "other" / "new.db"
    slow = SECOND.format(then="time.sleep(0.5)")
    steps = steps_in(tmp_path / "two", FIRST, slow)
    with start_python(UPGRADE, target, steps) as one, start_python(UPGRADE, target, steps) as two:
        told = {process.communicate(timeout=60)[0].strip() for process in (one, two)}
    assert (one.returncode, two.returncode) == (0, 0)
    assert told == ({"None", f"{target}.before-0002"} if existing else {"None"})
    with closing(sqlite3.connect(target)) as driver:
        assert driver.execute("SELECT version_num FROM alembic_version").fetchall() == [("0002",)]
        found = driver.execute("SELECT y FROM pot").fetchall()
    assert found == ([("soup!",)] if existing else [])


def test_a_database_newer_than_the_code_is_refused_and_left_alone(
    old: Path, tmp_path: Path
) -> None:
    upgrade(old, steps=steps_in(tmp_path / "two", FIRST, SECOND.format(then="")))
    before = dump(old)
    with pytest.raises(StorageUnusable, match="schema 0002, this version knows 0001") as caught:
        upgrade(old, steps=tmp_path / "one")
    assert caught.value.code is Code.NEWER
    assert dump(old) == before


def test_somebody_elses_database_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as driver:
        driver.execute("CREATE TABLE recipe (id INTEGER)")
    before = dump(path)
    with pytest.raises(StorageUnusable) as caught:
        upgrade(path)
    assert caught.value.code is Code.FOREIGN
    assert dump(path) == before


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear database, " * 500)
    for look in (upgrade, current):
        with pytest.raises(StorageUnusable) as caught:
            look(tmp_path / "letter")
        assert caught.value.code is Code.DAMAGED


def test_asking_for_the_revision_changes_nothing(old: Path) -> None:
    with closing(sqlite3.connect(old)) as driver:
        driver.execute("PRAGMA journal_mode=DELETE")
    before = old.read_bytes()
    assert current(old) == "0001"
    assert old.read_bytes() == before
    with Store.open(old):
        assert current(old) == "0001"


@pytest.mark.slow
def test_a_new_step_is_written_from_the_tables_and_can_be_written_anew(tmp_path: Path) -> None:
    steps = steps_in(tmp_path / "steps")
    wanted = MetaData(naming_convention=metadata.naming_convention)
    pot = Table("pot", wanted, Column("id", Integer, primary_key=True), Column("x", Text))
    first = autogenerate("the pot", steps=steps, metadata=wanted)
    assert first.name == "0001_the_pot.py"

    Table(
        "lid",
        wanted,
        Column("id", Integer, primary_key=True),
        Column("pot_id", Integer, ForeignKey("pot.id"), index=True),
        sqlite_with_rowid=False,
    )
    second = autogenerate("a lid", steps=steps, metadata=wanted)
    assert second.name == "0002_a_lid.py"
    assert "ix_lid_pot_id" in second.read_text()

    pot.append_column(Column("colour", Text))
    anew = autogenerate("lid and colour", replace="0002", steps=steps, metadata=wanted)
    assert sorted(steps.glob("*.py")) == [first, anew]
    database = tmp_path / "pots.db"
    upgrade(database, steps=steps)
    migrating = migration_engine(database)
    with migrating.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), wanted) == []
    migrating.dispose()


def test_the_steps_know_no_code_that_may_change() -> None:
    steps = list(migrate.STEPS.glob("*.py"))
    assert steps
    for step in steps:
        assert "bot." not in step.read_text(), step.name
