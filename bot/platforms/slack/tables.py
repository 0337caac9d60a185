"""Tables: as Slack's own where a message can hold one, else row by row as text.

Text is what views get (Slack draws tables in messages only), and what is read more easily where
cells are long.
"""

from collections.abc import Iterator, Sequence

from bot.cards import Link, Table
from bot.platforms.slack import limits, rich
from bot.platforms.slack.escape import Block, clean, shorten, size, split
from bot.platforms.slack.paging import grouped, weight
from bot.platforms.slack.rendering import Rendering

_CELL = 200
"""Characters of the longest cell with which a table is still easier to read than lines."""
_ROW = 4_000
"""Bytes of the largest row; heading and row together must fit in a block."""

Cell = str | Link


def table(part: Table, context: Rendering, *, in_message: bool) -> list[list[Block]]:
    """Return a table as blocks that may each stand on a page of their own."""
    title = rich.bold(part.caption) if part.caption else []
    if in_message and _is_plain(part):
        found = [[one] for one in _native(part, context)]
    else:
        found = [_lines(part, context)]
    if title and found[0]:
        found[0] = [*title, *found[0]]
    elif title:
        found[0] = title
    return found


def _is_plain(part: Table) -> bool:
    """Tell whether Slack's own table can show it."""
    if not part.columns or not part.rows or len(part.columns) > limits.TABLE_COLUMNS:
        return False
    rows = (part.columns, *part.rows)
    return all(
        len(row) == len(part.columns)
        and all(size(_text(cell)) <= _CELL for cell in row)
        and sum(len(_text(cell).encode()) + 100 for cell in row) <= _ROW
        for row in rows
    )


def _native(part: Table, context: Rendering) -> Iterator[Block]:
    """Yield the table, with its headings again for each piece a message can hold."""
    heading = [_raw(name) for name in part.columns]
    rows = [{"type": "row", "row": [_cell(cell, context) for cell in row]} for row in part.rows]
    room = limits.BLOCK_BYTES - sum(map(weight, heading))
    settings = [{"is_wrapped": True} for _ in part.columns]
    for group in grouped(rows, limits.TABLE_ROWS - 1, room):
        yield {
            "type": "table",
            "rows": [heading, *(one["row"] for one in group)],
            "column_settings": settings,
        }


def _raw(words: str) -> Block:
    return {"type": "raw_text", "text": clean(words)}


def _cell(cell: Cell, context: Rendering) -> Block:
    if isinstance(cell, str):
        return _raw(cell)
    return {
        "type": "rich_text",
        "elements": [rich.line(rich.link(cell.label, context.page_url(cell.path)))],
    }


def _lines(part: Table, context: Rendering) -> list[Block]:
    """Return each row as a name and what stands in the other columns, in a list."""
    return rich.bullets(
        rich.line(*runs)
        for row in part.rows
        if row
        for runs in grouped(list(_row(part.columns, row, context)), size=limits.BLOCK_BYTES - 500)
    )


def _row(columns: Sequence[str], row: Sequence[Cell], context: Rendering) -> Iterator[Block]:
    """Yield a row's cells, each after its column's name."""
    names = [*columns, *[""] * len(row)]
    for place, (name, cell) in enumerate(zip(names, row, strict=False)):
        before = " · " if place else ""
        if place and name.strip():
            before += f"{shorten(clean(name), _CELL)}: "
        if isinstance(cell, Link):
            if before:
                yield rich.text(before)
            label = shorten(clean(cell.label), limits.RICH_TEXT)
            yield rich.link(label, context.page_url(cell.path), bold=not place)
        else:
            first, *others = split(cell, limits.RICH_TEXT - len(before))
            yield rich.text(before + first, bold=not place)
            yield from (rich.text(piece) for piece in others)


def _text(cell: Cell) -> str:
    return cell.label if isinstance(cell, Link) else cell
