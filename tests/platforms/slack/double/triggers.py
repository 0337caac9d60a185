"""What an interaction gives the app for a while: trigger ids, and response URLs."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from double.shapes import Refused

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_LIFE = timedelta(minutes=30)
RESPONSE_USES = 5


@dataclass
class Trigger:
    """One person's interaction; ``view`` is the modal it happened in."""

    id: str
    team: str
    user: str
    issued: datetime
    view: str = ""
    used: bool = False


@dataclass
class ResponseUrl:
    """Where an app may answer an interaction; ``source`` is the message it came from."""

    id: str
    team: str
    channel: str
    user: str
    issued: datetime
    source: str = ""
    uses: int = 0


@dataclass
class Triggers:
    """Issues and redeems both, by the clock given."""

    now: Callable[[], datetime]
    _triggers: dict[str, Trigger] = field(default_factory=dict)
    _urls: dict[str, ResponseUrl] = field(default_factory=dict)
    _number: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def issue(self, team: str, user: str, view: str = "") -> str:
        """Return a new trigger id."""
        number = next(self._number)
        one = Trigger(f"{number}.{number + 7000}.{number:032x}", team, user, self.now(), view)
        self._triggers[one.id] = one
        return one.id

    def exchange(self, trigger_id: object, teams: Callable[[str], bool]) -> Trigger:
        """Use a trigger up.

        Raises:
            Refused: as Slack does; an unknown or used one is a violation, a late one is not.
        """
        one = self._triggers.get(str(trigger_id))
        if one is None or not teams(one.team):
            raise Refused("invalid_trigger_id", wrong="a trigger id Slack never gave this app")
        if one.used:
            raise Refused("exchanged_trigger_id", wrong="a trigger id used twice")
        if self.now() - one.issued > TRIGGER_LIFE:
            raise Refused("expired_trigger_id")
        one.used = True
        return one

    def response_url(self, team: str, channel: str, user: str, source: str = "") -> str:
        """Return the id of a new response URL."""
        number = next(self._number)
        one = ResponseUrl(f"R{number:09d}", team, channel, user, self.now(), source)
        self._urls[one.id] = one
        return one.id

    def redeem(self, url_id: str) -> ResponseUrl:
        """Use a response URL once.

        Raises:
            Refused: with the status and error Slack's hooks answer with.
        """
        one = self._urls.get(url_id)
        if one is None:
            raise Refused("invalid_url", wrong="a response URL Slack never gave", status=404)
        if self.now() - one.issued > RESPONSE_LIFE:
            raise Refused("expired_url", status=404)
        if one.uses >= RESPONSE_USES:
            raise Refused("used_url", status=404)
        one.uses += 1
        return one
