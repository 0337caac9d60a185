"""The one job that calls the tick: it goes on whatever happens, and says no more than it must."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from bot.domain.clock import Clock
from bot.schedule.runner import Runner

SECRET = "kanariefugl"


async def nothing() -> None:
    pass


async def run(tick: Callable[[datetime], Awaitable[int]], until: asyncio.Event) -> None:
    runner = Runner(tick, Clock(), nothing, every=0.01)
    runner.start()
    try:
        async with asyncio.timeout(20):
            await until.wait()
    finally:
        await runner.stop()


async def test_a_tick_that_fails_is_told_by_its_kind_and_the_next_one_comes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ticks, three = 0, asyncio.Event()

    async def fails(now: datetime) -> int:
        nonlocal ticks
        ticks += 1
        if ticks == 3:
            three.set()
        raise ValueError(SECRET)

    with caplog.at_level(logging.DEBUG, "bot"):
        await run(fails, three)
    assert "TICK-6 the bot's round failed: ValueError" in caplog.text
    assert SECRET not in caplog.text


async def test_a_long_tick_is_never_called_twice_at_once_and_nothing_is_said_of_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    inside, most, calls, enough = 0, 0, 0, asyncio.Event()

    async def long(now: datetime) -> int:
        nonlocal inside, most, calls
        inside += 1
        most, calls = max(most, inside), calls + 1
        await asyncio.sleep(0.05)
        inside -= 1
        if calls == 3:
            enough.set()
        return 0

    await run(long, enough)
    assert most == 1
    assert [one.message for one in caplog.records if one.levelno >= logging.WARNING] == []
