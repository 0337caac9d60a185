"""``check --online``: tries tokens, scopes and channels, and says what is missing and how to mend.

Nothing is written anywhere, and nobody is told anything. An app of many workspaces:
``online_installs``.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.platforms.slack.channels import ARCHIVED, OUTSIDE, PUBLIC, RENAMED, SHARED, changed
from bot.platforms.slack.edge import EVENTS
from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.trouble import TROUBLE, error_of, said_no
from bot.platforms.slack.workspaces import API, client
from bot.settings.values import LOOPBACK
from bot.storage.slack_channels import Bound

AWAY = "SLACK-11"
"""The code of a Slack that is not reached."""
MENDED = {
    ARCHIVED: "unarchive it in Slack, or set the team up in another channel",
    OUTSIDE: "invite the bot to it again, or set the team up in another channel",
    "not_in_channel": "invite the bot to it again, or set the team up in another channel",
    "channel_not_found": "invite the bot to it again, or set the team up in another channel",
    RENAMED: "the bot asks the team's lead, who answers in Slack",
    PUBLIC: "the bot asks the team's lead, who answers in Slack",
    SHARED: "end the sharing in Slack, or set the team up in another channel",
}
"""What to do about a channel, by what is the matter with it."""
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
    if app_token and not any(line.startswith(AWAY) for line in found):
        found += await _connection(api, app_token)
        found += await _of_two_apps(api, bot_token, app_token)
    return tuple(found)


async def whose(api: str, token: str) -> str:
    """Return which bot a token is of, and where; empty where Slack does not say."""
    with suppress(*TROUBLE):
        said = await client(api, token, patient=True).auth_test()
        return f"{said.get('user')} in {said.get('team') or said.get('team_id')}"
    return ""


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
        if not said_no(trouble):
            return [_away(api, trouble, where)]
        return [f"SLACK-6 {where}the bot token is not taken ({error_of(trouble)}): {mend}."]
    found = _missing(said.headers, where)
    for one in bound:
        found += await _channel(to, one)
    return found


def _away(api: str, trouble: Exception, where: str = "") -> str:
    """Return that nothing can be said of a token, for Slack did not answer for it."""
    return (
        f"{AWAY} {where}Slack does not answer at {api} ({error_of(trouble)}), so nothing was "
        "tried: look at this machine's network, at HTTPS_PROXY if a proxy stands between, and at "
        "status.slack.com. The tokens may be all right."
    )


async def reachable(public_url: str) -> tuple[str, ...]:
    """Return why Slack's requests would not come in; a stranger's must be refused by the bot."""
    address = public_url + EVENTS
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        return (f"SLACK-14 Slack only comes to an address with https://: change {public_url}.",)
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
        if not said_no(trouble):
            return [_away(api, trouble)]
        return [
            f"SLACK-6 the app token is not taken ({error_of(trouble)}): make one with the scope "
            "connections:write on the app's page, Basic Information, and put it into "
            "slack_app_token; Socket Mode must be on."
        ]
    return []


async def _of_two_apps(api: str, bot_token: str, app_token: str) -> list[str]:
    """Return that the tokens are of two apps: all would seem well, and nobody would be heard."""
    of = re.match(r"xapp-\d+-([A-Z0-9]+)-", app_token)
    to = client(api, bot_token, patient=True)
    try:
        me = await to.auth_test()
        app = (await to.bots_info(bot=me["bot_id"]))["bot"]["app_id"]
    except (*TROUBLE, KeyError, TypeError):
        return []  # what is wrong with the token is told already
    if of is None or of[1] == app:
        return []
    return [
        f"SLACK-6 the tokens are of two apps, slack_bot_token of {app} and slack_app_token of "
        f"{of[1]}: take both from the same app's page."
    ]


async def _channel(to: Any, one: Bound) -> list[str]:
    name = f"#{one.name} ({one.channel})"
    try:
        said = await to.conversations_info(channel=one.channel)
    except TROUBLE as trouble:
        if not said_no(trouble):
            return [_away(str(to.base_url), trouble)]
        why = error_of(trouble)
    else:
        why = one.held or changed(one, said["channel"]) or ""
    if not why:
        return []
    mend = MENDED.get(why, "bring it back, or set the team up in another channel")
    return [f"SLACK-4 nothing is posted in the channel {name} ({why}): {mend}."]
