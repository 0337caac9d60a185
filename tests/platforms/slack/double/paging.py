"""Slack's paging by cursor."""

import base64
from collections.abc import Sequence
from typing import TypeVar

from double.shapes import Json, Refused

MOST = 1_000
Thing = TypeVar("Thing")


def page(
    things: Sequence[Thing], args: Json, otherwise: int = 100, most: int = MOST
) -> tuple[list[Thing], Json]:
    """Return one page, and what the answer says about the next one."""
    limit = int(args.get("limit") or otherwise)
    if not 1 <= limit <= most:
        raise Refused("invalid_arguments", wrong=f"limit must be 1 to {most}")
    start = _start(str(args.get("cursor") or ""))
    if start > len(things):
        raise Refused("invalid_cursor", wrong="a cursor Slack never gave")
    end = start + limit
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(things) else ""
    return list(things[start:end]), {"response_metadata": {"next_cursor": cursor}}


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except ValueError:
        raise Refused("invalid_cursor", wrong="a cursor Slack never gave") from None
