"""One person's ballot: what it holds, how it becomes bytes of one length, how it is sealed.

A ballot never shows what it holds: not in ``repr``, logs or tracebacks, and it cannot be pickled.
Where ciphertexts are stored, and which revision wins, is the storage's.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, NoReturn

from bot.domain.dialogues import IDEAS
from bot.domain.people import PersonId
from bot.domain.rounds import Round, RoundId
from bot.privacy.comments import COMMENT_LIMIT
from bot.privacy.sealing import RoundKey

DONT_KNOW = 0
"""The answer "don't know": its own share, never part of a mean."""

ID_LIMIT = 64
"""The longest question id, in bytes of UTF-8; the ballot's size counts on it."""

_LENGTH_BYTES = 4
_FRAME = 160
"""Braces, keys, revision and the time to ask again."""
_PER_QUESTION = ID_LIMIT + len('"":null,')
_PER_CHARACTER = 4

ENTRIES_EACH = 3
"""How many texts may be written to one question of a round of ideas."""
ENTRY_LIMIT = 200
"""Characters of each, after cleaning."""
_PER_ENTRY = ENTRY_LIMIT * _PER_CHARACTER + 48
"""With the question, the mark and what JSON puts around them."""

Entry = tuple[str, str, str]
"""A question's id, what was written to it, and how it was marked (empty for no mark)."""


class BallotTooLarge(Exception):  # noqa: N818 - says what is the case
    """A ballot does not fit its round's size; says nothing of what it holds."""


class BallotUnreadable(Exception):  # noqa: N818 - says what is the case
    """The bytes are no ballot; says nothing of what they hold."""


@dataclass(frozen=True, slots=True, repr=False)
class Ballot:
    """The answers so far, and the state of an interrupted flow.

    Raises ``ValueError`` for an answer that is not 0 to 5 and for a time without a zone.
    """

    revision: int = 0
    """Grows with every change; an older one never overwrites a newer one."""
    answers: Mapping[str, int | None] = field(default_factory=dict)
    """By question: 1 to 5, 0 for "don't know", ``None`` for skipped; absent: not yet asked."""
    comment: str | None = None
    comment_done: bool = False
    """The comment was written or passed over."""
    later: datetime | None = None
    """When the person wishes to be asked again."""
    entries: tuple[Entry, ...] = ()
    """Texts written to the questions of a round of ideas."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "answers", MappingProxyType(dict(self.answers)))
        if not _ANSWERS.issuperset(self.answers.values()):
            raise ValueError("an answer is 0 to 5, or None")
        if self.later is not None and self.later.tzinfo is None:
            raise ValueError("the time to ask again needs a zone")

    def __repr__(self) -> str:
        return "Ballot(<not shown>)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a ballot is neither pickled nor copied")

    @classmethod
    def empty(cls, revision: int = 0) -> "Ballot":
        """Return a ballot without answers: at opening, or with a revision to erase another."""
        return cls(revision)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was answered, skipped or written; a wish for later is nothing."""
        return not self.answers and not self.comment and not self.entries

    @property
    def answered(self) -> bool:
        """Tell whether it counts as an answer: a value, a "don't know", a comment or an idea."""
        written = bool(self.comment) or bool(self.entries)
        return written or any(value is not None for value in self.answers.values())


_ANSWERS = frozenset({None, DONT_KNOW, 1, 2, 3, 4, 5})


def ballot_size(questions: int, comments: bool, instrument: str = "") -> int:
    """Return the bytes every ballot of a round has, whatever it holds."""
    words = COMMENT_LIMIT * _PER_CHARACTER if comments else 0
    texts = questions * ENTRIES_EACH * _PER_ENTRY if instrument == IDEAS else 0
    return _LENGTH_BYTES + _FRAME + questions * _PER_QUESTION + words + texts


def encode(ballot: Ballot, size: int) -> bytes:
    """Return exactly ``size`` bytes: a length, compact JSON, and zeros up to the end.

    Raises ``BallotTooLarge`` when it does not fit: an id over ``ID_LIMIT``, an uncleaned comment.
    """
    padded = _frame(_json(ballot), size)
    if padded is None:
        raise BallotTooLarge(f"a ballot of this round has at most {size} bytes")
    return padded


def decode(plaintext: bytes) -> Ballot:
    """Return the ballot that ``encode`` wrote; raises ``BallotUnreadable`` for anything else."""
    ballot = _parsed(plaintext)
    # Raised here, outside every handler: a decoder's error carries the text it failed on.
    if ballot is None:
        raise BallotUnreadable("these bytes are no ballot")
    return ballot


class Sealed(NamedTuple):
    """What a slot's row holds, and all it holds."""

    slot: bytes
    ciphertext: bytes


class BallotBox:
    """Puts ballots of one round into their slots and takes them out; all sealed alike in length."""

    def __init__(self, key: RoundKey, round_id: RoundId, size: int) -> None:
        self._key, self._round_id, self._size = key, round_id, size

    @classmethod
    def of(cls, round_: Round, key: RoundKey) -> "BallotBox":
        """Return the box of a round, its ballots sized for the round's questions."""
        size = ballot_size(len(round_.questions), round_.comments, round_.instrument)
        return cls(key, round_.id, size)

    def slot(self, person: PersonId) -> bytes:
        """Return where the person's ballot lies."""
        return self._key.slot(person)

    def slots(self, people: Iterable[PersonId]) -> dict[bytes, PersonId]:
        """Return who each slot belongs to."""
        return {self._key.slot(person): person for person in people}

    def empty(self, person: PersonId) -> Sealed:
        """Return the person's slot with an empty ballot in it, as at opening."""
        return self.seal(person, Ballot.empty())

    def seal(self, person: PersonId, ballot: Ballot) -> Sealed:
        """Return the person's slot and the ballot sealed for it; raises ``BallotTooLarge``."""
        slot = self._key.slot(person)
        return Sealed(slot, self.seal_in(slot, ballot))

    def seal_in(self, slot: bytes, ballot: Ballot) -> bytes:
        """Return the ballot sealed for a slot that is known; raises ``BallotTooLarge``."""
        return self._key.seal(self._round_id, slot, encode(ballot, self._size))

    def read(self, slot: bytes, ciphertext: bytes) -> Ballot:
        """Return the ballot; raises ``SealBroken`` when it was altered or is not this slot's."""
        return decode(self._key.open(self._round_id, slot, ciphertext))


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _json(ballot: Ballot) -> bytes:
    later = ballot.later.isoformat() if ballot.later else None
    plain: dict[str, object] = {
        "r": ballot.revision,
        "a": dict(ballot.answers),
        "c": ballot.comment,
        "d": ballot.comment_done,
        "l": later,
    }
    if ballot.entries:
        plain["e"] = ballot.entries
    text = _ENCODER.encode(plain)
    # Replacing, because the error for half a surrogate pair would carry the whole comment.
    return text.encode(errors="replace")


def _frame(payload: bytes, size: int) -> bytes | None:
    if _LENGTH_BYTES + len(payload) > size:
        return None
    return (len(payload).to_bytes(_LENGTH_BYTES, "big") + payload).ljust(size, b"\0")


def _parsed(plaintext: bytes) -> Ballot | None:
    length = int.from_bytes(plaintext[:_LENGTH_BYTES], "big")
    try:
        plain = json.loads(plaintext[_LENGTH_BYTES : _LENGTH_BYTES + length].decode())
        later = datetime.fromisoformat(plain["l"]) if plain["l"] else None
        entries = tuple((step, said, mark) for step, said, mark in plain.get("e", ()))
        return Ballot(plain["r"], plain["a"], plain["c"], plain["d"], later, entries)
    except (ValueError, KeyError, TypeError):
        return None
