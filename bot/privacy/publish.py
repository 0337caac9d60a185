"""What a closed round publishes: all that leaves its ballots, and nothing else.

Which people are counted together lives in ``atoms``, how a figure is made in ``labels``. Opening
the ballots before, storing the result and destroying the key after are the closing flow's.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.chance import Chance
from bot.domain.people import NodeId
from bot.domain.results import (
    AtomFigure,
    Audience,
    CommentGroup,
    ParentFigure,
    Published,
    QuestionFigure,
)
from bot.domain.rounds import AskedQuestion, Invited, Round
from bot.privacy.atoms import Atom, Place, places, split
from bot.privacy.ballots import DONT_KNOW, Ballot
from bot.privacy.labels import FIVE_POINTS, Tally, figure, mean_label, overall, weight

COMMENTS_FROM = 3
"""The fewest comments that are shown together."""


@dataclass(frozen=True)
class _Side:
    """One audience: how many were invited at each home node, and the ballots that count."""

    audience: Audience
    invited: Mapping[NodeId, int]
    ballots: Mapping[NodeId, Sequence[Ballot]]

    def answered(self, nodes: Iterable[NodeId]) -> int:
        return sum(len(self.ballots[node]) for node in nodes)

    def written(self, nodes: Iterable[NodeId]) -> list[str]:
        return [b.comment for node in nodes for b in self.ballots[node] if b.comment]


def count(round_: Round, ballots: Iterable[tuple[Invited, Ballot]], chance: Chance) -> Published:
    """Return all that may be kept of a round, from every invited person's ballot.

    Draws labels and the order of comments: call it once and store the result. The order in which
    the ballots come changes nothing. Raises ``ValueError`` for a home node outside the round.
    """
    root = places(round_.scope, round_.nodes, round_.units)
    ballots = tuple(ballots)
    employees, leads = (_side(audience, ballots) for audience in Audience)
    known = {node for place in root.walk() for node in place.nodes}
    if not known >= employees.invited.keys() | leads.invited.keys():
        raise ValueError("somebody's home lies outside the round")
    atoms: list[AtomFigure] = []
    parents: list[ParentFigure] = []
    comments: list[CommentGroup] = []
    for side in (employees, leads):
        formed = [_atom(round_, atom, side, chance) for atom in _atoms(root, round_, side)]
        atoms += formed
        parents += _parents(root, formed, round_.questions, side.audience)
        comments += _comments(root, round_, side, chance)
    counted = {node for atom in _atoms(root, round_, employees) for node in atom.nodes}
    too_few = tuple(node for node in employees.invited if node not in counted)
    return Published(tuple(atoms), tuple(parents), tuple(comments), tuple(sorted(too_few)))


def threshold_reached(answered: int, threshold: int) -> bool:
    """Tell the one bit a lead sees while a round is open, of the employees' ballots that count.

    For a whole round it is true exactly when, were the round closed now, at least one group of
    employees could be counted.
    """
    return answered >= threshold


def _side(audience: Audience, ballots: Iterable[tuple[Invited, Ballot]]) -> _Side:
    leads = audience is Audience.LEADS
    here = [(member.node, ballot) for member, ballot in ballots if member.lead == leads]
    invited = Counter(node for node, _ in here)
    answered: dict[NodeId, list[Ballot]] = {node: [] for node in invited}
    for node, ballot in here:
        if ballot.answered:
            answered[node].append(ballot)
    return _Side(audience, invited, answered)


def _atoms(root: Place, round_: Round, side: _Side) -> tuple[Atom, ...]:
    def enough(nodes: Sequence[NodeId]) -> bool:
        return side.answered(nodes) >= round_.threshold

    return split(root, frozenset(side.invited), enough).atoms


def _atom(round_: Round, atom: Atom, side: _Side, chance: Chance) -> AtomFigure:
    ballots = [ballot for node in atom.nodes for ballot in side.ballots[node]]
    questions = tuple(
        figure(
            asked.id,
            _tally(asked, ballots),
            round_.threshold,
            chance.generator(round_.id, _key(atom, side), asked.id),
            asked.scale,
        )
        for asked in round_.questions
    )
    return AtomFigure(
        at=atom.at,
        nodes=atom.nodes,
        audience=side.audience,
        answered=len(ballots),
        invited=sum(side.invited[node] for node in atom.nodes),
        questions=questions,
        overall=overall(questions, len(ballots)),
    )


def _tally(asked: AskedQuestion, ballots: Iterable[Ballot]) -> Tally:
    given = Counter(ballot.answers.get(asked.id) for ballot in ballots)
    turned = {asked.score(value): given[value] for value in FIVE_POINTS}
    one, two, three, four, five = (turned[score] for score in FIVE_POINTS)
    return Tally((one, two, three, four, five), given[DONT_KNOW])


def _parents(
    root: Place, atoms: Sequence[AtomFigure], asked: Sequence[AskedQuestion], audience: Audience
) -> Iterable[ParentFigure]:
    """Yield a figure for every place with at least two atoms at or below it."""
    for place in root.walk():
        inside = {below.at for below in place.walk()}
        below = [atom for atom in atoms if atom.at in inside]
        if len(below) < 2:
            continue
        answered = sum(atom.answered for atom in below)
        questions = tuple(_parent_question(one.id, below, answered) for one in asked)
        yield ParentFigure(
            at=place.at,
            audience=audience,
            answered=answered,
            invited=sum(atom.invited for atom in below),
            questions=questions,
            overall=overall(questions, answered),
        )


def _parent_question(question: str, atoms: Sequence[AtomFigure], answered: int) -> QuestionFigure:
    parts = [
        (shown.label, weight(atom.answered))
        for atom in atoms
        for shown in atom.questions
        if shown.question == question and shown.label is not None
    ]
    return QuestionFigure(question, mean_label(parts, answered))


def _comments(root: Place, round_: Round, side: _Side, chance: Chance) -> Iterable[CommentGroup]:
    """Yield the comments that may be shown; the others go no further than this function."""
    if not round_.comments:
        return

    def enough(nodes: Sequence[NodeId]) -> bool:
        written = len(side.written(nodes))
        return side.answered(nodes) >= round_.comment_answers and written >= COMMENTS_FROM

    for group in split(root, frozenset(side.invited), enough).atoms:
        texts = sorted(side.written(group.nodes))
        chance.generator(round_.id, _key(group, side), "comments").shuffle(texts)
        yield CommentGroup(group.at, group.nodes, side.audience, tuple(texts))


def _key(atom: Atom, side: _Side) -> str:
    return f"{side.audience}:{atom.at}"
