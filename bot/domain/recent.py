"""A small memory of what was made last."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The newest ``most`` values by key; the oldest is let go first. Several threads may use it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[K, V] = {}
        self._one_at_a_time = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: K) -> V | None:
        """Return the value kept under the key, or ``None``."""
        return self._kept.get(key)

    def items(self) -> tuple[tuple[K, V], ...]:
        """Return what is kept now, each with its key, the oldest first."""
        with self._one_at_a_time:
            return tuple(self._kept.items())

    def keep(self, key: K, value: V) -> None:
        """Keep a value under its key."""
        with self._one_at_a_time:
            if key not in self._kept and len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = value

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Return the value kept under the key, made and kept now if there is none."""
        found = self._kept.get(key)
        if found is None:
            found = make()
            self.keep(key, found)
        return found
