"""Dialogues, their groups and their ideas, as rows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.action_items import ActionItem, Factor
from bot.domain.dialogues import Dialogue, Group, Idea, Naming, Phase, Prompt, Step, Way
from bot.domain.people import Node, Person
from bot.storage import actions, dialogues, ideas, migrate, people
from bot.storage.store import Store, Tx

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
ONE = Dialogue(
    id="1" * 32,
    node="dag",
    topic="Samarbejde",
    way=Way.DAYS,
    naming=Naming.ANONYMOUS,
    phase=Phase.COLLECTING,
    started_by="ann",
    started_at=NOW,
    moved_at=NOW,
    source=Prompt("result", "f" * 32, "help"),
    until=NOW + timedelta(days=3),
    next_at=NOW + timedelta(days=3, hours=1),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    file = tmp_path / "t.db"
    migrate.upgrade(file)

    def settle(tx: Tx) -> None:
        people.put_node(tx, Node("org", "Org"))
        people.put_person(tx, Person("ann", "Ann", "org"))
        dialogues.insert_new(tx, ONE)

    with Store.open(file) as opened:
        opened.write_now(settle)
        yield opened


def test_a_dialogue_comes_back_as_it_was_kept(store: Store) -> None:
    assert store.read_now(lambda tx: dialogues.get(tx, ONE.id)) == ONE
    assert store.read_now(lambda tx: dialogues.get(tx, "nothing")) is None


def test_a_node_has_one_running_dialogue_on_a_topic(store: Store) -> None:
    same = replace(ONE, id="2" * 32, topic="SAMARBEJDE")
    assert not store.write_now(lambda tx: dialogues.insert_new(tx, same))
    elsewhere = replace(same, id="3" * 32, node="nat")
    assert store.write_now(lambda tx: dialogues.insert_new(tx, elsewhere))
    over = replace(ONE, phase=Phase.ENDED, ended_at=NOW)
    assert store.write_now(lambda tx: dialogues.change(tx, over))
    assert store.write_now(lambda tx: dialogues.insert_new(tx, same))


def test_of_two_changes_of_one_version_the_first_stands(store: Store) -> None:
    first, second = replace(ONE, phase=Phase.GROUPING), replace(ONE, phase=Phase.ENDED)
    assert store.write_now(lambda tx: dialogues.change(tx, first))
    assert not store.write_now(lambda tx: dialogues.change(tx, second))
    now = store.read_now(lambda tx: dialogues.get(tx, ONE.id))
    assert now == replace(first, version=2)


def test_lists_are_the_nodes_own_the_newest_first(store: Store) -> None:
    later = replace(ONE, id="2" * 32, topic="Ro", started_at=NOW + timedelta(days=1))
    ended = replace(later, id="3" * 32, topic="Møder", phase=Phase.ENDED, ended_at=NOW)
    other = replace(later, id="4" * 32, node="nat")
    store.write_now(lambda tx: [dialogues.insert_new(tx, one) for one in (later, ended, other)])
    found = store.read_now(lambda tx: dialogues.of_nodes(tx, ["dag"]))
    assert [one.topic for one in found] == ["Ro", "Møder", "Samarbejde"]
    running = store.read_now(lambda tx: dialogues.running(tx, ["dag", "nat"]))
    assert [one.id[0] for one in running] == ["2", "4", "1"]


def test_what_is_due_is_found_and_can_be_put_off_without_a_new_version(store: Store) -> None:
    assert store.read_now(lambda tx: dialogues.due(tx, NOW)) == ()
    later = NOW + timedelta(days=9)
    assert [one.id for one in store.read_now(lambda tx: dialogues.due(tx, later))] == [ONE.id]
    store.write_now(lambda tx: dialogues.plan(tx, ONE.id, later))
    assert store.read_now(dialogues.next_at) == later
    now = store.read_now(lambda tx: dialogues.get(tx, ONE.id))
    assert now is not None
    assert now.version == 1


def test_groups_come_in_their_order_and_remember_the_action_they_became(store: Store) -> None:
    made = [Group(letter * 32, ONE.id, Step.HOW, letter, Factor.RISK) for letter in "abc"]

    def work(tx: Tx) -> None:
        dialogues.insert_groups(tx, made)
        dialogues.set_places(tx, [made[2].id, made[0].id, made[1].id])
        day = NOW.date()
        item = ActionItem("9" * 32, "org", "Kaffe", "Køb", "ann", day, day, day)
        actions.insert_new(tx, item, NOW, "ann")
        assert dialogues.link_action(tx, made[2].id, item.id)
        assert not dialogues.link_action(tx, "nothing", item.id)

    store.write_now(work)
    found = store.read_now(lambda tx: dialogues.groups(tx, ONE.id, Step.HOW))
    assert [(one.name, one.place) for one in found] == [("c", 1), ("a", 2), ("b", 3)]
    assert [one.action for one in found] == ["9" * 32, None, None]
    assert store.read_now(lambda tx: dialogues.groups(tx, ONE.id, Step.BEST)) == ()


def test_only_empty_groups_are_dropped(store: Store) -> None:
    made = [Group(letter * 32, ONE.id, Step.HOW, letter) for letter in "ab"]
    idea = Idea("5" * 32, ONE.id, Step.HOW, "Ro", group=made[0].id)

    def work(tx: Tx) -> None:
        dialogues.insert_groups(tx, made)
        ideas.insert_all(tx, [idea])
        dialogues.drop_empty_groups(tx, ONE.id)

    store.write_now(work)
    assert store.read_now(lambda tx: dialogues.groups(tx, ONE.id)) == (made[0],)
    assert store.read_now(lambda tx: ideas.of_dialogue(tx, ONE.id)) == (idea,)


def test_ideas_lie_in_the_order_of_their_random_ids(store: Store) -> None:
    said = [Idea(letter * 32, ONE.id, Step.NOW, letter) for letter in "cab"]
    store.write_now(lambda tx: ideas.insert_all(tx, said))
    rows = store.read_now(lambda tx: tx.rows(text("SELECT text FROM idea")))
    assert [row.text for row in rows] == ["a", "b", "c"]
    assert "'a'" not in repr(said[1])
