"""The key of one round: it names a person's slot and seals what lies in it.

Where keys are kept lives in ``keys``; what a ballot holds lives in ``ballots``.
"""

import hashlib
import hmac
import os
from collections.abc import Callable
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.domain.people import PersonId
from bot.domain.rounds import RoundId

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16

_SLOT = b"trivselsbot/slot/1\0"
_SEAL = b"trivselsbot/seal/1\0"
_BALLOT = b"trivselsbot/ballot/1\0"


class SealBroken(Exception):  # noqa: N818 - says what is the case
    """A ciphertext was altered, or lies in a slot or a round where it was not sealed."""


class RoundKey:
    """The 32 random bytes of one round, which it neither shows nor lets anybody copy out.

    ``random_bytes`` draws nonces: the operating system's unless a simulation passes another.
    Raises ``ValueError`` when ``raw`` is not 32 bytes.
    """

    __slots__ = ("_cipher", "_namer", "_random_bytes")

    def __init__(self, raw: bytes, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        if len(raw) != KEY_BYTES:
            raise ValueError("a round key has 32 bytes")
        # Keyed once and copied for each slot: keying costs twice as much as naming.
        self._namer = hmac.new(raw, _SLOT, hashlib.sha256)
        # A key of its own for the cipher, so that no slot can ever equal key material.
        self._cipher = AESGCM(hmac.digest(raw, _SEAL, hashlib.sha256))
        self._random_bytes = random_bytes

    def __repr__(self) -> str:
        return "RoundKey(<not shown>)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a round key is neither pickled nor copied")

    def slot(self, person: PersonId) -> bytes:
        """Return the person's slot: 32 bytes that say nothing without the key."""
        namer = self._namer.copy()
        namer.update(person.encode())
        return namer.digest()

    def seal(self, round_id: RoundId, slot: bytes, plaintext: bytes) -> bytes:
        """Return nonce, ciphertext and tag: 28 bytes more than ``plaintext``, never twice alike."""
        nonce = self._random_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plaintext, _bound_to(round_id, slot))

    def open(self, round_id: RoundId, slot: bytes, ciphertext: bytes) -> bytes:
        """Return the plaintext; raises ``SealBroken`` for anything not sealed for this slot."""
        nonce, sealed = ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:]
        if len(sealed) >= TAG_BYTES:
            try:
                return self._cipher.decrypt(nonce, sealed, _bound_to(round_id, slot))
            except InvalidTag:
                pass
        raise SealBroken("this ballot was not sealed for this slot and round")


def _bound_to(round_id: RoundId, slot: bytes) -> bytes:
    # A slot has a fixed length, so the parts cannot be shifted into one another.
    return _BALLOT + slot + round_id.encode()
