"""Which workspaces the app is in, and the client that speaks to each.

An organisation's own workspace has one token in the settings. Installs in many workspaces:
``installs``.
"""

import asyncio
import logging
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

from bot.domain.recent import Recent
from bot.platforms.slack.notices import Notices, quiet
from bot.platforms.slack.trouble import TROUBLE, coded

log = logging.getLogger(__name__)

API = "https://slack.com/api/"
OTHERS = 1_000
"""Workspaces that are remembered as none of an organisation's, until it is asked anew."""
SECONDS = 10
"""The longest one call may take."""
AT_ONCE = 0.7
"""Seconds it may take to tell whose bot it is, while Slack waits for an acknowledgement."""


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
        """Return the workspaces the app is in, those of organisations one by one."""


def client(api: str, token: str, *, patient: bool = False) -> AsyncWebClient:
    """Return a client. A ``patient`` one waits as long as Slack asks, for reads in the background.

    Raises nothing itself; its calls raise ``SlackApiError`` and aiohttp's errors.
    """
    made = AsyncWebClient(token, base_url=api, timeout=SECONDS, logger=quiet())
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


async def teams_of(api: str, token: str) -> tuple[str, ...]:
    """Return the workspaces an organisation's token works in. Raises as calls do."""
    patient = client(api, token, patient=True)
    found: list[str] = []
    cursor = ""
    while True:
        said = await patient.auth_teams_list(limit=1000, cursor=cursor or None)
        found += [str(one["id"]) for one in said["teams"]]
        cursor = (said.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return tuple(found)


class OwnWorkspace:
    """The one workspace, or the one organisation, of a token in the settings.

    Whose token it is, Slack is asked once; which workspaces an organisation has, whenever one
    turns up that is not known.
    """

    def __init__(self, api: str, token: str) -> None:
        self._client = client(api, token)
        self._api, self._token = api, token
        self._found: Bot | None = None
        self._teams: frozenset[str] = frozenset()
        self._others: Recent[str, bool] = Recent(OTHERS)
        self._asking = asyncio.Lock()

    async def bot(self, team: str | None, enterprise: str | None = None) -> Bot | None:
        """Return the bot; ``None`` for another workspace than the token's."""
        found = await self._mine()
        ours = {found.team, found.enterprise, *self._teams} - {"", None}
        if team in ours or enterprise in ours:
            return found
        if found.team or not team or self._others.find(team):
            return None
        if team in await self.teams():
            return found
        self._others.keep(team, True)
        return None

    async def teams(self) -> tuple[str, ...]:
        """Return the one workspace, or those of the organisation as they are now."""
        found = await self._mine()
        if found.team:
            return (found.team,)
        teams = await teams_of(self._api, self._token)
        self._teams, self._others = frozenset(teams), Recent(OTHERS)
        return teams

    async def _mine(self) -> Bot:
        async with self._asking:
            if self._found is None:
                said = await self._client.auth_test()
                self._found = Bot(
                    "" if said.get("is_enterprise_install") else said["team_id"],
                    said.get("enterprise_id"),
                    said["user_id"],
                    said["bot_id"],
                    self._token,
                )
            return self._found


class NotNow(Exception):  # noqa: N818 - says what is the case
    """Who the bot is in a workspace cannot be told at present; what came may come again."""


def authorize(workspaces: Workspaces) -> Callable[..., Awaitable[AuthorizeResult | None]]:
    """Return what Bolt asks with each request; hardly ever goes anything over the wire.

    What it returns raises ``NotNow``.
    """
    notices = Notices()

    async def authorized(
        enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult | None:
        try:
            async with asyncio.timeout(AT_ONCE):
                found = await workspaces.bot(team_id, enterprise_id)
        except TROUBLE as trouble:
            notices.say(coded(trouble, "auth.test"))
            raise NotNow from None
        if found is None and not (team_id or enterprise_id):
            log.warning("SLACK-1 a payload could not be read")
        elif found is None:
            notices.say("SLACK-6 somebody asks where the app is not installed")
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
