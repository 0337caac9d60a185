"""What can be wrong with a key or with the key folder, in words for whoever runs the server."""

import errno
from pathlib import Path

from bot.domain.rounds import RoundId

ADVICE = {
    "KEYS-1": "The key folder is not there. Mount its volume or correct the setting; start again.",
    "KEYS-2": "The key folder cannot be read or written. Give it to the bot's own user, mode 0700.",
    "KEYS-3": "The key folder's volume is full. Make room; nothing was opened, nothing was lost.",
    "KEYS-4": "Others may enter the key folder. Find out who may have read it, then set mode 0700.",
    "KEYS-5": "The key folder's volume reports an error. Look at the system's log for the disk.",
    "KEYS-6": "This is not the key folder the database belongs to. Mount the right one; if it is "
    "lost for good, start once with --new-keys: open rounds are then void and asked again.",
}
"""What to do, per code."""

_CODES = {
    errno.ENOENT: "KEYS-1",
    errno.ENOTDIR: "KEYS-1",
    errno.EACCES: "KEYS-2",
    errno.EPERM: "KEYS-2",
    errno.EROFS: "KEYS-2",
    errno.ENOSPC: "KEYS-3",
    errno.EDQUOT: "KEYS-3",
}


class KeyStoreUnusable(Exception):  # noqa: N818 - says what is the case
    """The key folder cannot be used now; no round is lost by it, and it may be tried again."""

    def __init__(self, code: str, folder: Path) -> None:
        super().__init__(f"{code}: {ADVICE[code]} ({folder})")
        self.code = code
        self.advice = ADVICE[code]
        self.folder = folder

    @classmethod
    def from_system(cls, error: OSError, folder: Path) -> "KeyStoreUnusable":
        """Choose the code for what the operating system reported."""
        default = "KEYS-1" if isinstance(error, NotADirectoryError) else "KEYS-5"
        return cls(_CODES.get(error.errno or 0, default), folder)


class RoundKeyError(Exception):
    """Something is the matter with one round's key; ``round_id`` says which."""

    def __init__(self, round_id: RoundId) -> None:
        super().__init__(round_id)
        self.round_id = round_id


class KeyTaken(RoundKeyError):  # noqa: N818 - says what is the case
    """The round has a key already."""


class KeyLost(RoundKeyError):  # noqa: N818 - says what is the case
    """There is no key and no tombstone: the round is void, and everybody is asked again."""


class KeyDestroyed(RoundKeyError):  # noqa: N818 - says what is the case
    """The round was closed and its key destroyed; no backup can reopen it."""
