"""A store in which nothing can be written: to see what an answer would be, without giving it."""

from collections.abc import Callable
from typing import TypeVar

from bot.storage.store import Store, Tx

T = TypeVar("T")


class Looking(Store):
    """An open store whose every job runs as a read; the database refuses what would write.

    A refusal is raised as ``NotRead``, or as the database's own error. It is not to be closed.
    """

    def __init__(self, store: Store) -> None:
        self._behind = store

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Carry out ``work`` on a snapshot it cannot change."""
        return await self._behind.read(work)

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Carry out ``work`` on a snapshot."""
        return await self._behind.read(work)
