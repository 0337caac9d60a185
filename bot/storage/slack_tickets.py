"""What may be done once, or by one at a time, until its time is over: tickets and turns."""

from datetime import datetime

from sqlalchemy import delete, insert

from bot.storage.store import Tx
from bot.storage.tables import slack_ticket


def put_ticket(tx: Tx, id_: str, until: datetime) -> None:
    """Keep a ticket that may be used once until then."""
    tx.execute(delete(slack_ticket).where(slack_ticket.c.id == id_))
    tx.execute(insert(slack_ticket).values(id=id_, until=until))


def take_turn(tx: Tx, id_: str, now: datetime, until: datetime) -> bool:
    """Take a turn that nobody else gets before ``until``; ``False`` while somebody has it."""
    before = slack_ticket.c.id == id_, slack_ticket.c.until <= now
    tx.execute(delete(slack_ticket).where(*before))
    return bool(tx.insert_new(slack_ticket, [{"id": id_, "until": until}]))


def use_ticket(tx: Tx, id_: str, now: datetime) -> bool:
    """Use a ticket up; ``False`` when there is none or its time is over. Old ones go."""
    tx.execute(delete(slack_ticket).where(slack_ticket.c.until < now))
    return bool(tx.execute(delete(slack_ticket).where(slack_ticket.c.id == id_)).rowcount)
