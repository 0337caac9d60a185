"""What a modal carries until it is sent: its form's opaque context, and where it was opened.

Nothing anybody has typed or chosen is in it, and nothing that has to be remembered elsewhere.
"""

from collections.abc import Mapping
from typing import Any

from bot.platforms.slack import limits
from bot.platforms.slack.buttons import pack, unpack
from bot.platforms.slack.escape import Block, size


def carried(context: str, conversation: str) -> str:
    """Return what a modal carries. Raises ``ValueError`` for a context too long for one."""
    packed = pack(context, conversation)
    if size(packed) > limits.METADATA:
        raise ValueError("a context longer than a view can carry")
    return packed


def origin(view: Mapping[str, Any]) -> tuple[str, str]:
    """Return the form's context and the conversation a modal was opened from.

    Raises ``ValueError`` for another's view.
    """
    context, conversation = unpack(view.get("private_metadata"), 2)
    return context, conversation


def moved(view: Block, conversation: str) -> Block:
    """Return a modal as opened from another conversation."""
    return view | {"private_metadata": carried(origin(view)[0], conversation)}
