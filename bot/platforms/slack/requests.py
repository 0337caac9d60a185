"""What Slack sends, as Bolt takes it, over either transport. What it cannot take is refused.

Bolt looks for who and where in a payload before anything of the bot's does, and breaks off over one
of another shape.
"""

from collections.abc import Mapping
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest

from bot.platforms.slack.told import Malformed

Json = Mapping[str, Any]
PARTS = ("user", "team", "enterprise", "view", "channel", "container", "message")
"""What an interaction tells in objects, where it tells it."""


def request_of(body: dict[str, Any], headers: Mapping[str, str]) -> AsyncBoltRequest:
    """Return a payload that was read and verified, for Bolt. Raises ``Malformed``."""
    if not _sound(body):
        raise Malformed("another shape")
    try:
        return AsyncBoltRequest(body=body, headers=dict(headers), mode="socket_mode")
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise Malformed("another shape") from None


def _sound(body: Json) -> bool:
    match body.get("type"):
        case None:
            return isinstance(body.get("command"), str) or "ssl_check" in body
        case "event_callback":
            event = body.get("event")
            return isinstance(event, Mapping) and isinstance(event.get("type"), str)
        case "block_actions":
            return _whole(body) and _pressed(body.get("actions"))
        case "block_suggestion":
            return _whole(body) and isinstance(body.get("action_id"), str)
        case "view_submission" | "view_closed":
            return _whole(body) and isinstance(body.get("view"), Mapping)
        case "shortcut" | "message_action":
            return _whole(body) and isinstance(body.get("callback_id"), str)
        case kind:
            return isinstance(kind, str)


def _whole(body: Json) -> bool:
    told = all(isinstance(body.get(one), Mapping | None) for one in PARTS)
    return told and isinstance(body.get("user"), Mapping)


def _pressed(actions: object) -> bool:
    if not isinstance(actions, list) or not actions:
        return False
    return all(isinstance(o, Mapping) and isinstance(o.get("action_id"), str) for o in actions)
