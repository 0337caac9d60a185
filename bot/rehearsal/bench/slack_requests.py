"""Whole check-ins as Slack sends them: signed forms, each with all answers, and their way in."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message

from bot.flows.rounds.engine import COMMENT
from bot.platforms.slack.edge import EVENTS
from bot.platforms.slack.inputs import FIELD, block_id
from bot.platforms.slack.metadata import carried
from bot.platforms.slack.waiting import SHEET
from bot.rehearsal.bench.browser import Refused
from bot.rehearsal.bench.village import Village

TEAM, SECRET = "T1", "bench"


@dataclass(frozen=True)
class Request:
    """A signed request, ready to be sent."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def requests(one: Village) -> Iterator[Request]:
    """Yield sheets, each making answers durable: everybody's first, then everybody's changed."""
    for revision in count():
        for number in range(len(one.people)):
            value = (number + revision) % 5 + 1  # another than last time: it is to be written
            sent = _submission(one, f"U{number}", f"{revision}.{number}", revision, value)
            yield _signed(sent)


def _submission(one: Village, user: str, trigger: str, revision: int, value: int) -> dict[str, Any]:
    """Return a check-in sent on one view, as Slack sends it: the view and what stands in it."""
    options = [{"text": {"type": "plain_text", "text": str(n)}, "value": str(n)} for n in range(6)]
    radio = {"type": "radio_buttons", "action_id": FIELD, "options": options}
    box = {"type": "plain_text_input", "action_id": FIELD, "multiline": True}
    chosen = {"type": "radio_buttons", "selected_option": options[value]}
    typed = {"type": "plain_text_input", "value": None}
    inputs: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = [
        (question.id, radio, chosen) for question in one.round.questions
    ]
    if one.round.comments:
        inputs.append((COMMENT, box, typed))
    return {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "trigger_id": trigger,
        "view": {
            "id": f"V{user}",
            "type": "modal",
            "callback_id": SHEET,
            "hash": "1",
            "private_metadata": carried(f"{one.round.id}:{revision}", ""),
            "blocks": [
                {"type": "input", "block_id": block_id(name), "element": element}
                for name, element, _ in inputs
            ],
            "state": {"values": {block_id(name): {FIELD: held} for name, _, held in inputs}},
        },
    }


def _signed(payload: dict[str, Any]) -> Request:
    body = urlencode({"payload": json.dumps(payload)}).encode()
    at = str(int(time.time()))
    base = b"v0:" + at.encode() + b":" + body
    signature = "v0=" + hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "content-length": str(len(body)),
        "x-slack-request-timestamp": at,
        "x-slack-signature": signature,
    }
    return Request(tuple((k.encode(), v.encode()) for k, v in headers.items()), body)


async def send(app: ASGIApp, request: Request) -> bool:
    """Send a request; tell whether what it holds is kept. Raises ``Refused``."""
    given, status, kept = False, 0, True

    async def receive() -> Message:
        nonlocal given
        if given:
            return {"type": "http.disconnect"}
        given = True
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def answered(message: Message) -> None:
        nonlocal status, kept
        if message["type"] == "http.response.start":
            status = message["status"]
        elif b'"errors"' in message.get("body", b"")[:40]:
            kept = False

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": EVENTS,
        "raw_path": EVENTS.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": list(request.headers),
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 443),
    }
    await app(scope, receive, answered)
    if status != 200:
        raise Refused(f"{EVENTS}: {status}")
    return kept
