"""What Slack's refusals mean: try again, wait, hold the channel, or give up. Pure."""

import asyncio
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.platforms.port import Undelivered

GONE = frozenset(
    {
        "account_inactive_user",
        "bot_not_found",
        "cannot_dm_bot",
        "messages_tab_disabled",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
    }
)
"""This person cannot be written to; nobody else is kept waiting."""
CLOSED = frozenset({"channel_not_found", "is_archived", "not_in_channel"})
"""This channel cannot be posted to until somebody does something about it."""
NO_TOKEN = frozenset(
    {
        "access_denied",
        "account_inactive",
        "app_uninstalled",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""An operator has to mend the installation first."""
MENDING = 3600.0
"""Seconds until a message is tried again that waits for somebody to mend something."""
TROUBLE = (SlackApiError, aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError)
"""What a call of Slack may raise."""


def error_of(trouble: Exception) -> str:
    """Return the error's name as Slack calls it, or the failure's kind; never a text."""
    if not isinstance(trouble, SlackApiError):
        return type(trouble).__name__
    found = _said(trouble).get("error")
    if isinstance(found, str) and found.replace("_", "").isalnum():
        return found[:60]
    return f"status_{_status(trouble)}"


def retry_after(trouble: Exception) -> float | None:
    """Return the seconds Slack asks to wait."""
    response = getattr(trouble, "response", None)
    headers = getattr(response, "headers", None) or {}
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    if isinstance(given, list | tuple):
        given = given[0] if given else None
    try:
        return max(0.0, float(str(given))) if given is not None else None
    except ValueError:
        return None


def undelivered(trouble: Exception) -> Undelivered:
    """Return what the outbox is told of a failed call."""
    error = error_of(trouble)
    code = f"SLACK-2 {error}"
    if error in GONE:
        return Undelivered(code, final=True)
    if error in CLOSED:
        return Undelivered(f"SLACK-4 {error}", again_in=MENDING)
    if error in NO_TOKEN:
        return Undelivered(f"SLACK-6 {error}", again_in=MENDING)
    return Undelivered(code, again_in=retry_after(trouble))


def refused(trouble: Exception) -> bool:
    """Tell whether Slack certainly did nothing: it said no, rather than nothing at all."""
    return isinstance(trouble, SlackApiError) and _status(trouble) in (200, 429)


def _said(trouble: SlackApiError) -> Any:
    response = trouble.response
    data = getattr(response, "data", response)
    return data if isinstance(data, dict) else {}


def _status(trouble: SlackApiError) -> int:
    return int(getattr(trouble.response, "status_code", 0) or 0)
