"""Who led a team whose channel he has left, for as long as he has it again by coming back."""

from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.domain.people import NodeId, PersonId
from bot.storage.store import Tx
from bot.storage.tables import slack_lead


def remember(tx: Tx, person: PersonId, node: NodeId, until: datetime) -> None:
    """Note that somebody led a team; he has it again if he comes back before ``until``."""
    forget(tx, person, node)
    tx.execute(insert(slack_lead).values(person_id=person, node_id=node, until=until))


def take(tx: Tx, person: PersonId, node: NodeId, now: datetime) -> bool:
    """Tell whether somebody who comes back to a team leads it still; what was noted is gone."""
    mine = (slack_lead.c.person_id == person) & (slack_lead.c.node_id == node)
    found = tx.first(select(slack_lead).where(mine, slack_lead.c.until > now))
    forget(tx, person, node)
    return found is not None


def forget(tx: Tx, person: PersonId, node: NodeId) -> None:
    """Drop what was noted of somebody and a team."""
    mine = (slack_lead.c.person_id == person) & (slack_lead.c.node_id == node)
    tx.execute(delete(slack_lead).where(mine))


def clear(tx: Tx, now: datetime) -> None:
    """Drop what is over."""
    tx.execute(delete(slack_lead).where(slack_lead.c.until <= now))
