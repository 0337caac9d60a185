"""Socket Mode: holds a connection to Slack and answers over it; Bolt decides what is answered.

The SDK's own client is not used. It tries a used address for ever, says nothing about it, and
forgets what it was doing when it is closed.

1. A connection is asked for and opened; while that fails it is tried again, ever more slowly.
2. Each envelope is handled on its own, and acknowledged once what it brought is durable.
3. When Slack asks to leave a connection, the next one is opened before that one is let go.
4. At the end nothing more is taken in, and what is under way is still acknowledged.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.domain.clock import Clock
from bot.flows.contact import Contact
from bot.platforms.slack.requests import request_of
from bot.platforms.slack.told import Malformed
from bot.platforms.slack.trouble import MENDING, NO_TOKEN, TROUBLE, error_of, retry_after
from bot.platforms.slack.turns import Turns
from bot.platforms.slack.workspaces import client

log = logging.getLogger(__name__)

WAITS = (0.5, 2.0, 5.0, 15.0, 60.0)
"""Seconds between tries to connect; the last one again and again."""
HEARTBEAT = 10.0
"""Seconds of silence after which a connection is asked for a sign of life."""
LEAVING = 15.0
"""The longest a connection Slack wants to end is listened to when there is another."""
AT_THE_END = 4.0
"""Seconds that are left for what is under way when the bot stops."""
REFUSED = frozenset({"link_disabled", "forbidden_team"}) | NO_TOKEN
"""Why there will be no connection before somebody has mended something."""

Wait = Callable[[float], Awaitable[None]]


@dataclass
class Line:
    """One connection."""

    socket: aiohttp.ClientWebSocketResponse
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """Another one is needed: this one has ended, or Slack wants it to."""
    greeted: bool = False
    why: str = ""


class Socket:
    """The bot's connection."""

    def __init__(
        self,
        turns: Turns,
        api: str,
        token: str,
        clock: Clock,
        contact: Contact,
        wait: Wait = asyncio.sleep,
    ) -> None:
        self._turns, self._api, self._token, self._wait = turns, api, token, wait
        self._clock, self._contact = clock, contact
        self._session: aiohttp.ClientSession | None = None
        self._lines: list[Line] = []
        self._held: set[asyncio.Task[None]] = set()
        self._answering: set[asyncio.Task[None]] = set()
        self._said = ""
        self._ending = False

    def start(self) -> None:
        """Connect, and stay connected."""
        self._session = aiohttp.ClientSession()
        self._run(self._keep(), self._held)

    async def close(self) -> None:
        """Take nothing more in; acknowledge what is under way, and end."""
        self._ending = True
        if self._answering:
            await asyncio.wait(set(self._answering), timeout=AT_THE_END)
        for line in list(self._lines):
            with suppress(*TROUBLE):
                await line.socket.close()
        left = [*self._held, *self._answering]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    # --- Connections ------------------------------------------------------------------------------

    async def _keep(self) -> None:
        """Have a connection at any time; never returns."""
        tries = 0
        while True:
            try:
                line = await self._opened()
            except TROUBLE as trouble:
                self._say(error_of(trouble))
                await self._wait(_seconds(error_of(trouble), tries, retry_after(trouble)))
                tries += 1
                continue
            await line.over.wait()
            tries = 0 if line.greeted else tries + 1
            if line.why in REFUSED:
                self._say(line.why)
            if line.socket.closed or not line.greeted or line.why in REFUSED:
                await self._wait(_seconds(line.why, tries, None))

    def _say(self, error: str) -> None:
        """Tell the operator that there is no connection and why; once, until that changes."""
        if error != self._said:
            code = "SLACK-6" if error in REFUSED else "SLACK-11"
            log.error("%s no connection to Slack: %s", code, error)
            self._said = error

    async def _opened(self) -> Line:
        """Open a connection, and begin to listen. Raises as calls of Slack do."""
        assert self._session is not None
        web = client(self._api, self._token)
        said = await web.apps_connections_open(app_token=self._token)
        socket = await self._session.ws_connect(
            str(said["url"]), heartbeat=HEARTBEAT, proxy=web.proxy
        )
        line = Line(socket)
        before, self._lines = self._lines, [*self._lines, line]
        self._run(self._listen(line), self._held)
        for one in before:
            self._run(_leave(one), self._held)
        return line

    async def _listen(self, line: Line) -> None:
        try:
            async for message in line.socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._take(line, message.data)
        finally:
            self._lines.remove(line)
            line.over.set()
            if not any(one.greeted for one in self._lines):
                self._contact.lost(self._clock.now())

    def _take(self, line: Line, text: str) -> None:
        """Take what Slack says; a payload is handled while the next ones are listened to."""
        if self._ending:
            return  # not acknowledged: it comes again
        match _read(text):
            case {"type": "hello"}:
                line.greeted, self._said = True, ""
                self._contact.connected(self._clock.now())
                log.info("connected to Slack")
            case {"type": "disconnect", **more}:
                line.why = str(more.get("reason") or "")
                line.over.set()
            case {"envelope_id": str(envelope), "payload": dict(payload), **more}:
                self._contact.heard(self._clock.now())
                answers = more.get("accepts_response_payload") is True
                self._run(self._answer(line, envelope, payload, answers=answers), self._answering)
            case _:
                log.warning("SLACK-1 an envelope could not be read")

    # --- Envelopes --------------------------------------------------------------------------------

    async def _answer(
        self, line: Line, envelope: str, payload: dict[str, Any], *, answers: bool
    ) -> None:
        """Have an envelope handled, and acknowledge it unless that failed: then it comes again."""
        try:
            answer = await self._turns.handle(request_of(payload, {}))
        except Malformed:
            log.warning("SLACK-1 a payload could not be read")
            return
        except Exception as fault:
            log.error("SLACK-3 a payload was not handled: %s", type(fault).__name__)
            return
        if answer.status not in (200, 404):  # 404: nothing listens for it, so nothing to repeat
            return
        said: dict[str, Any] = {"envelope_id": envelope}
        if answers and answer.status == 200 and answer.body:
            said["payload"] = _body(answer.body)
        await self._acknowledge(line, json.dumps(said))

    async def _acknowledge(self, line: Line, text: str) -> None:
        """Acknowledge over the line something came on, else over another; else it comes again."""
        for one in (line, *reversed(self._lines)):
            if not one.socket.closed:
                with suppress(*TROUBLE):
                    await one.socket.send_str(text)
                    return

    def _run(self, work: Any, among: set[asyncio.Task[None]]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)


async def _leave(line: Line) -> None:
    """Let go of a connection there is another for: when Slack ends it, or after a while."""
    line.over.set()
    await asyncio.sleep(LEAVING)
    await line.socket.close()


def _seconds(error: str, tries: int, asked: float | None) -> float:
    """Return how long to wait before the next try."""
    if asked is not None:
        return asked
    return MENDING if error in REFUSED else WAITS[min(tries, len(WAITS) - 1)]


def _read(text: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _body(body: str) -> object:
    """Return an answer as an envelope carries it: a command may be answered with plain text."""
    found = _read(body)
    return {"text": body} if found is None else found
