"""A stored result with everything that may stand beside it, and nothing computed anew.

One rule for every way out: channel, private preview, page and export are all drawn from what is
read here. The cards are in ``results.cards``, the sentences in ``results.words``, picture and
tables in ``results.tables``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.permissions import Action
from bot.domain.results import AtomFigure, Audience, Label, QuestionFigure
from bot.domain.rounds import Round
from bot.flows.desk import Guest
from bot.storage import figures, rounds
from bot.storage.figures import Kept, KeptComment
from bot.storage.store import Tx


@dataclass(frozen=True)
class Result:
    """A stored figure with everything that may stand beside it."""

    round: Round
    kept: Kept
    previous: Kept | None
    leads: Kept | None
    comments: tuple[KeptComment, ...]
    names: tuple[str, ...]
    """The nodes it counts, or the one it is about."""
    public: bool
    """The team has it; before that it is the leads' alone."""

    @property
    def shown(self) -> tuple[QuestionFigure, ...]:
        """Questions with enough answers to be shown."""
        return tuple(one for one in self.kept.figure.questions if one.label is not None)


def read(tx: Tx, figure_id: str, now: datetime) -> Result | None:
    """Return a figure with its trend, the leads' figure and the comments of the same group.

    Before publication nobody but the AMR reads comments: one may yet be held back.
    """
    kept = figures.get(tx, figure_id)
    one = rounds.get(tx, kept.round) if kept else None
    if kept is None or one is None:
        return None
    figure = kept.figure
    leads = next(
        (
            other
            for other in figures.of_round(tx, kept.round)
            if other.figure.audience is Audience.LEADS
            and other.figure.at == figure.at
            and figure.audience is Audience.EMPLOYEES
        ),
        None,
    )
    nodes = figure.nodes if isinstance(figure, AtomFigure) else (figure.at,)
    public = now >= kept.publish_at
    comments = tuple(
        comment
        for comment in (figures.comments(tx, kept.round) if public else ())
        if comment.audience is figure.audience and set(nodes) <= set(comment.nodes)
    )
    names = tuple(one.nodes[node][0] for node in nodes if node in one.nodes)
    return Result(one, kept, figures.before(tx, kept), leads, comments, names, public)


def visible(tx: Tx, asker: Guest, figure_id: str, now: datetime) -> Result | None:
    """Return a figure the person may see now: his own group's, and early only for its leads."""
    kept = figures.get(tx, figure_id)
    if kept is None:
        return None
    nodes = [
        node for node in getattr(kept.figure, "nodes", (kept.figure.at,)) if node in asker.tree
    ]
    action = Action.SEE_RESULTS if now >= kept.publish_at else Action.SEE_RESULTS_EARLY
    if not any(asker.may(action, node) for node in nodes):
        return None
    return read(tx, figure_id, now)


def labels(kept: Kept | None) -> Mapping[str, Label]:
    """Return the labels of a stored figure by question; none for ``None``."""
    questions: Iterable[QuestionFigure] = kept.figure.questions if kept else ()
    return {one.question: one.label for one in questions if one.label is not None}
