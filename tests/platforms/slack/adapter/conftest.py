"""Fixtures of the adapter's tests: Slack knows the app by its own manifest."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from double import App, SlackDouble
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
