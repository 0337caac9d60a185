"""Many people leaving at once: their ballots are emptied round by round, their slots stay."""

from collections.abc import Collection

from bot.domain.people import PersonId
from bot.domain.rounds import Round
from bot.flows.env import Env
from bot.flows.rounds import unreadable
from bot.privacy.ballots import Ballot, BallotBox
from bot.privacy.keys import KeyDestroyed, KeyLost
from bot.storage import rounds, slots
from bot.storage.store import Tx


def empty_ballots(tx: Tx, env: Env, leaving: Collection[PersonId]) -> int:
    """Empty the ballots of people who leave in every open round; return how many those were.

    A round whose key is gone has no ballots: its own next step finds out.
    """
    now, gone = env.clock.now(), frozenset(leaving)
    emptied = 0
    for one in rounds.taking_answers(tx) if gone else ():
        if one.state.takes_answers and now < one.closes_at:
            emptied += _empty(tx, env, one, gone)
    return emptied


def _empty(tx: Tx, env: Env, one: Round, gone: frozenset[PersonId]) -> int:
    theirs = [m.person for m in rounds.members(tx, one.id) if m.person in gone]
    if not theirs:
        return 0
    try:
        box = BallotBox.of(one, env.keys.load(one.id))
    except (KeyDestroyed, KeyLost):
        return 0
    sealed = slots.some(tx, one.id, box.slots(theirs))
    for slot, ciphertext in sealed.items():
        before = unreadable.opened(box, slot, ciphertext) or unreadable.stand_in(ciphertext)
        after = box.seal_in(slot, Ballot.empty(before.revision + 1))
        slots.write(tx, one.id, slot, after)
    return len(sealed)
