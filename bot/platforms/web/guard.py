"""What every request passes first: host, method, origin, size; and what every answer carries.

Nothing a person typed reaches a log from here: a failure is logged by its kind and its place in
the code, under a short code that the page shows too.
"""

import logging
import re
import secrets
import traceback
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from sse_starlette.sse import SendTimeoutError
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 64 * 1024
"""Bytes of a posted form."""
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::[0-9]{0,5})?")

SECURITY_HEADERS = {
    b"content-security-policy": b"default-src 'self'; img-src 'self' data:; style-src 'self'; "
    b"script-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
}
_UNLESS_SET = (b"cache-control", b"no-store")

Fault = Callable[[Request, int, str], Awaitable[Response]]
"""Draws the page of a refused or failed request: the status and, for a failure, its code."""

_log = logging.getLogger(__name__)


class Guard:
    """Lets through only what a page of this site, opened under a known name, can have sent."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], fault: Fault) -> None:
        self._app = app
        self._hosts = frozenset(name.lower() for name in (*LOOPBACK_NAMES, *hosts))
        self._fault = fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the request, then pass it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1003})
            return
        sent = _Sent(send)
        request = Request(scope, receive)
        try:
            await self._checked(request, sent)
        except ClientDisconnect:
            return
        except SendTimeoutError:
            _log.info("a page stopped reading its stream")
        except Exception as failure:
            code = secrets.token_hex(3)
            _log.error("request failed, code %s: %s", code, place_of(failure))
            if not sent.started:
                await self._answer(request, 500, code, sent)

    async def _checked(self, request: Request, sent: "_Sent") -> None:
        refused = self._refusal(request)
        if refused is None:
            body = await _body(request)
            if body is not None:
                await self._app(request.scope, _replay(body, request.receive), sent)
                return
            refused = 413
        await self._answer(request, refused, "", sent)

    def _refusal(self, request: Request) -> int | None:
        host = request.headers.get("host", "").lower()
        if _name(host) not in self._hosts:
            return 421
        if request.method not in {"GET", "HEAD", "POST"}:
            return 405
        if request.method == "POST" and not _same_origin(request.headers, host):
            return 403
        return None

    async def _answer(self, request: Request, status: int, code: str, sent: "_Sent") -> None:
        """Answer with the fault's page; it is drawn without the refused request's body."""
        response = await self._fault(request, status, code)
        await response(request.scope, _replay(b"", request.receive), sent)


def place_of(failure: BaseException) -> str:
    """Return a failure's kind and where it happened, without its text: that may quote somebody."""
    frames = traceback.extract_tb(failure.__traceback__)[-4:]
    places = " < ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
        for frame in reversed(frames)
    )
    return f"{type(failure).__name__} at {places}"


class _Sent:
    """Passes answers on with the headers every answer carries, and knows whether one began."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message["headers"] = _with_ours(message.get("headers", ()))
        await self._send(message)


def _with_ours(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return an answer's headers with the security headers in place of any of the same name."""
    own = [pair for pair in headers if pair[0] not in SECURITY_HEADERS]
    if not any(name == _UNLESS_SET[0] for name, _ in own):
        own.append(_UNLESS_SET)
    return [*own, *SECURITY_HEADERS.items()]


async def _body(request: Request) -> bytes | None:
    """Return the whole body, or ``None`` when it is over the limit."""
    if request.method != "POST":
        return b""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > BODY_LIMIT:
        return None
    body, more = bytearray(), True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > BODY_LIMIT:
            return None
        more = message.get("more_body", False)
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that gives the body that was read, then what comes after it."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


def _name(host: str) -> str | None:
    """Return a Host header's name without its port; ``None`` when it is not one."""
    found = _HOST.fullmatch(host)
    return found[1] if found else None


def _same_origin(headers: Headers, host: str) -> bool:
    """Tell whether a page of this very site sent the form; one of the two headers must say so."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        try:
            return urlsplit(origin).netloc.lower() == host
        except ValueError:
            return False
    return site is not None
