"""Messages on their way to Slack: one pace for each workspace, whatever is sent there.

What stays in the outbox comes here from ``delivery``; invitations, and remarks of which nothing is
kept, come straight.
"""

import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.platforms.slack.pacing import Paces
from bot.platforms.slack.trouble import TROUBLE, refused, retry_after

PATIENCE = 30.0
"""The longest Slack's wish to wait is followed at once, in seconds."""
TRIES = 3

Call = Callable[[], Awaitable[Any]]
"""Sends one message; awaited anew for each try."""


class Posting:
    """Sends messages, each in its turn."""

    def __init__(self, paces: Paces) -> None:
        self._paces = paces

    async def paced(self, team: str, channel: str, call: Call) -> Any:
        """Send a message when it may go; return Slack's answer. Raises ``TROUBLE``.

        Nobody stands and waits where Slack has asked for a long silence: that is refused at once.
        """
        pace = self._paces.of(team)
        if (left := pace.paused()) > PATIENCE:
            raise silence(left)
        await pace.turn(channel)
        try:
            said = await call()
        except TROUBLE as trouble:
            if (seconds := retry_after(trouble)) is not None:
                pace.too_fast(seconds)
            raise
        pace.well(channel)
        return said

    async def patiently(self, team: str, channel: str, call: Call) -> Any:
        """Send a message; where Slack says to wait a little, wait and send it again."""
        for _ in range(TRIES - 1):
            try:
                return await self.paced(team, channel, call)
            except TROUBLE as trouble:
                wait = retry_after(trouble)
                if wait is None or wait > PATIENCE or not refused(trouble):
                    raise  # else the pace waits
        return await self.paced(team, channel, call)


@dataclass(frozen=True)
class _Refusal:
    """What Slack would answer."""

    headers: Mapping[str, str]
    status_code: int = 429
    data: Mapping[str, object] = field(
        default_factory=lambda: {"ok": False, "error": "ratelimited"}
    )


def silence(seconds: float) -> SlackApiError:
    """Return the refusal Slack would answer with while it wants nothing, without asking it."""
    refusal = _Refusal({"Retry-After": str(math.ceil(seconds))})
    return SlackApiError("not before Slack wants it", refusal)  # type: ignore[no-untyped-call]


def unsure(trouble: Exception) -> bool:
    """Tell whether a message may stand there although its sending failed."""
    return not refused(trouble) and not isinstance(trouble, aiohttp.ClientConnectorError)
