"""A round: one run of one instrument with one node of the tree, from opening to report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from bot.domain.people import NodeId, PersonId

RoundId = str


class RoundState(StrEnum):
    """Where a round stands. Only ``OPEN`` and ``REMINDED`` take answers."""

    OPEN = "open"
    REMINDED = "reminded"
    CLOSING = "closing"
    CLOSED = "closed"
    """Counted; the lead has the result, the team gets it at ``publish_at``."""
    REPORTED = "reported"
    VOID = "void"
    """The key was lost: nothing can be counted, everybody is told and asked again."""

    @property
    def takes_answers(self) -> bool:
        """Tell whether an answer may still be given."""
        return self in (RoundState.OPEN, RoundState.REMINDED)


EFFECT = "effect"
"""The instrument that asks a team whether one action works."""
FIVE_POINTS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class AskedQuestion:
    """A question as frozen at opening: its id, which end is good, and nothing of its wording.

    ``scale`` are the values it can be answered with, 1 to 5 or some of them, rising.
    """

    id: str
    pole: Literal["high", "low"] = "high"
    scale: tuple[int, ...] = FIVE_POINTS

    def score(self, value: int) -> int:
        """Turn an answer 1 to 5 so that 5 is the good end."""
        return value if self.pole == "high" else 6 - value


@dataclass(frozen=True)
class Invited:
    """One line of the frozen roster."""

    person: PersonId
    node: NodeId
    lead: bool = False


@dataclass(frozen=True)
class Round:
    """A round as frozen at opening; only ``state`` changes, and ``threshold_reached`` once."""

    id: RoundId
    scope: tuple[NodeId, ...]
    """One node, or small siblings that are counted together."""
    instrument: str
    questions: tuple[AskedQuestion, ...]
    comments: bool
    """Whether there is a comment box: only where the roster can reach the comment threshold."""
    threshold: int
    comment_answers: int
    zone: str
    local_date: date
    opens_at: datetime
    remind_at: datetime | None
    closes_at: datetime
    publish_at: datetime
    state: RoundState
    nodes: Mapping[NodeId, tuple[str, NodeId | None]]
    """The tree below the scope as it stood at opening: name and parent of each node."""
    units: tuple[tuple[NodeId, ...], ...] = ()
    """Small siblings paired at opening; they are counted as one node."""
    schedule: str | None = None
    replaces: RoundId | None = None
    about: str = ""
    """What the round asks about, where that is one thing: an action, a dialogue."""
    channels: Mapping[NodeId, str] = field(default_factory=dict)
    """The bindings of the channels its nodes had at opening: results go there and nowhere else."""
