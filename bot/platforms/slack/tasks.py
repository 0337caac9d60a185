"""Work that goes on after the acknowledgement: referenced while it lasts, drained at the end."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class Tasks:
    """Background work of the adapter."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do something while the caller goes on. What it raises is logged by its kind."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def briefly(self, work: Coroutine[Any, Any, Any], seconds: float) -> Any:
        """Do something, and wait no longer than ``seconds`` for it; it goes on by itself.

        Return what came of it, ``None`` where it goes on or did not end well.
        """
        task = self.start(work)
        await asyncio.wait({task}, timeout=seconds)
        ended = task.done() and not task.cancelled() and task.exception() is None
        return task.result() if ended else None

    async def drain(self, seconds: float = 5.0) -> None:
        """Wait for what is under way, and end what takes longer."""
        while self._running:
            _, late = await asyncio.wait(set(self._running), timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=seconds)
                return

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("SLACK-3 work did not end well: %s", type(task.exception()).__name__)
