"""Builds the web chat as one ASGI app; the only place here that builds things."""

from collections.abc import Awaitable, Callable, Sequence

from jinja2 import Environment
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.domain.chance import Chance
from bot.platforms.web import acting, reading, signing
from bot.platforms.web.files import Files
from bot.platforms.web.guard import Guard
from bot.platforms.web.hub import Hub
from bot.platforms.web.inbound import Malformed
from bot.platforms.web.kept import Kept
from bot.platforms.web.pages import Pages
from bot.platforms.web.port import Demo, Draw, Front, Options
from bot.platforms.web.render import Cards, environment
from bot.platforms.web.session import Sessions
from bot.platforms.web.site import Deed, Endpoint, Site, may_act, signed_in


def build(
    front: Front,
    hub: Hub,
    options: Options,
    *,
    draw: Draw,
    chance: Chance,
    demo: Demo | None = None,
    sessions: Sessions | None = None,
    templates: Environment | None = None,
    extra_routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """Return the web chat; with ``sign_in`` "none" there are only ``extra_routes``.

    ``extra_routes`` stand before the chat's own (Slack's endpoint, health, the demo's buttons);
    they pass the same guard, so a route that other sites post to belongs beside this app.
    """
    files = Files.read()
    env = templates or environment()
    site = Site(
        front=front,
        hub=hub,
        options=options,
        sessions=sessions or Sessions(options.session_key),
        pages=Pages(env, files.root),
        cards=Cards(env),
        kept=Kept(chance.token),
        draw=draw,
        token=chance.token,
        demo=demo,
    )
    return Starlette(
        routes=[*extra_routes, *_routes(site, files)],
        middleware=[Middleware(Guard, hosts=options.hosts, fault=site.fault)],
        exception_handlers={HTTPException: _refused(site), Malformed: _refused(site)},
    )


def _routes(site: Site, files: Files) -> list[Route]:
    def mine(path: str, endpoint: Endpoint) -> Route:
        return Route(path, signed_in(site, endpoint), methods=["GET"])

    def deed(path: str, does: Deed) -> Route:
        return Route(path, may_act(site, does), methods=["POST"])

    def anybody(
        path: str, endpoint: Callable[[Site, Request], Awaitable[Response]], method: str
    ) -> Route:
        async def opened(request: Request) -> Response:
            return await endpoint(site, request)

        return Route(path, opened, methods=[method])

    static = Route("/static/{version}/{name}", files.serve)
    if site.options.sign_in == "none":
        return [static]  # what a refused request's page is drawn with
    return [
        # Answering comes first: a request tries one route after the other.
        deed("/act", acting.act),
        deed("/submit", acting.submit),
        static,
        anybody("/sign-in", signing.choose, "GET"),
        anybody("/sign-in", signing.begin, "POST"),
        anybody("/sign-out", signing.end, "POST"),
        mine("/", reading.home),
        mine("/live", reading.live),
        mine("/c/{id}", reading.conversation),
        mine("/chart/{figure:path}.png", reading.chart),
        mine("/export/{file:path}", reading.download),
        deed("/say", acting.say),
        mine("/{path:path}", reading.page),
    ]


def _refused(site: Site) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, refusal: Exception) -> Response:
        status = refusal.status_code if isinstance(refusal, HTTPException) else 400
        return await site.fault(request, status)

    return answer
