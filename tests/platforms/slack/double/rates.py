"""Slack's rate limits, by the clock given: tiers a minute, and a post a second in a channel."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from double.reference import Method
from double.shapes import Refused

TIERS = {"Tier 1": 1, "Tier 2": 20, "Tier 3": 50, "Tier 4": 100}
"""Calls a minute, for each method and workspace."""

SPECIAL = {"chat.postMessage": 300, "apps.connections.open": 10}
"""Calls a minute where Slack names no tier. It publishes no figure: these are the double's own."""

SPECIAL_OTHERWISE = 600
DISTRIBUTED = {"conversations.history": 1, "conversations.replies": 1}
"""Calls a minute of an app that is distributed outside Slack's Marketplace, since May 2025."""
POST_SPACING = timedelta(seconds=1)
JITTER = timedelta(milliseconds=50)
"""How much too early a post may arrive: the wire is not a metronome."""

MINUTE = timedelta(minutes=1)
SCHEDULED = 30
SCHEDULED_SPAN = timedelta(minutes=5)


@dataclass
class Rates:
    """Counts accepted calls. ``impatient`` lists calls made before their Retry-After was over."""

    now: Callable[[], datetime]
    enforced: bool = True
    a_minute: dict[str, int] = field(default_factory=dict)
    impatient: list[str] = field(default_factory=list)
    _calls: dict[tuple[str, str], deque[datetime]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    _held: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def limit(self, method: Method) -> int:
        """Return how many calls a minute are accepted; a test may set another number."""
        otherwise = TIERS.get(method.tier, SPECIAL.get(method.name, SPECIAL_OTHERWISE))
        return self.a_minute.get(method.name, otherwise)

    def call(self, method: Method, team: str) -> None:
        """Count a call of ``method``, or refuse it."""
        self._count(method.name, team, self.limit(method), MINUTE)

    def post(self, channel: str) -> None:
        """Count a message posted to ``channel``, or refuse it."""
        self._count("chat.postMessage", channel, 1, POST_SPACING - JITTER)

    def schedule(self, channel: str) -> None:
        """Count a message scheduled in ``channel``, or refuse it."""
        self._count("chat.scheduleMessage", channel, SCHEDULED, SCHEDULED_SPAN)

    def _count(self, method: str, scope: str, limit: int, span: timedelta) -> None:
        if not self.enforced:
            return
        now, key = self.now(), (method, scope)
        if now < self._held.get(key, now):
            self.impatient.append(method)
        calls = self._calls[key]
        while calls and calls[0] <= now - span:
            calls.popleft()
        if len(calls) >= limit:
            wait = (calls[0] + span - now).total_seconds() if calls else span.total_seconds()
            seconds = max(1, math.ceil(wait))
            self._held[key] = now + timedelta(seconds=seconds)
            raise Refused("ratelimited", status=429, headers={"Retry-After": str(seconds)})
        calls.append(now)
