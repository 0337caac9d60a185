"""Who did something in Slack, and on what, read from what Slack sends. Pure.

Whatever is missing or no id raises ``Malformed``, which repeats nothing of it.
"""

from collections.abc import Mapping
from typing import Any

from bot.platforms.slack import limits
from bot.platforms.slack.told import Malformed, Origin
from bot.platforms.slack.views import origin

Json = Mapping[str, Any]


def of_command(body: Json) -> Origin:
    """Return who typed a slash command, and where."""
    return Origin(
        team=_id(body, "team_id"),
        user=_id(body, "user_id"),
        event=_id(body, "trigger_id"),
        trigger=_id(body, "trigger_id"),
        response_url=text(body, "response_url"),
        channel=_id(body, "channel_id"),
    )


def of_action(body: Json) -> Origin:
    """Return who pressed or sent something, and on what."""
    view, channel = body.get("view"), body.get("channel")
    context = conversation = ""
    if isinstance(view, Mapping) and view.get("type") == "modal":
        try:
            context, conversation = origin(view)
        except ValueError:
            raise Malformed("not a view of this app's") from None
    kind = str(view.get("type")) if isinstance(view, Mapping) else "message"
    return Origin(
        team=_team(body),
        user=_user(body),
        event=_id(body, "trigger_id"),
        trigger=_id(body, "trigger_id"),
        response_url=text(body, "response_url"),
        channel=_id(channel, "id") if isinstance(channel, Mapping) else "",
        surface=kind,
        view=_id(view, "id") if isinstance(view, Mapping) else "",
        hash=text(view, "hash") if isinstance(view, Mapping) else "",
        conversation=conversation,
        context=context,
        below=text(view, "previous_view_id") if isinstance(view, Mapping) else "",
        depth=_depth(view) if isinstance(view, Mapping) else 1,
    )


def _depth(view: Json) -> int:
    """Return how many modals lie one on another up to this one."""
    below = text(view, "previous_view_id")
    if not below:
        return 1
    return 2 if below == text(view, "root_view_id") else 3


def _team(body: Json) -> str:
    """Return the workspace; of an org-wide install, the one the person belongs to."""
    team, user = body.get("team"), body.get("user")
    if isinstance(team, Mapping):
        return _id(team, "id")
    if isinstance(user, Mapping):
        return _id(user, "team_id")
    raise Malformed("no team")


def _user(body: Json) -> str:
    user = body.get("user")
    if not isinstance(user, Mapping):
        raise Malformed("no user")
    return _id(user, "id")


def _id(body: Json, name: str) -> str:
    found = body.get(name)
    if not isinstance(found, str) or not found or len(found) > limits.ID or not found.isprintable():
        raise Malformed(f"not an id: {name}")
    return found


def text(body: Json, name: str) -> str:
    """Return a text of a payload; empty where there is none."""
    found = body.get(name)
    return found if isinstance(found, str) else ""
