"""What every flow is given: words, keys, time, chance and the organisation's defaults."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.cards import Reply
from bot.content.model import Pack
from bot.content.words import Words
from bot.domain.chance import Chance
from bot.domain.clock import Clock
from bot.domain.people import NodeRules, Person, PersonId, Rules
from bot.domain.recent import Recent
from bot.domain.rounds import RoundId
from bot.flows.contact import Contact
from bot.flows.known import Known
from bot.privacy.keys import KeyStore

READY = 512
"""Replies that are kept ready; each takes a few kilobytes, and a round needs about four."""


class Laters:
    """Rounds in which somebody said "later", and when to look again. In memory only.

    Who it was stands in the sealed ballot alone; after a restart the open rounds are looked
    through once.
    """

    def __init__(self) -> None:
        self._at: dict[RoundId, datetime] = {}

    def note(self, round_id: RoundId, at: datetime) -> None:
        """Remember to look into the round at ``at``, or earlier if that was known."""
        self._at[round_id] = min(at, self._at.get(round_id, at))

    def due(self, now: datetime) -> tuple[RoundId, ...]:
        """Return and forget the rounds to look into now."""
        found = tuple(sorted(key for key, at in self._at.items() if at <= now))
        for key in found:
            del self._at[key]
        return found

    def next_at(self) -> datetime | None:
        """Return when to look next."""
        return min(self._at.values(), default=None)


class News:
    """Tells open pages that what a team sees together has changed; never what, nor who did it.

    Nothing is told when somebody answers: what nobody may see has not changed for anybody.
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[[Iterable[str]], None]] = []

    def listen(self, call: Callable[[Iterable[str]], None]) -> None:
        """Have ``call`` called with the ids of conversations whose readers are to look again."""
        self._listeners.append(call)

    def changed(self, *conversations: str) -> None:
        """Tell those who listen; may be called from any thread."""
        for call in self._listeners:
            call(conversations)


@dataclass
class Rosters:
    """Who says who is in which team: a people file, unless a chat's channels do."""

    by_channel: bool = False


@dataclass(frozen=True)
class Reader:
    """For whom something is worded: his language, his zone, and who he is (``None``: a channel).

    ``channel`` is the conversation that is read there: all who are in it read the same.
    """

    words: Words
    zone: str
    person: PersonId | None = None
    channel: str = ""


@dataclass(frozen=True)
class Env:
    """The surroundings of a flow; nothing in here is built by a flow."""

    pack: Pack
    keys: KeyStore
    clock: Clock
    chance: Chance
    defaults: NodeRules
    organisation: str
    """Its name in the settings; empty where they say none (``flows.organisation``)."""
    demo: bool = False
    laters: Laters = field(default_factory=Laters)
    news: News = field(default_factory=News)
    contact: Contact = field(default_factory=Contact)
    rosters: Rosters = field(default_factory=Rosters)
    askers: Known[tuple[Person, Reader]] = field(default_factory=Known)
    rules: Known[Rules] = field(default_factory=Known)
    ready: Recent[Hashable, Reply] = field(default_factory=lambda: Recent(READY))
