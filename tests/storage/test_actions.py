"""Actions are kept whole, with every version they ever had."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.action_items import (
    ActionItem,
    ActionState,
    Effect,
    Factor,
    Level,
    Milestone,
    Perspective,
    Prevention,
    Source,
    Verdict,
)
from bot.domain.people import Node, Person
from bot.storage import actions, migrate, people
from bot.storage.store import Store, Tx

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    file = tmp_path / "t.db"
    migrate.upgrade(file)
    opened = Store.open(file)

    def settle(tx: Tx) -> None:
        people.put_node(tx, Node("org", "Org"))
        people.put_person(tx, Person("ann", "Ann", "org"))
        people.put_person(tx, Person("bo", "Bo", "org"))

    opened.write_now(settle)
    return opened


def item(id_: str = "a1", **changes: object) -> ActionItem:
    plain = ActionItem(
        id=id_,
        node="org",
        what="Ti minutter sammen hver morgen",
        first_step="Aftal et sted",
        responsible="ann",
        due=date(2026, 3, 16),
        follow_up=date(2026, 3, 30),
        created_on=date(2026, 3, 2),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


FULL = item(
    "a2",
    goal="Ro om morgenen",
    problem="Alle taler på én gang",
    where="Vagtstuen",
    how="Stående",
    helpers=("bo",),
    milestones=(Milestone(date(2026, 3, 9), "Prøv én dag", done=True),),
    level=Level.LEADER,
    prevention=Prevention.SECONDARY,
    perspective=Perspective.HANDLING,
    factor=Factor.RISK,
    trial=False,
    source=Source("result", "f1", "anchor"),
    state=ActionState.DONE,
    done_on=date(2026, 3, 12),
    turn=2,
    said=Effect.PARTLY,
    effect=Effect.WORKS,
    verdict=Verdict.KEEP,
    learnt="Kort er godt",
    shared=True,
)


def test_every_field_comes_back_as_it_was_kept(store: Store) -> None:
    store.write_now(lambda tx: actions.insert_new(tx, FULL, NOW, "ann"))
    assert store.read_now(lambda tx: actions.get(tx, "a2")) == FULL
    assert actions.from_plain(actions.to_plain(FULL)) == FULL
    assert store.read_now(actions.shared) == (FULL,)


def test_a_change_from_an_old_version_is_refused_and_changes_nothing(store: Store) -> None:
    store.write_now(lambda tx: actions.insert_new(tx, item(), NOW, "ann"))
    first, second = replace(item(), what="Kaffe"), replace(item(), what="Te")
    assert store.write_now(lambda tx: actions.change(tx, first, NOW, "ann", "changed"))
    assert not store.write_now(lambda tx: actions.change(tx, second, NOW, "bo", "changed"))
    found = store.read_now(lambda tx: actions.get(tx, "a1"))
    assert found == replace(first, version=2)
    assert [e.kind for e in store.read_now(lambda tx: actions.history(tx, "a1"))] == [
        "created",
        "changed",
    ]
    assert store.read_now(lambda tx: actions.at_version(tx, "a1", 1)) == item()


def test_no_action_is_without_a_responsible_or_in_disorder(store: Store) -> None:
    with pytest.raises(ValueError, match="responsible"):
        item(responsible="")
    with pytest.raises(ValueError, match="after"):
        item(follow_up=date(2026, 3, 1))
    nobody = item()
    object.__setattr__(nobody, "responsible", "nobody-we-know")
    with pytest.raises(IntegrityError):
        store.write_now(lambda tx: actions.insert_new(tx, nobody, NOW, None))


def test_only_one_process_gets_what_is_due(store: Store) -> None:
    store.write_now(lambda tx: actions.insert_new(tx, item(), NOW, "ann"))
    store.write_now(lambda tx: actions.plan(tx, "a1", NOW, ("first",)))
    (due,) = store.read_now(lambda tx: actions.due(tx, NOW))
    assert due.told == ("first",)
    assert store.write_now(lambda tx: actions.claim(tx, due, None, ("first", "soon")))
    assert not store.write_now(lambda tx: actions.claim(tx, due, None, ("first", "soon")))
    assert store.read_now(actions.next_at) is None
    assert store.read_now(lambda tx: actions.told(tx, "a1")) == ("first", "soon")


def test_a_board_shows_only_its_own_nodes_and_states_soonest_first(store: Store) -> None:
    def fill(tx: Tx) -> None:
        people.put_node(tx, Node("dag", "Dag", "org"))
        actions.insert_new(tx, item("late", due=date(2026, 3, 20)), NOW, None)
        actions.insert_new(tx, item("soon"), NOW, None)
        actions.insert_new(tx, item("elsewhere", node="dag"), NOW, None)
        done = item("done", state=ActionState.DONE, responsible="bo")
        actions.insert_new(tx, done, NOW, None)

    store.write_now(fill)
    standing = [state for state in ActionState if state.standing]
    found = store.read_now(lambda tx: actions.of_nodes(tx, ["org"], standing))
    assert [one.id for one in found] == ["soon", "late"]
    mine = store.read_now(lambda tx: actions.of_responsible(tx, "bo"))
    assert [one.id for one in mine] == ["done"]


def test_changes_since_a_moment_tell_what_became_done(store: Store) -> None:
    later = NOW + timedelta(days=3)

    def work(tx: Tx) -> tuple[set[str], set[str]]:
        for one in (item("a1"), item("a2"), item("a3")):
            actions.insert_new(tx, one, NOW, "ann")
        done = replace(item("a1"), state=ActionState.DONE, done_on=NOW.date())
        actions.change(tx, done, later, "ann", "done")
        actions.change(tx, replace(item("a2"), goal="Ro"), later, "ann", "edited")
        events = actions.events_since(tx, ["org"], NOW)
        return {one.item.id for one in events}, set(actions.became(tx, events, ActionState.DONE))

    assert store.write_now(work) == ({"a1", "a2"}, {"a1"})


def test_who_was_done_before_did_not_become_it(store: Store) -> None:
    later = NOW + timedelta(days=3)

    def work(tx: Tx) -> frozenset[str]:
        actions.insert_new(tx, item("a1", state=ActionState.DONE), NOW, "ann")
        said = item("a1", state=ActionState.DONE, said=Effect.WORKS)
        actions.change(tx, said, later, "ann", "effect")
        return actions.became(tx, actions.events_since(tx, ["org"], NOW), ActionState.DONE)

    assert store.write_now(work) == frozenset()


def test_the_nodes_that_have_actions_are_known(store: Store) -> None:
    assert store.read_now(actions.nodes) == frozenset()
    store.write_now(lambda tx: actions.insert_new(tx, item(), NOW, "ann"))
    assert store.read_now(actions.nodes) == {"org"}
