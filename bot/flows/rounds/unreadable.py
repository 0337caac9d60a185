"""Ballots that cannot be opened: altered in the database, or lying where they were not sealed.

Such a ballot counts as one not given, and its owner is told and may answer again. Where not one
opens, the key is wrong, and nothing can be known of any.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.domain.people import PersonId
from bot.domain.rounds import RoundId
from bot.privacy.ballots import Ballot, BallotBox, BallotUnreadable
from bot.privacy.key_errors import KeyLost
from bot.privacy.sealing import SealBroken

FIRST_REVISION = 100_000_000
"""Stand-ins have revisions from here on, which no ballot reaches that was only ever answered."""
_REVISIONS = 800_000_000


class KeyWrong(KeyLost):
    """The key opens none of the round's ballots: its own is lost, and another lies in its place."""


@dataclass(frozen=True)
class Standing:
    """Everybody's ballot, an empty one where it cannot be opened, and how many those are."""

    ballots: Mapping[PersonId, Ballot]
    unreadable: int


def everybodys(
    round_id: RoundId, box: BallotBox, people: Collection[PersonId], sealed: Mapping[bytes, bytes]
) -> Standing:
    """Open the ballots of all who were invited. Raises ``KeyWrong`` when not one can be opened.

    A slot that is missing counts like one that was altered: it was there at the opening.
    """
    opened = {person: _of(box, person, sealed) for person in people}
    unreadable = sum(ballot is None for ballot in opened.values())
    if people and unreadable == len(people):
        raise KeyWrong(round_id)
    found = {person: ballot or Ballot.empty() for person, ballot in opened.items()}
    return Standing(found, unreadable)


def some(
    box: BallotBox, people: Collection[PersonId], sealed: Mapping[bytes, bytes]
) -> dict[PersonId, Ballot]:
    """Open the ballots of some of a round's people, an empty one where that cannot be done."""
    return {person: _of(box, person, sealed) or Ballot.empty() for person in people}


def opened(box: BallotBox, slot: bytes, ciphertext: bytes) -> Ballot | None:
    """Return the ballot, or ``None`` when it was altered or was never sealed for this slot."""
    try:
        return box.read(slot, ciphertext)
    except (SealBroken, BallotUnreadable):
        return None


def stand_in(ciphertext: bytes) -> Ballot:
    """Return an empty ballot to go on from in place of one that cannot be opened.

    Its revision is the altered bytes' own. So only a card that was drawn from it, and that has told
    the person, can be answered; older ones, still on a screen, are not taken for his wish.
    """
    mark = int.from_bytes(hashlib.sha256(ciphertext).digest()[:8], "big")
    return Ballot.empty(FIRST_REVISION + mark % _REVISIONS)


def _of(box: BallotBox, person: PersonId, sealed: Mapping[bytes, bytes]) -> Ballot | None:
    slot = box.slot(person)
    return opened(box, slot, sealed[slot]) if slot in sealed else None
