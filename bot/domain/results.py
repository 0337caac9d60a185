"""What a closed round may tell, and nothing more: labels, bands, figures.

Scores run from 1 to 5 and are turned so that 5 is the good end, whichever way the question was put.
How they come about: ``bot.privacy``.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.people import NodeId


class Audience(StrEnum):
    """Whose answers a figure counts: two separate trees, never added together."""

    EMPLOYEES = "employees"
    LEADS = "leads"


class Bound(StrEnum):
    """How to read a label's value."""

    ABOUT = "about"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@dataclass(frozen=True)
class Label:
    """A score as it may be shown: a half step, or one decimal from 30 answers up; ends clipped."""

    value: float
    bound: Bound = Bound.ABOUT


class Band(StrEnum):
    """A share as it may be shown."""

    FEW = "few"
    """None to few."""
    QUARTER = "quarter"
    HALF = "half"
    MOST = "most"


@dataclass(frozen=True)
class QuestionFigure:
    """One question's published figure; every ``None`` means: too few answers to show it."""

    question: str
    label: Label | None = None
    dont_know: Band | None = None
    distribution: tuple[Band, ...] | None = None
    """The share of scores 1 to 5, in that order."""


@dataclass(frozen=True)
class AtomFigure:
    """The figures of one atom: a group of people who are counted together and nowhere else."""

    at: NodeId
    """The node where the atom was formed."""
    nodes: tuple[NodeId, ...]
    """The home nodes of those it counts; the figure bears all their names."""
    audience: Audience
    answered: int
    invited: int
    questions: tuple[QuestionFigure, ...]
    overall: Label | None = None


@dataclass(frozen=True)
class ParentFigure:
    """A department's or the organisation's figure: computed from its atoms' labels alone."""

    at: NodeId
    audience: Audience
    answered: int
    invited: int
    questions: tuple[QuestionFigure, ...]
    overall: Label | None = None


@dataclass(frozen=True)
class CommentGroup:
    """Comments shown at one level only, shuffled and undated, never beside a score."""

    at: NodeId
    nodes: tuple[NodeId, ...]
    audience: Audience
    texts: tuple[str, ...]

    def __repr__(self) -> str:
        return f"CommentGroup(at={self.at!r}, texts=<{len(self.texts)} not shown>)"


@dataclass(frozen=True)
class Published:
    """All that is kept of a closed round."""

    atoms: tuple[AtomFigure, ...]
    parents: tuple[ParentFigure, ...]
    comments: tuple[CommentGroup, ...]
    too_few: tuple[NodeId, ...]
    """Home nodes whose answers could not be shown anywhere; they are offered the dialogue."""
