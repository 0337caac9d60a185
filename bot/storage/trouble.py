"""What can go wrong with the database: codes, what to do about each, and the exceptions.

No text here ever carries a stored or bound value: a code, the class of the cause, and at start-up
the file's name.
"""

from enum import StrEnum


class Code(StrEnum):
    """What an operator looks up; stable, so that it may stand in logs, alarms and the docs."""

    CANNOT_OPEN = "STORE-1"
    LOCKED = "STORE-2"
    FULL = "STORE-3"
    READ_ONLY = "STORE-4"
    DAMAGED = "STORE-5"
    PRAGMA_REFUSED = "STORE-6"
    NEWER = "STORE-7"
    FOREIGN = "STORE-8"
    MIGRATION_FAILED = "STORE-9"
    CLOSED = "STORE-10"
    COMMIT_REFUSED = "STORE-11"
    BACKUP_EXISTS = "STORE-12"
    BACKUP_UNUSABLE = "STORE-13"


REMEDY: dict[Code, str] = {
    Code.CANNOT_OPEN: "Check the path, and that the bot's user may read and write file and folder.",
    Code.LOCKED: "Another process holds the database. End it, or wait until it is done.",
    Code.FULL: "Make room on the disk the database lies on. Nothing that was confirmed is lost.",
    Code.READ_ONLY: "Give the bot's user the right to write the file and its folder.",
    Code.DAMAGED: "Stop the bot, check the disk, and restore the newest backup.",
    Code.PRAGMA_REFUSED: "Put the database on a local disk; network folders cannot be used.",
    Code.NEWER: "Install the newer version of the bot again, or restore a backup from before it.",
    Code.FOREIGN: "Point the setting at the bot's own database, or at a file that is not there.",
    Code.MIGRATION_FAILED: "The database is as it was. Report the error and run the old version.",
    Code.CLOSED: "The bot is stopping. Try again when it has started.",
    Code.COMMIT_REFUSED: "Nothing was saved. Try again; report the error if it comes back.",
    Code.BACKUP_EXISTS: "Choose a file name that is not in use.",
    Code.BACKUP_UNUSABLE: "Take a backup that was made with the bot's own command.",
}


class StorageTrouble(Exception):  # noqa: N818 - the house says "trouble", with a code
    """Something is wrong with the database itself, not with what was asked of it.

    ``code`` is for operators, ``fact`` says what was found; the text adds what to do.
    """

    def __init__(self, code: Code, fact: str) -> None:
        super().__init__(f"{code}: {fact}. {REMEDY[code]}")
        self.code = code
        self.fact = fact


class StorageUnusable(StorageTrouble):
    """The bot cannot start, or a command cannot run, on this database."""


class NotSaved(StorageTrouble):
    """Nothing of this write was saved; ``fact`` is the class of the cause and no more."""


class NotRead(StorageTrouble):
    """The read could not be carried out; ``fact`` is the class of the cause and no more."""
