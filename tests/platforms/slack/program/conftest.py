"""The real program beside Slack's double, over either transport."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from double import App, SlackDouble
from slack_program import Program
from town import MONDAY, shipped

from bot.domain.clock import MovableClock
from bot.platforms.slack.manifest import manifest


@pytest.fixture(params=["socket", "http"])
async def program(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Program]:
    """A program that is not started yet. Slack's clock stands still; the program's runs on."""
    clock = MovableClock(MONDAY)
    app = App.of_manifest(manifest(shipped().words("da"), request.param, "https://bot.example.org"))
    async with SlackDouble(clock, app=app) as double:
        double.state.rates.enforced = False  # they would read a clock that stands still
        one = Program(tmp_path, double, clock, request.param)
        try:
            yield one
        finally:
            await one.close()
