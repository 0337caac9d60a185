"""The outbox's rows: claimed by one at a time, given back, let go, and forgotten together."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from bot.storage import outbox
from bot.storage.outbox import LEASE, Delivery, Note, Outgoing
from bot.storage.store import Store, Tx
from bot.storage.tables import delivery, metadata

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "outbox.db") as opened:
        opened.write_now(lambda tx: metadata.create_all(tx.connection))
        yield opened


def put(store: Store, number: int, purpose: str = "hello", due: datetime = NOW) -> None:
    rows = [Outgoing(purpose, f"person:{n}", Note("typed"), due) for n in range(number)]
    store.write_now(lambda tx: outbox.add(tx, (f"{purpose}-{n}" for n in range(number)), rows))


def claimed(store: Store, now: datetime = NOW, limit: int = 500) -> tuple[Delivery, ...]:
    return store.write_now(lambda tx: outbox.claim(tx, now, limit))


def ids(store: Store) -> list[str]:
    return sorted(store.read_now(lambda tx: [row.id for row in tx.rows(select(delivery.c.id))]))


def test_what_one_has_claimed_nobody_else_gets_before_the_lease_is_over(store: Store) -> None:
    put(store, 3)
    mine = claimed(store)
    assert [one.id for one in mine] == ["hello-0", "hello-1", "hello-2"]
    assert claimed(store) == ()
    assert claimed(store, NOW + LEASE - timedelta(seconds=1)) == ()
    assert [one.id for one in claimed(store, NOW + LEASE)] == [one.id for one in mine]


def test_two_claims_share_what_is_due(store: Store) -> None:
    put(store, 5)
    first, second = claimed(store, limit=3), claimed(store, limit=3)
    assert [len(first), len(second)] == [3, 2]
    assert not {one.id for one in first} & {one.id for one in second}


def test_what_was_given_back_is_due_at_once(store: Store) -> None:
    put(store, 2)
    mine = claimed(store)
    store.write_now(lambda tx: outbox.done(tx, ["hello-0"]))
    assert store.write_now(lambda tx: outbox.give_back(tx, mine, NOW)) == 1
    assert [one.id for one in claimed(store)] == ["hello-1"]


def test_who_comes_back_after_his_lease_can_neither_fail_nor_give_back_anothers_row(
    store: Store,
) -> None:
    put(store, 1)
    (late,) = claimed(store)
    (again,) = claimed(store, NOW + LEASE)
    assert not store.write_now(lambda tx: outbox.failed(tx, late, "SLOW", None))
    assert store.write_now(lambda tx: outbox.give_back(tx, [late], NOW)) == 0
    assert store.write_now(lambda tx: outbox.done(tx, [again.id])) == 1
    assert not store.write_now(lambda tx: outbox.failed(tx, again, "SLOW", NOW))
    assert store.read_now(outbox.counts) == {outbox.SENT: 1}


def test_claiming_writes_nothing_but_when_a_row_is_due(store: Store) -> None:
    put(store, 2)

    def rows() -> list[tuple[object, ...]]:
        query = select(delivery).order_by(delivery.c.id)
        return store.read_now(
            lambda tx: [tuple(row._mapping[c] for c in row._mapping) for row in tx.rows(query)]
        )

    before = rows()
    claimed(store, limit=1)
    due = list(delivery.c.keys()).index("due_at")
    after = rows()
    differing = [
        at
        for old, new in zip(before, after, strict=True)
        for at in range(len(old))
        if old[at] != new[at]
    ]
    assert differing == [due]


def test_sent_rows_are_forgotten_when_all_written_together_are_handled(store: Store) -> None:
    put(store, 3, "invite")
    put(store, 2, "young", NOW + timedelta(days=40))
    claimed(store, NOW + timedelta(days=40))
    store.write_now(lambda tx: outbox.done(tx, ["invite-0", "invite-1", "young-0", "young-1"]))
    before = date(2026, 4, 1)

    def forget(tx: Tx) -> int:
        return outbox.forget_sent(tx, before, 2)

    assert store.write_now(forget) == 0
    store.write_now(lambda tx: outbox.done(tx, ["invite-2"]))
    assert [store.write_now(forget), store.write_now(forget)] == [2, 1]
    assert ids(store) == ["young-0", "young-1"]


def test_what_could_not_be_delivered_is_never_forgotten(store: Store) -> None:
    put(store, 1)
    (one,) = claimed(store)
    store.write_now(lambda tx: outbox.failed(tx, one, "GONE", None))
    assert store.write_now(lambda tx: outbox.forget_sent(tx, date(2040, 1, 1), 9)) == 0
    assert len(store.read_now(outbox.dead)) == 1


@settings(max_examples=25, stateful_step_count=30, deadline=None)
class Processes(RuleBasedStateMachine):
    """Three processes on one outbox: they claim, send, fail and die in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.store = Store.open(Path(self.folder.name) / "outbox.db")
        self.store.write_now(lambda tx: metadata.create_all(tx.connection))
        self.now = NOW
        self.held: dict[int, tuple[Delivery, ...]] = {0: (), 1: (), 2: ()}
        self.sent: list[str] = []

    @initialize(number=st.integers(1, 8))
    def fill(self, number: int) -> None:
        put(self.store, number)
        self.number = number

    @rule(who=st.integers(0, 2), limit=st.integers(1, 5))
    def claim(self, who: int, limit: int) -> None:
        if not self.held[who]:
            self.held[who] = claimed(self.store, self.now, limit)
            assert not {one.id for one in self.held[who]} & set(self.sent)

    @rule(who=st.integers(0, 2))
    def send(self, who: int) -> None:
        rows, self.held[who] = self.held[who], ()
        if all(one.due_at is not None and one.due_at > self.now for one in rows):
            self.sent += [one.id for one in rows]
            self.store.write_now(lambda tx: outbox.done(tx, [one.id for one in rows]))

    @rule(who=st.integers(0, 2))
    def fail(self, who: int) -> None:
        rows, self.held[who] = self.held[who], ()
        for one in rows:
            again = self.now + timedelta(seconds=30)
            self.store.write_now(partial(outbox.failed, one=one, problem="SLOW", again_at=again))

    @rule(who=st.integers(0, 2))
    def die(self, who: int) -> None:
        self.held[who] = ()

    @rule(seconds=st.sampled_from([1, 60, 299, 300, 301]))
    def pass_time(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def nobody_has_what_another_has(self) -> None:
        alive = [
            one.id
            for rows in self.held.values()
            for one in rows
            if one.due_at is not None and one.due_at > self.now
        ]
        assert len(alive) == len(set(alive))
        assert len(self.sent) == len(set(self.sent))

    def teardown(self) -> None:
        self.now += 2 * LEASE
        rest = claimed(self.store, self.now)
        assert sorted(self.sent + [one.id for one in rest]) == sorted(
            f"hello-{n}" for n in range(self.number)
        )
        self.store.close_now()
        self.folder.cleanup()


TestProcesses = Processes.TestCase


def test_what_waits_for_somebodys_word_is_hurried_and_what_is_in_somebodys_hands_is_not(
    store: Store,
) -> None:
    rows = [Outgoing(name, "node:dag", Note("typed"), NOW) for name in ("held", "mine", "dead")]
    rows.append(Outgoing("held", "node:other", Note("typed"), NOW))
    store.write_now(lambda tx: outbox.add(tx, (f"r{n}" for n in range(4)), rows))
    mine = {one.id: one for one in claimed(store)}

    def fail(tx: Tx) -> None:
        outbox.failed(tx, mine["r0"], "SLACK-4 renamed", NOW + timedelta(days=1))
        outbox.failed(tx, mine["r2"], "SLACK-4 renamed", None)
        outbox.failed(tx, mine["r3"], "SLACK-4 renamed", NOW + timedelta(days=1))

    store.write_now(fail)
    assert store.write_now(lambda tx: outbox.hurry(tx, "node:dag", NOW)) == 2
    assert sorted(one.id for one in claimed(store)) == ["r0", "r2"]
