"""The engine that walks one person through a round's questions. Pure: state in, state out.

The state is the ballot: the answers so far and a revision. There is no step pointer to lose; the
question to ask is the first on the path without an answer, and going back is deleting an answer.
Every move names the revision it was drawn from, so that a double click has one effect, an old
window never overwrites a newer answer, and an event that is brought twice never brings back what
was deleted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.rounds import FIVE_POINTS
from bot.privacy.ballots import Ballot, Entry

COMMENT = "comment"
"""The last step where a round has a comment box."""
DONT_KNOW = 0


@dataclass(frozen=True)
class Path:
    """The steps of a round, in order."""

    questions: tuple[str, ...]
    comment: bool
    scales: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """The values of questions that do not have all five."""

    @property
    def steps(self) -> tuple[str, ...]:
        """Return question ids, then ``COMMENT`` where there is a box."""
        return (*self.questions, COMMENT) if self.comment else self.questions


@dataclass(frozen=True)
class Answer:
    """An answer 1 to 5, 0 for "don't know", or ``None`` for skipped."""

    step: str
    value: int | None


@dataclass(frozen=True)
class Comment:
    """The free comment; ``None`` means the box was passed over."""

    text: str | None


@dataclass(frozen=True)
class Fill:
    """What stood on a sheet of all questions when it was sent: many moves that are made as one.

    A question that is not in ``answers`` was left alone and stays as it is; so does the comment
    where there is none.
    """

    answers: Mapping[str, int] = field(repr=False)
    comment: Comment | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Back:
    """One step back from ``step``: the answer before it is taken out and asked again."""

    step: str


@dataclass(frozen=True)
class Later:
    """Ask me again at ``until``; leaves no other trace than inside the ballot."""

    until: datetime


@dataclass(frozen=True)
class Delete:
    """Take all my answers out again."""


@dataclass(frozen=True)
class Write:
    """What was written to one question of a round of ideas, in place of what stood there."""

    step: str
    entries: tuple[Entry, ...] = field(repr=False)


@dataclass(frozen=True)
class Choose:
    """What somebody votes for, in place of what he chose before."""

    chosen: frozenset[str] = field(repr=False)


Move = Answer | Comment | Fill | Back | Later | Delete | Write | Choose


@dataclass(frozen=True)
class Moved:
    """The move was made: the new ballot, and the step to show (``None``: everything is answered).

    ``before`` is the value that stood at the step shown, so that it can be marked.
    """

    ballot: Ballot
    show: str | None
    before: int | None = None

    def __repr__(self) -> str:
        return f"Moved(show={self.show!r})"


@dataclass(frozen=True)
class Unchanged:
    """Nothing to do: the same move again. Show the current step."""

    show: str | None


@dataclass(frozen=True)
class Stale:
    """The card is older than what has been answered since; nothing was overwritten."""

    show: str | None


Outcome = Moved | Unchanged | Stale


class NotOnPath(ValueError):  # noqa: N818 - a sentence about the move
    """The move names a step or a value this round does not have."""


def has_answer(ballot: Ballot, step: str) -> bool:
    """Tell whether the step has been answered, skipped or passed over."""
    return ballot.comment_done if step == COMMENT else step in ballot.answers


def current(path: Path, ballot: Ballot) -> str | None:
    """Return the first step without an answer, or ``None`` when all is answered."""
    return next((step for step in path.steps if not has_answer(ballot, step)), None)


def make(path: Path, ballot: Ballot, move: Move, revision: int) -> Outcome:
    """Make ``move``, drawn when the ballot stood at ``revision``.

    Raises ``NotOnPath`` for a step or value that does not exist here.
    """
    match move:
        case Answer(step, value):
            check(path, step, value)
            return _answer(path, ballot, step, value, revision)
        case Comment(text):
            check(path, COMMENT, None)
            return _comment(path, ballot, text, revision)
        case Fill():
            return _fill(path, ballot, move, revision)
        case Back(step):
            return _back(path, ballot, step, revision)
        case Write(step, entries):
            check(path, step, None)
            return _write(path, ballot, step, entries, revision)
        case Choose(chosen):
            return _choose(path, ballot, chosen, revision)
        case Later(until):
            # No new revision: a card that still stands on the screen is as good as before.
            return Moved(replace(ballot, later=until), current(path, ballot))
        case Delete():
            if ballot.is_empty and not ballot.comment_done:
                return Unchanged(current(path, ballot))
            emptied = replace(ballot, comment=None, comment_done=False, entries=())
            return _moved(path, emptied, answers={}, later=None)


def check(path: Path, step: str, value: int | None) -> None:
    """Raise ``NotOnPath`` for a step, or a value of it, that the round does not have."""
    scale = () if step == COMMENT else (DONT_KNOW, *path.scales.get(step, FIVE_POINTS))
    values = (None, *scale)
    if step not in path.steps or value not in values:
        raise NotOnPath("no such step or value in this round")


def _answer(path: Path, ballot: Ballot, step: str, value: int | None, revision: int) -> Outcome:
    if step in ballot.answers and ballot.answers[step] == value:
        return Unchanged(current(path, ballot))
    if revision != ballot.revision:
        return Stale(current(path, ballot))
    return _moved(path, ballot, answers={**ballot.answers, step: value}, later=None)


def _comment(path: Path, ballot: Ballot, text: str | None, revision: int) -> Outcome:
    if ballot.comment_done and ballot.comment == text:
        return Unchanged(current(path, ballot))
    if revision != ballot.revision:
        return Stale(current(path, ballot))
    return _moved(path, ballot, comment=text, comment_done=True, later=None)


def _fill(path: Path, ballot: Ballot, sent: Fill, revision: int) -> Outcome:
    for step, value in sent.answers.items():
        check(path, step, value)
    if sent.comment is not None:
        check(path, COMMENT, None)
    answers = {**ballot.answers, **sent.answers}
    text = ballot.comment if sent.comment is None else sent.comment.text
    # The box is passed over with the last question, not before: somebody may go on elsewhere.
    last = path.comment and all(step in answers for step in path.questions)
    done = ballot.comment_done or bool(text) or last
    stands = ballot.answers, ballot.comment, ballot.comment_done
    if (answers, text, done) == stands:
        return Unchanged(current(path, ballot))
    if revision != ballot.revision:
        return Stale(current(path, ballot))
    return _moved(path, ballot, answers=answers, comment=text, comment_done=done, later=None)


def _write(
    path: Path, ballot: Ballot, step: str, entries: tuple[Entry, ...], revision: int
) -> Outcome:
    after = (*(entry for entry in ballot.entries if entry[0] != step), *entries)
    if step in ballot.answers and sorted(after) == sorted(ballot.entries):
        return Unchanged(current(path, ballot))
    if revision != ballot.revision:
        return Stale(current(path, ballot))
    answers = {**ballot.answers, step: None}
    return _moved(path, ballot, answers=answers, entries=after, later=None)


def _choose(path: Path, ballot: Ballot, chosen: frozenset[str], revision: int) -> Outcome:
    if not chosen <= set(path.questions):
        raise NotOnPath("no such group in this vote")
    voted = {group: 1 if group in chosen else None for group in path.questions}
    answers = voted if chosen else {}
    if ballot.answers == answers:
        return Unchanged(current(path, ballot))
    if revision != ballot.revision:
        return Stale(current(path, ballot))
    return _moved(path, ballot, answers=answers, later=None)


def _back(path: Path, ballot: Ballot, step: str, revision: int) -> Outcome:
    if revision != ballot.revision:
        return Stale(current(path, ballot))
    at = path.steps.index(step) if step in path.steps else len(path.steps)
    earlier = [before for before in path.steps[:at] if has_answer(ballot, before)]
    if not earlier:
        return Unchanged(current(path, ballot))
    last = earlier[-1]
    if last == COMMENT:
        moved = _moved(path, ballot, comment_done=False)
        return replace(moved, show=COMMENT)
    kept: Mapping[str, int | None] = {k: v for k, v in ballot.answers.items() if k != last}
    moved = _moved(path, ballot, answers=kept)
    return replace(moved, show=last, before=ballot.answers[last])


def _moved(path: Path, ballot: Ballot, **changes: object) -> Moved:
    after = replace(ballot, revision=ballot.revision + 1, **changes)  # type: ignore[arg-type]
    return Moved(after, current(path, after))
