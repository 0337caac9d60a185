"""A memory that passes: what it keeps is gone after a while, also when nobody asks any more."""

import asyncio
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.domain.clock import Clock

A_WHILE = timedelta(minutes=10)
"""How long anything is remembered that somebody's answers may stand in. Slack's last try of what it
tells is after six minutes; the round may close in the next."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Passing(Generic[K, V]):
    """The newest ``most`` values by key, each for ``lasting`` since it was kept.

    For use in one event loop, which wakes it to let go of what is old.
    """

    def __init__(self, most: int, lasting: timedelta, clock: Clock) -> None:
        self._most, self._lasting, self._clock = most, lasting, clock
        self._kept: dict[K, tuple[datetime, V]] = {}
        self._woken: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: K) -> V | None:
        """Return the value kept under the key, or ``None``."""
        self.let_go()
        found = self._kept.get(key)
        return found[1] if found else None

    def keep(self, key: K, value: V) -> None:
        """Keep a value under its key, from now on."""
        self.let_go()
        self._kept.pop(key, None)
        if len(self._kept) >= self._most:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = self._clock.now(), value
        self._wake_later()

    def let_go(self) -> None:
        """Forget what is old."""
        ends = self._clock.now() - self._lasting
        while self._kept:
            oldest = next(iter(self._kept))
            if self._kept[oldest][0] > ends:
                return
            del self._kept[oldest]

    def _wake_later(self) -> None:
        """Be woken when the oldest has had its time."""
        if self._woken is None and self._kept:
            at, _ = next(iter(self._kept.values()))
            left = (at + self._lasting - self._clock.now()).total_seconds()
            loop = asyncio.get_running_loop()
            self._woken = loop.call_later(max(0.0, left), self._wake)

    def _wake(self) -> None:
        self._woken = None
        self.let_go()
        self._wake_later()
