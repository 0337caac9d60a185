"""What a message may say: text, blocks, pictures and metadata, checked before it is posted."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from double.blockkit import faults
from double.reading import held_elements
from double.shapes import Json, Refused
from double.state import State

TEXT = 40_000
METADATA = 8_000


def checked_blocks(state: State, blocks: list[Json] | None) -> list[Json]:
    """Return blocks as Slack keeps them, each block and element with an id.

    Raises:
        Refused: ``invalid_blocks``, always a violation.
    """
    found = faults(blocks or []) + list(missing_pictures(state, blocks or []))
    if blocks and not found and state.oracle is not None:
        found = state.oracle.message(blocks)
    if found:
        raise Refused("invalid_blocks", wrong="; ".join(found), messages=tuple(found))
    return named(state, blocks or [])


def named(state: State, blocks: list[Json]) -> list[Json]:
    """Return a copy in which every block and every element that acts bears an id."""
    kept: list[Json] = copy.deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", state.new_id("b"))
        for one in held_elements(block):
            one.setdefault("action_id", state.new_id("a"))
    return kept


def missing_pictures(state: State, thing: Any) -> Iterator[str]:
    """Give the Slack files that blocks show and that cannot be shown (yet)."""
    if isinstance(thing, list):
        for one in thing:
            yield from missing_pictures(state, one)
    elif isinstance(thing, dict):
        shown = thing.get("slack_file")
        if isinstance(shown, dict):
            file = state.files.get(str(shown.get("id")))
            ready = file is not None and file.ready_at is not None and state.now() >= file.ready_at
            if file is None or file.deleted or not ready:
                yield "invalid slack file"
        for one in thing.values():
            yield from missing_pictures(state, one)


def checked_text(args: Json, *, too_long: str = "msg_too_long") -> str:
    """Return the text, which blocks or attachments may stand in for.

    Raises:
        Refused: for no text, too much of it, or markdown beside something else.
    """
    text, markdown = str(args.get("text") or ""), args.get("markdown_text")
    if markdown and (text or args.get("blocks")):
        raise Refused("markdown_text_conflict", wrong="markdown_text stands alone")
    if markdown and len(markdown) > 12_000:
        raise Refused(too_long, wrong="markdown_text is over 12,000 characters")
    if not (text or markdown or args.get("blocks") or args.get("attachments")):
        raise Refused("no_text", wrong="neither text nor blocks")
    if len(text) > TEXT:
        raise Refused(too_long, wrong=f"the text is over {TEXT:,} characters")
    if args.get("blocks") and not text:
        raise Refused("no_text", wrong="blocks without text: a notification would be empty")
    return text or str(markdown or "")


def checked_metadata(args: Json) -> Json | None:
    """Return the metadata, where it is an event type and a payload."""
    metadata: Json | None = args.get("metadata")
    if metadata is None:
        return None
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not isinstance(payload, dict):
        raise Refused("invalid_metadata_format", wrong="metadata needs event_type, event_payload")
    if len(json.dumps(metadata).encode()) > METADATA:
        raise Refused("metadata_too_large", wrong=f"metadata is over {METADATA:,} bytes")
    return metadata
