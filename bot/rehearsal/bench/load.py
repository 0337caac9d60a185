"""How load is put on: at a pace, whatever the replies do, or by callers who wait for theirs."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable, Sequence
from math import ceil, inf
from pathlib import Path
from time import perf_counter

Send = Callable[[], Awaitable[bool]]
"""Sends one thing and waits for its reply; tells whether what was sent is kept."""

_STAT = Path("/proc/stat")
_STOLEN = 8
"""Where Linux says how long others have run on this virtual machine's processors."""


async def at_pace(sends: Sequence[Send], per_second: int) -> list[float]:
    """Return each one's seconds from when it was *due* to be sent until its reply; sorted.

    Open loop: nobody waits for another, so a slow reply holds back nobody's next. What is not kept
    took for ever.
    """
    begun = perf_counter() + 0.1

    async def one(number: int) -> float:
        due = begun + number / per_second
        await asyncio.sleep(max(0.0, due - perf_counter()))
        kept = await sends[number]()
        return perf_counter() - due if kept else inf

    return sorted(await asyncio.gather(*(one(number) for number in range(len(sends)))))


async def by_callers(sends: Iterable[Send], callers: int) -> tuple[int, float]:
    """Return how many were kept, and the seconds; so many callers always wait for a reply."""
    waiting, kept = iter(sends), 0

    async def caller() -> None:
        nonlocal kept
        for send in waiting:
            one = await send()  # first: others count meanwhile
            kept += one

    begun = perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(callers):
            group.create_task(caller())
    return kept, perf_counter() - begun


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of the sorted values are not above."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def stolen() -> float | None:
    """Return the seconds the host has given to others instead; ``None`` where nobody says."""
    try:
        fields = _STAT.read_text().split(maxsplit=_STOLEN + 1)
        return int(fields[_STOLEN]) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return None
