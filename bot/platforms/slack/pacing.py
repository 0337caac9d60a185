"""How fast messages go out: just under Slack's rate, for each channel and for a workspace.

A second between two messages of a channel is published; what a workspace takes is not. It begins
at ``GAP`` and doubles with every 429, up to a second, and comes down again as things go well.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

GAP = 0.2
LARGEST_GAP = 1.0
CHANNEL_GAP = 1.05
"""Seconds between two messages in one channel."""
CALMER = 0.98
"""By how much the gap comes down with each message that went well."""
REMEMBERED = 10_000

Wait = Callable[[float], Awaitable[None]]


class Pace:
    """The pace of one workspace. ``now`` counts seconds, ``wait`` waits for some."""

    def __init__(self, wait: Wait = asyncio.sleep, now: Callable[[], float] = time.monotonic):
        self._wait, self._now = wait, now
        self.gap = GAP
        self._free = self._until = 0.0
        self._channels: dict[str, float] = {}

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

    def well(self) -> None:
        """A message went out."""
        self.gap = max(GAP, self.gap * CALMER)

    def too_fast(self, seconds: float) -> None:
        """Slack said to wait."""
        self.gap = min(LARGEST_GAP, self.gap * 2)
        self._until = max(self._until, self._now() + seconds)
        self._free = max(self._free, self._until)

    def paused(self) -> float:
        """Return for how many seconds more Slack wants nothing; 0 where it has said nothing."""
        return max(0.0, self._until - self._now())
