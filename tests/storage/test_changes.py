"""The database counts every change of a person or a node, whoever makes it; answers it does not."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.people import Node, NodeRules, Person
from bot.storage import changes, migrate, people, slots
from bot.storage.store import Store, Tx


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A migrated database with a tree of two and one person."""
    path = tmp_path / "bot.db"
    migrate.upgrade(path)
    with Store.open(path) as store:
        store.write_now(_settle)
    return path


def _settle(tx: Tx) -> None:
    people.put_node(tx, Node("org", "Alle"))
    people.put_node(tx, Node("dag", "Dag", "org"))
    people.put_person(tx, Person("anna", "Anna", "dag"))


BY_HAND = (
    "UPDATE person SET active = 0 WHERE id = 'anna'",
    "INSERT INTO person (id, name, node_id, checkins_off, active) VALUES ('bo', 'Bo', 'dag', 0, 1)",
    "DELETE FROM person WHERE id = 'anna'",
    "UPDATE node SET rules = '{}' WHERE id = 'org'",
    "INSERT INTO node (id, parent_id, name, rules) VALUES ('nat', 'org', 'Nat', '{}')",
    "DELETE FROM node WHERE id = 'dag' AND 0 = (SELECT count(*) FROM person WHERE node_id = 'dag')",
)


@pytest.mark.parametrize("sql", BY_HAND)
def test_a_change_by_hand_is_counted(database: Path, sql: str) -> None:
    if sql.startswith("DELETE FROM node"):
        _by_hand(database, "UPDATE person SET node_id = 'org'")
    with Store.open(database) as store:
        before = store.read_now(changes.number)
        _by_hand(database, sql)
        assert before is not None
        assert store.read_now(changes.number) == before + 1


def _by_hand(database: Path, sql: str) -> None:
    with closing(sqlite3.connect(database)) as other:
        assert other.execute(sql).rowcount == 1
        other.commit()


def test_a_change_is_seen_inside_its_own_transaction_and_gone_when_that_fails(
    database: Path,
) -> None:
    def fail(tx: Tx) -> None:
        before = changes.number(tx)
        people.set_language(tx, "anna", "sv")
        assert before is not None
        assert changes.number(tx) == before + 1
        raise LookupError

    with Store.open(database) as store:
        before = store.read_now(changes.number)
        with pytest.raises(LookupError):
            store.write_now(fail)
        assert store.read_now(changes.number) == before


def test_an_answer_is_no_change_of_anybody(database: Path) -> None:
    with Store.open(database) as store:
        before = store.read_now(changes.number)
        store.write_now(lambda tx: slots.write(tx, "0" * 32, b"no such slot", b"sealed"))
        assert store.read_now(changes.number) == before


def test_a_table_that_was_rebuilt_is_watched_again_from_the_next_start(database: Path) -> None:
    _drop_triggers(database)
    migrate.upgrade(database)
    with Store.open(database) as store:
        before = store.read_now(changes.number)
        store.write_now(lambda tx: people.set_rules(tx, "org", NodeRules(language="sv")))
        assert store.read_now(changes.number) != before


def _drop_triggers(database: Path) -> None:
    with closing(sqlite3.connect(database)) as other:
        found = other.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for (name,) in found:
            other.execute(f"DROP TRIGGER {name}")
        other.commit()
    assert len(found) == len(changes.WATCHED) * len(changes.DEEDS)


def test_a_database_that_nobody_counts_in_has_no_number(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    migrate.upgrade(path)
    _by_hand(path, f"DELETE FROM meta WHERE key = '{changes.KEY}'")
    with Store.open(path) as store:
        assert store.read_now(changes.number) is None
