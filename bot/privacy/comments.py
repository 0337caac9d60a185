"""Cleaning a comment: as long as it may be, and nothing in it that bends how others read.

Which comments are shown lives in ``publish``.
"""

import unicodedata

COMMENT_LIMIT = 600
"""Characters, after cleaning."""

_DIRECTIONS = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Marks that override or isolate the direction of writing: they could turn others' text round."""
_BREAKS = {"\r": "\n", "\u0085": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " "}
_NOT_TEXT = frozenset({"Cc", "Cs"})
"""Control characters and half surrogate pairs; neither can be shown, and they would not fit."""


class CommentTooLong(Exception):  # noqa: N818 - says what is the case
    """The comment has ``length`` characters where ``limit`` are allowed; it is not quoted."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"{length} characters, at most {limit}")
        self.length = length
        self.limit = limit


def clean_comment(text: str, limit: int = COMMENT_LIMIT) -> str:
    """Return the comment as it is kept: composed (NFC), line breaks as ``\\n``, no control marks.

    Cleaning twice changes nothing. Raises ``CommentTooLong``; nothing is ever cut off silently.
    """
    broken = (_BREAKS.get(character, character) for character in text.replace("\r\n", "\n"))
    shown = unicodedata.normalize("NFC", "".join(filter(_stays, broken))).strip()
    if len(shown) > limit:
        raise CommentTooLong(len(shown), limit)
    return shown


def _stays(character: str) -> bool:
    if character == "\n":
        return True
    return character not in _DIRECTIONS and unicodedata.category(character) not in _NOT_TEXT
