"""Answering from Slack: signed submissions, through Bolt to the durable answers and the ack.

Each is a whole check-in: all its questions on one view, kept by one durable write. Beside it, in
the same run, a bare Bolt handler that only acknowledges the very same requests. No call of Slack
lies on this way, so none is played: the thanks are the acknowledgement.
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count, islice
from math import inf
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message

from bot.cards import Chart, Clicked
from bot.flows.rounds.engine import COMMENT
from bot.platforms.slack.adapter import Options, Slack
from bot.platforms.slack.edge import EVENTS
from bot.platforms.slack.inputs import FIELD, block_id
from bot.platforms.slack.listening import ANY
from bot.platforms.slack.metadata import carried
from bot.platforms.slack.waiting import SHEET
from bot.platforms.slack.workspaces import Bot, authorize
from bot.platforms.web.delivery import WebDelivery
from bot.rehearsal.bench.answers import percentile
from bot.rehearsal.bench.browser import Refused
from bot.rehearsal.bench.figures import Figure
from bot.rehearsal.bench.village import Village, village
from bot.storage.store import Tx
from bot.storage.tables import slack_person

TEAM, SECRET = "T1", "bench"
RATES = (100, 300, 1_000)
AIMED_AT = 300
TOO_LATE = 3.0
CALLERS = 64


@dataclass(frozen=True)
class Request:
    """A signed request, ready to be sent."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


@dataclass(frozen=True)
class Both:
    """Both sides, and what is sent to them."""

    bot: ASGIApp
    bare: ASGIApp
    village: Village


class _Here:
    """The one workspace of the bench; nobody is asked."""

    async def bot(self, team: str | None, enterprise: str | None = None) -> Bot | None:  # noqa: ARG002
        return Bot(TEAM, None, "UBOT", "BBOT", "xoxb-bench")

    async def teams(self) -> tuple[str, ...]:
        return (TEAM,)


async def figures(folder: Path, people: int, seconds: int, share: float = 1.0) -> list[Figure]:
    """Measure both sides at each rate; ``share`` makes the rates smaller for a quick look."""
    found: list[Figure] = []
    async with _both(folder, people) as both:
        sent = _requests(both.village)
        await _burst(both.bot, [next(sent) for _ in range(20)], 20)  # so that words are there
        most = list(islice(sent, max(CALLERS, int(4_000 * share))))
        mine_a_second = await _throughput(both.bot, most)
        bare_a_second = await _throughput(both.bare, most)
        none_late = 0
        for rate in RATES:
            wanted = max(10, int(rate * share))
            requests = [next(sent) for _ in range(wanted * seconds)]
            mine = await _burst(both.bot, requests, wanted)
            bare = await _burst(both.bare, requests, wanted)
            found += _told(mine, bare, wanted, aim=rate == AIMED_AT)
            none_late = wanted if mine[-1] <= TOO_LATE else none_late
        found += [
            Figure("Slack: highest of these rates with none over 3 s", none_late, "a second"),
            Figure(
                f"Slack: submissions, {CALLERS} callers",
                mine_a_second,
                "a second",
                against=bare_a_second,
                against_name="bare Bolt acknowledges",
                ratio=bare_a_second / mine_a_second,
                most=1 / 0.3,
            ),
        ]
    return found


def _told(mine: Sequence[float], bare: Sequence[float], rate: int, *, aim: bool) -> list[Figure]:
    name = f"Slack: acknowledged at {rate} submissions a second"
    half, most, beside = percentile(mine, 0.5), percentile(mine, 0.99), percentile(bare, 0.99)
    late = sum(one > TOO_LATE for one in mine) / len(mine)
    return [
        Figure(f"{name}, p50", half * 1000, "ms"),
        Figure(
            f"{name}, p99",
            most * 1000,
            "ms",
            against=beside * 1000,
            against_name="ms bare Bolt",
            ratio=most / beside,
            most=3.0 if aim else None,
        ),
        Figure(f"{name}, over 3 s", late * 100, "%", most=0.0 if aim else None),
    ]


@asynccontextmanager
async def _both(folder: Path, people: int) -> AsyncIterator[Both]:
    async with village(folder, people) as one:
        bot = one.bot

        def known(tx: Tx) -> None:
            rows = [
                {"team_id": TEAM, "user_id": f"U{n}", "person_id": person}
                for n, person in enumerate(one.people)
            ]
            tx.insert_new(slack_person, rows)

        await bot.store.write(known)
        inner = WebDelivery(bot.store, one.clock, bot.hub)
        slack = Slack(
            bot.store, bot.env, bot.front, _Here(), inner, _draw, Options(signing_secret=SECRET)
        )
        try:
            await _everybody_opens(slack, one)
            yield Both(Starlette(routes=slack.routes()), _bare(), one)
        finally:
            await slack.close()


async def _everybody_opens(slack: Slack, one: Village) -> None:
    """Have everybody press the invitation's button, as they did before they could send anything."""
    waiting = iter(enumerate(one.people))

    async def presses() -> None:
        for number, person in waiting:
            await slack.people.person(TEAM, f"U{number}")
            press = Clicked(f"open.{number}", person, f"person:{person}", SHEET, one.round.id)
            await one.bot.front.handle(press)

    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(presses())


async def _draw(_: Chart) -> bytes:
    return b""


def _bare() -> ASGIApp:
    """Return Bolt with a handler that only acknowledges, as its own examples have it."""
    app = AsyncApp(
        signing_secret=SECRET,
        authorize=authorize(_Here()),  # type: ignore[arg-type]
        process_before_response=True,
    )

    @app.view(ANY)
    async def acknowledges(ack: Any) -> None:
        await ack()

    handler: ASGIApp = AsyncSlackRequestHandler(app)  # type: ignore[assignment]
    return handler


def _requests(one: Village) -> Iterator[Request]:
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


async def _burst(app: ASGIApp, requests: Sequence[Request], rate: int) -> list[float]:
    """Return each request's seconds from when it was *due*; sorted. Nobody waits for another.

    One that was told in time that it is not saved yet took for ever: only what is durable counts.
    """
    begun = perf_counter() + 0.1

    async def one(number: int) -> float:
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - perf_counter()))
        kept = await _send(app, requests[number])
        return perf_counter() - due if kept else inf

    return sorted(await asyncio.gather(*(one(number) for number in range(len(requests)))))


async def _throughput(app: ASGIApp, requests: Sequence[Request]) -> float:
    waiting = iter(requests)

    kept = 0

    async def caller() -> None:
        nonlocal kept
        for request in waiting:
            kept += await _send(app, request)

    begun = perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(CALLERS):
            group.create_task(caller())
    return kept / (perf_counter() - begun)


async def _send(app: ASGIApp, request: Request) -> bool:
    """Send a request; tell whether what it holds is kept. Raises ``Refused``."""
    given, status, kept = False, 0, True

    async def receive() -> Message:
        nonlocal given
        if given:
            return {"type": "http.disconnect"}
        given = True
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Message) -> None:
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
    await app(scope, receive, send)
    if status != 200:
        raise Refused(f"{EVENTS}: {status}")
    return kept
