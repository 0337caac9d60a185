"""Closing a round: fix the ballots, count, keep only what may be published, destroy the key.

1. ``begin`` commits the state ``closing``: from here on no ballot changes.
2. ``count_ballots`` decrypts, shuffles and computes, outside any transaction.
3. ``finish`` stores what may be published, deletes the slots, writes the messages to the outbox
   and sets the state to closed, in one transaction that only one process can win.
4. ``bury`` destroys the key, leaves the tombstone and cuts the write-ahead log.

Each step can be repeated after a crash. A ballot that cannot be opened counts as one not given; a
lost key voids the round (``void``): everybody is told and asked again, nothing is guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.rounds import Invited, Round, RoundState
from bot.flows.calendars import team_calendar
from bot.flows.env import Env
from bot.flows.rounds import reckonings, unreadable
from bot.flows.telling import to_people
from bot.privacy.ballots import BallotBox
from bot.schedule.calendar import NoWorkingDay, to_utc
from bot.storage import chat, outbox, people, rounds, slots
from bot.storage.outbox import Note
from bot.storage.rounds import Due
from bot.storage.store import Tx

LATE = timedelta(hours=1)
"""A close later than this after its time counts as late."""


def begin(tx: Tx, due: Due, now: datetime) -> bool:
    """Fix the ballots; ``False`` when another process did, or the round is not due."""
    return rounds.advance(tx, due.round, due.state, RoundState.CLOSING, now, claimed=due.at)


def sealed_ballots(
    tx: Tx, round_id: str
) -> tuple[Round, tuple[Invited, ...], dict[bytes, bytes]] | None:
    """Return what ``count_ballots`` needs of a round in ``closing``; ``None`` if past that."""
    one = rounds.get(tx, round_id)
    if one is None or one.state is not RoundState.CLOSING:
        return None
    return one, rounds.members(tx, round_id), slots.everything(tx, round_id)


@dataclass(frozen=True)
class Counted:
    """What a round's ballots came to, and how many of them could not be opened."""

    outcome: Any
    """What the instrument's reckoning made of them."""
    unreadable: int


def count_ballots(
    env: Env, one: Round, members: Sequence[Invited], sealed: dict[bytes, bytes]
) -> Counted:
    """Decrypt, shuffle and compute, as the instrument's reckoning does; writes nothing.

    A ballot that cannot be opened counts as one not given. Raises ``KeyLost`` (also when not one
    can be opened) or ``KeyDestroyed``.
    """
    box = BallotBox.of(one, env.keys.load(one.id))
    standing = unreadable.everybodys(one.id, box, [m.person for m in members], sealed)
    pairs = [(member, standing.ballots[member.person]) for member in members]
    env.chance.generator(one.id, "order").shuffle(pairs)
    return Counted(reckonings.of(one).count(env, one, pairs), standing.unreadable)


def finish(tx: Tx, env: Env, one: Round, counted: Counted, now: datetime) -> bool:
    """Keep what may be published and nothing else; ``False`` when another process did."""
    at = _publish_at(tx, env, one, now)
    if not rounds.advance(tx, one.id, RoundState.CLOSING, RoundState.CLOSED, at, publish_at=at):
        return False
    reckonings.of(one).keep(tx, env, one, counted.outcome, now)
    slots.delete_all(tx, one.id)
    _look_again(tx, env, one)
    return True


def bury(env: Env, one: Round) -> None:
    """Destroy the key of a round that is closed; can be repeated."""
    env.keys.destroy(one.id)


def void(tx: Tx, env: Env, one: Round, now: datetime) -> bool:
    """Void a round whose key is lost: nothing is guessed, everybody invited is told."""
    if not rounds.advance(tx, one.id, one.state, RoundState.VOID, now):
        return False  # due at once: what remains to be done is to ask again
    slots.delete_all(tx, one.id)
    members = rounds.members(tx, one.id)
    tree = people.tree(tx)
    everyone = [member.person for member in members]
    rows = to_people(
        tx, env, tree, everyone, f"void:{one.id}", Note("round.void", {"round": one.id}), now
    )
    outbox.add(tx, (env.chance.token() for _ in rows), rows)
    return True


def asked_again(tx: Tx, one: Round) -> bool:
    """Note that nothing remains to be done about a void round."""
    return rounds.advance(tx, one.id, RoundState.VOID, RoundState.VOID, None)


def drop_restored(tx: Tx, one: Round) -> bool:
    """Drop a round that a restored backup holds open although it was closed: never again opened.

    Its result was published after the backup was taken; the slots' key is gone for good.
    """
    if not rounds.advance(tx, one.id, one.state, RoundState.VOID, None):
        return False
    slots.delete_all(tx, one.id)
    return True


def publish(tx: Tx, env: Env, due: Due, now: datetime) -> bool:
    """Give the team what was counted; nobody can hold it back any more."""
    if not rounds.advance(
        tx, due.round, RoundState.CLOSED, RoundState.REPORTED, None, claimed=due.at
    ):
        return False
    one = rounds.get(tx, due.round)
    assert one is not None
    reckonings.of(one).publish(tx, env, one, now)
    _look_again(tx, env, one)
    return True


def _look_again(tx: Tx, env: Env, one: Round) -> None:
    """Have those the round asked look again once this is saved: nothing waits there any more."""
    conversations = [chat.channel_id(node) for node in one.scope]
    tx.after_commit(lambda: env.news.changed(*conversations))


def _publish_at(tx: Tx, env: Env, one: Round, now: datetime) -> datetime:
    """Return when the team gets the result: as was said, or later if the close itself was late.

    The leads keep their days before the team, and the AMR the time to look at the comments.
    """
    if now - one.closes_at < LATE:
        return one.publish_at
    tree = people.tree(tx)
    scope = [node for node in one.scope if node in tree] or [tree.root.id]
    calendar = team_calendar(tx, tree, env.defaults, scope, now.date())
    planned = calendar.local(one.publish_at)
    days = calendar.working_days_between(calendar.local(one.closes_at).date(), planned.date())
    if days < 1:
        return one.publish_at
    try:
        day = calendar.add_working_days(calendar.local(now).date(), days)
    except NoWorkingDay:
        return one.publish_at
    return max(one.publish_at, to_utc(datetime.combine(day, planned.time()), calendar.zone))
