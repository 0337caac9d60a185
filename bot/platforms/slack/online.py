"""``check --online``: tries tokens, scopes and channels, and says what is missing and how to mend.

Nothing is written anywhere, and nobody is told anything. An app of many workspaces:
``online_installs``.
"""

from collections.abc import Iterable
from typing import Any

import aiohttp

from bot.platforms.slack.channels import changed
from bot.platforms.slack.edge import EVENTS
from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import API, client
from bot.storage.slack import Bound

SCOPES_HEADER = "x-oauth-scopes"
PATIENCE = aiohttp.ClientTimeout(total=10)


async def faults(
    bot_token: str, app_token: str | None, bound: Iterable[Bound], api: str = API
) -> tuple[str, ...]:
    """Return what is wrong in a workspace of one's own, each with what to do."""
    found = await of_token(
        api, bot_token, bound,
        "copy it anew from the app's page, OAuth & Permissions, into slack_bot_token",
    )  # fmt: skip
    if app_token:
        found += await _connection(api, app_token)
    return tuple(found)


async def of_token(
    api: str, token: str, bound: Iterable[Bound], mend: str, where: str = ""
) -> list[str]:
    """Return what is wrong with a token and the channels it is for.

    ``mend`` says what to do about a token that is not taken, ``where`` whose it is.
    """
    to = client(api, token, patient=True)
    try:
        said = await to.auth_test()
    except TROUBLE as trouble:
        return [f"SLACK-6 {where}the bot token is not taken ({error_of(trouble)}): {mend}."]
    found = _missing(said.headers, where)
    for one in bound:
        found += await _channel(to, one)
    return found


async def reachable(public_url: str) -> tuple[str, ...]:
    """Return why Slack's requests would not come in; a stranger's must be refused by the bot."""
    address = public_url + EVENTS
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.post(address, data=b"", allow_redirects=False) as answer,
        ):
            status = f"status {answer.status}"
            if answer.status == 401 and not answer.headers.get("www-authenticate"):
                return ()
    except TROUBLE as trouble:
        status = type(trouble).__name__
    return (
        f"SLACK-14 Slack's requests do not reach the bot: {address} answers {status}, not 401. "
        "Does the bot run, and does the proxy pass /slack/ on to it without asking for sign-in?",
    )


def _missing(headers: Any, where: str) -> list[str]:
    """Return the scopes the token lacks; Slack names those it has with every answer."""
    lowered = {str(name).lower(): str(value) for name, value in dict(headers).items()}
    if SCOPES_HEADER not in lowered:
        return []
    granted = {one.strip() for one in lowered[SCOPES_HEADER].split(",")}
    return [
        f"SLACK-6 {where}the scope {scope} is missing ({what}): put the manifest in anew and "
        "reinstall the app to the workspace."
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
