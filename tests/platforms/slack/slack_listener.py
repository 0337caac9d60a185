"""A small app for the double's own tests: it checks the signature and answers as a test says."""

import json
from collections.abc import Callable
from urllib.parse import parse_qs

from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Payload = dict[str, object]
Answering = Callable[[Payload], object]


def nothing(_: Payload) -> object:
    """Acknowledge with an empty body."""
    return None


class Listener:
    """An ASGI app. ``heard`` are the payloads, ``retries`` the retry headers that came along.

    ``answer`` gives a status (int), a body (dict or str), or None for an empty acknowledgement.
    """

    def __init__(self, signing_secret: str) -> None:
        self.heard: list[Payload] = []
        self.retries: list[tuple[str | None, str | None]] = []
        self.answer: Answering = nothing
        self.headers: dict[str, str] = {}
        self._verifier = SignatureVerifier(signing_secret)
        self.asgi = Starlette(routes=[Route("/slack/events", self._hear, methods=["POST"])])

    async def _hear(self, request: Request) -> Response:
        body = await request.body()
        if not self._verifier.is_valid_request(body, dict(request.headers)):
            return Response(status_code=401)
        payload = read(body, request.headers["content-type"])
        self.heard.append(payload)
        told = request.headers
        self.retries.append((told.get("x-slack-retry-num"), told.get("x-slack-retry-reason")))
        answer = self.answer(payload)
        if isinstance(answer, int):
            return Response(status_code=answer, headers=self.headers)
        if isinstance(answer, dict):
            return JSONResponse(answer)
        return Response(str(answer or ""), headers=self.headers)


def read(body: bytes, content_type: str) -> Payload:
    """Return what Slack sent, whichever of its three ways it came."""
    if content_type == "application/json":
        return dict(json.loads(body))
    fields = {key: values[0] for key, values in parse_qs(body.decode(), True).items()}
    return dict(json.loads(fields["payload"])) if "payload" in fields else dict(fields)


async def refusal(client: AsyncWebClient, method: str, **args: object) -> str:
    """Return the error a call is refused with; empty where it goes well."""
    try:
        await client.api_call(method, json=args)
    except SlackApiError as error:
        return str(error.response["error"])
    return ""
