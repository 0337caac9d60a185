"""What becomes of votes: an order of ideas, never a count; none where too few have voted.

The reckoning of rounds of ``votes``; when it is called, and that it happens once, is ``closing``'s.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.dialogues import Phase
from bot.domain.rounds import Invited, Round
from bot.flows.dialogues import phases
from bot.flows.env import Env
from bot.privacy.ballots import Ballot
from bot.privacy.talks import ranked
from bot.storage import dialogues
from bot.storage.store import Tx

Order = tuple[tuple[str, ...], int]
"""Groups in order, and how many voted."""


def count(env: Env, one: Round, ballots: Sequence[tuple[Invited, Ballot]]) -> Order | None:
    """Return the order; the counts of votes are gone with this call."""
    groups = [question.id for question in one.questions]
    rng = env.chance.generator(one.id, "votes")
    return ranked(groups, [chosen(ballot) for _, ballot in ballots], one.threshold, rng)


def keep(tx: Tx, env: Env, one: Round, counted: Order | None, now: datetime) -> None:
    """Store the order and how many took part, and go on with the dialogue."""
    dialogue = dialogues.get(tx, one.about)
    if dialogue is None or dialogue.phase is not Phase.VOTING:
        return
    if counted is not None:
        order, took_part = counted
        dialogues.set_places(tx, order)
        dialogues.note_vote(tx, dialogue.id, one.id, took_part)
    phases.choose(tx, env, dialogue, now)


def publish(tx: Tx, env: Env, one: Round, now: datetime) -> None:
    """Do nothing more: the order is the team's as soon as it is kept."""


def chosen(ballot: Ballot) -> frozenset[str]:
    """Return the groups somebody has voted for."""
    return frozenset(group for group, value in ballot.answers.items() if value)
