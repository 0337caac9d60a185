"""How fast Slack is called: just under its rate, for each channel, method and workspace.

A second between two messages of a channel is published; what a workspace takes is not. It begins
at ``GAP`` and doubles with every 429, up to a second, and comes down again as things go well.
What is read for many people or channels at once goes by its method's tier; who waits for one
answer is in what the tier leaves over.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Literal

GAP = 0.2
LARGEST_GAP = 1.0
CHANNEL_GAP = 1.05
"""Seconds between two messages in one channel."""
CALMER = 0.98
"""By how much the gap comes down with each message that went well."""
REMEMBERED = 10_000
MINUTE = 60.0
TIER_3, TIER_4 = 40, 90
"""Calls a minute of a method of that tier: what Slack gives, less what may still be under way."""
LATE_VIEWS = TIER_4 // 2
"""Windows a minute that are changed late; the rest of the tier is for who has just pressed."""
Method = Literal[
    "conversations.history",
    "conversations.info",
    "conversations.open",
    "users.conversations",
    "users.info",
    "users.lookupByEmail",
    "views.update",
]
A_MINUTE: dict[Method, int] = {
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.open": TIER_3,
    "users.conversations": TIER_3,
    "users.info": TIER_4,
    "users.lookupByEmail": TIER_3,
    "views.update": LATE_VIEWS,
}

Wait = Callable[[float], Awaitable[None]]


class Pace:
    """The pace of one workspace. ``now`` counts seconds, ``wait`` waits for some."""

    def __init__(self, wait: Wait = asyncio.sleep, now: Callable[[], float] = time.monotonic):
        self._wait, self._now = wait, now
        self.gap = GAP
        self._free = self._until = 0.0
        self._channels: dict[str, float] = {}
        self._calls = {method: deque[float](maxlen=most) for method, most in A_MINUTE.items()}

    async def call(self, method: Method, within: float = math.inf) -> bool:
        """Return when a method may be called: at once, as long as its minute has room.

        ``False``, and at once, where it would be more than ``within`` seconds until then.
        """
        now, calls = self._now(), self._calls[method]
        at = max(now, calls[0] + MINUTE) if len(calls) == calls.maxlen else now
        if at - now > within:
            return False
        calls.append(at)
        if at > now:
            await self._wait(at - now)
        return True

    async def turn(self, channel: str) -> None:
        """Return when a message may go to a channel."""
        now = self._now()
        at = max(now, self._free, self._channels.get(channel, 0.0))
        self._free = max(now, self._free) + self.gap
        self._channels[channel] = at + CHANNEL_GAP
        if len(self._channels) > REMEMBERED:
            self._channels = {k: v for k, v in self._channels.items() if v > now}
        if at > now:
            await self._wait(at - now)

    def well(self, channel: str) -> None:
        """A message stands in a channel; nobody knows since when, so the next waits from now."""
        self.gap = max(GAP, self.gap * CALMER)
        soonest = self._now() + CHANNEL_GAP
        self._channels[channel] = max(self._channels.get(channel, 0.0), soonest)

    def too_fast(self, seconds: float) -> None:
        """Slack said to wait."""
        self.gap = min(LARGEST_GAP, self.gap * 2)
        self._until = max(self._until, self._now() + seconds)
        self._free = max(self._free, self._until)

    def paused(self) -> float:
        """Return for how many seconds more Slack wants nothing; 0 where it has said nothing."""
        return max(0.0, self._until - self._now())


class Paces:
    """The paces of all workspaces."""

    def __init__(self, pace: Callable[[], Pace] = Pace) -> None:
        self._pace = pace
        self._paces: dict[str, Pace] = {}

    def of(self, team: str) -> Pace:
        """Return the pace of a workspace."""
        return self._paces.setdefault(team, self._pace())
