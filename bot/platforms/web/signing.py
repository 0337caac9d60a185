"""Endpoints to sign in and out where sign-in is local: one chooses who one is, on this machine."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.platforms.web.inbound import local_path, read_fields
from bot.platforms.web.site import Site, missing


async def choose(site: Site, request: Request) -> Response:
    """Show whom one can sign in as."""
    _only_local(site)
    words = site.words_for(request)
    choices = await site.front.choices()
    wanted = local_path(request.query_params.get("next", "/"))
    return HTMLResponse(site.pages.sign_in(words, site.options.organisation, choices, wanted))


async def begin(site: Site, request: Request) -> Response:
    """Sign in as the person chosen."""
    _only_local(site)
    fields = await read_fields(request)
    person = fields.id("person")
    if person not in {choice.person for choice in await site.front.choices()}:
        raise missing()
    response = RedirectResponse(local_path(fields.one("next")), 303)
    site.sessions.begin(request, response, person)
    return response


async def end(site: Site, request: Request) -> Response:
    """Sign out."""
    _only_local(site)
    response = RedirectResponse("/sign-in", 303)
    site.sessions.end(request, response)
    return response


def _only_local(site: Site) -> None:
    if site.options.sign_in != "local":
        raise missing()
