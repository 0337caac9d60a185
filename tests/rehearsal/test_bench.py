"""``bench``: every figure there should be, with both sides; never how fast this machine is."""

import asyncio
import json
import os
import random
import subprocess
import sys
from functools import partial
from math import inf
from pathlib import Path

import pytest

from bot.flows.rounds import answering
from bot.rehearsal.bench.figures import Figure, table
from bot.rehearsal.bench.load import at_pace, by_callers, percentile
from bot.rehearsal.bench.raw import RawRows
from bot.rehearsal.bench.slack_requests import requests, send
from bot.rehearsal.bench.slack_sides import both

NAMES = (
    "Durable answers",
    "100 callers",
    "10 callers",
    "rows in a commit",
    "p50",
    "p99",
    "Closing a round",
    "Idle tick",
    "Slack: acknowledged",
    "Slack: submissions",
    "Start until ready",
    "Memory before the first chart",
    "Memory while it is drawn",
)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_quick_bench_measures_everything():
    done = subprocess.run(
        [sys.executable, "-m", "bot", "bench", "--quick", "--json"],
        env=dict(os.environ),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=280,
    )
    figures = json.loads(done.stdout)["figures"]

    for name in NAMES:
        assert [one for one in figures if name in one["name"]], name
    assert all(
        one["value"] > 0
        for one in figures
        if "over 3 s" not in one["name"] and "others had" not in one["name"]
    )
    many, few = (one for one in figures if one["name"].startswith("Durable answers"))
    for one in (many, few):
        assert one["against"] > 0
        assert one["ratio"] > 0
    assert isinstance(many["met"], bool)
    assert "met" not in few


async def test_each_of_the_benchs_submissions_is_a_whole_check_in_in_one_durable_write(tmp_path):
    async with both(tmp_path, 24) as sides:
        one, store = sides.village, sides.village.bot.store
        sent = requests(one)
        twice = [next(sent) for _ in range(2 * len(one.people))]  # everybody twice
        before = store.commits
        for request in twice:
            await send(sides.bot, request)

        assert store.commits - before == len(twice)

        def look(tx):
            return [answering.look(tx, one.bot.env, who, one.round.id) for who in one.people]

        for seen in await store.read(look):
            assert seen.show is None
            assert seen.ballot.revision == 2
            assert set(seen.ballot.answers) == {question.id for question in one.round.questions}


def test_an_aim_is_met_at_its_bound_and_not_above_it():
    assert Figure("x", 2.0, "s", most=2.0).met is True
    assert Figure("x", 2.1, "s", most=2.0).met is False
    assert Figure("x", 2.1, "s").met is None


def test_where_two_sides_are_compared_the_aim_is_for_their_ratio():
    assert Figure("x", 500, "a second", against=1500, ratio=3.0, most=4.0).met is True


def test_a_table_shows_both_sides_the_ratio_and_the_verdict():
    shown = table([Figure("x", 500, "a second", 2500, "bare writes", 5.0, 4.0)])

    for part in ("500", "2,500 bare writes", "5.0×", "≤ 4×", "not met"):
        assert part in shown


def test_a_percentile_is_a_value_that_was_measured():
    ordered = [1.0, 2.0, 3.0, 4.0]

    assert (percentile(ordered, 0.5), percentile(ordered, 0.99)) == (2.0, 4.0)


def test_at_a_pace_nobody_waits_for_another_and_what_is_not_kept_took_for_ever():
    async def run():
        going = asyncio.Event()

        async def first():
            await going.wait()  # slow: until the third has been sent
            return True

        async def second():
            return False

        async def third():
            going.set()
            return True

        return await at_pace([first, second, third], 100)

    slow = asyncio.run(run())
    assert 0.02 <= slow[1] < 5
    assert slow[2] == inf


def test_with_callers_everything_kept_is_counted():
    async def one(number):
        await asyncio.sleep(0.001 * (number % 3))
        return number % 4 != 0

    kept, seconds = asyncio.run(by_callers((partial(one, n) for n in range(40)), 8))
    assert kept == 30
    assert seconds > 0


def test_bare_writes_change_rows_of_the_size_asked_for(tmp_path):
    raw = RawRows(tmp_path / "raw.db", 10, 100, random.Random(1))

    assert raw.per_second(20, 5) > 0
    sizes = raw._database.execute("SELECT DISTINCT length(ballot) FROM slot").fetchall()
    pragmas = [raw._database.execute(f"PRAGMA {p}").fetchone()[0] for p in PRAGMAS]
    raw.close()

    assert sizes == [(100,)]
    assert pragmas == ["wal", 2]


PRAGMAS = ("journal_mode", "synchronous")
