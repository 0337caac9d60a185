"""Which deliveries were begun in Slack, and where they stand, so that none is sent twice.

Nothing here tells who has answered or when: invitations and reminders are never kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.storage.store import Tx
from bot.storage.tables import slack_sent


@dataclass(frozen=True)
class Begun:
    """A delivery that was begun before: since when, and its message where it is known to stand.

    Without a message it may stand there, or not.
    """

    at: datetime
    message: str | None


def begun(tx: Tx, ids: Iterable[str]) -> dict[str, Begun]:
    """Return those deliveries that were begun before."""
    query = select(slack_sent).where(slack_sent.c.delivery_id.in_(list(ids)))
    return {row.delivery_id: Begun(row.begun_at, row.message) for row in tx.rows(query)}


def begin_sending(tx: Tx, id_: str, now: datetime) -> None:
    """Note that a delivery is about to be sent."""
    row = {"delivery_id": id_, "begun_at": now, "channel_id": None, "message": None}
    tx.insert_new(slack_sent, [row])


def sent(tx: Tx, delivery_id: str, channel_id: str, message: str) -> None:
    """Note where a delivery stands."""
    query = update(slack_sent).where(slack_sent.c.delivery_id == delivery_id)
    tx.execute(query.values(channel_id=channel_id, message=message))


def not_sent(tx: Tx, ids: Iterable[str]) -> None:
    """Note that Slack has refused these, so that they certainly stand nowhere."""
    tx.execute(delete(slack_sent).where(slack_sent.c.delivery_id.in_(list(ids))))
