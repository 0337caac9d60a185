"""Slack's addresses on a free local port: Web API, uploads, response URLs, Socket Mode, consent."""

import asyncio
import base64
import json
from collections.abc import Callable

from aiohttp import web

import double.api  # noqa: F401 - declares the methods
from double.answering import respond
from double.api.files import receive
from double.calls import answer
from double.faults import Fault, Faults
from double.lines import SocketLine
from double.shapes import Json, Refused
from double.state import State

HTML = "<!DOCTYPE html><title>Slack is having trouble</title>"


class Server:
    """Serves one state. ``consent`` is asked what to do with a browser that wants to install."""

    def __init__(
        self, state: State, faults: Faults, socket: SocketLine, consent: Callable[[str], str]
    ) -> None:
        self._state = state
        self._faults = faults
        self._socket = socket
        self._consent = consent
        self._silence = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on a free port of this machine only."""
        app = web.Application(client_max_size=4 * 1024**2)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/upload/v1/{file}", self._upload)
        app.router.add_post("/respond/{url}", self._respond)
        app.router.add_get("/link/", self._link)
        app.router.add_get("/oauth/v2/authorize", self._authorize)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port = self._runner.addresses[0][1]
        self._state.address = f"http://127.0.0.1:{port}"

    def go_on(self) -> None:
        """End every silence a test has ordered."""
        self._silence.set()
        self._silence = asyncio.Event()

    async def close(self) -> None:
        """Stop listening."""
        self.go_on()
        await self._socket.cut()
        if self._runner is not None:
            await self._runner.cleanup()

    # --- Web API ------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args, token = await self._read(request)
        fault = self._faults.strike(method, args)
        if fault is not None:
            struck = await self._strike(request, fault)
            if struck is not None:
                return struck
        try:
            body = answer(self._state, method, args, token, credentials(request))
        except Refused as refusal:
            return refused(refusal)
        if fault is not None and fault.way == "answer lost":
            return drop(request)
        return web.json_response(body, headers=self._scopes(token))

    def _scopes(self, token: str) -> dict[str, str]:
        """Return the scopes a token has, which Slack names with every answer."""
        for one in self._state.installations:
            if one.bot_token == token:
                return {"X-OAuth-Scopes": ",".join(sorted(one.scopes))}
        return {}

    async def _read(self, request: web.Request) -> tuple[Json, str]:
        """Return a call's arguments, from wherever Slack takes them, and its token."""
        args: Json = dict(request.query)
        if request.content_type == "application/json":
            try:
                body = json.loads(await request.text() or "{}")
            except ValueError:
                body = {"(not JSON)": True}
            args |= body if isinstance(body, dict) else {"(not an object)": True}
        elif request.can_read_body:
            args |= {key: str(value) for key, value in (await request.post()).items()}
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ") if header.startswith("Bearer ") else ""
        return args, token or str(args.pop("token", ""))

    async def _strike(self, request: web.Request, fault: Fault) -> web.StreamResponse | None:
        self._state.note_change()
        if fault.way == "error":
            return web.json_response({"ok": False, "error": fault.error})
        if fault.way == "status":
            after = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            body: Json = {
                "ok": False,
                "error": "ratelimited" if fault.status == 429 else "fatal_error",
            }
            return web.json_response(body, status=fault.status, headers=after)
        if fault.way == "garbage":
            return web.Response(text=HTML, content_type="text/html")
        if fault.way == "dropped":
            return drop(request)
        if fault.way == "silence":
            await self._silence.wait()
            return drop(request)
        return None

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        fault = self._faults.strike("upload", {})
        if fault is not None and (struck := await self._strike(request, fault)) is not None:
            return struck
        try:
            receive(self._state, request.match_info["file"], await request.read())
        except Refused as refusal:
            self._state.violate(refusal.error, "upload", refusal.wrong)
            return web.Response(status=refusal.status, text=refusal.error)
        return web.Response(text="OK")

    async def _respond(self, request: web.Request) -> web.Response:
        fault = self._faults.strike("response_url", {})
        if fault is not None:
            return web.Response(status=fault.status, text=fault.error or "server_error")
        try:
            said = json.loads(await request.text())
            respond(self._state, request.match_info["url"], said)
        except Refused as refusal:
            return web.json_response(refusal.body(), status=refusal.status)
        return web.Response(text="ok")

    # --- Socket Mode and consent --------------------------------------------------------------

    async def _link(self, request: web.Request) -> web.StreamResponse:
        end = self._state.tickets.pop(request.query.get("ticket", ""), None)
        if end is None or self._state.now() > end:
            self._state.violate(
                "unknown_ticket", "socket mode", "an address used twice or too late"
            )
            return web.Response(status=404)
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        await self._socket.serve(connection)
        return connection

    async def _authorize(self, request: web.Request) -> web.Response:
        try:
            where = self._consent(str(request.url))
        except Refused as refusal:
            return web.Response(status=refusal.status, text=refusal.error)
        raise web.HTTPFound(where)


def credentials(request: web.Request) -> tuple[str, str] | None:
    """Return client id and secret out of HTTP Basic, where given."""
    header = request.headers.get("Authorization", "")
    if not header.startswith("Basic "):
        return None
    name, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
    return name, secret


def refused(refusal: Refused) -> web.Response:
    """Return a refusal as Slack's answer."""
    headers = dict(refusal.headers)
    return web.json_response(refusal.body(), status=refusal.status, headers=headers)


def drop(request: web.Request) -> web.Response:
    """Close the connection under the client's feet."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
