"""``check --online``: tries tokens, scopes and channels, and says what is missing and how to mend.

Nothing is written anywhere, and nobody is told anything.
"""

from collections.abc import Iterable
from typing import Any

from bot.platforms.slack.channels import changed
from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import API, client
from bot.storage.slack import Bound

SCOPES_HEADER = "x-oauth-scopes"


async def faults(
    bot_token: str, app_token: str | None, bound: Iterable[Bound], api: str = API
) -> tuple[str, ...]:
    """Return what is wrong, each with what to do."""
    found: list[str] = []
    to = client(api, bot_token, patient=True)
    try:
        said = await to.auth_test()
    except TROUBLE as trouble:
        return (
            f"SLACK-6 the bot token is not taken ({error_of(trouble)}): copy it anew from the "
            "app's page, OAuth & Permissions, into slack_bot_token.",
        )
    found += _missing(said.headers)
    if app_token:
        found += await _connection(api, app_token)
    for one in bound:
        found += await _channel(to, one)
    return tuple(found)


def _missing(headers: Any) -> list[str]:
    """Return the scopes the token lacks; Slack names those it has with every answer."""
    lowered = {str(name).lower(): str(value) for name, value in dict(headers).items()}
    if SCOPES_HEADER not in lowered:
        return []
    granted = {one.strip() for one in lowered[SCOPES_HEADER].split(",")}
    return [
        f"SLACK-6 the scope {scope} is missing ({what}): put the manifest in anew and reinstall "
        "the app to the workspace."
        for scope, what in SCOPES.items()
        if scope not in granted
    ]


async def _connection(api: str, app_token: str) -> list[str]:
    try:
        await client(api, app_token, patient=True).apps_connections_open(app_token=app_token)
    except TROUBLE as trouble:
        return [
            f"SLACK-6 the app token is not taken ({error_of(trouble)}): make one with the scope "
            "connections:write on the app's page, Basic Information, and put it into "
            "slack_app_token; Socket Mode must be on."
        ]
    return []


async def _channel(to: Any, one: Bound) -> list[str]:
    name = f"#{one.name} ({one.channel})"
    try:
        said = await to.conversations_info(channel=one.channel)
    except TROUBLE as trouble:
        why = error_of(trouble)
    else:
        why = one.held or changed(one, said["channel"]) or ""
    if not why:
        return []
    return [
        f"SLACK-4 the channel {name} cannot be posted in ({why}): bring it back or invite the "
        "bot into another one and set the team up there."
    ]
