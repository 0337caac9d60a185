"""How fast answers are saved, beside what SQLite alone does with the same rows per commit.

Every write carries new bytes to a scattered row, as a sealed ballot does: SQLite leaves out a page
whose content stays the same, and would then be timed doing nothing.
"""

import asyncio
import logging
import os
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, Table, bindparam, event, insert, update

from bot.storage.store import Store, Tx

CALLERS = 100
ROUNDS = 50
SIZE = 1024
KEYS = [random.Random(number).randbytes(32) for number in range(1_000)]

tables = MetaData()
box = Table(
    "box",
    tables,
    Column("slot", LargeBinary(32), primary_key=True),
    Column("ballot", LargeBinary),
    sqlite_with_rowid=False,
)
# Built once: building a statement anew costs more than executing it.
CHANGE = update(box).where(box.c.slot == bindparam("key")).values(ballot=bindparam("new"))


def seconds_bare(path: Path, group: int, commits: int) -> float:
    """Return what as many updates take in the same commits without the store."""
    with closing(sqlite3.connect(path, isolation_level=None)) as driver:
        for name in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            driver.execute(f"PRAGMA {name}")
        started = time.perf_counter()
        for commit in range(commits):
            driver.execute("BEGIN IMMEDIATE")
            for which in range(group):
                values = (os.urandom(SIZE), KEYS[(which * 7 + commit) % len(KEYS)])
                driver.execute("UPDATE box SET ballot = ? WHERE slot = ?", values)
            driver.execute("COMMIT")
        return time.perf_counter() - started


async def call(store: Store, who: int, latencies: list[float]) -> None:
    for number in range(ROUNDS):
        values = {"key": KEYS[(who * 7 + number) % len(KEYS)], "new": os.urandom(SIZE)}

        def work(tx: Tx, values: dict[str, bytes] = values) -> int:
            return tx.execute(CHANGE, values).rowcount

        started = time.perf_counter()
        assert await store.write(work) == 1
        latencies.append(time.perf_counter() - started)


async def measure(path: Path) -> tuple[float, float, str]:
    """Return writes per second, the 99th percentile of the wait in seconds, and all in words."""
    latencies: list[float] = []
    commits: list[None] = []
    async with Store.open(path) as store:
        store.write_now(lambda tx: tables.create_all(tx.connection))
        rows = [{"slot": key, "ballot": bytes(SIZE)} for key in KEYS]
        store.write_now(lambda tx: tx.execute(insert(box), rows))
        event.listen(store._writing, "commit", lambda connection: commits.append(None))
        started = time.perf_counter()
        await asyncio.gather(*(call(store, who, latencies) for who in range(CALLERS)))
        seconds = time.perf_counter() - started
    total = CALLERS * ROUNDS
    with closing(sqlite3.connect(path)) as driver:
        touched = driver.execute("SELECT count(*) FROM box WHERE ballot != zeroblob(?)", (SIZE,))
        assert touched.fetchone()[0] > 700  # the bytes are in the file, not only counted

    mean = round(total / len(commits))
    bare = mean * len(commits) / seconds_bare(path, mean, len(commits))
    rate, p99 = total / seconds, sorted(latencies)[total * 99 // 100]
    return (
        rate,
        p99,
        (
            f"{rate:.0f} writes/s, p99 {p99 * 1000:.1f} ms, {mean} a commit; "
            f"bare SQLite {bare:.0f}/s, ratio {rate / bare:.2f}"
        ),
    )


@pytest.mark.slow
async def test_a_hundred_callers_get_two_thousand_durable_writes_a_second(tmp_path: Path) -> None:
    """The best of three counts: a shared machine has bad seconds that are not the store's."""
    told = []
    for attempt in range(3):
        rate, p99, words = await measure(tmp_path / f"{attempt}.db")
        logging.getLogger(__name__).info(words)  # seen with --log-cli-level=INFO
        told.append(words)
        if rate >= 2_000 and p99 < 0.05:
            return
    pytest.fail("; ".join(told))
