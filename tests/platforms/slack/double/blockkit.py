"""Block Kit's limits and structure, as Slack's servers check them: blocks and views."""

import json
from collections.abc import Iterator
from typing import Any

from double.elements import ID, IN_ACTIONS, IN_INPUT, IN_SECTION, URL, element, picture
from double.grammar import (
    Check,
    Shape,
    anything,
    boolean,
    both,
    many,
    one_of,
    string,
    text,
    unlike,
    word,
)
from double.shapes import Json

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MARKDOWN = 12_000
VIEW_BYTES = 250_000
ROWS, CELLS = 100, 20
PLAIN = "plain_text"


def _section(value: Any, path: str) -> Iterator[str]:
    yield from Shape(
        {},
        {
            "block_id": string(ID, 1),
            "text": text(3_000),
            "fields": many(text(2_000), 10),
            "accessory": element(*IN_SECTION),
            "expand": boolean,
        },
    )(value, path)
    if not value.get("text") and not value.get("fields"):
        yield f"{path} needs text or fields"


def _in_context(value: Any, path: str) -> Iterator[str]:
    is_image = isinstance(value, dict) and value.get("type") == "image"
    yield from (element("image") if is_image else text(3_000))(value, path)


def _series(value: Any, path: str) -> Iterator[str]:
    """Two figures of a chart's limits are published; the rest of the block is too new."""
    yield from many(anything, 12)(value, path)
    for one in value if isinstance(value, list) else []:
        points = one.get("data") or one.get("points") or [] if isinstance(one, dict) else []
        if len(points) > 20:
            yield f"{path} has a series of more than 20 points"


NAMED: dict[str, Check] = {"block_id": string(ID, 1)}
CELL = one_of(
    {
        "raw_text": Shape({"text": string(3_000)}),
        "rich_text": Shape({"elements": many(anything, 1_000, 0)}),
    },
    "raw_text",
    "rich_text",
)
BLOCKS: dict[str, Check] = {
    "section": _section,
    "header": Shape({"text": text(150, PLAIN)}, NAMED),
    "divider": Shape({}, NAMED),
    "context": Shape({"elements": many(_in_context, 10)}, NAMED),
    "actions": Shape({"elements": many(element(*IN_ACTIONS), 25)}, NAMED),
    "image": both(
        Shape(
            {"alt_text": string(2_000, 1)},
            NAMED
            | {
                "title": text(2_000, PLAIN),
                "image_url": string(URL, 1),
                "slack_file": Shape(may={"id": string(ID, 1), "url": string(URL)}),
            },
        ),
        picture,
    ),
    "input": Shape(
        {"label": text(2_000, PLAIN), "element": element(*IN_INPUT)},
        NAMED | {"hint": text(2_000, PLAIN), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": Shape({"elements": many(anything, 1_000)}, NAMED),
    "markdown": Shape({"text": string(MARKDOWN, 1)}, NAMED),
    "table": Shape(
        {"rows": many(many(CELL, CELLS), ROWS)},
        NAMED | {"column_settings": many(anything, CELLS, 0)},
    ),
    "video": Shape({"title": text(200, PLAIN), "video_url": string(URL, 1)}, closed=False),
    "file": Shape({"external_id": string(ID), "source": word("remote")}, NAMED),
    "data_visualization": Shape({}, {"title": string(50), "series": _series}, closed=False),
    **dict.fromkeys(
        (
            "context_actions",
            "data_table",
            "alert",
            "card",
            "carousel",
            "container",
            "plan",
            "task_card",
        ),
        Shape({}, NAMED, closed=False),
    ),
}
ONLY_IN_MESSAGES = ("markdown", "table", "data_table", "data_visualization", "file", "task_card")
VIEW_KEYS: dict[str, Check] = {
    "private_metadata": string(3_000),
    "callback_id": string(ID),
    "external_id": string(ID),
}
MODAL = Shape(
    {"title": text(24, PLAIN), "blocks": anything},
    VIEW_KEYS
    | {
        "submit": text(24, PLAIN),
        "close": text(24, PLAIN),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
HOME = Shape({"blocks": anything}, VIEW_KEYS)


def faults(blocks: object, surface: str = "message") -> list[str]:
    """Return what Slack would refuse in ``blocks`` on a message, modal or home; empty is well."""
    return list(_blocks(blocks, surface))


def view_faults(view: Json) -> list[str]:
    """Return what Slack would refuse in a view."""
    kind = str(view.get("type"))
    if kind not in ("modal", "home"):
        return ["view.type must be modal or home"]
    found = list((MODAL if kind == "modal" else HOME)(view, "view"))
    found += faults(view.get("blocks"), kind)
    blocks = [one for one in view.get("blocks") or [] if isinstance(one, dict)]
    inputs = any(one.get("type") == "input" for one in blocks)
    if kind == "modal" and inputs and not view.get("submit"):
        found.append("view.submit is missing, and there are inputs")
    return found


def too_large(view: Json) -> bool:
    """Say whether a view is over 250 kB."""
    return len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES


def _blocks(blocks: object, surface: str) -> Iterator[str]:
    if not isinstance(blocks, list):
        yield "blocks must be a list"
        return
    if len(blocks) > MOST_BLOCKS[surface]:
        yield f"{len(blocks)} blocks, allowed are {MOST_BLOCKS[surface]}"
    for place, block in enumerate(blocks):
        yield from _block(block, f"blocks[{place}]", surface)
    whole = [one for one in blocks if isinstance(one, dict)]
    yield from unlike(
        [str(one["block_id"]) for one in whole if "block_id" in one], "blocks", "block_id"
    )
    yield from _together(whole)


def _block(block: object, path: str, surface: str) -> Iterator[str]:
    kind = block.get("type") if isinstance(block, dict) else None
    if not isinstance(block, dict) or kind not in BLOCKS:
        yield f"{path} is no known block"
        return
    if surface != "message" and kind in ONLY_IN_MESSAGES:
        yield f"{path}: {kind} stands in messages only"
    yield from BLOCKS[kind](block, path)
    inside = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
    named = [
        str(one["action_id"]) for one in inside if isinstance(one, dict) and "action_id" in one
    ]
    yield from unlike(named, path, "action_id")


def _together(blocks: list[Json]) -> Iterator[str]:
    """Give the faults no single block has."""
    markdown = sum(len(str(one.get("text"))) for one in blocks if one.get("type") == "markdown")
    if markdown > MARKDOWN:
        yield f"the markdown blocks have {markdown} characters together, allowed are {MARKDOWN}"
    for kind, most in (("data_visualization", 2), ("table", 1)):
        if sum(one.get("type") == kind for one in blocks) > most:
            yield f"more than {most} {kind} blocks"
    focused = sum(
        bool(part.get("focus_on_load"))
        for one in blocks
        for part in (one.get("element"), one.get("accessory"), *(one.get("elements") or []))
        if isinstance(part, dict)
    )
    if focused > 1:
        yield "more than one element has focus_on_load"
