"""Forgetting: what is older than the organisation wants to keep is deleted, every night.

A little at a time, so that answers never wait for it; a round's figures, or its comments, always
together. Nothing here can touch a round that is not over.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.retention import Retention
from bot.storage import chat, outbox, past_rounds, slack_heard, slack_pictures
from bot.storage.store import Store, Tx

log = logging.getLogger(__name__)

ROUNDS = 20
"""Rounds that are forgotten in one transaction."""
ROWS = 500
"""Messages and rows of the outbox likewise."""

HEARD_DAYS = 2
"""So long it is known what Slack has told: it tells nothing again after a day."""

Forget = Callable[[Tx, datetime], int]


async def forget(store: Store, kept: Retention, now: datetime) -> int:
    """Delete what is older than it is kept; return how many rounds, messages and rows that were."""
    chores: tuple[tuple[int, int, Forget], ...] = (
        # Comments before figures: they never stand without the figures they were counted with.
        (kept.comments, ROUNDS, lambda tx, before: past_rounds.forget_comments(tx, before, ROUNDS)),
        (kept.figures, ROUNDS, lambda tx, before: past_rounds.forget(tx, before, ROUNDS)),
        (kept.figures, ROWS, lambda tx, before: chat.forget(tx, before, ROWS, typed=False)),
        (kept.messages, ROWS, lambda tx, before: chat.forget(tx, before, ROWS, typed=True)),
        (kept.outbox, ROWS, lambda tx, before: outbox.forget_sent(tx, before.date(), ROWS)),
        (HEARD_DAYS, ROWS, lambda tx, before: slack_heard.forget(tx, before, ROWS)),
        (kept.figures, ROWS, lambda tx, before: slack_pictures.forget(tx, before, ROWS)),
    )
    total = 0
    for days, most, chore in chores:
        if days:
            total += await _all_of_it(store, chore, now - timedelta(days=days), most)
    if total:
        log.info("forgotten: %d rounds, messages and sent rows past their days", total)
    return total


async def _all_of_it(store: Store, chore: Forget, before: datetime, most: int) -> int:
    total = 0
    while True:
        done = await store.write(lambda tx: chore(tx, before))
        total += done
        if done < most:
            return total
