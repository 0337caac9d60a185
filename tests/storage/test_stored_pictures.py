"""Which charts stand as pictures where: known by what they show, forgotten with their figures."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.storage import migrate, slack_installs
from bot.storage import slack_pictures as pictures
from bot.storage.slack_pictures import Picture
from bot.storage.store import Store

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
OLD, NEW = Picture("F1", NOW - timedelta(days=9)), Picture("F2", NOW)
ELSEWHERE = Picture("F3", NOW - timedelta(days=9))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    file = tmp_path / "t.db"
    migrate.upgrade(file)
    opened = Store.open(file)
    opened.write_now(lambda tx: pictures.keep(tx, "T1", "old", OLD))
    opened.write_now(lambda tx: pictures.keep(tx, "T1", "new", NEW))
    opened.write_now(lambda tx: pictures.keep(tx, "T2", "new", ELSEWHERE))
    return opened


def known(store: Store, team: str) -> dict[str, Picture]:
    return store.read_now(lambda tx: pictures.known(tx, team, ["old", "new", "strange"]))


def test_a_picture_is_known_in_its_own_workspace(store: Store) -> None:
    assert known(store, "T1") == {"old": OLD, "new": NEW}
    assert known(store, "T2") == {"new": ELSEWHERE}
    assert known(store, "T3") == {}


def test_a_newer_picture_takes_the_place_of_an_older_one(store: Store) -> None:
    store.write_now(lambda tx: pictures.keep(tx, "T1", "old", NEW))
    assert known(store, "T1") == {"old": NEW, "new": NEW}


def test_one_that_slack_does_not_show_is_dropped_there_and_nowhere_else(store: Store) -> None:
    store.write_now(lambda tx: pictures.drop(tx, "T1", ["F1"]))
    assert known(store, "T1") == {"new": NEW}
    assert known(store, "T2") == {"new": ELSEWHERE}


def test_old_ones_are_forgotten_a_few_at_a_time(store: Store) -> None:
    before = NOW - timedelta(days=1)
    done = [store.write_now(lambda tx: pictures.forget(tx, before, 1)) for _ in range(3)]
    assert done == [1, 1, 0]
    assert known(store, "T1") == {"new": NEW}
    assert known(store, "T2") == {}


def test_a_workspace_the_app_was_taken_out_of_is_forgotten(store: Store) -> None:
    store.write_now(lambda tx: slack_installs.drop_teams(tx, ["T1"]))
    assert known(store, "T1") == {}
    assert known(store, "T2") == {"new": ELSEWHERE}
