"""Endpoints one reads: conversations, pages, charts, and the stream of "something changed"."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from urllib.parse import quote

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.flows.views import Sidebar
from bot.platforms.web.pages import Visitor, first_page
from bot.platforms.web.port import Theme
from bot.platforms.web.render import href
from bot.platforms.web.site import Site, missing, wants_json

_HEARTBEAT = 20
"""Seconds between signs of life on an idle stream; proxies often give up after 60."""
_SLOW = 30
"""Seconds a page may take to read one event before its stream is given up."""


async def home(_: Site, __: Request, visitor: Visitor) -> Response:
    """Lead to where something waits."""
    return RedirectResponse(first_page(visitor.sidebar), 303)


async def conversation(site: Site, request: Request, visitor: Visitor) -> Response:
    """Show a conversation; ``before`` shows the messages before one."""
    before = request.query_params.get("before")
    if before is not None and not (before.isascii() and before.isdecimal() and len(before) < 19):
        raise missing()
    found = await site.front.conversation(
        visitor.sidebar.person,
        request.path_params["id"],
        before=int(before) if before is not None else None,
    )
    if found is None:
        raise missing()
    back = href(f"c/{found.id}")
    if wants_json(request):
        place = site.part(visitor.words, back, found.id)
        return JSONResponse(site.pages.conversation_parts(visitor, found, place))
    place = site.place(visitor, back, found.id)
    return HTMLResponse(site.pages.conversation(visitor, found, place))


async def page(site: Site, request: Request, visitor: Visitor) -> Response:
    """Show a page of cards."""
    found = await site.front.page(visitor.sidebar.person, request.path_params["path"])
    if found is None:
        raise missing()
    back = href(found.path)
    if wants_json(request):
        return JSONResponse(site.pages.page_parts(visitor, found, site.part(visitor.words, back)))
    return HTMLResponse(site.pages.page(visitor, found, site.place(visitor, back)))


async def chart(site: Site, request: Request, visitor: Visitor) -> Response:
    """Show a figure as a picture; a browser may keep it but asks each time whether it may."""
    theme: Theme = "dark" if request.query_params.get("theme") == "dark" else "light"
    found = await site.front.chart(visitor.sidebar.person, request.path_params["figure"])
    if found is None:
        raise missing()
    tag = f'"{hashlib.sha256(f"{theme}{found!r}".encode()).hexdigest()[:32]}"'
    headers = {"cache-control": "private, no-cache", "etag": tag, "vary": "cookie"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    picture = await site.draw(found, theme)
    return Response(picture, media_type="image/png", headers=headers)


async def download(site: Site, request: Request, visitor: Visitor) -> Response:
    """Give a file to keep. It is made anew each time and stands in no cache."""
    found = await site.front.download(visitor.sidebar.person, request.path_params["file"])
    if found is None:
        raise missing()
    plain = found.name.encode("ascii", "ignore").decode().replace('"', "")
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name, safe='')}"
    headers = {"content-disposition": named}
    return Response(found.body, media_type=found.media, headers=headers)


async def live(site: Site, _: Request, visitor: Visitor) -> Response:
    """Stream that something changed, and where; the page then asks what."""
    return EventSourceResponse(
        _events(site, visitor.sidebar), ping=_HEARTBEAT, send_timeout=_SLOW, sep="\n"
    )


async def _events(site: Site, sidebar: Sidebar) -> AsyncIterator[ServerSentEvent]:
    with site.hub.watching(sidebar.person) as watcher:
        watcher.sees = _conversations(sidebar)
        yield ServerSentEvent(data="{}", event="hello", retry=2000)
        while (heard := await watcher.next()) is not None:
            if heard.you:
                now = await site.front.sidebar(sidebar.person)
                if now is None:
                    return
                watcher.sees = _conversations(now)
                yield ServerSentEvent(data=json.dumps({"you": True}))
            for one in sorted(heard.conversations):
                yield ServerSentEvent(data=json.dumps({"conversation": one}))
            # a breath between two events: a busy channel is one re-fetch, not twenty
            await asyncio.sleep(0.1)


def _conversations(sidebar: Sidebar) -> frozenset[str]:
    return frozenset(
        one.path.removeprefix("c/") for one in sidebar.entries if one.path.startswith("c/")
    )
