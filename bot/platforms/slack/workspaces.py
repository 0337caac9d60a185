"""Which workspaces the app is in, and the client that speaks to each.

An organisation's own workspace has one token in the settings. Installs in many workspaces:
``installs``.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

API = "https://slack.com/api/"
SECONDS = 10
"""The longest one call may take."""


@dataclass(frozen=True)
class Bot:
    """The app's bot in one workspace or (``team`` empty) in a whole organisation."""

    team: str
    enterprise: str | None
    user: str
    id: str
    token: str


class Workspaces(Protocol):
    """Where the app is installed."""

    async def bot(self, team: str | None, enterprise: str | None = None) -> Bot | None:
        """Return the bot that speaks for a workspace; ``None`` where the app is not installed."""

    async def teams(self) -> tuple[str, ...]:
        """Return the workspaces the app is in; an organisation's stand by the organisation's id."""


def client(api: str, token: str, *, patient: bool = False) -> AsyncWebClient:
    """Return a client. A ``patient`` one waits as long as Slack asks, for reads in the background.

    Raises nothing itself; its calls raise ``SlackApiError`` and aiohttp's errors.
    """
    made = AsyncWebClient(token, base_url=api, timeout=SECONDS)
    made.retry_handlers = []
    if patient:
        made.retry_handlers += [
            AsyncConnectionErrorRetryHandler(),
            AsyncRateLimitErrorRetryHandler(max_retry_count=5),
        ]
    return made


async def client_of(workspaces: Workspaces, api: str, team: str) -> AsyncWebClient:
    """Return the client of a workspace's bot. Raises ``SlackApiError`` where there is none."""
    bot = await workspaces.bot(team)
    if bot is None:
        said = {"ok": False, "error": "app_uninstalled"}
        raise SlackApiError("not installed there", said)  # type: ignore[no-untyped-call]
    return client(api, bot.token)


class OwnWorkspace:
    """The one workspace of a token in the settings. Whose token it is, Slack is asked once."""

    def __init__(self, api: str, token: str) -> None:
        self._client = client(api, token)
        self._token = token
        self._found: Bot | None = None
        self._asking = asyncio.Lock()

    async def bot(self, team: str | None, enterprise: str | None = None) -> Bot | None:
        """Return the bot; ``None`` for another workspace than the token's."""
        found = await self._mine()
        ours = {found.team, found.enterprise}
        return found if team in ours or (enterprise and enterprise in ours) else None

    async def teams(self) -> tuple[str, ...]:
        """Return the one workspace."""
        return ((await self._mine()).team,)

    async def _mine(self) -> Bot:
        async with self._asking:
            if self._found is None:
                said = await self._client.auth_test()
                self._found = Bot(
                    said["team_id"],
                    said.get("enterprise_id"),
                    said["user_id"],
                    said["bot_id"],
                    self._token,
                )
            return self._found


def authorize(workspaces: Workspaces) -> Callable[..., Awaitable[AuthorizeResult | None]]:
    """Return what Bolt asks with each request; nothing of it goes over the wire."""

    async def authorized(
        enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult | None:
        found = await workspaces.bot(team_id, enterprise_id)
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=found.user,
            bot_id=found.id,
            bot_token=found.token,
            user_id=user_id,
        )

    return authorized
