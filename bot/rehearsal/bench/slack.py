"""Answering from Slack: signed submissions, through Bolt to the durable answers and the ack.

Each is a whole check-in: all its questions on one view, kept by one durable write. Beside it, in
the same run, a bare Bolt handler that only acknowledges the very same requests. No call of Slack
lies on this way, so none is played: the thanks are the acknowledgement.

The two take turns, and of several turns the quietest counts: the one in which the host gave least
of the processors to others. A few stolen milliseconds are enough to make either side look bad.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter

from starlette.types import ASGIApp

from bot.rehearsal.bench.figures import Figure
from bot.rehearsal.bench.load import Send, at_pace, by_callers, percentile, stolen
from bot.rehearsal.bench.slack_requests import Request, requests, send
from bot.rehearsal.bench.slack_sides import Both, both

RATES = (100, 300, 1_000)
AIMED_AT = 300
TURNS, MOST_TURNS = 3, 12
"""Bursts of each side at the rate that is aimed at, and how many until one was ``QUIET``."""
QUIET = 0.005
"""The share of the processors others may have had in a turn that is to count."""
TOO_LATE = 3.0
CALLERS = 64
ENOUGH = 4_000
"""Submissions of which a throughput is taken."""


@dataclass(frozen=True)
class Turn:
    """The sorted seconds of both sides, and what share of the processors others had meanwhile."""

    mine: list[float]
    bare: list[float]
    away: float | None

    @property
    def ratio(self) -> float:
        """How many times the 99th percentile of bare Bolt the bot's is."""
        return percentile(self.mine, 0.99) / percentile(self.bare, 0.99)


async def figures(folder: Path, people: int, seconds: int, share: float = 1.0) -> list[Figure]:
    """Measure both sides at each rate; ``share`` makes the rates smaller for a quick look."""
    found: list[Figure] = []
    async with both(folder, people) as sides:
        sent = requests(sides.village)
        await at_pace(_sends(sides.bot, islice(sent, 20)), 20)  # so that words are there
        throughput = await _throughput(sides, list(islice(sent, max(CALLERS, int(ENOUGH * share)))))
        none_late = 0
        for rate in RATES:
            wanted = max(10, int(rate * share))
            turns = [await _turn(sides, sent, wanted, seconds)]
            while rate == AIMED_AT and not _enough(turns):
                turns.append(await _turn(sides, sent, wanted, seconds))
            found += _told(turns, wanted, aim=rate == AIMED_AT)
            latest = max(one.mine[-1] for one in turns)
            none_late = wanted if latest <= TOO_LATE else none_late
        found += [
            Figure("Slack: highest of these rates with none over 3 s", none_late, "a second"),
            throughput,
        ]
    return found


async def _turn(sides: Both, sent: Iterator[Request], rate: int, seconds: int) -> Turn:
    """Send both sides the same, one after the other."""
    same = list(islice(sent, rate * seconds))
    begun, before = perf_counter(), stolen()
    mine = await at_pace(_sends(sides.bot, same), rate)
    bare = await at_pace(_sends(sides.bare, same), rate)
    after, processors = stolen(), os.cpu_count() or 1
    if before is None or after is None:
        return Turn(mine, bare, None)
    return Turn(mine, bare, (after - before) / (perf_counter() - begun) / processors)


def _enough(turns: Sequence[Turn]) -> bool:
    quiet = any(one.away is None or one.away <= QUIET for one in turns)
    return len(turns) >= (TURNS if quiet else MOST_TURNS)


async def _throughput(sides: Both, same: Sequence[Request]) -> Figure:
    kept, took = await by_callers(_sends(sides.bot, same), CALLERS)
    acknowledged, briefly = await by_callers(_sends(sides.bare, same), CALLERS)
    mine, bare = kept / took, acknowledged / briefly
    return Figure(
        f"Slack: submissions, {CALLERS} callers",
        mine,
        "a second",
        against=bare,
        against_name="bare Bolt acknowledges",
        ratio=bare / mine,
        most=1 / 0.3,
    )


def _told(turns: Sequence[Turn], rate: int, *, aim: bool) -> list[Figure]:
    name = f"Slack: acknowledged at {rate} submissions a second"
    quietest = min(turns, key=lambda one: one.away or 0.0)
    every = [seconds for one in turns for seconds in one.mine]
    late = sum(one > TOO_LATE for one in every) / len(every)
    found = [
        Figure(f"{name}, p50", percentile(quietest.mine, 0.5) * 1000, "ms"),
        Figure(
            f"{name}, p99",
            percentile(quietest.mine, 0.99) * 1000,
            "ms",
            against=percentile(quietest.bare, 0.99) * 1000,
            against_name="ms bare Bolt",
            ratio=quietest.ratio,
            most=3.0 if aim else None,
        ),
        Figure(f"{name}, over 3 s", late * 100, "%", most=0.0 if aim else None),
    ]
    if len(turns) > 1:
        best, worst = min(one.ratio for one in turns), max(one.ratio for one in turns)
        told = f"{name}, p99 beside bare Bolt's, best and worst of {len(turns)} turns"
        found.append(Figure(told, best, "times", against=worst, against_name="times"))
    if quietest.away is not None:
        found.append(Figure(f"{name}, processors others had", quietest.away * 100, "%"))
    return found


def _sends(app: ASGIApp, same: Iterable[Request]) -> list[Send]:
    return [partial(send, app, one) for one in same]
