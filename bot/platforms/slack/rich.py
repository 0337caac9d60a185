"""Rich text: the blocks in which a text can be bold or lead somewhere and nothing is parsed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.platforms.slack import limits
from bot.platforms.slack.escape import Block, clean, split
from bot.platforms.slack.paging import grouped, weight

Run = Block
"""A stretch of text, a link or a date inside a line."""

_ENDS = ("?", ":", ".", "!")
_NEW_LINE: Run = {"type": "text", "text": "\n"}
_JOINTS = 40
"""Lines of one block."""


def text(words: str, *, bold: bool = False) -> Run:
    """Return a stretch of text; it must fit (``limits.RICH_TEXT``)."""
    run: Run = {"type": "text", "text": words}
    return {**run, "style": {"bold": True}} if bold else run


def link(label: str, url: str, *, bold: bool = False) -> Run:
    """Return a text that leads to ``url``."""
    run: Run = {"type": "link", "url": url, "text": clean(label)}
    return {**run, "style": {"bold": True}} if bold else run


def clock(at: datetime, otherwise: str) -> Run:
    """Return a time of day that each reader sees in his own zone."""
    stamp = int(at.timestamp())
    return {"type": "date", "timestamp": stamp, "format": "{time}", "fallback": otherwise}


def line(*runs: Run) -> Block:
    """Return a line."""
    return {"type": "rich_text_section", "elements": list(runs)}


def lines(words: str, *, bold: bool = False) -> list[Block]:
    """Return a text of any length as lines."""
    return [line(text(piece, bold=bold)) for piece in split(words, limits.RICH_TEXT)]


def bold(words: str) -> list[Block]:
    """Return a text in bold, of any length."""
    return block(lines(words, bold=True))


def quote(words: str) -> list[Block]:
    """Return somebody's words, of any length, set apart."""
    return [
        {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [text(piece)]}]}
        for piece in split(words, limits.RICH_TEXT)
    ]


def pair(name: str, words: str) -> list[Block]:
    """Return a name in bold and what belongs to it; what is long goes on in lines of its own."""
    names = split(name, limits.RICH_TEXT // 2)
    values = split(words, limits.RICH_TEXT // 2)
    between = " " if names[-1].endswith(_ENDS) else ": "
    return [
        *(line(text(piece, bold=True)) for piece in names[:-1]),
        line(text(names[-1], bold=True), text(between + values[0])),
        *(line(text(piece)) for piece in values[1:]),
    ]


def block(found: Sequence[Block]) -> list[Block]:
    """Return lines one under another, in as many blocks as they take."""
    return [
        {"type": "rich_text", "elements": [_joined(part)]}
        for part in grouped(
            found, size=limits.BLOCK_BYTES - _JOINTS * weight(_NEW_LINE), most=_JOINTS
        )
    ]


def bullets(items: Iterable[Block]) -> list[Block]:
    """Return lines as a list, in as many blocks as they take."""
    return [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_list", "style": "bullet", "elements": part}],
        }
        for part in grouped(list(items))
    ]


def _joined(found: Sequence[Block]) -> Block:
    """Return lines as one: Slack does not promise that two stand one under another."""
    runs: list[Run] = []
    for one in found:
        runs += [_NEW_LINE, *one["elements"]] if runs else one["elements"]
    return line(*runs)
