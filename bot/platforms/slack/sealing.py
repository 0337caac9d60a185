"""The keys that seal Slack's tokens: a file outside the database, the newest key first.

Whoever has a copy of the database has no token; whoever has the keys alone has none either.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class TokenKeysUnusable(Exception):  # noqa: N818 - says what is the case
    """The keys cannot be read, or others may read them; the text says what to do."""


def read_keys(file: Path) -> MultiFernet:
    """Return what seals and opens tokens. Raises ``TokenKeysUnusable``."""
    try:
        open_to_others = file.stat().st_mode & 0o077
        lines = file.read_text().split()
        keys = [Fernet(line.encode()) for line in lines]
    except (OSError, ValueError):
        raise TokenKeysUnusable(
            _ADVICE.format(file=file, why="no keys can be read there")
        ) from None
    if open_to_others:
        raise TokenKeysUnusable(_ADVICE.format(file=file, why="others may read it: chmod 600"))
    if not keys:
        raise TokenKeysUnusable(_ADVICE.format(file=file, why="it is empty"))
    return MultiFernet(keys)


_ADVICE = "SLACK-10: slack_token_keys {file}: {why}. Make a key with: trivselsbot slack key FILE"


def add_key(file: Path) -> None:
    """Put a new key first; those before it still open what they have sealed."""
    before = file.read_text() if file.exists() else ""
    file.touch(mode=0o600)
    file.write_text(f"{Fernet.generate_key().decode()}\n{before}")


def seal(keys: MultiFernet, held: Mapping[str, Any]) -> bytes:
    """Return tokens sealed."""
    return keys.encrypt(json.dumps(held).encode())


def unseal(keys: MultiFernet, sealed: bytes) -> dict[str, Any] | None:
    """Return sealed tokens; ``None`` where none of the keys opens them."""
    try:
        found = json.loads(keys.decrypt(sealed))
    except (InvalidToken, ValueError):
        return None
    return found if isinstance(found, dict) else None
