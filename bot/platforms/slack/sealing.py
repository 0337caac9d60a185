"""The keys that seal Slack's tokens: a file outside the database, the newest key first.

Whoever has a copy of the database has no token; whoever has the keys alone has none either.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class NoKeyAdded(Exception):  # noqa: N818 - says what is the case
    """A key could not be put into a file; the text says why."""


class TokenKeysUnusable(Exception):  # noqa: N818 - says what is the case
    """The keys cannot be read, or others may read them; the text says what to do."""


def read_keys(file: Path) -> MultiFernet:
    """Return what seals and opens tokens. Raises ``TokenKeysUnusable``."""
    try:
        open_to_others = file.stat().st_mode & 0o077
        keys = [Fernet(line.encode()) for line in file.read_text().split()]
    except FileNotFoundError:
        raise _unusable(file, f"no keys are there. Mount it. {_FIRST}") from None
    except OSError as trouble:
        why = f"the keys cannot be read ({trouble.strerror}): give it to the bot's user, mode 0600"
        raise _unusable(file, why) from None
    except ValueError:
        why = "something else than keys stands there. Put the right file in its place"
        raise _unusable(file, why) from None
    if open_to_others:
        raise _unusable(file, "others may read it: chmod 600")
    if not keys:
        raise _unusable(file, f"it is empty: no keys. {_FIRST}")
    return MultiFernet(keys)


_FIRST = "The very first key is made with: trivselsbot slack key FILE"


def _unusable(file: Path, why: str) -> TokenKeysUnusable:
    return TokenKeysUnusable(f"SLACK-10: slack_token_keys {file}: {why}.")


def add_key(file: Path) -> int:
    """Put a new key first; those before it still open what they have sealed. Return how many.

    The file is whole at any moment and stays its owner's. Raises ``NoKeyAdded``.
    """
    whole = file.resolve()  # a link to a mounted file stays a link
    try:
        before = whole.read_text().split() if whole.exists() else []
        for line in before:
            Fernet(line.encode())
        keys = [Fernet.generate_key().decode(), *before]
        _put(whole, "".join(f"{line}\n" for line in keys))
    except ValueError:
        raise NoKeyAdded("something else stands there; nothing was changed") from None
    except OSError as trouble:
        raise NoKeyAdded(f"cannot be written ({trouble.strerror})") from None
    return len(keys)


def _put(file: Path, text: str) -> None:
    """Write a file for its owner alone, in one step. Raises ``OSError``."""
    descriptor, beside = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        if file.exists():
            was = file.stat()
            os.chown(beside, was.st_uid, was.st_gid)
        Path(beside).replace(file)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise


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
