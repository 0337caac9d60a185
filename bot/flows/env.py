"""What every flow is given: words, keys, time, chance and the organisation's defaults."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.content.model import Pack
from bot.content.words import Words
from bot.domain.chance import Chance
from bot.domain.clock import Clock
from bot.domain.people import NodeRules, PersonId
from bot.domain.rounds import RoundId
from bot.privacy.keys import KeyStore


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


@dataclass(frozen=True)
class Env:
    """The surroundings of a flow; nothing in here is built by a flow."""

    pack: Pack
    keys: KeyStore
    clock: Clock
    chance: Chance
    defaults: NodeRules
    organisation: str
    demo: bool = False
    laters: Laters = field(default_factory=Laters)


@dataclass(frozen=True)
class Reader:
    """For whom something is worded: his language, his zone, and who he is (``None``: a channel)."""

    words: Words
    zone: str
    person: PersonId | None = None
