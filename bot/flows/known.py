"""What is remembered of people and rules, for as long as nobody has changed them."""

from collections.abc import Callable
from typing import Generic, TypeVar

from bot.domain.recent import Recent
from bot.storage.tx import Tx

V = TypeVar("V")

MOST = 16_384
"""About a large organisation's people; each takes less than a kilobyte."""


class Known(Generic[V]):
    """Values by id, all as they stood at one number of ``storage.changes``.

    The number comes with every request, from the same transaction: whatever was changed before,
    also by another process, is seen. Only what is durable is remembered, so that a number from a
    transaction that was rolled back can never name two states.
    """

    def __init__(self) -> None:
        self._page: tuple[int, Recent[str, V]] = 0, Recent(MOST)

    def get(self, tx: Tx, change: int | None, id_: str, read: Callable[[], V]) -> V:
        """Return the value as it stands at ``change``, read now if it is not remembered.

        ``None`` for ``change``: nobody counts, so nothing is remembered. What ``read`` raises is
        raised.
        """
        at, page = self._page
        found = page.find(id_) if at == change else None
        if found is None:
            found = kept = read()
            if change is not None:
                tx.once_it_stands(lambda: self._keep(change, id_, kept))
        return found

    def _keep(self, change: int, id_: str, value: V) -> None:
        at, page = self._page
        if change > at:  # turned over; a read that began before the change keeps nothing
            page = Recent(MOST)
            self._page = change, page
        elif change < at:
            return
        page.keep(id_, value)
