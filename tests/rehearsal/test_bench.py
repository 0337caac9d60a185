"""``bench``: every figure there should be, with both sides; never how fast this machine is."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from bot.flows.rounds import answering
from bot.rehearsal.bench import slack
from bot.rehearsal.bench.answers import percentile
from bot.rehearsal.bench.figures import Figure, table
from bot.rehearsal.bench.raw import RawRows

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
    assert all(one["value"] > 0 for one in figures if "over 3 s" not in one["name"])
    many, few = (one for one in figures if one["name"].startswith("Durable answers"))
    for one in (many, few):
        assert one["against"] > 0
        assert one["ratio"] > 0
    assert isinstance(many["met"], bool)
    assert "met" not in few


async def test_each_of_the_benchs_submissions_is_a_whole_check_in_in_one_durable_write(tmp_path):
    async with slack._both(tmp_path, 24) as both:
        one, store = both.village, both.village.bot.store
        sent = slack._requests(one)
        requests = [next(sent) for _ in range(2 * len(one.people))]  # everybody twice
        before = store.commits
        for request in requests:
            await slack._send(both.bot, request)

        assert store.commits - before == len(requests)

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


def test_bare_writes_change_rows_of_the_size_asked_for(tmp_path):
    raw = RawRows(tmp_path / "raw.db", 10, 100, random.Random(1))

    assert raw.per_second(20, 5) > 0
    sizes = raw._database.execute("SELECT DISTINCT length(ballot) FROM slot").fetchall()
    pragmas = [raw._database.execute(f"PRAGMA {p}").fetchone()[0] for p in PRAGMAS]
    raw.close()

    assert sizes == [(100,)]
    assert pragmas == ["wal", 2]


PRAGMAS = ("journal_mode", "synchronous")
