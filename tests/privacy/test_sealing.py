import copy
import hashlib
import hmac
import os
import pickle

import pytest

from bot.privacy.sealing import RoundKey, SealBroken

RAW = bytes(range(32))
ROUND = "0" * 32
OTHER_ROUND = "1" * 32


def test_a_slot_says_nothing_without_the_key_and_is_always_the_same_with_it() -> None:
    expected = hmac.new(RAW, b"trivselsbot/slot/1\0person-1", hashlib.sha256).digest()
    assert RoundKey(RAW).slot("person-1") == expected
    assert RoundKey(RAW).slot("person-2") != expected
    assert RoundKey(os.urandom(32)).slot("person-1") != expected


def test_what_was_sealed_is_opened_again() -> None:
    key = RoundKey(RAW)
    slot = key.slot("person-1")
    assert RoundKey(RAW).open(ROUND, slot, key.seal(ROUND, slot, b"canary")) == b"canary"


def test_the_same_plaintext_is_never_sealed_twice_alike() -> None:
    key = RoundKey(RAW)
    slot = key.slot("person-1")
    assert len({key.seal(ROUND, slot, b"canary") for _ in range(100)}) == 100


def test_nonces_can_be_drawn_from_somewhere_else() -> None:
    key = RoundKey(RAW, random_bytes=lambda n: b"\7" * n)
    slot = key.slot("person-1")
    assert key.seal(ROUND, slot, b"x") == key.seal(ROUND, slot, b"x")
    assert key.seal(ROUND, slot, b"x").startswith(b"\7" * 12)


def test_every_altered_byte_is_noticed() -> None:
    key = RoundKey(RAW)
    slot = key.slot("person-1")
    sealed = key.seal(ROUND, slot, b"canary")
    for at in range(len(sealed)):
        altered = bytearray(sealed)
        altered[at] ^= 1
        with pytest.raises(SealBroken):
            key.open(ROUND, slot, bytes(altered))


@pytest.mark.parametrize("length", [0, 5, 12, 27, 33])
def test_a_ciphertext_cut_short_is_noticed(length: int) -> None:
    key = RoundKey(RAW)
    slot = key.slot("person-1")
    with pytest.raises(SealBroken):
        key.open(ROUND, slot, key.seal(ROUND, slot, b"canary")[:length])


def test_a_ciphertext_moved_to_another_slot_or_round_cannot_be_opened() -> None:
    key = RoundKey(RAW)
    one, other = key.slot("person-1"), key.slot("person-2")
    sealed = key.seal(ROUND, one, b"canary")
    for round_id, slot in ((ROUND, other), (OTHER_ROUND, one)):
        with pytest.raises(SealBroken):
            key.open(round_id, slot, sealed)


def test_another_key_opens_nothing() -> None:
    key = RoundKey(RAW)
    slot = key.slot("person-1")
    with pytest.raises(SealBroken):
        RoundKey(bytes(32)).open(ROUND, slot, key.seal(ROUND, slot, b"canary"))


def test_a_key_never_shows_itself_and_cannot_be_carried_off() -> None:
    key = RoundKey(RAW)
    shown = f"{key} {key!r} {[key]}"
    assert RAW.hex() not in shown
    assert repr(RAW) not in shown
    for carry in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            carry(key)


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        RoundKey(bytes(16))
