"""What Slack's refusals mean: try again, wait, hold the channel, or give up. Pure.

``docs/operator.md`` has them as a table; a test holds the two together.
"""

import asyncio
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

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
"""An operator has to mend the installation first.

``account_inactive`` is one any call may answer: the bot's own token is of a workspace or account
that is gone. Of a person who was deactivated Slack says ``user_disabled``, or that his conversation
is closed; his invitations end with that.
"""
WRONG = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "markdown_text_conflict",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
    }
)
"""The message itself is at fault: it would be refused as often as it is sent."""
LATE = frozenset({"expired_trigger_id", "invalid_trigger_id"})
"""What was pressed is too long ago for a view to open."""
OVERTAKEN = frozenset({"hash_conflict", "not_found"})
"""The view has been changed or closed since it was pressed in."""
MENDING = 3600.0
"""Seconds until a message is tried again that waits for somebody to mend something."""
A_WEEK = 7 * 24
"""How often such a message is tried, every hour, before it is given up."""
AWAY = 34
"""How often a message is tried while Slack is away: soon at first, then every hour for a day."""
TROUBLE = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError)
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


def coded(trouble: Exception, what: str) -> str:
    """Return an operator's line about a call that failed; ``what`` was called."""
    error = error_of(trouble)
    return f"{'SLACK-6' if error in NO_TOKEN else 'SLACK-2'} {what}: {error}"


def undelivered(trouble: Exception) -> Undelivered:
    """Return what the outbox is told of a failed call."""
    error = error_of(trouble)
    code = f"SLACK-2 {error}"
    if error in GONE | WRONG:
        return Undelivered(code, final=True)
    if error in CLOSED:
        return Undelivered(f"SLACK-4 {error}", again_in=MENDING)
    if error in NO_TOKEN:
        return Undelivered(f"SLACK-6 {error}", again_in=MENDING, tries=A_WEEK)
    if (wait := retry_after(trouble)) is not None:
        return Undelivered(code, again_in=wait, tries=AWAY)
    return Undelivered(code, tries=None if said_no(trouble) else AWAY)


def said_no(trouble: Exception) -> bool:
    """Tell whether Slack understood and refused, rather than being away or in trouble itself."""
    fault = error_of(trouble) in ("fatal_error", "internal_error", "service_unavailable")
    return refused(trouble) and not fault


def refused(trouble: Exception) -> bool:
    """Tell whether Slack certainly did nothing: it said no, rather than nothing at all."""
    if not isinstance(trouble, SlackApiError):
        return False
    return _status(trouble) == 429 or (_status(trouble) == 200 and bool(_said(trouble)))


def _said(trouble: SlackApiError) -> Any:
    response = trouble.response
    data = getattr(response, "data", response)
    return data if isinstance(data, dict) else {}


def _status(trouble: SlackApiError) -> int:
    return int(getattr(trouble.response, "status_code", 0) or 0)
