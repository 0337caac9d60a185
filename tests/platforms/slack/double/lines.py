"""The two ways from Slack to the app: signed HTTP requests, and envelopes over a WebSocket."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import urlencode

import httpx
from aiohttp import web

from double.shapes import Json
from double.state import State

Kind = Literal["events_api", "slash_commands", "interactive"]
Retry = tuple[int, str] | None
"""Which retry it is, and why."""


@dataclass(frozen=True)
class Answer:
    """What came back. ``trouble`` is set where nothing did, and says why."""

    status: int = 0
    body: Json | str | None = None
    trouble: Literal["", "unconnected", "closed", "silent"] = ""
    no_retry: bool = False


class Line(Protocol):
    """A way to the app."""

    async def send(self, kind: Kind, payload: Json, retry: Retry = None) -> Answer:
        """Deliver, and return the app's answer."""
        ...


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return Slack's signature of a request."""
    base = b"v0:" + str(timestamp).encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


@dataclass
class HttpLine:
    """Requests to one URL, signed with the app's secret.

    ``signed_at`` is the clock the app's verification reads: the machine's own, unless it was
    built with another.
    """

    state: State
    client: httpx.AsyncClient
    url: str
    signed_at: Callable[[], float]
    patience: float

    async def send(self, kind: Kind, payload: Json, retry: Retry = None) -> Answer:
        """Post a payload, and return the answer."""
        headers = {}
        if retry:
            headers = {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        body, content_type = encoded(kind, payload)
        try:
            answer = await self.post(body, content_type, headers=headers)
        except httpx.TimeoutException:
            return Answer(trouble="silent")
        except httpx.TransportError:
            return Answer(trouble="unconnected")
        no_retry = answer.headers.get("X-Slack-No-Retry") == "1"
        return Answer(answer.status_code, read(answer), no_retry=no_retry)

    async def verify(self) -> bool:
        """Verify the URL as Slack does once when it is entered; True where the app passes."""
        payload = {"type": "url_verification", "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY"}
        payload["token"] = self.state.app.verification_token
        answer = await self.send("events_api", payload)
        body = answer.body.get("challenge") if isinstance(answer.body, dict) else answer.body
        return answer.status == 200 and body == payload["challenge"]

    async def post(
        self, body: bytes, content_type: str, *, headers: dict[str, str] | None = None,
        secret: str = "", age: float = 0,
    ) -> httpx.Response:  # fmt: skip
        """Post raw bytes; another ``secret`` forges the signature, ``age`` (seconds) makes it old.

        Raises:
            httpx.TransportError: the app cannot be reached.
        """
        timestamp = int(self.signed_at() - age)
        signed = signature(secret or self.state.app.signing_secret, timestamp, body)
        own = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": signed,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        return await self.client.post(
            self.url, content=body, headers=own | (headers or {}), timeout=self.patience
        )


def encoded(kind: Kind, payload: Json) -> tuple[bytes, str]:
    """Return the body of a request and its content type."""
    form = "application/x-www-form-urlencoded"
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    if kind == "slash_commands":
        return urlencode(payload).encode(), form
    return urlencode({"payload": json.dumps(payload)}).encode(), form


def read(answer: httpx.Response) -> Json | str | None:
    """Return the body of an answer: an object where it is JSON."""
    if not answer.content:
        return None
    if answer.headers.get("content-type", "").startswith("application/json"):
        try:
            body = answer.json()
        except ValueError:
            return answer.text
        return body if isinstance(body, dict) else answer.text
    return answer.text


@dataclass
class SocketLine:
    """Socket Mode: envelopes over the connections an app holds, each to one of them in turn."""

    state: State
    patience: float
    connections: list[web.WebSocketResponse] = field(default_factory=list)
    most: int = 10
    """How many connections an app may hold."""
    connected: Callable[[], None] = lambda: None
    """Called when an app has connected: what waited can be sent."""
    _turn: int = 0
    _waiting: "dict[str, tuple[web.WebSocketResponse, asyncio.Future[Answer], bool]]" = field(
        default_factory=dict
    )
    _sent: set[str] = field(default_factory=set)

    async def send(self, kind: Kind, payload: Json, retry: Retry = None) -> Answer:
        """Send an envelope, and return its acknowledgement."""
        if not self.connections:
            return Answer(trouble="unconnected")
        self._turn += 1
        connection = self.connections[self._turn % len(self.connections)]
        envelope: Json = {"envelope_id": self.state.new_id("envelope-"), "type": kind}
        takes_answer = kind != "events_api"
        envelope |= {"payload": payload, "accepts_response_payload": takes_answer}
        if kind == "events_api":
            number, reason = retry or (0, "")
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._sent.add(envelope["envelope_id"])
        self._waiting[envelope["envelope_id"]] = (connection, future, takes_answer)
        try:
            await connection.send_json(envelope)
            return await asyncio.wait_for(future, self.patience)
        except TimeoutError:
            return Answer(trouble="silent")
        except (ConnectionError, RuntimeError):
            return Answer(trouble="closed")
        finally:
            self._waiting.pop(envelope["envelope_id"], None)

    async def serve(self, connection: web.WebSocketResponse) -> None:
        """Greet an app that has connected, and listen until the connection ends."""
        if len(self.connections) >= self.most:
            await connection.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            return
        self.connections.append(connection)
        try:
            await connection.send_json(self._hello())
            self.connected()
            self.state.note_change()
            async for message in connection:
                self.hear(str(message.data))
        finally:
            self._lose(connection)

    def _hello(self) -> Json:
        place = {"host": "double", "build_number": 1, "approximate_connection_time": 18060}
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": place,
            "connection_info": {"app_id": self.state.app.id},
        }

    def hear(self, text: str) -> None:
        """Take an acknowledgement in; anything else is a violation."""
        try:
            said = json.loads(text)
            envelope = said["envelope_id"]
        except (ValueError, KeyError, TypeError):
            self.state.violate("no_envelope", "socket mode", "a message that acknowledges nothing")
            return
        _, future, takes_answer = self._waiting.get(envelope, (None, None, False))
        if future is None or future.done():
            again = "an envelope acknowledged twice or too late"
            what = again if envelope in self._sent else "an envelope Slack never sent"
            self.state.violate("unknown_envelope", "socket mode", what)
            return
        payload = said.get("payload")
        if payload and not takes_answer:
            self.state.violate("unwanted_payload", "socket mode", "events take no answer")
        future.set_result(Answer(200, payload or None))

    def _lose(self, connection: web.WebSocketResponse) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        for held, future, _ in self._waiting.values():
            if held is connection and not future.done():
                future.set_result(Answer(trouble="closed"))
        self.state.note_change()

    async def warn(self, reason: str = "warning") -> None:
        """Tell every connection that it will soon end: ``warning``, ``refresh_requested``, …"""
        for one in list(self.connections):
            await one.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})

    async def cut(self) -> None:
        """End every connection, as a network does."""
        for one in list(self.connections):
            self._lose(one)
            await one.close()
