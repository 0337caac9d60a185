"""What Slack has told, so that it is done once, whichever process hears it a second time.

A row holds a hash and a time: nothing of who told it, nor of what. Answers are never noted here;
they need no memory (privacy, protocol 6).
"""

from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import delete, select, update

from bot.storage.store import Tx
from bot.storage.tables import slack_heard

LEASE = timedelta(seconds=30)
"""How long who has begun with something is waited for. Slack tells it again after a minute."""


class Turn(Enum):
    """Whose turn it is with something Slack has told."""

    MINE, DONE, BUSY = range(3)


def begin(tx: Tx, id_: str, now: datetime) -> Turn:
    """Take something for oneself: ``MINE``, to be ended with ``end`` or ``let_go``.

    Else somebody is done with it, or still at it. Who dies over it has it for ``LEASE``.
    """
    row = {"id": id_, "at": now, "done": False}
    if tx.insert_new(slack_heard, [row], ["id"]):
        return Turn.MINE
    dead = update(slack_heard).where(
        slack_heard.c.id == id_, slack_heard.c.done.is_(False), slack_heard.c.at <= now - LEASE
    )
    if tx.execute(dead.values(at=now)).rowcount:
        return Turn.MINE
    done = tx.scalar(select(slack_heard.c.done).where(slack_heard.c.id == id_))
    return Turn.DONE if done else Turn.BUSY


def end(tx: Tx, id_: str, at: datetime) -> None:
    """Note that something begun at ``at`` is done, unless it is somebody else's by now."""
    mine = (slack_heard.c.id == id_) & (slack_heard.c.at == at)
    tx.execute(update(slack_heard).where(mine).values(done=True))


def let_go(tx: Tx, id_: str, at: datetime) -> None:
    """Note that nothing came of it, so that it may be told again."""
    mine = (slack_heard.c.id == id_) & (slack_heard.c.at == at)
    tx.execute(delete(slack_heard).where(mine, slack_heard.c.done.is_(False)))


def forget(tx: Tx, before: datetime, limit: int) -> int:
    """Delete what was told before then; return how much that was, at most ``limit``."""
    old = select(slack_heard.c.id).where(slack_heard.c.at < before).limit(limit)
    return int(tx.execute(delete(slack_heard).where(slack_heard.c.id.in_(old))).rowcount)
