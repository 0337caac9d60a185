"""Who is signed in: a signed cookie with a person's id and the time, and nothing on the server.

Behind a sign-in proxy there is no cookie at all: every request says anew who it is from.
"""

import hmac
import time
from collections.abc import Callable

from itsdangerous import BadData, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.recent import Recent
from bot.platforms.web.port import Front, Options

COOKIE = "trivselsbot"
LONGEST = 12 * 3600
"""Seconds until one has to sign in again."""
VERIFIED = 4096
"""Cookies whose signature is remembered as checked; forged ones are not remembered."""
SECRET_HEADER = "X-Trivselsbot-Secret"  # noqa: S105 - the header's name
"""Where the sign-in proxy sends the secret it shares with the bot."""


class Sessions:
    """Signs people in and out. ``now`` is the machine's own time: a demo's clock jumps.

    ``secure``: people come over HTTPS, which the bot behind a proxy does not see for itself.
    """

    def __init__(
        self, key: bytes, now: Callable[[], float] = time.time, *, secure: bool = False
    ) -> None:
        self._serializer = URLSafeSerializer(key, salt="web-session")
        self._now, self._secure = now, secure
        self._verified: Recent[str, tuple[str, int]] = Recent(VERIFIED)

    def begin(self, request: Request, response: Response, person: str) -> None:
        """Let ``response`` sign ``person`` in."""
        response.set_cookie(
            COOKIE,
            self._serializer.dumps([person, int(self._now())]),
            max_age=LONGEST,
            path="/",
            secure=self._secure or request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )

    def end(self, request: Request, response: Response) -> None:
        """Let ``response`` sign out."""
        response.delete_cookie(
            COOKIE,
            path="/",
            secure=self._secure or request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )

    def person(self, request: Request) -> str | None:
        """Return who is signed in; ``None`` for nobody, for too long ago, for a forged cookie."""
        cookie = request.cookies.get(COOKIE, "")
        found = self._verified.find(cookie) or self._verify(cookie)
        if found is None:
            return None
        person, since = found
        return person if 0 <= self._now() - since < LONGEST else None

    def _verify(self, cookie: str) -> tuple[str, int] | None:
        """Return what a cookie says, if it was signed here; its signature is checked once."""
        try:
            found = self._serializer.loads(cookie)
        except BadData:
            return None
        match found:
            case [str(person), int(since)]:
                self._verified.keep(cookie, (person, since))
                return person, since
        return None


async def person_of(
    request: Request, sessions: Sessions, options: Options, front: Front
) -> str | None:
    """Return whose request this is, or ``None``."""
    if options.sign_in in ("local", "link"):
        return sessions.person(request)
    if options.sign_in == "none" or not came_through_proxy(request, options):
        return None
    email = request.headers.get(options.sign_in_header, "").strip()
    return await front.by_email(email) if email else None


def came_through_proxy(request: Request, options: Options) -> bool:
    """Tell whether the request carries the secret only the sign-in proxy knows."""
    given = request.headers.get(SECRET_HEADER, "").encode("latin-1")
    expected = (options.sign_in_secret or "").encode()
    return bool(expected) and hmac.compare_digest(given, expected)
