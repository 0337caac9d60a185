"""Calls the tick once a second by one APScheduler job, and keeps house at night."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.clock import Clock
from bot.schedule.tick import Tick

log = logging.getLogger(__name__)

EVERY_SECONDS = 1
NIGHT_HOUR = 3


class Runner:
    """Keeps the tick going until it is stopped; ``now`` makes it tick at once."""

    def __init__(
        self, tick: Tick, clock: Clock, housekeeping: Callable[[], Awaitable[None]]
    ) -> None:
        self._tick, self._clock, self._housekeeping = tick, clock, housekeeping
        self._turn = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        """Start ticking; a tick that is late is called once, never twice."""
        self._scheduler.add_job(
            self.now,
            "interval",
            seconds=EVERY_SECONDS,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.add_job(
            self._housekeeping,
            "cron",
            hour=NIGHT_HOUR,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.start()

    async def now(self) -> int:
        """Tick once; one at a time."""
        async with self._turn:
            return await self._tick(self._clock.now())

    async def stop(self) -> None:
        """Stop ticking, and wait for the tick that is under way."""
        self._scheduler.shutdown(wait=False)
        async with self._turn:
            log.info("the tick has stopped")
