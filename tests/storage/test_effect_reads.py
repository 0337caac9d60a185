"""What storage answers about actions as they stood, and about rounds and figures of one thing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.action_items import ActionItem
from bot.domain.people import Node, Person
from bot.domain.results import AtomFigure, Audience, Label, Published, QuestionFigure
from bot.domain.rounds import EFFECT, AskedQuestion, Invited, Round, RoundState
from bot.storage import actions, figures, migrate, people, rounds, slots
from bot.storage.store import Store, Tx

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    file = tmp_path / "t.db"
    migrate.upgrade(file)
    opened = Store.open(file)

    def settle(tx: Tx) -> None:
        people.put_node(tx, Node("org", "Org"))
        for name in ("ann", "bo"):
            people.put_person(tx, Person(name, name.title(), "org"))

    opened.write_now(settle)
    return opened


def item(**changes: object) -> ActionItem:
    plain = ActionItem(
        id="a1",
        node="org",
        what="Ro om morgenen",
        first_step="Find et sted",
        responsible="ann",
        due=date(2026, 3, 16),
        follow_up=date(2026, 3, 30),
        created_on=date(2026, 3, 2),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def one_round(id_: str, about: str = "a1", instrument: str = EFFECT, day: int = 0) -> Round:
    at = NOW + day * DAY
    return Round(
        id=id_,
        scope=("org",),
        instrument=instrument,
        questions=(AskedQuestion("works", "high", (1, 3, 5)), AskedQuestion("other", "low")),
        comments=False,
        threshold=5,
        comment_answers=10,
        zone="Europe/Copenhagen",
        local_date=at.date(),
        opens_at=at,
        remind_at=None,
        closes_at=at + DAY,
        publish_at=at + DAY,
        state=RoundState.OPEN,
        nodes={"org": ("Org", None)},
        about=about,
    )


def open_rounds(store: Store, *wanted: Round) -> None:
    def work(tx: Tx) -> None:
        for one in wanted:
            assert rounds.insert_new(tx, one, [Invited("ann", "org")], one.closes_at)

    store.write_now(work)


def test_an_action_is_found_as_it_stood_at_an_instant(store: Store) -> None:
    def work(tx: Tx) -> None:
        actions.insert_new(tx, item(), NOW, "ann")
        actions.change(tx, item(what="Ro til middag"), NOW + DAY, "bo", "changed")

    store.write_now(work)

    def what(at: datetime) -> str | None:
        found = store.read_now(lambda tx: actions.as_of(tx, "a1", at))
        return found.what if found else None

    assert what(NOW - DAY) is None
    assert what(NOW) == "Ro om morgenen"
    assert what(NOW + DAY) == what(NOW + 9 * DAY) == "Ro til middag"


def test_whether_anything_is_shared_is_known_without_reading_it_all(store: Store) -> None:
    store.write_now(lambda tx: actions.insert_new(tx, item(), NOW, "ann"))
    assert not store.read_now(actions.any_shared)
    store.write_now(lambda tx: actions.change(tx, item(shared=True), NOW, "ann", "shared"))
    assert store.read_now(actions.any_shared)


def test_a_round_keeps_the_scales_of_its_questions(store: Store) -> None:
    one = one_round("r1")
    open_rounds(store, one)
    found = store.read_now(lambda tx: rounds.get(tx, "r1"))
    assert found is not None
    assert found.questions == one.questions
    store.write_now(lambda tx: slots.insert_all(tx, "r1", [(b"k" * 32, b"x")]))
    slot = store.read_now(lambda tx: slots.read(tx, "r1", b"k" * 32))
    assert slot is not None
    assert (slot.terms.about, slot.terms.scales) == ("a1", {"works": (1, 3, 5)})


def test_rounds_about_one_thing_are_found_the_last_to_open_first(store: Store) -> None:
    open_rounds(
        store,
        one_round("r1"),
        one_round("r2", day=7),
        one_round("r3", about="a2", day=3),
        one_round("r4", instrument="ideas", day=4),
    )
    found = store.read_now(lambda tx: rounds.about(tx, EFFECT, "a1"))
    assert [one.id for one in found] == ["r2", "r1"]


def test_rounds_of_an_instrument_that_ask_people_of_a_place_are_found(store: Store) -> None:
    open_rounds(
        store,
        one_round("r1"),
        one_round("r2", day=7),
        one_round("r3", about="a2", day=3),
        one_round("r4", instrument="ideas", day=4),
    )

    def found(*nodes: str) -> list[str]:
        since = NOW + DAY
        rows = store.read_now(lambda tx: rounds.asked_in(tx, EFFECT, since, nodes))
        return [one.id for one in rows]

    assert found("org", "elsewhere") == ["r2", "r3"]
    assert found("elsewhere") == []


def test_who_was_asked_about_one_thing_was_not_asked_about_another(store: Store) -> None:
    open_rounds(store, one_round("r1", about="a2"))

    def asked(about: str) -> frozenset[str]:
        return store.read_now(lambda tx: rounds.asked_since(tx, EFFECT, NOW - DAY, about))

    assert asked("a2") == {"ann"} == asked("")
    assert asked("a1") == frozenset()


def test_later_figures_of_the_same_group_are_found_and_an_effect_has_none_before_it(
    store: Store,
) -> None:
    def published(round_id: str) -> Published:
        shown = (QuestionFigure("works", Label(3.0)),)
        atom = AtomFigure("org", ("org",), Audience.EMPLOYEES, 5, 5, shown)
        return Published((atom,), (), (), ())

    wanted = [one_round(f"r{n}", "", "checkin", n * 7) for n in range(3)]
    wanted += [one_round("e1"), one_round("e2", day=9)]
    open_rounds(store, *wanted)

    def work(tx: Tx) -> None:
        for one in wanted:
            figures.insert_published(tx, one.id, published(one.id), {0: f"f{one.id}"}, [])

    store.write_now(work)

    def read(tx: Tx) -> tuple[list[str], list[str], object, object]:
        first, effect = figures.get(tx, "fr0"), figures.get(tx, "fe2")
        assert first is not None
        assert effect is not None
        later = [kept.id for kept in figures.after(tx, first, NOW + 30 * DAY)]
        early = [kept.id for kept in figures.after(tx, first, NOW + 9 * DAY)]
        return later, early, figures.before(tx, first), figures.before(tx, effect)

    assert store.read_now(read) == (["fr2", "fr1"], ["fr1"], None, None)

    def listed(instrument: str | None) -> set[str]:
        found = store.read_now(
            lambda tx: figures.published_for(tx, ["org"], instrument, NOW + 30 * DAY)
        )
        return {kept.id for kept in found}

    assert listed(None) == {"fr0", "fr1", "fr2"}
    assert listed(EFFECT) == {"fe1", "fe2"}
