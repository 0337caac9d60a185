"""Runs everything there is to measure, in order, and sets the aims beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bot.rehearsal.bench import answers, process, rounds
from bot.rehearsal.bench.figures import Figure
from bot.rehearsal.bench.load import percentile
from bot.rehearsal.bench.village import Village, village

Progress = Callable[[str], object]


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    people: int
    turns: int
    each: int
    """People who answer in a turn of a hundred callers; a tenth of them with ten."""
    per_second: int
    seconds: int
    plans: int
    ticks: int
    starts: int
    rest: bool
    """Wait until the chart's process has left."""


MANY, FEW = 100, 10
"""Callers who are always waiting for a reply. The aim is for many; few fill a commit less."""
RATIO = 4.0
AT_FULL = 300
"""Answers a second of the whole measurement; a quick one has fewer everywhere."""
FULL = Size(10_000, 5, 600, 300, 10, 100_000, 300, 5, rest=True)
QUICK = Size(240, 2, 20, 50, 1, 1_000, 20, 1, rest=False)
STEPS = ("answers", "burst", "closing", "idle tick", "Slack", "start-up", "memory")


async def bench(folder: Path, size: Size, progress: Progress = lambda _: None) -> list[Figure]:
    """Measure everything in an empty folder; ``progress`` is told each step before it begins."""
    found: list[Figure] = []
    progress(STEPS[0])
    async with village(folder / "village", size.people) as one:
        people = answers.everybody(one, answers.chance())
        for callers in (MANY, FEW):
            each = size.each * callers // MANY
            turns = await answers.by_turns(one, people, folder, callers, size.turns, each)
            found += _answers(turns, callers)
        progress(STEPS[1])
        taken = await answers.burst(one, people, size.per_second, size.seconds)
        found += _burst(taken, size)
        progress(STEPS[2])
        found += await _closing(one)
        progress(STEPS[3])
        idle = await rounds.idle_tick(one, size.plans, size.ticks)
        found.append(Figure(f"Idle tick at {size.plans:,} schedules", idle * 1000, "ms", most=1.0))
    progress(STEPS[4])
    from bot.rehearsal.bench import slack  # only now: no other command should load its packages

    share = size.per_second / AT_FULL
    found += await slack.figures(folder / "slack", size.people, size.seconds, share)
    progress(STEPS[5])
    demo = folder / "demo"
    async with process.running(demo):
        pass  # invents the organisation, once
    seconds = median(await process.ready_after(demo, size.starts))
    found.append(Figure("Start until ready", seconds, "s", most=2.0))
    progress(STEPS[6])
    return found + _memory(await process.memory(demo, rest=size.rest))


def _answers(turns: list[answers.Turn], callers: int) -> list[Figure]:
    return [
        Figure(
            f"Durable answers, {callers} callers",
            median(turn.answers for turn in turns),
            "a second",
            against=median(turn.rows for turn in turns),
            against_name="bare sqlite3 writes a second",
            ratio=median(turn.rows / turn.answers for turn in turns),
            most=RATIO if callers == MANY else None,
        ),
        Figure("  rows in a commit", median(turn.per_commit for turn in turns), "on both sides"),
    ]


def _burst(taken: list[float], size: Size) -> list[Figure]:
    name = f"Acknowledged at {size.per_second} answers a second"
    half, most = percentile(taken, 0.5), percentile(taken, 0.99)
    return [
        Figure(f"{name}, p50", half * 1000, "ms"),
        Figure(f"{name}, p99", most * 1000, "ms", most=100.0),
    ]


async def _closing(one: Village) -> list[Figure]:
    await rounds.fill(one)
    taken = await rounds.close(one)
    name = f"Closing a round of {len(one.people):,}"
    steps = ("fix", "read", "count", "keep", "bury")
    return [
        Figure(name, taken.total, "s", most=3.0),
        *(Figure(f"  of this: {step}", getattr(taken, step), "s") for step in steps),
    ]


def _memory(held: process.Memory | None) -> list[Figure]:
    if held is None:
        return []
    found = [
        Figure("Memory after the start", held.started, "MB"),
        Figure("Memory before the first chart", held.traffic, "MB", most=150.0),
        Figure(
            "Memory while it is drawn",
            held.charting,
            "MB",
            against=held.child,
            against_name="MB in the process that draws",
        ),
    ]
    if held.rested is not None:
        back = Figure("Memory half a minute later", held.rested, "MB", most=150.0)
        found.append(back)
    return found
