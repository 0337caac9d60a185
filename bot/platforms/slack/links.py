"""The way from Slack to the bot's pages: a link that works once, for the one who pressed it.

A link is signed and says who it is for. It opens nothing until that person presses its button in
Slack, which Slack tells the bot of; then it opens his pages once, within a minute. So a link that
was copied, forwarded or kept gives nothing to anybody.
"""

import asyncio
import hashlib
import html
from collections.abc import Awaitable, Callable
from datetime import timedelta

from itsdangerous import BadData, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.domain.chance import Chance
from bot.domain.clock import Clock
from bot.domain.people import PersonId
from bot.platforms.slack.front import Front
from bot.storage import slack_tickets
from bot.storage.store import Store

PATH = "/open/{token}"
ARMED = timedelta(minutes=1)
"""How long a pressed link opens."""
TRIES, BETWEEN = 10, 0.3
"""The browser may be here before Slack has told of the press: how often it is looked for, and how
many seconds lie between."""

Begin = Callable[[Request, Response, PersonId], None]
"""Lets a response sign somebody in."""
Wait = Callable[[float], Awaitable[None]]


class Links:
    """Makes links to pages, and opens them."""

    def __init__(
        self, store: Store, clock: Clock, chance: Chance, key: bytes, public_url: str
    ) -> None:
        self._store, self._clock, self._chance = store, clock, chance
        self._signing = URLSafeSerializer(key, salt="page-link")
        self._base = f"{public_url}/open/"

    def address(self, person: PersonId, path: str) -> str:
        """Return a new link to a page, for one person."""
        return self._base + str(self._signing.dumps([person, path, self._chance.token()]))

    async def pressed(self, address: str, person: PersonId | None) -> None:
        """Let a link open once: its own person has pressed it. For anybody else nothing happens."""
        token = address.removeprefix(self._base)
        found = self._read(token)
        if found is not None and found[0] == person:
            until = self._clock.now() + ARMED
            await self._store.write(lambda tx: slack_tickets.put_ticket(tx, _id(token), until))

    async def use(self, token: str) -> tuple[PersonId, str] | None:
        """Return whose page a link leads to, once; ``None`` where it opens nothing."""
        found, now = self._read(token), self._clock.now()
        if found is None:
            return None
        opened = await self._store.write(lambda tx: slack_tickets.use_ticket(tx, _id(token), now))
        return found if opened else None

    def endpoint(
        self, front: Front, begin: Begin, fault: Callable[[Request, int], Awaitable[Response]],
        wait: Wait = asyncio.sleep,
    ) -> Callable[[Request], Awaitable[Response]]:  # fmt: skip
        """Return what answers a browser that comes with a link.

        The page it answers with leads on by itself: a strict cookie is not sent along on a
        redirect that another site began.
        """

        async def answer(request: Request) -> Response:
            token = str(request.path_params["token"])
            if request.method != "GET" or self._read(token) is None:
                return await fault(request, 404)
            for _ in range(TRIES):
                found = await self.use(token)
                if found is not None:
                    break
                await wait(BETWEEN)
            else:
                return await fault(request, 404)
            person, path = found
            language = await front.language(person)
            if language is None:
                return await fault(request, 404)
            response = HTMLResponse(_leads_on(f"/{path}", front.words(language)("slack.browser")))
            begin(request, response, person)
            return response

        return answer

    def _read(self, token: str) -> tuple[PersonId, str] | None:
        try:
            found = self._signing.loads(token)
        except BadData:
            return None
        match found:
            case [str(person), str(path), str()]:
                return person, path.lstrip("/")
        return None


def _id(token: str) -> str:
    return hashlib.sha256(f"page {token}".encode()).hexdigest()


def _leads_on(path: str, label: str) -> str:
    to, said = html.escape(path, quote=True), html.escape(label)
    return (
        f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={to}">'
        f'<title>{said}</title><a href="{to}">{said}</a>'
    )
