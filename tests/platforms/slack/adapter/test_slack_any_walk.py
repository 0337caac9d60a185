"""Whatever people do in Slack, in whatever order, and whatever happens to them there: it holds.

A walk is drawn from its seed. More of them: ``TRIVSEL_WALKS=100-200``, longer ones:
``TRIVSEL_STEPS=300``.
"""

import logging
import os
from pathlib import Path

import pytest
import slack_any_doings as doings
import slack_any_happenings as happenings
from double import SlackDouble
from slack_any_checks import Checks
from slack_any_walk import Move, Walk

from bot.domain.clock import MovableClock


def seeds() -> list[int]:
    first, _, last = os.environ.get("TRIVSEL_WALKS", "1-2").partition("-")
    return list(range(int(first), int(last or first) + 1))


MOVES: dict[Move, int] = {
    doings.command: 12, doings.press: 40, doings.press_twice: 4, doings.send: 25,
    doings.closes: 5, doings.home: 6, doings.shortcut: 4, doings.talk: 4, doings.answers: 22,
    doings.goes_through: 10, doings.sets_up: 3, doings.again: 6, doings.at_once: 6,
    happenings.opens_round: 4, happenings.moves: 5, happenings.changes: 4,
    happenings.channel_changes: 4, happenings.fault: 6, happenings.minutes: 8,
    happenings.hours: 5, happenings.days: 2, happenings.restart: 1,
}  # fmt: skip
"""How likely each move is."""
STEPS = int(os.environ.get("TRIVSEL_STEPS", "100"))


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("transport", ["http", "socket"])
@pytest.mark.parametrize("seed", seeds())
async def test_any_walk_through_slack_leaves_everything_in_order(
    tmp_path: Path,
    slack: SlackDouble,
    clock: MovableClock,
    caplog: pytest.LogCaptureFixture,
    transport: str,
    seed: int,
) -> None:
    walk = Walk(tmp_path, slack, clock, transport, seed)
    checks = Checks(walk, caplog.records)
    caplog.set_level(logging.INFO, logger="bot")
    try:
        await walk.begin()
        await happenings.opens_round(walk)
        await checks.look()
        for _ in range(STEPS):
            await walk.step(MOVES)
            await checks.look()
        await walk.quiet_week()
        await checks.at_the_end()
    except BaseException as fault:
        fault.add_note("\n".join(walk.story[-25:]))
        raise
    finally:
        await walk.close()
