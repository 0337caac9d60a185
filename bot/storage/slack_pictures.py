"""Which charts stand as pictures in which workspace of Slack: by a hash of what they show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from bot.storage.store import Tx
from bot.storage.tables import slack_picture


@dataclass(frozen=True)
class Picture:
    """A chart's file in Slack, and when it was uploaded."""

    file: str
    at: datetime


def known(tx: Tx, team: str, names: Iterable[str]) -> dict[str, Picture]:
    """Return those charts that were uploaded to a workspace, by name."""
    query = select(slack_picture).where(
        slack_picture.c.team_id == team, slack_picture.c.name.in_(list(names))
    )
    return {row.name: Picture(row.file_id, row.kept_at) for row in tx.rows(query)}


def keep(tx: Tx, team: str, name: str, one: Picture) -> None:
    """Keep a chart's picture, in place of one that was known before."""
    tx.execute(
        delete(slack_picture).where(slack_picture.c.team_id == team, slack_picture.c.name == name)
    )
    row = {"team_id": team, "name": name, "file_id": one.file, "kept_at": one.at}
    tx.insert_new(slack_picture, [row], ["team_id", "name"])


def drop(tx: Tx, team: str, files: Iterable[str]) -> None:
    """Forget files that Slack does not show."""
    gone = slack_picture.c.file_id.in_(list(files))
    tx.execute(delete(slack_picture).where(slack_picture.c.team_id == team, gone))


def forget(tx: Tx, before: datetime, limit: int) -> int:
    """Forget what was uploaded before then, ``limit`` pictures at most; return how many."""
    old = select(slack_picture.c.file_id).where(slack_picture.c.kept_at < before).limit(limit)
    return int(tx.execute(delete(slack_picture).where(slack_picture.c.file_id.in_(old))).rowcount)
