"""An action (*tiltag*): one line of a team's action plan, with all five parts of it.

Goal; measure (what, where, when, how); responsible and helpers; timetable with milestones;
follow-up. Everything here is named, never anonymous. (Source: SDU's guide to preventing
work-related stress, the action plan; Region Sjælland's three perspectives.)
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from bot.domain.people import NodeId, PersonId

ActionId = str


class Level(StrEnum):
    """The IGLO levels: where in the organisation the action works."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    LEADER = "leader"
    ORGANISATION = "organisation"


class Prevention(StrEnum):
    """Prevention levels, the most effective first."""

    PRIMARY = "primary"
    """Remove causes."""
    SECONDARY = "secondary"
    """Catch signs early."""
    TERTIARY = "tertiary"
    """Help those hit; safe return."""


class Perspective(StrEnum):
    """The three perspectives on any effort; the promoting one should take up the most room."""

    PROMOTING = "promoting"
    """*Fremmende*: strengthen what gives well-being."""
    PREVENTIVE = "preventive"
    """*Forebyggende*: keep harm from arising."""
    HANDLING = "handling"
    """*Håndterende*: deal with what has happened."""


class Factor(StrEnum):
    """What an idea or action is about."""

    HEALTH = "health"
    """A *friskfaktor* to strengthen."""
    RISK = "risk"
    """A *riskfaktor* to remove."""


class ActionState(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    """Agreed, not begun."""
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"
    ESCALATED = "escalated"
    """Passed on to the next level of management; waits for its answer."""

    @property
    def standing(self) -> bool:
        """Tell whether it is still to be done by the team."""
        return self in (ActionState.OPEN, ActionState.IN_PROGRESS)


class Effect(StrEnum):
    """Whether an action worked, as its responsible says or as the team's answers show."""

    WORKS = "works"
    PARTLY = "partly"
    NOT_YET = "not_yet"


class Verdict(StrEnum):
    """What the lead decided after the follow-up (*act* in plan–do–study–act)."""

    SCALE = "scale"
    """Make it lasting, do more of it."""
    KEEP = "keep"
    ADJUST = "adjust"
    DROP = "drop"


@dataclass(frozen=True)
class Milestone:
    """One step of the timetable."""

    day: date
    text: str
    done: bool = False


@dataclass(frozen=True)
class Source:
    """Where an action came from. ``id``: the dialogue, or the published figure of a result."""

    kind: Literal["own", "dialogue", "result", "meeting"] = "own"
    id: str = ""
    topic: str = ""
    """The question of a result, by id; the topic of a dialogue, as typed."""


@dataclass(frozen=True)
class ActionItem:
    """An action as it stands. Raises ``ValueError`` without a responsible, a what or in disorder.

    ``due`` is the day it is to be done by; on ``follow_up`` the team is asked whether it works.
    """

    id: ActionId
    node: NodeId
    what: str
    first_step: str
    responsible: PersonId
    due: date
    follow_up: date
    created_on: date
    goal: str = ""
    """What shall change."""
    problem: str = ""
    """How it is now."""
    where: str = ""
    how: str = ""
    helpers: tuple[PersonId, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    level: Level = Level.GROUP
    prevention: Prevention = Prevention.PRIMARY
    perspective: Perspective = Perspective.PROMOTING
    factor: Factor | None = None
    trial: bool = True
    """A trial (*prøvehandling*), to be judged at the follow-up; else lasting."""
    source: Source = field(default_factory=Source)
    state: ActionState = ActionState.OPEN
    done_on: date | None = None
    turn: int = 1
    """How many times it has gone round: plan, do, study, act."""
    said: Effect | None = None
    """What the responsible says of this turn."""
    effect: Effect | None = None
    """What the team's anonymous answers of this turn show, where enough answered."""
    verdict: Verdict | None = None
    learnt: str = ""
    """What a dropped action taught."""
    shared: bool = False
    """Shown to other teams, because it worked."""
    version: int = 1

    def __post_init__(self) -> None:
        if not self.responsible or not self.what.strip():
            raise ValueError("an action has a responsible and says what is done")
        if self.follow_up < self.due:
            raise ValueError("the follow-up comes after the action")
