"""Text as Slack takes it: cleaned, escaped, measured, split and shortened.

Everything people may have written goes out as ``plain_text`` or as rich text, where Slack reads no
markup, mentions or links. Only a message's fallback is parsed; that is what ``mrkdwn`` is for.
"""

import re
from collections.abc import Mapping
from typing import Any

Block = dict[str, Any]
"""A block or a part of one, as it goes out in JSON."""

EMPTY = "–"
"""Stands where Slack wants a text and there is none."""
CUT = "…"

_MARKUP = re.compile(r"<([^<>\s|][^<>]*)>")
"""What Slack puts in angle brackets: people, channels, groups, dates and links."""
_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_BREAKS = ("\n\n", "\n", ". ", " ")
"""Where a long text is split, best first."""


def clean(text: str) -> str:
    """Return the text without control characters; never blank."""
    readable = _UNREADABLE.sub("", text)
    return readable if readable.strip() else EMPTY


def mrkdwn(text: str) -> str:
    """Return a text that Slack parses and shows as it stands: no mention, link or channel in it.

    Slack knows no other escapes; stars and underscores may still make a word bold.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Return what somebody typed, of a text that Slack escaped (commands and messages)."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mentioned(text: str) -> frozenset[str]:
    """Return the accounts that a message's text mentions."""
    return frozenset(
        target[1:].partition("|")[0] for target in _MARKUP.findall(text) if target[0] == "@"
    )


def read(text: str, names: Mapping[str, str], colleague: str) -> str:
    """Return a message's text as people read it: no id, no address behind a word, no call to all.

    ``names`` are those of mentioned accounts; anybody else is a ``colleague``. Line breaks stay.
    """

    def spoken(found: re.Match[str]) -> str:
        target, _, label = found.group(1).partition("|")
        match target[0]:
            case "@":
                return names.get(target[1:], colleague)
            case "#":
                return f"#{label}" if label else ""
            case "!":
                return label
        return label or target.removeprefix("mailto:")

    lines = (" ".join(one.split()) for one in _MARKUP.sub(spoken, text).splitlines())
    return unescape("\n".join(lines)).strip()


def size(text: str) -> int:
    """Return a text's length as Slack counts it: characters outside the basic plane count two."""
    return len(text) + sum(character > "\uffff" for character in text)


def fallback(text: str, most: int) -> str:
    """Return an escaped line, shortened by whole characters so that no escape is cut in two."""
    text = clean(text)
    short = shorten(text, most)
    while size(mrkdwn(short)) > most:
        short = shorten(short.removesuffix(CUT), size(short) * 9 // 10)
    return mrkdwn(short)


def plain(text: str, most: int) -> Block:
    """Return a text object that is shown as it stands, shortened visibly to ``most``."""
    return {"type": "plain_text", "text": shorten(clean(text), most), "emoji": False}


def shorten(text: str, most: int) -> str:
    """Return the text, or as much as fits in ``most`` with a sign that there was more."""
    if size(text) <= most:
        return text
    kept = _prefix(text, most - len(CUT))
    at_word = kept.rpartition(" ")[0]
    return (at_word if len(at_word) > len(kept) * 2 // 3 else kept).rstrip() + CUT


def split(text: str, most: int) -> list[str]:
    """Return the text in pieces of at most ``most``, cut at paragraphs, sentences or words.

    Nothing is lost but white space at the cuts. A blank text is one piece, ``EMPTY``.
    """
    rest, pieces = clean(text), []
    while size(rest) > most:
        head = _prefix(rest, most)
        cut = _break(head)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    pieces.append(rest)
    return [piece for piece in pieces if piece.strip()]


def _break(head: str) -> int:
    """Return where to cut: after the last good break in the second half, else at the end."""
    for sign in _BREAKS:
        at = head.rfind(sign)
        if at >= len(head) // 2:
            return at + len(sign)
    return len(head)


def _prefix(text: str, most: int) -> str:
    """Return the longest beginning that is no longer than ``most``."""
    head = text[:most]
    while (over := size(head) - most) > 0:
        head = head[: len(head) - (over + 1) // 2]
    return head
