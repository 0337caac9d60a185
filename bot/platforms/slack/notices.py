"""What an operator reads: of a trouble that befalls many one line an hour, and nobody's words."""

import logging
import time
from collections.abc import Callable

from bot.domain.recent import Recent

log = logging.getLogger(__name__)

EVERY = 3600.0
"""Seconds until the same thing is said again, if it is still so."""
MOST = 200


def quiet() -> logging.Logger:
    """Return a logger for Slack's libraries, whose lines may quote what somebody sent or reads.

    Only its worst is kept, at any log level: what matters is logged here, under a code.
    """
    found = logging.getLogger("slack.quiet")
    found.setLevel(logging.CRITICAL)
    return found


class Notices:
    """Says things to the operator. ``now`` counts seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._said: Recent[str, float] = Recent(MOST)

    def say(self, line: str) -> None:
        """Log a line, unless that was done within the hour. It begins with its code."""
        before = self._said.find(line)
        if before is None or self._now() - before >= EVERY:
            self._said.keep(line, self._now())
            log.warning("%s", line)
