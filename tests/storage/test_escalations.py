"""Escalations are kept until they are answered, and answered once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.escalations import Escalation, EscalationState
from bot.domain.people import Node, Person
from bot.storage import escalations, migrate, people
from bot.storage.store import Store, Tx

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    file = tmp_path / "t.db"
    migrate.upgrade(file)
    opened = Store.open(file)

    def settle(tx: Tx) -> None:
        people.put_node(tx, Node("org", "Org"))
        people.put_node(tx, Node("team", "Team", "org"))
        people.put_person(tx, Person("ann", "Ann", "team"))
        people.put_person(tx, Person("bo", "Bo", "org"))

    opened.write_now(settle)
    return opened


def one(id_: str, hours: int = 0, to: str = "org") -> Escalation:
    return Escalation(id_, "team", to, "Et ønske", "ann", NOW + timedelta(hours=hours))


def test_what_is_kept_is_read_back(store: Store) -> None:
    store.write_now(lambda tx: escalations.insert_new(tx, one("e1")))
    assert store.read_now(lambda tx: escalations.get(tx, "e1")) == one("e1")
    assert store.read_now(lambda tx: escalations.get(tx, "e2")) is None


def test_the_same_one_is_kept_once(store: Store) -> None:
    assert store.write_now(lambda tx: escalations.insert_new(tx, one("e1")))
    assert not store.write_now(lambda tx: escalations.insert_new(tx, one("e1", 3)))
    assert store.read_now(lambda tx: escalations.get(tx, "e1")) == one("e1")


def test_what_waits_is_listed_the_longest_waiting_first(store: Store) -> None:
    several = (one("e1", 5), one("e2", 1), one("e3", to="team"), one("e4", 2))
    store.write_now(lambda tx: [escalations.insert_new(tx, new) for new in several])
    yes = EscalationState.YES
    store.write_now(lambda tx: escalations.answer(tx, "e4", yes, "Ja", "bo", NOW))
    waiting = store.read_now(lambda tx: escalations.waiting_at(tx, ["org"]))
    assert [found.id for found in waiting] == ["e2", "e1"]
    sent = store.read_now(lambda tx: escalations.sent_from(tx, ["team"]))
    assert [found.id for found in sent] == ["e3", "e2", "e4", "e1"]


def test_only_the_first_answer_counts(store: Store) -> None:
    store.write_now(lambda tx: escalations.insert_new(tx, one("e1")))
    yes, other = EscalationState.YES, EscalationState.OTHER
    assert store.write_now(lambda tx: escalations.answer(tx, "e1", yes, "Ja", "bo", NOW))
    assert not store.write_now(lambda tx: escalations.answer(tx, "e1", other, "Nå", "ann", NOW))
    found = store.read_now(lambda tx: escalations.get(tx, "e1"))
    assert found is not None
    assert (found.state, found.answer, found.answered_by) == (yes, "Ja", "bo")
    assert (found.answered_at, found.version, found.waiting) == (NOW, 2, False)
