"""Calls the tick once a second by one APScheduler job, and keeps house at night."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.clock import Clock
from bot.schedule.tick import Tick

log = logging.getLogger(__name__)

EVERY_SECONDS = 1
NIGHT_HOUR = 3


class Runner:
    """Keeps the tick going until it is stopped; ``now`` makes it tick at once."""

    def __init__(
        self,
        tick: Tick | Callable[[datetime], Awaitable[int]],
        clock: Clock,
        housekeeping: Callable[[], Awaitable[None]],
        every: float = EVERY_SECONDS,
    ) -> None:
        self._tick, self._clock, self._housekeeping = tick, clock, housekeeping
        self._every = every
        self._turn = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        """Start ticking; a tick that is late is called once, never twice."""
        # It would say each second that a long tick is not over, and quote what a failed one held.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._scheduler.add_job(
            _guarded(self.now),
            "interval",
            seconds=self._every,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.add_job(
            _guarded(self._housekeeping),
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


def _guarded(work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """Return work that is logged where it fails, by its kind only, and done again next time."""

    async def done() -> None:
        try:
            await work()
        except Exception as fault:
            log.error("TICK-6 the bot's round failed: %s", type(fault).__name__)

    return done
