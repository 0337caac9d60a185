"""What Slack says of channels now: of one, and of all that somebody and the bot are in."""

import logging
from collections.abc import Mapping
from typing import Any

from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import Workspaces, client, client_of

log = logging.getLogger(__name__)

KINDS = "public_channel,private_channel"
AT_A_TIME = 200
MOST_PAGES = 10
"""Somebody waits for the answer: of so many channels, the first are offered."""


class Rooms:
    """Asks Slack about channels."""

    def __init__(self, workspaces: Workspaces, api: str) -> None:
        self._workspaces, self._api = workspaces, api

    async def describe(self, team: str, channel: str) -> Mapping[str, Any] | None:
        """Return a channel as Slack describes it now; ``None`` where it does not."""
        try:
            to = await client_of(self._workspaces, self._api, team)
            said = await to.conversations_info(channel=channel)
        except TROUBLE as trouble:
            log.warning("SLACK-2 conversations.info: %s", error_of(trouble))
            return None
        found: Mapping[str, Any] = said["channel"]
        return found

    async def workspace(self, team: str) -> str:
        """Return what a workspace, or the organisation it is of, is called; empty for unknown."""
        try:
            said = await (await client_of(self._workspaces, self._api, team)).auth_test()
        except TROUBLE as trouble:
            log.warning("SLACK-2 auth.test: %s", error_of(trouble))
            return ""
        return str(said.get("team") or "")

    async def of(self, team: str, user: str) -> frozenset[str]:
        """Return the channels of a workspace somebody is in, as far as the bot may know.

        Waits where Slack asks for it. Raises what a call of Slack raises.
        """
        return frozenset(await self._of(team, user, patient=True))

    async def shared(self, team: str, user: str) -> tuple[tuple[str, str], ...]:
        """Return the channels somebody and the bot are both in, by name; none where Slack is away.

        Nobody is told the name of a private channel he is not in, nor offered one that people of
        other organisations are in.
        """
        try:
            his = await self._of(team, user)
            mine = await self._of(team, "")
        except TROUBLE as trouble:
            log.warning("SLACK-2 users.conversations: %s", error_of(trouble))
            return ()
        both = ((id_, name) for id_, name in mine.items() if id_ in his)
        return tuple(sorted(both, key=lambda one: one[1]))

    async def _of(self, team: str, user: str, *, patient: bool = False) -> dict[str, str]:
        """Return the channels somebody is in, or (nobody named) the bot."""
        bot = await self._workspaces.bot(team)
        if bot is None:
            return {}
        to = client(self._api, bot.token, patient=patient)
        more: dict[str, str] = {} if bot.team else {"team_id": team}
        more |= {"user": user} if user else {}
        found: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            said = await to.users_conversations(
                types=KINDS, exclude_archived=True, limit=AT_A_TIME, **more
            )
            for one in said["channels"]:
                if not (one.get("is_ext_shared") or one.get("is_pending_ext_shared")):
                    found[str(one["id"])] = str(one.get("name") or "?")
            more["cursor"] = (said.get("response_metadata") or {}).get("next_cursor") or ""
            if not more["cursor"]:
                break
        return found


def usable(info: Mapping[str, Any] | None) -> bool:
    """Tell whether a team can have this channel: the bot is in it, and nobody from outside."""
    if info is None or info.get("is_archived") or not info.get("is_member"):
        return False
    return not (info.get("is_ext_shared") or info.get("is_pending_ext_shared"))
