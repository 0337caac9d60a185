"""A dialogue: a team talks from how it is at its best, agrees on how to get there, and acts.

Three questions, always in this order: how is it at its best, how is it now, how do we get there.
(Source: Region Sjælland's promoting approach; the factors are Region Skåne's.)
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.domain.action_items import ActionId, Factor
from bot.domain.people import NodeId, PersonId

DialogueId = str
IdeaId = str
GroupId = str

IDEAS = "ideas"
"""The instrument of a round in which ideas are written without names."""
VOTES = "votes"
"""The instrument of a round in which a team votes; its questions are the groups of ideas."""
KINDS = (IDEAS, VOTES)


class Step(StrEnum):
    """The three questions, in order."""

    BEST = "best"
    NOW = "now"
    HOW = "how"


STEPS = tuple(Step)


class Way(StrEnum):
    """How a dialogue is run."""

    DAYS = "days"
    """Over some days: each is asked privately."""
    MEETING = "meeting"
    """Together in a meeting: the bot leads step by step, everybody adds from his own phone."""


class Naming(StrEnum):
    """Whether ideas bear names. Without, over some days, they follow the anonymous protocol."""

    ANONYMOUS = "anonymous"
    NAMED = "named"


class Phase(StrEnum):
    """Where a dialogue stands. The three questions are phases of their own only in a meeting."""

    COLLECTING = "collecting"
    BEST = "best"
    NOW = "now"
    HOW = "how"
    GROUPING = "grouping"
    VOTING = "voting"
    CHOOSING = "choosing"
    ENDED = "ended"

    @property
    def step(self) -> Step | None:
        """Return the question a meeting is at, or ``None``."""
        return Step(self.value) if self.value in STEPS else None


_AFTER = {
    Phase.COLLECTING: Phase.GROUPING,
    Phase.BEST: Phase.NOW,
    Phase.NOW: Phase.HOW,
    Phase.HOW: Phase.GROUPING,
    Phase.GROUPING: Phase.VOTING,
    Phase.VOTING: Phase.CHOOSING,
    Phase.CHOOSING: Phase.ENDED,
}


def after(phase: Phase) -> Phase:
    """Return the phase that follows; raises ``KeyError`` for one that has ended."""
    return _AFTER[phase]


@dataclass(frozen=True)
class Prompt:
    """What a dialogue was started from. ``id``: the published figure; ``topic``: its question."""

    kind: Literal["own", "result"] = "own"
    id: str = ""
    topic: str = ""


@dataclass(frozen=True)
class Dialogue:
    """A dialogue as it stands. ``started_by`` facilitates it, and so may its leads and its AMR."""

    id: DialogueId
    node: NodeId
    topic: str
    way: Way
    naming: Naming
    phase: Phase
    started_by: PersonId
    started_at: datetime
    moved_at: datetime
    """When it came to this phase, or was last moved on in it."""
    source: Prompt = Prompt()
    ended_at: datetime | None = None
    until: datetime | None = None
    """When the phase ends, or a meeting's clock."""
    seconds_left: int | None = None
    """What a meeting's clock shows while it stands still."""
    next_at: datetime | None = None
    """When the bot has something to do about it."""
    version: int = 1

    @property
    def running(self) -> bool:
        """Tell whether it has not ended."""
        return self.phase is not Phase.ENDED

    @property
    def sealed(self) -> bool:
        """Tell whether its ideas are written under the anonymous protocol."""
        return self.way is Way.DAYS and self.naming is Naming.ANONYMOUS


@dataclass(frozen=True)
class Written:
    """What somebody wrote to one of the questions, and how he marked it."""

    step: Step
    text: str
    factor: Factor | None = None

    def __repr__(self) -> str:
        return f"Written(step={self.step.value!r})"


@dataclass(frozen=True)
class Idea:
    """An idea as the team sees it; ``author`` only where a dialogue bears names."""

    id: IdeaId
    dialogue: DialogueId
    step: Step
    text: str
    factor: Factor | None = None
    author: PersonId | None = None
    group: GroupId | None = None
    held: bool = False
    """Held back because it names somebody: it is counted, and its text is not shown."""

    def __repr__(self) -> str:
        return f"Idea(id={self.id!r}, step={self.step.value!r}, held={self.held})"


@dataclass(frozen=True)
class Group:
    """Ideas that belong together; after the vote ``place`` says where it came, 1 first."""

    id: GroupId
    dialogue: DialogueId
    step: Step
    name: str
    factor: Factor | None = None
    place: int | None = None
    action: ActionId | None = None
    """The action it became."""
