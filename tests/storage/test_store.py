"""What a store promises: durable before told, each job alone, reads that hold still."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from store_sandbox import add, add_orphan, note, opened, pragma, reply, texts, writer_held

from bot.storage.store import Store, Tx
from bot.storage.trouble import Code, NotRead, NotSaved
from bot.storage.writer import GROUP_LIMIT


def seen_by_others(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as driver:
        return sorted(row[0] for row in driver.execute("SELECT text FROM note"))


def count_commits(store: Store) -> list[None]:
    commits: list[None] = []
    event.listen(store._writing, "commit", lambda connection: commits.append(None))
    return commits


async def test_a_write_that_has_returned_is_in_the_file_for_everybody(sandbox: Store) -> None:
    assert await sandbox.write(add("one")) == "one"
    assert seen_by_others(sandbox.path) == ["one"]


async def test_a_read_sees_every_write_that_was_confirmed_before(sandbox: Store) -> None:
    for number in range(20):
        await sandbox.write(add(f"{number:02d}"))
        assert len(await sandbox.read(texts)) == number + 1


async def test_what_has_queued_up_is_committed_together(sandbox: Store) -> None:
    with writer_held(sandbox):
        commits = count_commits(sandbox)
        tasks = [asyncio.create_task(sandbox.write(add(f"{n:03d}"))) for n in range(100)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*tasks) == [f"{n:03d}" for n in range(100)]
    assert len(commits) == 2  # the one that held the writer, and the group


async def test_a_group_is_bounded(sandbox: Store) -> None:
    with writer_held(sandbox):
        commits = count_commits(sandbox)
        writes = [asyncio.create_task(sandbox.write(add(str(n)))) for n in range(GROUP_LIMIT + 1)]
        await asyncio.sleep(0)
    await asyncio.gather(*writes)
    assert len(commits) == 3


async def test_nobody_is_told_before_the_whole_group_is_durable(sandbox: Store) -> None:
    second_runs, finish = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        second_runs.set()
        assert finish.wait(20)

    with writer_held(sandbox):
        first = asyncio.create_task(sandbox.write(add("first")))
        second = asyncio.create_task(sandbox.write(slow))
        await asyncio.sleep(0)
    await asyncio.to_thread(second_runs.wait)
    await asyncio.sleep(0.05)
    assert not first.done()
    assert seen_by_others(sandbox.path) == []
    finish.set()
    await asyncio.gather(first, second)
    assert seen_by_others(sandbox.path) == ["first"]


async def test_a_failing_job_rolls_back_alone_and_its_caller_gets_its_error(sandbox: Store) -> None:
    def fails_late(tx: Tx) -> None:
        add("half")(tx)
        raise ValueError("changed my mind")

    with writer_held(sandbox):
        before = asyncio.create_task(sandbox.write(add("before")))
        failing = asyncio.create_task(sandbox.write(fails_late))
        after = asyncio.create_task(sandbox.write(add("after")))
        await asyncio.sleep(0)
    with pytest.raises(ValueError, match="changed my mind"):
        await failing
    await asyncio.gather(before, after)
    assert await sandbox.read(texts) == ["after", "before"]


async def test_a_failing_job_without_company_leaves_nothing(sandbox: Store) -> None:
    def fails_late(tx: Tx) -> None:
        add("half")(tx)
        add("half")(tx)

    with pytest.raises(IntegrityError):
        await sandbox.write(fails_late)
    assert await sandbox.read(texts) == []


async def test_a_mistake_in_a_job_is_not_blamed_on_the_database(sandbox: Store) -> None:
    with pytest.raises(OperationalError):
        await sandbox.write(lambda tx: tx.execute(text("SELECT * FROM no_such_table")))


async def test_when_the_commit_fails_nobody_of_the_group_is_saved(sandbox: Store) -> None:
    with writer_held(sandbox):
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(sandbox.write(work))
            for work in (add("one"), add_orphan, add("two"))
        ]
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [getattr(o, "code", None) for o in outcomes] == [Code.COMMIT_REFUSED] * 3
    assert {getattr(o, "fact", None) for o in outcomes} == {"IntegrityError"}
    assert len({id(o) for o in outcomes}) == 3
    assert await sandbox.read(texts) == []
    assert await sandbox.write(add("later")) == "later"


@pytest.mark.parametrize("company", [0, 2])
async def test_a_job_that_goes_on_after_the_database_ended_its_transaction_saves_nothing(
    sandbox: Store, company: int
) -> None:
    await sandbox.write(add("there"))

    def swallows(tx: Tx) -> None:
        with pytest.raises(IntegrityError):
            tx.execute(insert(note).prefix_with("OR ROLLBACK"), {"text": "there"})
        try:
            add("outside any transaction")(tx)
        except RuntimeError:
            return

    with writer_held(sandbox):
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(sandbox.write(add(f"company {n}"))) for n in range(company)
        ]
        tasks.append(asyncio.create_task(sandbox.write(swallows)))
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(outcome, NotSaved) for outcome in outcomes)
    assert await sandbox.read(texts) == ["there"]


async def test_after_commit_is_called_on_the_callers_loop_before_he_is_told(
    sandbox: Store,
) -> None:
    calls: list[tuple[str, int]] = []

    def work(tx: Tx) -> None:
        tx.after_commit(lambda: calls.append(("after", threading.get_ident())))

    await sandbox.write(work)
    calls.append(("told", threading.get_ident()))
    assert calls == [("after", threading.get_ident()), ("told", threading.get_ident())]


def test_after_commit_is_called_in_the_thread_of_write_now(sandbox: Store) -> None:
    threads: list[int] = []
    sandbox.write_now(lambda tx: tx.after_commit(lambda: threads.append(threading.get_ident())))
    assert threads == [threading.get_ident()]


@pytest.mark.parametrize("fails", [add_orphan, lambda tx: 1 / 0])
async def test_after_commit_is_not_called_when_nothing_was_committed(
    sandbox: Store, fails: Any
) -> None:
    calls: list[str] = []

    def work(tx: Tx) -> None:
        tx.after_commit(lambda: calls.append("called"))
        fails(tx)

    with pytest.raises((NotSaved, ZeroDivisionError)):
        await sandbox.write(work)
    assert calls == []


async def test_a_call_after_commit_that_fails_is_logged_without_its_text(
    sandbox: Store, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[str] = []

    def fails() -> None:
        raise ValueError("CANARY")

    def work(tx: Tx) -> str:
        tx.after_commit(fails)
        tx.after_commit(lambda: calls.append("the next one"))
        return "saved"

    assert await sandbox.write(work) == "saved"
    assert calls == ["the next one"]
    assert "ValueError" in caplog.text
    assert "CANARY" not in caplog.text


async def test_a_caller_who_gives_up_does_not_undo_what_he_asked_for(sandbox: Store) -> None:
    calls: list[str] = []

    def work(tx: Tx) -> None:
        add("asked for")(tx)
        tx.after_commit(lambda: calls.append("called"))

    with writer_held(sandbox):
        task = asyncio.create_task(sandbox.write(work))
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    await sandbox.write(lambda tx: None)
    assert await sandbox.read(texts) == ["asked for"]
    assert calls == ["called"]


def test_a_caller_whose_loop_has_ended_keeps_nobody_else_waiting(sandbox: Store) -> None:
    async def ask_and_leave() -> None:
        asyncio.get_running_loop().create_task(sandbox.write(add("asked")))
        await asyncio.sleep(0)

    with writer_held(sandbox):
        asyncio.run(ask_and_leave())
    assert sandbox.write_now(add("next")) == "next"
    assert sandbox.read_now(texts) == ["asked", "next"]


def test_a_read_holds_still_while_others_write(sandbox: Store) -> None:
    sandbox.write_now(add("one"))

    def look_twice(tx: Tx) -> tuple[list[str], list[str]]:
        before = texts(tx)
        sandbox_writer = threading.Thread(target=sandbox.write_now, args=(add("two"),))
        sandbox_writer.start()
        sandbox_writer.join()
        return before, texts(tx)

    assert sandbox.read_now(look_twice) == (["one"], ["one"])
    assert sandbox.read_now(texts) == ["one", "two"]


def test_reads_run_beside_each_other_and_beside_a_write(sandbox: Store) -> None:
    meeting = threading.Barrier(3, timeout=20)

    def meet(tx: Tx) -> int:
        texts(tx)
        return meeting.wait()

    others = [threading.Thread(target=do, args=(meet,)) for do in (sandbox.read_now,) * 2]
    for other in others:
        other.start()
    assert sandbox.write_now(meet) in range(3)
    for other in others:
        other.join()


async def test_a_read_cannot_write(sandbox: Store) -> None:
    with pytest.raises(NotRead) as caught:
        await sandbox.read(add("no"))
    assert caught.value.code is Code.READ_ONLY
    with pytest.raises(RuntimeError, match="commits nothing"):
        await sandbox.read(lambda tx: tx.after_commit(print))
    assert await sandbox.read(texts) == []


def test_no_update_is_lost_between_two_stores_on_the_same_file(sandbox: Store) -> None:
    sandbox.write_now(lambda tx: tx.execute(insert(note), {"id": 1, "text": "0"}))

    def count_up(tx: Tx) -> None:
        value = int(tx.scalar(select(note.c.text)))
        tx.execute(update(note).values(text=str(value + 1)))

    def fifty(store: Store) -> None:
        for _ in range(50):
            store.write_now(count_up)

    with opened(sandbox.path) as other:
        threads = [threading.Thread(target=fifty, args=(s,)) for s in (sandbox, other) * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sandbox.read_now(texts) == ["200"]


def test_a_job_that_waits_for_another_job_is_refused(sandbox: Store) -> None:
    def asks_to_write(tx: Tx) -> None:
        sandbox.write_now(add("never"))

    def asks_to_read(tx: Tx) -> None:
        sandbox.read_now(texts)

    for within in (sandbox.write_now, sandbox.read_now):
        for asks in (asks_to_write, asks_to_read):
            with pytest.raises(RuntimeError, match="cannot wait"):
                within(asks)
    with pytest.raises(RuntimeError, match="cannot wait"):
        sandbox.write_now(lambda tx: sandbox.close_now())


def test_a_transaction_cannot_be_used_after_its_job(sandbox: Store) -> None:
    kept = sandbox.write_now(lambda tx: tx)
    with pytest.raises(RuntimeError, match="is over"):
        texts(kept)


async def test_closing_saves_what_is_queued_and_refuses_what_comes_later(path: Path) -> None:
    store = opened(path)
    with writer_held(store):
        tasks = [asyncio.create_task(store.write(add(f"{n}"))) for n in range(5)]
        await asyncio.sleep(0)
        closing_down = asyncio.create_task(store.close())
        await asyncio.sleep(0.05)
        with pytest.raises(NotSaved) as refused:
            await store.write(add("too late"))
    await closing_down
    assert await asyncio.gather(*tasks) == ["0", "1", "2", "3", "4"]
    assert refused.value.code is Code.CLOSED
    assert seen_by_others(path) == ["0", "1", "2", "3", "4"]
    with pytest.raises(NotRead):
        await store.read(texts)
    await store.close()


async def test_a_closed_store_leaves_one_file(path: Path) -> None:
    async with opened(path) as store:
        await store.write(add("one"))
        assert {file.name for file in store.files()} == {
            "sandbox.db",
            "sandbox.db-wal",
            "sandbox.db-shm",
        }
    assert store.files() == (path,)
    assert list(path.parent.iterdir()) == [path]


async def test_a_checkpoint_empties_the_log(sandbox: Store) -> None:
    await sandbox.write(add("one"))
    log = sandbox.path.with_name("sandbox.db-wal")
    assert log.stat().st_size > 0
    assert await sandbox.checkpoint()
    assert log.stat().st_size == 0


def test_a_checkpoint_waits_for_a_reader_and_writes_go_on_meanwhile(sandbox: Store) -> None:
    sandbox.write_now(add("one"))
    reading, finish = threading.Event(), threading.Event()

    def read_long(tx: Tx) -> None:
        texts(tx)
        reading.set()
        assert finish.wait(20)

    emptied: list[bool] = []
    reader = threading.Thread(target=sandbox.read_now, args=(read_long,))
    reader.start()
    assert reading.wait(20)
    checkpoint = threading.Thread(target=lambda: emptied.append(sandbox.checkpoint_now()))
    checkpoint.start()
    assert sandbox.write_now(add("two")) == "two"
    assert emptied == []
    finish.set()
    checkpoint.join()
    reader.join()
    assert emptied == [True]


def test_a_checkpoint_tells_when_a_reader_does_not_end(
    sandbox: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.store.CHECKPOINT_TRIES", 2)
    sandbox.write_now(add("one"))
    with closing(sqlite3.connect(sandbox.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM note").fetchall()
        sandbox.write_now(add("two"))
        assert not sandbox.checkpoint_now()
    assert sandbox.checkpoint_now()
    assert pragma(sandbox, "PRAGMA busy_timeout") == (5000,)


async def test_vacuum_gives_free_pages_back_and_empties_the_log(sandbox: Store) -> None:
    rows = [{"text": str(n), "body": b"x" * 4000} for n in range(200)]
    await sandbox.write(lambda tx: tx.execute(insert(note), rows))
    await sandbox.write(lambda tx: tx.execute(note.delete()))
    assert await sandbox.vacuum()
    assert pragma(sandbox, "PRAGMA freelist_count") == (0,)
    assert sandbox.path.stat().st_size < 100_000
    assert await sandbox.write(add("still works")) == "still works"


def test_insert_new_counts_the_rows_that_were_not_there(sandbox: Store) -> None:
    def some(*names: str) -> Any:
        return lambda tx: tx.insert_new(note, [{"text": name} for name in names])

    assert sandbox.write_now(some()) == 0
    assert sandbox.write_now(some("a", "b")) == 2
    assert sandbox.write_now(some("b", "c", "d", "c")) == 2
    assert sandbox.write_now(some("d")) == 0
    assert sandbox.read_now(texts) == ["a", "b", "c", "d"]


def test_insert_new_forgives_only_the_conflict_it_is_told_of(sandbox: Store) -> None:
    sandbox.write_now(lambda tx: tx.insert_new(note, [{"id": 1, "text": "a"}]))

    def same_id(tx: Tx) -> int:
        return tx.insert_new(note, [{"id": 1, "text": "b"}], conflict=["text"])

    def same_text(tx: Tx) -> int:
        return tx.insert_new(note, [{"id": 2, "text": "a"}], conflict=["text"])

    assert sandbox.write_now(same_text) == 0
    with pytest.raises(IntegrityError):
        sandbox.write_now(same_id)
    with pytest.raises(IntegrityError):
        sandbox.write_now(lambda tx: tx.insert_new(reply, [{"strict_note_id": 99}]))


def test_rows_come_as_all_one_first_or_a_single_value(sandbox: Store) -> None:
    everything = select(note.c.text).order_by(note.c.text)

    def look(tx: Tx) -> tuple[Any, ...]:
        found = tx.first(everything)
        assert found is not None
        nothing = everything.where(note.c.text == "z")
        one = tx.one(everything.where(note.c.text == "b"))
        return (
            [row.text for row in tx.rows(everything)],
            found.text,
            one.text,
            tx.scalar(everything),
            tx.first(nothing),
            tx.scalar(nothing),
        )

    sandbox.write_now(lambda tx: tx.insert_new(note, [{"text": "b"}, {"text": "a"}]))
    assert sandbox.read_now(look) == (["a", "b"], "a", "b", "a", None, None)
