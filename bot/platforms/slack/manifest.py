"""The app's manifest: what Slack is told the app is, and the least it may do. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

from bot.content.words import Words
from bot.platforms.slack.listening import COMMAND, SHORTCUTS

NAME = "Trivselsbot"
SCOPES: Mapping[str, str] = {
    "channels:history": "look whether a message already stands before it is sent again",
    "channels:read": "see who is in a team's channel, and whether it was renamed or shared",
    "chat:write": "write to people and in the channels the app was invited to",
    "commands": "/trivsel and the shortcuts",
    "files:write": "upload charts, and send a file to the person who asks for it",
    "groups:history": "as channels:history, in private channels the app was invited to",
    "groups:read": "as channels:read, in private channels the app was invited to",
    "im:history": "answer what is typed to the bot (it is not kept)",
    "im:write": "open a conversation with somebody who is invited",
    "users:read": "language, time zone, and who is a guest, a bot or has left",
    "users:read.email": "know people of a people file by their address",
}
"""Every scope and what it is for; ``docs/operator.md`` says the same."""
EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "channel_archive",
    "channel_left",
    "channel_rename",
    "channel_shared",
    "group_archive",
    "group_left",
    "group_rename",
    "member_joined_channel",
    "member_left_channel",
    "message.im",
    "tokens_revoked",
    "user_change",
)
ON_MESSAGES = frozenset({"trivsel_action"})
"""Shortcuts that stand at a message; the others stand everywhere."""

Mode = Literal["socket", "http"]


def manifest(words: Words, mode: Mode, url: str = "", *, many: bool = False) -> dict[str, Any]:
    """Return the manifest; ``url`` is where Slack finds the bot over HTTP, without a slash.

    ``many`` is for an app that is installed in many workspaces.
    """
    at = {"url": f"{url}/slack/events"} if mode == "http" else {}
    request = {"request_url": f"{url}/slack/events"} if mode == "http" else {}
    searches = {"message_menu_options_url": f"{url}/slack/events"} if mode == "http" else {}
    oauth: dict[str, Any] = {"scopes": {"bot": list(SCOPES)}}
    if many:
        oauth["redirect_urls"] = [f"{url}/slack/installed"]
    return {
        "_metadata": {"major_version": 2, "minor_version": 0},
        "display_information": {
            "name": NAME,
            "description": words("slack.manifest.description"),
            "background_color": "#1f5c4d",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": [_shortcut(words, one) for one in SHORTCUTS],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": words("slack.manifest.command"),
                    "usage_hint": words("slack.manifest.hint"),
                    "should_escape": False,
                    **at,
                }
            ],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request, **searches},
            "org_deploy_enabled": many,
            "socket_mode_enabled": mode == "socket",
            "token_rotation_enabled": many,
        },
    }


def _shortcut(words: Words, callback: str) -> dict[str, str]:
    name = callback.removeprefix("trivsel_")
    return {
        "name": words(f"slack.manifest.{name}"),
        "type": "message" if callback in ON_MESSAGES else "global",
        "callback_id": callback,
        "description": words(f"slack.manifest.{name}_text"),
    }
