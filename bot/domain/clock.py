"""Time as an argument. Every instant in the house is an aware ``datetime`` in UTC."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time; a subclass or a test may tell another."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return datetime.now(UTC)


class MovableClock(Clock):
    """A clock that can be moved forward, never back: for the demo, ``simulate`` and tests.

    With ``base`` it keeps running between the moves (the demo); without, it stands still.
    """

    def __init__(self, start: datetime, base: Callable[[], datetime] | None = None) -> None:
        self._base = base
        self._frozen = start
        self._offset = start - base() if base else timedelta(0)

    def now(self) -> datetime:
        """Return the clock's own present."""
        return self._base() + self._offset if self._base else self._frozen

    def restart(self, start: datetime) -> None:
        """Begin anew at ``start``: for a demo that starts over with an empty database."""
        self._frozen = start
        self._offset = start - self._base() if self._base else timedelta(0)

    def move_to(self, instant: datetime) -> None:
        """Move forward to ``instant``; an earlier instant changes nothing."""
        ahead = instant - self.now()
        if ahead > timedelta(0):
            self._offset += ahead
            self._frozen += ahead
