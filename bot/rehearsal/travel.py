"""Moving a clock: every due time on the way is stepped on, as if it had been lived through."""

from datetime import datetime, timedelta

from bot.app import Bot
from bot.domain.clock import MovableClock


async def travel(bot: Bot, clock: MovableClock, until: datetime) -> int:
    """Move the clock to ``until``, ticking at every due time between; return how many."""
    steps = 0
    while (at := await bot.tick.next_at()) is not None and at <= until:
        before = clock.now()
        clock.move_to(max(at, before))
        done = await bot.tick(clock.now())
        if not done and clock.now() == before:
            if before >= until:
                break
            clock.move_to(before + timedelta(seconds=1))  # put off: do not stand on it for ever
        steps += 1
    clock.move_to(until)
    await bot.tick(clock.now())
    return steps
