"""Rounds that are over for good, and how much of them is forgotten when."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from bot.domain.rounds import RoundId, RoundState
from bot.storage.store import Tx
from bot.storage.tables import comment, delivery, dialogue_vote, figure, round_, round_member

_TOLD = ("invite", "remind", "void", "invite-again", "remind-again")
"""How the purposes of a round's messages to people begin."""
OVER = (RoundState.REPORTED.value, RoundState.VOID.value)


def forget(tx: Tx, before: datetime, limit: int) -> int:
    """Forget what came of rounds published before then, ``limit`` rounds at most; return how many.

    Their figures go, and who was invited, in rosters and invitations alike. The rounds themselves
    stay, with their questions and dates: by them a restored backup is told from an open round.
    """
    has_figures = select(figure.c.id).where(figure.c.round_id == round_.c.id).exists()
    has_people = select(round_member.c.person_id).where(round_member.c.round_id == round_.c.id)
    found = _past(tx, before, has_figures | has_people.exists(), limit)
    told = [f"{purpose}:{id_}" for id_ in found for purpose in _TOLD]
    tx.execute(delete(delivery).where(delivery.c.purpose.in_(told)))
    for table in (comment, figure, dialogue_vote, round_member):
        tx.execute(delete(table).where(table.c.round_id.in_(found)))
    return len(found)


def forget_comments(tx: Tx, before: datetime, limit: int) -> int:
    """Forget the comments of rounds published before then, ``limit`` rounds at most; return how
    many rounds that were.
    """
    said = select(comment.c.id).where(comment.c.round_id == round_.c.id).exists()
    found = _past(tx, before, said, limit)
    tx.execute(delete(comment).where(comment.c.round_id.in_(found)))
    return len(found)


def _past(tx: Tx, before: datetime, wanted: ColumnElement[bool], limit: int) -> Sequence[RoundId]:
    """Return rounds with which nothing is to be done any more."""
    query = select(round_.c.id).where(
        round_.c.state.in_(OVER), round_.c.next_at.is_(None), round_.c.publish_at < before, wanted
    )
    return [row.id for row in tx.rows(query.order_by(round_.c.id).limit(limit))]
