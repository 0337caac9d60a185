"""Does a message stand in its channel already? Looked for before it is sent again after a crash.

The channel is read back to the moment the message was about to be sent, however much was said
since; nothing of it is kept. Slack's wish to wait is passed on: the message is tried again
then, and the look goes on where it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.domain.recent import Recent
from bot.platforms.port import Undelivered
from bot.platforms.slack.trouble import TROUBLE

EVENT = "trivselsbot_delivery"
"""The type of the metadata that carries a delivery's id and a page's number."""
AT_A_TIME, A_FEW = 200, 15
"""Messages Slack is asked for at once; the few are what it gives, once a minute, to an app of many
workspaces that is not in its Marketplace."""
LEFT_OFF = 200
"""Looks that were interrupted and are remembered."""
MOST_PAGES = 100
"""So many times. A team in whose channel more is said before somebody restarts the bot is told by
an administrator: the message is given up, not sent on chance."""
CLOCKS_APART = timedelta(minutes=5)
"""How far Slack's clock and ours may be apart."""


def mark(delivery: str, page: int) -> dict[str, Any]:
    """Return the metadata of a page of a message."""
    return {"event_type": EVENT, "event_payload": {"id": delivery, "page": page}}


@dataclass(frozen=True)
class _Look:
    """How far a look has come: the next cursor, how many windows were read, the pages found."""

    cursor: str = ""
    windows: int = 0
    found: Mapping[int, str] = field(default_factory=dict)


class Lookback:
    """Looks through channels, so many messages ``at_a_time``."""

    def __init__(self, at_a_time: int = AT_A_TIME) -> None:
        self._at_a_time = at_a_time
        self._left_off: Recent[tuple[str, str], _Look] = Recent(LEFT_OFF)

    async def standing(
        self, to: Any, channel: str, delivery: str, since: datetime
    ) -> dict[int, str]:
        """Return the pages of a message that stand in a channel, each with its timestamp.

        Raises what a call of Slack raises, and ``Undelivered`` where it cannot be told.
        """
        key = channel, delivery
        look = self._left_off.find(key) or _Look()
        self._left_off.keep(key, _Look())
        while look.windows < MOST_PAGES:
            try:
                look = await self._further(to, channel, delivery, since, look)
            except TROUBLE:
                self._left_off.keep(key, look)
                raise
            if not look.cursor:
                return dict(look.found)
        raise Undelivered("SLACK-2 too_much_to_look_through", final=True)

    async def _further(
        self, to: Any, channel: str, delivery: str, since: datetime, look: _Look
    ) -> _Look:
        """Read the next window; an older one than before."""
        said = await to.conversations_history(
            channel=channel,
            limit=self._at_a_time,
            oldest=f"{(since - CLOCKS_APART).timestamp():.6f}",
            include_all_metadata=True,
            **({"cursor": look.cursor} if look.cursor else {}),
        )
        found = dict(look.found)
        for message in said["messages"]:
            page = _page_of(message, delivery)
            if page is not None:
                found[page] = str(message["ts"])
        following = (said.get("response_metadata") or {}).get("next_cursor") or ""
        return _Look(str(following), look.windows + 1, found)


def _page_of(message: dict[str, Any], delivery: str) -> int | None:
    """Return which page of the delivery a message is; ``None`` for any other message."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    if metadata.get("event_type") != EVENT or payload.get("id") != delivery:
        return None
    return int(payload.get("page", 1))
