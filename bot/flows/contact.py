"""Whether the bot is in touch with its chat: its adapter notes it, *Drift* and ``/health`` tell.

In memory only. When somebody was heard last is told to the quarter of an hour: one who could see
the minute could see when a colleague answers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

PATIENCE = timedelta(minutes=5)
"""How long a connection may be away before something is the matter."""
COARSE = timedelta(minutes=15)


@dataclass(frozen=True)
class State:
    """How things stand with ``chat``. ``since``: from when it is so; ``None`` where it comes to us.

    ``heard`` is the quarter of an hour in which the chat last told something.
    """

    chat: str
    connected: bool
    since: datetime | None
    heard: datetime | None
    silent: bool
    """Without a connection for too long."""


class Contact:
    """The connection to a chat that is not the bot's own; none until an adapter begins one."""

    def __init__(self) -> None:
        self._chat = ""
        self._connected = False
        self._since: datetime | None = None
        self._heard: datetime | None = None

    def begin(self, chat: str, now: datetime, *, held: bool) -> None:
        """There is a chat from now on; ``held``: by a connection of ours, which is not there yet.

        Otherwise the chat comes to us, and we cannot tell whether it would.
        """
        self._chat, self._connected, self._since = chat, not held, now if held else None

    def connected(self, now: datetime) -> None:
        """The connection is there."""
        if not self._connected:
            self._connected, self._since = True, now

    def lost(self, now: datetime) -> None:
        """The connection is gone, and no other took its place."""
        if self._connected:
            self._connected, self._since = False, now

    def heard(self, now: datetime) -> None:
        """The chat has told something."""
        self._heard = now

    def state(self, now: datetime) -> State | None:
        """Return how things stand; ``None`` where there is no such chat."""
        if not self._chat:
            return None
        away = not self._connected and self._since is not None and now - self._since >= PATIENCE
        heard = None if self._heard is None else _coarse(self._heard)
        return State(self._chat, self._connected, self._since, heard, away)


def _coarse(at: datetime) -> datetime:
    return at - timedelta(minutes=at.minute % (COARSE.seconds // 60), seconds=at.second,
                          microseconds=at.microsecond)  # fmt: skip
