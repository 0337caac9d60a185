"""Tables: as Slack's own where a message can hold one, else row by row as text.

Text is what views get (Slack draws tables in messages only), and what is read more easily where
cells are long. Where rows lead on, each stands with a button beside it: no table holds buttons.
"""

from collections.abc import Iterator, Sequence

from bot.cards import Actions, Link, Table
from bot.platforms.slack import limits, rich
from bot.platforms.slack.buttons import Buttons, opening, section
from bot.platforms.slack.escape import Block, clean, shorten, size, split
from bot.platforms.slack.paging import grouped, weight
from bot.platforms.slack.rendering import Rendering

_CELL = 200
"""Characters of the longest cell with which a table is still easier to read than lines."""
_ROW = 4_000
"""Bytes of the largest row; heading and row together must fit in a block."""

Cell = str | Link


def table(
    part: Table, context: Rendering, buttons: Buttons, *, in_message: bool
) -> list[list[Block]]:
    """Return a table as blocks that may each stand on a page of their own."""
    title = rich.bold(part.caption) if part.caption else []
    if any(isinstance(cell, Link) for row in part.rows for cell in row):
        label = context.words("home.button.open")
        found = [_leading(part.columns, row, buttons, label) for row in part.rows if row]
    elif in_message and _is_plain(part):
        found = [[one] for one in _native(part)]
    else:
        found = [_lines(part)]
    if title and found[0]:
        found[0] = [*title, *found[0]]
    elif title:
        found[0] = title
    return found


def _leading(
    columns: Sequence[str], row: Sequence[Cell], buttons: Buttons, label: str
) -> list[Block]:
    """Return a row as its name, below it the rest, and beside it the button it leads on by."""
    name, *rest = _named(columns, row)
    said = "\n".join([name, *([" · ".join(rest)] if rest else [])])
    first, *others = (section(piece) for piece in split(said, limits.TEXT))
    links = [opening(cell) for cell in row if isinstance(cell, Link)]
    if links:
        first["accessory"] = buttons.beside(links[0], label)
    return [first, *others, *(buttons.actions(Actions(tuple(links[1:]))) if links[1:] else ())]


def _named(columns: Sequence[str], row: Sequence[Cell]) -> Iterator[str]:
    """Yield the first cell, and the others that say something, each after its column's name."""
    names = [*columns, *[""] * len(row)]
    for place, (name, cell) in enumerate(zip(names, row, strict=False)):
        told = _text(cell)
        if not place:
            yield clean(told)
        elif told.strip():
            yield f"{shorten(clean(name), _CELL)}: {told}" if name.strip() else told


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


def _native(part: Table) -> Iterator[Block]:
    """Yield the table, with its headings again for each piece a message can hold."""
    heading = [_raw(name) for name in part.columns]
    rows = [{"type": "row", "row": [_raw(_text(cell)) for cell in row]} for row in part.rows]
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


def _lines(part: Table) -> list[Block]:
    """Return each row as a name and what stands in the other columns, in a list."""
    return rich.bullets(
        rich.line(*runs)
        for row in part.rows
        if row
        for runs in grouped(list(_row(part.columns, row)), size=limits.BLOCK_BYTES - 500)
    )


def _row(columns: Sequence[str], row: Sequence[Cell]) -> Iterator[Block]:
    """Yield a row's cells, each after its column's name."""
    names = [*columns, *[""] * len(row)]
    for place, (name, cell) in enumerate(zip(names, row, strict=False)):
        before = " · " if place else ""
        if place and name.strip():
            before += f"{shorten(clean(name), _CELL)}: "
        first, *others = split(_text(cell), limits.RICH_TEXT - len(before))
        yield rich.text(before + first, bold=not place)
        yield from (rich.text(piece) for piece in others)


def _text(cell: Cell) -> str:
    return cell.label if isinstance(cell, Link) else cell
