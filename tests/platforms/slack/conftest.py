"""Fixtures of the Slack tests."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from double import Channel, Oracle, Person, SlackDouble
from slack_listener import Listener
from slack_oracle import in_message, in_view
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import MovableClock

NOON = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> MovableClock:
    """Slack's clock, which stands still until a test moves it."""
    return MovableClock(NOON)


@pytest.fixture
async def slack(clock: MovableClock) -> AsyncIterator[SlackDouble]:
    """A Slack with one workspace and the app in it; it fails the test for wrong use."""
    async with SlackDouble(clock, oracle=Oracle(in_message, in_view)) as double:
        yield double


@pytest.fixture
def client(slack: SlackDouble) -> AsyncWebClient:
    """A client with the first workspace's bot token."""
    return client_of(slack)


@pytest.fixture
def app(slack: SlackDouble) -> Listener:
    """An app that Slack reaches over HTTP."""
    listener = Listener(slack.app.signing_secret)
    slack.speaks_http(listener.asgi)
    return listener


@pytest.fixture
def anna(slack: SlackDouble) -> Person:
    """Somebody in the workspace."""
    return slack.person("anna")


@pytest.fixture
def care(slack: SlackDouble, anna: Person) -> Channel:
    """A channel with Anna and the bot in it."""
    return slack.channel("care", anna)


def client_of(slack: SlackDouble, token: str = "") -> AsyncWebClient:
    """Return a client for ``token``; without one, for the first workspace's."""
    return AsyncWebClient(token or slack.bot_token, base_url=slack.api_url)
