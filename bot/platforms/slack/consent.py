"""Installing in many workspaces: Slack asks somebody for consent and sends him back with a code.

The state that goes along is used once, lives ten minutes and belongs to the browser it was given.
An install in a workspace that is not listed is undone: the app leaves it again.
"""

import hashlib
import hmac
import html
import logging
from datetime import timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.content.words import Words
from bot.domain.chance import Chance
from bot.domain.clock import Clock
from bot.platforms.slack.installs import Installs, NotListed
from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import client
from bot.storage import slack_tickets
from bot.storage.store import Store

log = logging.getLogger(__name__)

BEGIN, BACK = "/slack/install", "/slack/installed"
COOKIE = "trivselsbot_install"
LIFE = timedelta(minutes=10)
AUTHORIZE = "/oauth/v2/authorize"
"""Beside Slack's interface."""


class Consent:
    """Answers the two addresses of an install."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        chance: Chance,
        installs: Installs,
        words: Words,
        api: str,
        public_url: str,
        client_id: str,
        client_secret: str,
        authorize: str,
    ) -> None:
        self._store, self._clock, self._chance, self._installs = store, clock, chance, installs
        self._words, self._api, self._back = words, api, public_url + BACK
        self._id, self._secret, self._authorize = client_id, client_secret, authorize

    def routes(self) -> tuple[BaseRoute, ...]:
        """Return both addresses."""
        return (
            Route(BEGIN, self.begin, methods=["GET"]),
            Route(BACK, self.back, methods=["GET"]),
        )

    async def begin(self, request: Request) -> Response:  # noqa: ARG002
        """Send somebody to Slack to be asked."""
        state, until = self._chance.token(), self._clock.now() + LIFE
        await self._store.write(lambda tx: slack_tickets.put_ticket(tx, _ticket(state), until))
        asked = {
            "client_id": self._id,
            "scope": ",".join(SCOPES),
            "redirect_uri": self._back,
            "state": state,
        }
        response = RedirectResponse(f"{self._authorize}?{urlencode(asked)}", 303)
        response.set_cookie(
            COOKIE, state, max_age=int(LIFE.total_seconds()), path="/slack",
            secure=True, httponly=True, samesite="lax",
        )  # fmt: skip
        return response

    async def back(self, request: Request) -> Response:
        """Take somebody's consent; without the state of this very browser it is worth nothing."""
        state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
        mine = request.cookies.get(COOKIE, "")
        now = self._clock.now()
        same = bool(state) and hmac.compare_digest(state.encode(), mine.encode())
        if not same or not await self._store.write(
            lambda tx: slack_tickets.use_ticket(tx, _ticket(state), now)
        ):
            return self._page("slack.installed.stale", 400)
        if not code:
            return self._page("slack.installed.refused", 200)
        try:
            said = await client(self._api, "").oauth_v2_access(
                client_id=self._id,
                client_secret=self._secret,
                code=code,
                redirect_uri=self._back,
            )
            try:
                await self._installs.keep(said.data)  # type: ignore[arg-type]
            except NotListed as elsewhere:
                log.warning("SLACK-13 an install was refused: %s", elsewhere)
                await self._leave(str(said["access_token"]))
                return self._page("slack.installed.elsewhere", 403)
        except TROUBLE as trouble:
            log.warning("SLACK-6 an install did not succeed: %s", error_of(trouble))
            return self._page("slack.installed.failed", 502)
        return self._page("slack.installed.done", 200)

    async def _leave(self, token: str) -> None:
        """Take the app out of where it may not be. Raises as calls of Slack do."""
        await client(self._api, token).apps_uninstall(
            client_id=self._id, client_secret=self._secret
        )

    def _page(self, key: str, status: int) -> Response:
        said = html.escape(self._words(key))
        page = f'<!DOCTYPE html><meta charset="utf-8"><title>Trivselsbot</title><p>{said}</p>'
        response = HTMLResponse(page, status)
        response.delete_cookie(COOKIE, path="/slack", secure=True, httponly=True, samesite="lax")
        return response


def _ticket(state: str) -> str:
    return hashlib.sha256(f"install {state}".encode()).hexdigest()
