"""What may be wrong with a content pack, and where: code, file, key, line and one sentence.

What finds the faults: ``instrument_structure``, ``instrument_words``, ``messages``, ``loader``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.content.tables import TomlFile


class Code(StrEnum):
    """Every class of fault."""

    BROKEN_TOML = "broken-toml"
    MISSING_FILE = "missing-file"
    UNKNOWN_FILE = "unknown-file"
    MISSING_LANGUAGE = "missing-language"
    UNKNOWN_LANGUAGE = "unknown-language"
    MISSING_KEY = "missing-key"
    UNKNOWN_KEY = "unknown-key"
    WRONG_TYPE = "wrong-type"
    WRONG_ID = "wrong-id"
    UNKNOWN_CHOICE = "unknown-choice"
    """An order, style or kind that does not exist."""
    UNKNOWN_SCALE = "unknown-scale"
    UNUSED_SCALE = "unused-scale"
    UNKNOWN_POLE = "unknown-pole"
    UNKNOWN_TAG = "unknown-tag"
    UNKNOWN_SOURCE = "unknown-source"
    ANCHOR_COUNT = "anchor-count"
    ASK_BOUNDS = "ask-bounds"
    RESOURCE_SHARE = "resource-share"
    TOO_LONG = "too-long"
    EMPTY_TEXT = "empty-text"
    TEMPLATE_SYNTAX = "template-syntax"
    TEMPLATE_FORBIDDEN = "template-forbidden"
    """Valid Jinja, but more than a message may do."""
    TEMPLATE_FAILS = "template-fails"
    UNKNOWN_VALUE = "unknown-value"
    UNKNOWN_FILTER = "unknown-filter"
    MIXED_VALUE = "mixed-value"
    """A value used as a date in one place and as a text in another."""
    UNDECLARED_MESSAGE = "undeclared-message"
    CHANGED_MESSAGE = "changed-message"
    """An own folder gives a message of the bot other values or another kind."""
    UNUSED_MESSAGE = "unused-message"


@dataclass(frozen=True)
class Fault:
    """One fault. ``key`` is dotted and empty for a whole file; ``line`` counts from 1."""

    file: Path
    key: str
    line: int | None
    code: Code
    text: str

    def __str__(self) -> str:
        place = str(self.file) if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.key}: {self.text}" if self.key else f"{place}: {self.text}"


class ContentFaults(ValueError):  # noqa: N818 - it carries faults, it is not one error
    """The pack has faults; all of them, sorted by file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(
            sorted(faults, key=lambda fault: (fault.file, fault.line or 0, fault.key, fault.code))
        )
        super().__init__("\n".join(str(fault) for fault in self.faults))


class FaultList:
    """Collects faults while a pack is read, so that all are reported together."""

    def __init__(self) -> None:
        self._found: dict[Fault, None] = {}

    def add(self, file: TomlFile, path: Sequence[str], code: Code, text: str) -> None:
        """Note a fault at a key of a file; an empty ``path`` means the whole file."""
        line = file.line_of(tuple(path)) if path else None
        self._found[Fault(file.path, ".".join(path), line, code, text)] = None

    def note(self, fault: Fault) -> None:
        """Note a fault whose place is already known."""
        self._found[fault] = None

    def missing(self, file: TomlFile, path: Sequence[str], absent: Code) -> None:
        """Note that a key is not in the file it belongs to.

        A file that is not there is reported once, with the code ``absent``, instead of key by
        key; a broken one has been reported already.
        """
        if file.broken:
            return
        if file.text is None:
            self.add(file, (), absent, "this file is missing")
        else:
            self.add(file, path, Code.MISSING_KEY, "this key is missing")

    def raise_if_any(self) -> None:
        """Raise ``ContentFaults`` with everything found."""
        if self._found:
            raise ContentFaults(self._found)
