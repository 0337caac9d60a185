"""Fitting blocks into what a message or a view holds: groups of elements, pages of blocks."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.platforms.slack import limits
from bot.platforms.slack.escape import Block

_OWN_ID = 24
"""Bytes that the id takes which Slack gives to each block."""

Chunk = list[Block]
"""Blocks that belong together: a question and its answers."""


@dataclass(frozen=True)
class Room:
    """What fits on a page, beside the line that says where one is."""

    blocks: int
    size: int
    tables: int


MESSAGE = Room(limits.MESSAGE_BLOCKS - 1, limits.MESSAGE_BYTES - 1_000, limits.MESSAGE_TABLES)
VIEW = Room(limits.VIEW_BLOCKS - 3, limits.VIEW_BYTES - 5_000, 0)


def weight(part: Block) -> int:
    """Return what a block takes of a message, in bytes."""
    compact = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
    return len(compact.encode()) + _OWN_ID


def grouped(
    elements: Sequence[Block], most: int = 10_000, size: int = limits.BLOCK_BYTES
) -> list[list[Block]]:
    """Return elements in groups of at most ``most`` that together take at most ``size`` bytes.

    An element that takes more stands alone.
    """
    groups: list[list[Block]] = []
    room = 0
    for element in elements:
        needed = weight(element)
        if not groups or len(groups[-1]) == most or needed > room:
            groups.append([])
            room = size
        groups[-1].append(element)
        room -= needed
    return groups


def pages(chunks: Sequence[Chunk], room: Room) -> list[list[Block]]:
    """Return chunks on as few pages as hold them; a chunk is broken only if no page holds it.

    No page is empty; where there is nothing but lines there is none.
    """
    found: list[list[Block]] = [[]]
    used = _NOTHING
    for chunk in chunks:
        whole = _Load.of(chunk)
        for piece in [chunk] if whole.fits(room) else [[one] for one in chunk]:
            load = _Load.of(piece)
            if found[-1] and not (used + load).fits(room):
                found.append([])
                used = _NOTHING
            found[-1] += piece
            used += load
    return [trimmed for page in found if (trimmed := _trimmed(page))]


@dataclass(frozen=True)
class _Load:
    blocks: int
    size: int
    tables: int

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> "_Load":
        tables = sum(one["type"] == "table" for one in blocks)
        return cls(len(blocks), sum(map(weight, blocks)), tables)

    def __add__(self, other: "_Load") -> "_Load":
        return _Load(self.blocks + other.blocks, self.size + other.size, self.tables + other.tables)

    def fits(self, room: Room) -> bool:
        return self.blocks <= room.blocks and self.size <= room.size and self.tables <= room.tables


_NOTHING = _Load(0, 0, 0)


def _trimmed(page: Sequence[Block]) -> list[Block]:
    """Return a page without lines at its ends: there is nothing beyond them."""
    told = [number for number, one in enumerate(page) if one["type"] != "divider"]
    return list(page[told[0] : told[-1] + 1]) if told else []
