"""Whose turn it is when very many come at once: first come, first done.

An event loop that begins everybody's request as it comes is done with all of them at the end, and
then all are late. Here a number of them are worked at, and the others wait in order; who has waited
for long goes in all the same, to be told in time that it is not saved yet.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

AT_ONCE = 256
"""Requests that are worked at; many of them wait for one commit together, some for Slack."""
PATIENCE = 2.0
"""Seconds somebody waits for his turn, of the three Slack waits for an acknowledgement."""
ARRIVED = "arrived"
"""Where a request says when it came, in the event loop's seconds."""

Dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


class Turns:
    """Has requests handled, so many at once."""

    def __init__(
        self, dispatch: Dispatch, at_once: int = AT_ONCE, patience: float = PATIENCE
    ) -> None:
        self._dispatch, self._patience = dispatch, patience
        self._free = asyncio.Semaphore(at_once)

    async def handle(self, asked: AsyncBoltRequest) -> BoltResponse:
        """Return Bolt's answer. Raises what Bolt raises."""
        asked.context[ARRIVED] = asyncio.get_running_loop().time()
        mine = await self._turn()
        try:
            return await self._dispatch(asked)
        finally:
            if mine:
                self._free.release()

    async def _turn(self) -> bool:
        """Wait for a turn; ``False`` for who has waited for long and goes in without."""
        if not self._free.locked():
            return await self._free.acquire()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                return await self._free.acquire()
        return False
