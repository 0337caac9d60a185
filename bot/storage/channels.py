"""Channels outside the bot, as rounds see them: which one a conversation has, and what a lead said
where that changed while a round was open.

A round keeps the ids of the bindings it opened with, and nothing else of a platform.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from bot.storage.store import Tx
from bot.storage.tables import slack_channel, slack_choice, slack_person


@dataclass(frozen=True)
class Choice:
    """What a lead has said of results whose round opened with another channel than there is now.

    ``was`` and ``now`` are ids of bindings, empty for none. ``post``: into the channel there is
    now; else they are kept in the bot.
    """

    conversation: str
    was: str
    now: str
    post: bool


def bound_ids(tx: Tx, conversations: Iterable[str]) -> dict[str, str]:
    """Return the bindings of those conversations that have a channel outside the bot."""
    query = select(slack_channel.c.conversation, slack_channel.c.id).where(
        slack_channel.c.conversation.in_(list(conversations))
    )
    return {row.conversation: row.id for row in tx.rows(query)}


def half_read(tx: Tx, conversations: Iterable[str]) -> bool:
    """Tell whether one of them has a channel whose people are not all in the team yet."""
    query = select(slack_channel.c.id).where(
        slack_channel.c.conversation.in_(list(conversations)), ~slack_channel.c.filled
    )
    return tx.first(query.limit(1)) is not None


def in_use(tx: Tx) -> bool:
    """Tell whether anybody is known on a platform where teams have channels."""
    return tx.first(select(slack_person.c.user_id).limit(1)) is not None


def choose(tx: Tx, one: Choice) -> None:
    """Keep what was said; the last word stands. What was said of other channels is forgotten."""
    old = slack_choice.c.conversation == one.conversation
    tx.execute(
        delete(slack_choice).where(
            old, (slack_choice.c.was == one.was) | (slack_choice.c.now != one.now)
        )
    )
    tx.execute(
        insert(slack_choice).values(
            conversation=one.conversation, was=one.was, now=one.now, post=one.post
        )
    )


def choice(tx: Tx, conversation: str, was: str, now: str) -> bool | None:
    """Return whether to post in the channel there is now; ``None``: nobody has said."""
    query = select(slack_choice.c.post).where(
        slack_choice.c.conversation == conversation,
        slack_choice.c.was == was,
        slack_choice.c.now == now,
    )
    found: bool | None = tx.scalar(query)
    return found
