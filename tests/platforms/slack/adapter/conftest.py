"""Fixtures of the adapter's tests: Slack knows the app by its own manifest."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import App, SlackDouble
from slack_twins import NOBODY_NEW, TEAM, Twins, twins
from town import MONDAY, shipped

from bot.domain.clock import MovableClock
from bot.platforms.slack.manifest import manifest


@pytest.fixture
def clock() -> MovableClock:
    """A clock on an ordinary Monday morning; Slack's and the bot's."""
    return MovableClock(MONDAY)


@pytest.fixture
async def slack(clock: MovableClock) -> AsyncIterator[SlackDouble]:
    """A Slack whose app has no more scopes and events than the manifest asks for."""
    app = App.of_manifest(manifest(shipped().words("da"), "socket"))
    async with SlackDouble(clock, app=app) as double:
        double.state.file_processing = timedelta(seconds=2)
        yield double


@pytest.fixture
async def both(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[Twins]:
    """Two of the bot, with a team that is known."""
    async with twins(tmp_path, slack, clock, TEAM) as started:
        yield started


@pytest.fixture
async def fresh(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[Twins]:
    """Two of the bot, with nobody in them yet."""
    async with twins(tmp_path, slack, clock, NOBODY_NEW) as started:
        yield started
