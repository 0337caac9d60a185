"""Installs: consent, oauth.v2.access, rotation, revocation, uninstalling, Socket Mode's address."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from double.app import Installation
from double.calls import Call, method
from double.shapes import Json, Refused
from double.state import Grant, State
from double.world import Enterprise, Team, User

CODE_LIFE = timedelta(minutes=10)
TOKEN_LIFE = timedelta(hours=12)
TICKET_LIFE = timedelta(seconds=30)


def install(
    state: State, team: Team | None, scopes: Sequence[str], *, by: User | None = None,
    enterprise: Enterprise | None = None, granted: Sequence[str] = (),
) -> Installation:  # fmt: skip
    """Put the app in a workspace or, with no team, in an enterprise; again is no second one."""
    where = team.id if team else ""
    organisation = "" if team else enterprise.id if enterprise else ""
    for known in state.installations:
        if not known.uninstalled and (known.team, known.enterprise) == (where, organisation):
            known.scopes |= set(scopes)
            known.revoked = False
            renew(state, known)
            return known
    home = where or next(iter(granted), "")
    bot = User(state.new_id("U"), home, "trivselsbot", "Trivselsbot", "", "en-US", "UTC", "bot")
    state.users[bot.id] = bot
    made = Installation("", bot.id, state.new_id("B"), set(scopes), where, organisation)
    made.installer, made.granted_to = by.id if by else "", list(granted)
    renew(state, made)
    state.installations.append(made)
    return made


def renew(state: State, installation: Installation) -> None:
    """Give an installation its token; with rotation a new one, and the old one runs out alone."""
    if installation.bot_token and not state.app.token_rotation:
        return
    if installation.bot_token:
        installation.older[installation.bot_token] = installation.expires_at
    number = state.new_id("T")
    if state.app.token_rotation:
        installation.bot_token = f"xoxe.xoxb-1-{number}"
        installation.refresh_token = f"xoxe-1-{number}"
        installation.expires_at = state.now() + TOKEN_LIFE
    else:
        installation.bot_token = f"xoxb-{number}"


def check_link(state: State, query: dict[str, str]) -> None:
    """Check the app's own link to Slack's consent page.

    Raises:
        Refused: where it is wrong, which is noted as a violation.
    """
    wrong = ""
    redirect, allowed = query.get("redirect_uri", ""), state.app.redirect_urls
    if query.get("client_id") != state.app.client_id:
        wrong = "another app's client_id"
    elif not query.get("state"):
        wrong = "no state: anybody could finish this install"
    elif not set(query.get("scope", "").split(",")) <= state.app.scopes:
        wrong = "scopes the manifest does not ask for"
    elif allowed and not any(redirect.startswith(one) for one in allowed):
        wrong = "a redirect the manifest does not name"
    if wrong:
        state.violate("invalid_authorization", "oauth/v2/authorize", wrong)
        raise Refused("invalid_authorization", wrong=wrong, status=400)


def consent(state: State, query: dict[str, str], installation: Installation) -> str:
    """Return the address the browser goes to after somebody said yes."""
    redirect = query.get("redirect_uri", "")
    code = state.new_id("C")
    state.codes[code] = Grant(installation, redirect, state.now())
    target = redirect or next(iter(state.app.redirect_urls), "")
    return f"{target}?{urlencode({'code': code, 'state': query['state']})}"


@method("oauth.v2.access")
def access(call: Call) -> Json:
    """Exchange a code or a refresh token for a token."""
    checked_client(call)
    grant_type = call.args.get("grant_type") or "authorization_code"
    if grant_type == "refresh_token":
        return refreshed(call)
    if grant_type != "authorization_code":
        raise Refused("invalid_grant_type", wrong="neither a code nor a refresh token")
    grant = call.state.codes.pop(str(call.args.get("code")), None)
    if grant is None or call.state.now() - grant.issued > CODE_LIFE:
        raise Refused("invalid_code")
    if grant.redirect_uri and call.args.get("redirect_uri") != grant.redirect_uri:
        raise Refused("bad_redirect_uri", wrong="not the redirect_uri the install began with")
    return granted(call.state, grant.installation)


def checked_client(call: Call) -> None:
    """Refuse anybody but the app itself."""
    client = call.credentials or (call.args.get("client_id"), call.args.get("client_secret"))
    if client[0] != call.state.app.client_id:
        raise Refused("invalid_client_id")
    if client[1] != call.state.app.client_secret:
        raise Refused("bad_client_secret")


def refreshed(call: Call) -> Json:
    """Exchange a refresh token, which works once."""
    for one in call.state.installations:
        standing = not one.uninstalled and not one.revoked
        if standing and one.refresh_token and one.refresh_token == call.args.get("refresh_token"):
            renew(call.state, one)
            return granted(call.state, one)
    raise Refused("invalid_refresh_token")


def granted(state: State, one: Installation) -> Json:
    """Return what Slack says to an app that has been installed."""
    team = state.teams.get(one.team)
    enterprise = team.enterprise if team else organisation(state, one)
    said: Json = {
        "access_token": one.bot_token,
        "token_type": "bot",
        "scope": ",".join(sorted(one.scopes)),
        "bot_user_id": one.bot_user,
        "app_id": state.app.id,
        "team": {"id": team.id, "name": team.name} if team else None,
        "enterprise": {"id": enterprise.id, "name": enterprise.name} if enterprise else None,
        "authed_user": {"id": one.installer},
        "is_enterprise_install": team is None,
    }
    if one.expires_at is not None:
        seconds = int((one.expires_at - state.now()).total_seconds())
        said |= {"refresh_token": one.refresh_token, "expires_in": seconds}
    return said


def organisation(state: State, one: Installation) -> Enterprise | None:
    """Return the enterprise an org-wide installation stands in."""
    found = (team.enterprise for team in state.teams.values() if team.enterprise)
    return next((each for each in found if each.id == one.enterprise), None)


@method("auth.revoke")
def revoke(call: Call) -> Json:
    """End the token that asks for it."""
    if call.args.get("test"):
        return {"revoked": False}
    call.installation.revoked = True
    return {"revoked": True}


@method("apps.uninstall")
def uninstall(call: Call) -> Json:
    """Take the app out of the workspace whose token asks for it."""
    checked_client(call)
    remove(call.state, call.installation)
    return {}


def remove(state: State, installation: Installation) -> None:
    """Take the app out, and have both events waiting that tell it."""
    installation.uninstalled = True
    tokens = {"oauth": [], "bot": [installation.bot_user]}
    state.announcements.append((installation, {"type": "tokens_revoked", "tokens": tokens}))
    state.announcements.append((installation, {"type": "app_uninstalled"}))


@method("apps.connections.open")
def connect(call: Call) -> Json:
    """Give out an address for one Socket Mode connection."""
    ticket = call.state.new_id("L")
    call.state.tickets[ticket] = call.state.now() + TICKET_LIFE
    address = call.state.address.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={call.state.app.id}"}
