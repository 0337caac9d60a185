"""Who is looking right now, and that something changed for them; never what changed.

A watcher that is slow to listen misses nothing and holds up nobody: what it has not heard yet is
a small set, not a queue.
"""

import asyncio
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Heard:
    """What changed since a watcher last listened: conversations, and whether his own list did."""

    conversations: frozenset[str]
    you: bool


class Watcher:
    """One open page of one person. ``sees`` are the conversations he is told about."""

    def __init__(self, person: str, loop: asyncio.AbstractEventLoop) -> None:
        self.person = person
        self.sees: frozenset[str] = frozenset()
        self._loop = loop
        self._conversations: set[str] = set()
        self._you = False
        self._closed = False
        self._wake = asyncio.Event()

    async def next(self) -> Heard | None:
        """Wait until something changed and return it; ``None`` when the bot is stopping."""
        await self._wake.wait()
        if self._closed:
            return None
        self._wake.clear()
        heard = Heard(frozenset(self._conversations), self._you)
        self._conversations.clear()
        self._you = False
        return heard

    def tell(self, conversations: frozenset[str], *, you: bool) -> None:
        """Note what changed; may be called from any thread."""
        self._soon(self._note, conversations, you)

    def close(self) -> None:
        """End the watching; may be called from any thread."""
        self._soon(self._end)

    def _soon(self, call: object, *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(call, *arguments)  # type: ignore[arg-type]
        except RuntimeError:  # the watcher's loop has ended, and the watcher with it
            return

    def _note(self, conversations: frozenset[str], you: bool) -> None:
        mine = conversations & self.sees
        if mine or you:
            self._conversations |= mine
            self._you = self._you or you
            self._wake.set()

    def _end(self) -> None:
        self._closed = True
        self._wake.set()


class Hub:
    """Every open page of this process."""

    def __init__(self) -> None:
        self._watchers: set[Watcher] = set()
        self._lock = threading.Lock()
        self._closed = False

    def changed(self, conversation_ids: Iterable[str]) -> None:
        """Tell everybody who looks at one of these conversations, from any thread."""
        ids = frozenset(conversation_ids)
        for watcher in self._all():
            watcher.tell(ids, you=False)

    def nudge(self, person_ids: Iterable[str]) -> None:
        """Tell these people that their own list or waiting cards changed, from any thread."""
        people = frozenset(person_ids)
        for watcher in self._all():
            if watcher.person in people:
                watcher.tell(frozenset(), you=True)

    @contextmanager
    def watching(self, person: str) -> Iterator[Watcher]:
        """Return a watcher for as long as the page is open; needs a running event loop."""
        watcher = Watcher(person, asyncio.get_running_loop())
        with self._lock:
            self._watchers.add(watcher)
            closed = self._closed
        if closed:
            watcher.close()
        try:
            yield watcher
        finally:
            with self._lock:
                self._watchers.discard(watcher)

    def close(self) -> None:
        """End every open page's stream, and those that come later."""
        with self._lock:
            self._closed = True
        for watcher in self._all():
            watcher.close()

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> tuple[Watcher, ...]:
        with self._lock:
            return tuple(self._watchers)
