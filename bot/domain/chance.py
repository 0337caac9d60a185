"""Chance as an argument: the system's in a running bot, seeded in simulations and tests."""

import hashlib
import random
import secrets
from typing import Protocol


class Chance(Protocol):
    """Where ids and random draws come from."""

    def token(self) -> str:
        """Return a new opaque id: 32 hexadecimal digits that tell nothing of time or order."""

    def generator(self, *name: str) -> random.Random:
        """Return the generator for one named draw, such as (round, atom, question)."""


class SystemChance:
    """The operating system's randomness; the only one a running bot uses (privacy, protocol 10)."""

    def token(self) -> str:
        """Return 128 random bits as hexadecimal digits."""
        return secrets.token_hex(16)

    def generator(self, *name: str) -> random.Random:  # noqa: ARG002 - every draw is independent
        """Return the system's generator; the name changes nothing."""
        return random.SystemRandom()


class SeededChance:
    """The same seed gives the same ids and the same draws: for ``simulate`` and for tests only."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._tokens = random.Random(f"{seed}/tokens")  # noqa: S311 - repeatable on purpose

    def token(self) -> str:
        """Return the next id of the seeded row."""
        return f"{self._tokens.getrandbits(128):032x}"

    def generator(self, *name: str) -> random.Random:
        """Return a generator that depends on the seed and the name alone."""
        text = "/".join((str(self._seed), *name))
        digest = hashlib.sha256(text.encode()).digest()
        return random.Random(digest)  # noqa: S311 - repeatable on purpose
