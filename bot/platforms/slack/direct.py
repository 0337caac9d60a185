"""Somebody's own conversation with the bot.

Messages go to the account itself: Slack opens the conversation with the first of them, so that one
costs one call. Only who looks back needs the conversation's id, and asks for it once.
"""

from typing import Any

from bot.domain.recent import Recent
from bot.platforms.slack.pacing import Paces
from bot.storage.slack_accounts import Member

MOST = 8192
"""Conversations whose ids are remembered; they never change."""


class Direct:
    """Knows the ids of people's conversations with the bot."""

    def __init__(self, paces: Paces) -> None:
        self._paces = paces
        self._known: Recent[tuple[str, str], str] = Recent(MOST)

    def learn(self, account: Member, said: Any) -> None:
        """Remember the id Slack answered to a message."""
        self._known.keep((account.team, account.user), str(said["channel"]))

    async def of(self, to: Any, account: Member) -> str:
        """Return the id; where it is not known, Slack is asked at its pace. Raises ``TROUBLE``."""
        key = account.team, account.user
        found = self._known.find(key)
        if found is None:
            await self._paces.of(account.team).call("conversations.open")
            said = await to.conversations_open(users=account.user)
            found = str(said["channel"]["id"])
            self._known.keep(key, found)
        return found
