"""One call of the Web API: who calls, may he, are the arguments right; then the method itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from double.app import Installation
from double.checking import arguments
from double.reference import Method, methods
from double.shapes import Json, Refused
from double.state import CallMade, State

ANONYMOUS = ("oauth.v2.access",)
"""Methods that need no token."""

APP_LEVEL = ("apps.connections.open",)
"""Methods that need the app-level token."""


@dataclass
class Call:
    """One call on its way through a method."""

    state: State
    method: Method
    args: Json
    installation: Installation
    credentials: tuple[str, str] | None = None
    """Client id and secret from HTTP Basic, where given."""


Handler = Callable[[Call], Json]
HANDLERS: dict[str, Handler] = {}


def method(name: str) -> Callable[[Handler], Handler]:
    """Declare a function to be a Web API method."""

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        return handler

    return register


NOBODY = Installation("", "", "", set())


def answer(
    state: State,
    name: str,
    raw: Mapping[str, object],
    token: str,
    credentials: tuple[str, str] | None = None,
) -> Json:
    """Return Slack's answer to a call, and record it.

    Raises:
        Refused: as Slack refuses; a wrong call is noted as a violation first.
    """
    error = ""
    try:
        return {"ok": True} | _answered(state, name, raw, token, credentials)
    except Refused as refusal:
        error = refusal.error
        known = methods().get(name)
        if known is not None and error not in known.errors:
            raise AssertionError(f"{name} declares no error {error}: mend the double") from refusal
        if refusal.wrong:
            state.violate(error, name, refusal.wrong)
        raise
    finally:
        state.calls.append(CallMade(name, dict(raw), error, state.now()))
        state.note_change()


def _answered(
    state: State,
    name: str,
    raw: Mapping[str, object],
    token: str,
    credentials: tuple[str, str] | None,
) -> Json:
    if name not in HANDLERS or name not in methods():
        raise Refused("unknown_method", wrong="no such method, or one the double does not know")
    known = methods()[name]
    installation = _authorised(state, name, token)
    state.rates.call(known, installation.team or installation.enterprise or "app")
    if known.scopes and not installation.scopes.intersection(known.scopes):
        raise missing_scope(state, installation, *known.scopes)
    args = arguments(known, raw)
    if args.get("team_id") and not installation.covers(args["team_id"]):
        raise Refused("team_access_not_granted", wrong="a workspace the app is not installed in")
    return HANDLERS[name](Call(state, known, args, installation, credentials))


def _authorised(state: State, name: str, token: str) -> Installation:
    if name in ANONYMOUS:
        return NOBODY
    if not token:
        raise Refused("not_authed", wrong="no token")
    if token == state.app.app_token or name in APP_LEVEL:
        if name not in APP_LEVEL:
            raise Refused("not_allowed_token_type", wrong="the app-level token calls no methods")
        if not token.startswith("xapp-"):
            raise Refused("not_allowed_token_type", wrong="this needs the app-level token")
        if token != state.app.app_token:
            raise Refused("invalid_auth")
        return NOBODY
    return holder(state, token)


def holder(state: State, token: str) -> Installation:
    """Return the installation a bot token belongs to, or refuse as Slack does."""
    for one in state.installations:
        if token not in (one.bot_token, *one.older):
            continue
        if one.uninstalled:
            raise Refused("account_inactive")
        if one.revoked:
            raise Refused("token_revoked")
        end = one.expires_at if token == one.bot_token else one.older[token]
        if end is not None and state.now() >= end:
            raise Refused("token_expired")
        return one
    raise Refused("invalid_auth")


def missing_scope(state: State, installation: Installation, *needed: str) -> Refused:
    """Return the refusal for want of a scope.

    It is a violation where the manifest does not ask for the scope either; otherwise somebody
    installed an older version of the app, which a correct app must live with.
    """
    asked = state.app.scopes.intersection(needed)
    wrong = "" if asked else f"the app asks for none of {', '.join(needed)}"
    provided = ",".join(sorted(installation.scopes))
    extra = {"needed": ",".join(needed), "provided": provided}
    return Refused("missing_scope", wrong=wrong, extra=extra)
