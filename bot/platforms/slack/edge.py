"""Slack's HTTP requests before Bolt sees them: size, signature, shape. None of it is logged."""

import hashlib
import hmac
import json
import logging
import time
from binascii import a2b_qp
from collections.abc import Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.platforms.slack.requests import request_of
from bot.platforms.slack.told import Malformed
from bot.platforms.slack.turns import Turns

log = logging.getLogger(__name__)

EVENTS = "/slack/events"
BODY_LIMIT = 1024 * 1024
"""Bytes; a view comes back with every submission and may have 250 KB."""
STALE = 300
"""Seconds after which a signed request is not believed any more."""
FORM = "application/x-www-form-urlencoded"


class Edge:
    """The endpoint for everything Slack sends; ``heard`` is called when it was Slack."""

    def __init__(
        self,
        turns: Turns,
        signing_secret: str,
        heard: Callable[[], None],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._turns, self._heard = turns, heard
        self._secret = signing_secret.encode()
        self._now = now

    async def answer(self, request: Request) -> Response:
        """Answer one request: 401 for a forged or stale one, 400 for what cannot be read."""
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            log.warning("SLACK-1 a payload was too large")
            return Response(status_code=413)
        if not self._signed(request, body):
            log.warning("SLACK-9 a request was not signed by Slack, or long ago")
            return Response(status_code=401)
        self._heard()
        told = _readable(request.headers.get("content-type", ""), body)
        try:
            if told is None:
                raise Malformed("not in one of Slack's three shapes")
            asked = request_of(told, dict(request.headers))
        except Malformed:
            log.warning("SLACK-1 a payload could not be read")
            return Response(status_code=400)
        # Bolt then neither reads nor verifies anew what has been read and verified here.
        answer = await self._turns.handle(asked)
        status = 200 if answer.status == 404 else answer.status  # nothing listens: nothing to retry
        sent = Response(answer.body if status == answer.status else "", status)
        for name, value in answer.first_headers_without_set_cookie().items():
            if status == answer.status:
                sent.headers[name] = value
        return sent

    def _signed(self, request: Request, body: bytes) -> bool:
        headers = dict(request.headers)
        at = headers.get("x-slack-request-timestamp", "")
        if not at.isascii() or not at.isdecimal() or abs(self._now() - int(at)) > STALE:
            return False
        signed = b"v0:" + at.encode() + b":" + body
        mine = "v0=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        given = headers.get("x-slack-signature", "").encode("latin-1")
        return hmac.compare_digest(mine.encode(), given)


async def _body(request: Request) -> bytes | None:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)


def _readable(kind: str, body: bytes) -> dict[str, Any] | None:
    """Return a payload in one of the three shapes Slack sends; ``None`` for any other."""
    try:
        if kind.startswith("application/json"):
            return _object(body.decode())
        if not kind.startswith(FORM):
            return None
        sent = fields(body)
        if "payload" in sent:
            return _object(sent["payload"])
        return sent if "command" in sent or "ssl_check" in sent else None
    except (ValueError, RecursionError):
        return None


def fields(body: bytes) -> dict[str, str]:
    """Return a form's fields. Raises ``ValueError`` for what is none."""
    pairs = (field.split(b"=", 1) for field in body.split(b"&"))
    return {_decoded(name): _decoded(value) for name, value in pairs}


def _decoded(sent: bytes) -> str:
    """Undo a form's percent-encoding, as C does it for e-mail's, which is the same with another
    sign: a view is ten kilobytes of it, and Python's own way took half of an answer's time.

    Raises ``ValueError``.
    """
    signed = sent.replace(b"+", b" ").replace(b"=", b"%3D").replace(b"%", b"=")
    return a2b_qp(signed).decode()


def _object(text: str) -> dict[str, Any] | None:
    found = json.loads(text)
    return found if isinstance(found, dict) else None
