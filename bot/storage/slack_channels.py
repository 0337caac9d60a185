"""Which channels of Slack are conversations of the bot's, and whether they are held."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bot.storage.store import Tx
from bot.storage.tables import slack_channel


@dataclass(frozen=True)
class Bound:
    """A channel that is a conversation of the bot's (``node:ID``, ``amg:ID``), as it then was.

    ``id`` is the binding's own: rounds keep it, and it is a new one each time a channel is chosen.
    ``held`` says why nothing is posted there at present. Until it is ``filled``, not everybody in
    the channel is in the team yet.
    """

    id: str
    team: str
    channel: str
    conversation: str
    name: str
    private: bool
    held: str | None = None
    filled: bool = True


def channel(tx: Tx, team: str, channel_id: str) -> Bound | None:
    """Return what a channel is bound to."""
    query = select(slack_channel).where(
        slack_channel.c.team_id == team, slack_channel.c.channel_id == channel_id
    )
    row = tx.first(query)
    return _bound(row) if row else None


def channel_among(tx: Tx, teams: Iterable[str], channel_id: str) -> Bound | None:
    """Return what a channel is bound to that several workspaces share."""
    found = (channel(tx, team, channel_id) for team in teams)
    return next((one for one in found if one is not None), None)


def bound_to(tx: Tx, conversation: str) -> Bound | None:
    """Return the channel of a conversation."""
    row = tx.first(select(slack_channel).where(slack_channel.c.conversation == conversation))
    return _bound(row) if row else None


def all_bound(tx: Tx) -> tuple[Bound, ...]:
    """Return every bound channel."""
    rows = tx.rows(select(slack_channel).order_by(slack_channel.c.team_id, slack_channel.c.name))
    return tuple(map(_bound, rows))


def bind(tx: Tx, one: Bound) -> None:
    """Bind a channel to a conversation; whatever either was bound to before is let go."""
    tx.execute(
        delete(slack_channel).where(
            (slack_channel.c.conversation == one.conversation)
            | ((slack_channel.c.team_id == one.team) & (slack_channel.c.channel_id == one.channel))
        )
    )
    tx.execute(
        insert(slack_channel).values(
            id=one.id,
            team_id=one.team,
            channel_id=one.channel,
            conversation=one.conversation,
            name=one.name,
            private=one.private,
            held=one.held,
            filled=one.filled,
        )
    )


def fill(tx: Tx, one: Bound) -> bool:
    """Note that everybody in a channel is in its team; tell whether that was news."""
    query = update(slack_channel).where(slack_channel.c.id == one.id, ~slack_channel.c.filled)
    return bool(tx.execute(query.values(filled=True)).rowcount)


def unbind(tx: Tx, conversation: str) -> None:
    """Let a conversation's channel go."""
    tx.execute(delete(slack_channel).where(slack_channel.c.conversation == conversation))


def hold(tx: Tx, one: Bound, why: str | None) -> bool:
    """Hold a channel, or let go of it with ``None``; tell whether that was news."""
    query = update(slack_channel).where(
        slack_channel.c.team_id == one.team,
        slack_channel.c.channel_id == one.channel,
        slack_channel.c.held.is_distinct_from(why),
    )
    return bool(tx.execute(query.values(held=why)).rowcount)


def _bound(row: Row[Any]) -> Bound:
    return Bound(
        row.id,
        row.team_id,
        row.channel_id,
        row.conversation,
        row.name,
        row.private,
        row.held,
        row.filled,
    )
