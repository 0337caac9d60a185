"""What simulated people mean to do, and when."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Intent:
    """Something somebody means to do; ``about`` is a round, a node or a month."""

    what: str
    person: str = ""
    about: str = ""


@dataclass
class Agenda:
    """Intents by time; those of one instant in the order in which they were noted."""

    _heap: list[tuple[datetime, int, Intent]] = field(default_factory=list)
    _noted: int = 0

    def note(self, at: datetime, intent: Intent) -> None:
        """Note an intent for ``at``."""
        heapq.heappush(self._heap, (at, self._noted, intent))
        self._noted += 1

    def next_at(self) -> datetime | None:
        """Return when the next one is."""
        return self._heap[0][0] if self._heap else None

    def due(self, now: datetime) -> list[Intent]:
        """Take out and return what is due by ``now``."""
        found = []
        while self._heap and self._heap[0][0] <= now:
            found.append(heapq.heappop(self._heap)[2])
        return found
