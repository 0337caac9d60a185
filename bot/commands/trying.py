"""``simulate`` and ``bench``: trying the whole bot out."""

import asyncio
import json
import logging
import sys
import tempfile
from pathlib import Path

import click

from bot.app import steady
from bot.rehearsal.bench.figures import table
from bot.rehearsal.bench.run import FULL, QUICK
from bot.rehearsal.bench.run import bench as measure
from bot.rehearsal.simulate import Wanted
from bot.rehearsal.simulate import simulate as live_through


@click.command()
@click.option("--teams", type=click.IntRange(1, 500), default=40, show_default=True)
@click.option("--people", type=click.IntRange(2, 200), default=12, show_default=True)
@click.option("--weeks", type=click.IntRange(1, 520), default=52, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def simulate(teams: int, people: int, weeks: int, seed: int, as_json: bool) -> None:
    """Live through weeks with invented teams, and say what was asked, answered and published.

    The same seed gives the same output.
    """
    _alone()
    wanted = Wanted(teams, people, weeks, seed)
    hidden = as_json or not sys.stderr.isatty()
    with (
        tempfile.TemporaryDirectory(prefix="trivselsbot-") as folder,
        click.progressbar(
            length=weeks, label="Weeks", file=sys.stderr, hidden=hidden, show_pos=True
        ) as bar,
    ):
        found = asyncio.run(live_through(wanted, Path(folder), lambda: bar.update(1)))
    click.echo(json.dumps(found.as_plain(), indent=2) if as_json else found.as_text())


@click.command()
@click.option("--quick", is_flag=True, help="Only to see that everything is measured.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def bench(quick: bool, as_json: bool) -> None:
    """Measure how fast the whole bot is, each figure beside what it is measured against."""
    _alone()

    def progress(step: str) -> None:
        if sys.stderr.isatty() and not as_json:
            click.echo(f"{step} …", err=True)

    with tempfile.TemporaryDirectory(prefix="trivselsbot-") as folder:
        figures = asyncio.run(measure(Path(folder), QUICK if quick else FULL, progress))
    plain = {"figures": [one.as_plain() for one in figures]}
    click.echo(json.dumps(plain, indent=2, ensure_ascii=False) if as_json else table(figures))


def _alone() -> None:
    """Nothing but what is asked for is said, and the process is kept as the running bot's is."""
    logging.getLogger("bot").setLevel(logging.CRITICAL)
    steady()


COMMANDS = (simulate, bench)
