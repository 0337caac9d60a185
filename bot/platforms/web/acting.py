"""Endpoints one acts on: a button, a form, a line typed in the composer.

Each turns the request into one inbound message and draws the reply: as parts for the script, as a
page of its own without it.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.cards import Ask, Reply, Say, Show, Submitted
from bot.platforms.web.inbound import Fields, clicked, local_path, read_fields, submitted
from bot.platforms.web.pages import Visitor, heading_of
from bot.platforms.web.site import Site, wants_json


async def act(site: Site, request: Request, visitor: Visitor) -> Response:
    """Pass a click on."""
    fields = await read_fields(request)
    sidebar = visitor.sidebar
    reply = await site.front.handle(clicked(fields, sidebar.person, sidebar.language))
    return _drawn(site, request, visitor, fields, reply, {})


async def submit(site: Site, request: Request, visitor: Visitor) -> Response:
    """Pass a form on; when it comes back, what was typed stands in it."""
    fields = await read_fields(request)
    sidebar = visitor.sidebar
    sent = submitted(fields, sidebar.person, sidebar.language)
    reply = await site.front.handle(sent)
    return _drawn(site, request, visitor, fields, reply, _typed(sent, reply))


async def say(site: Site, request: Request, visitor: Visitor) -> Response:
    """Pass on what was typed in the composer."""
    fields = await read_fields(request)
    text = fields.one("t.text").strip()
    reply: Reply | None = None
    if text:
        person, conversation = visitor.sidebar.person, fields.id("conversation")
        reply = await site.front.say(person, conversation, fields.id("event"), text)
    if reply is None:
        if wants_json(request):
            return JSONResponse({"kind": "posted"})
        return RedirectResponse(local_path(fields.one("back")) + "#end", 303)
    return _drawn(site, request, visitor, fields, reply, {})


def _typed(sent: Submitted, reply: Reply) -> Mapping[str, object]:
    """Return what was typed when it is the same form that is shown again."""
    again = isinstance(reply, Ask) and bool(reply.errors) and reply.form.id == sent.form
    return sent.values if again else {}


def _drawn(
    site: Site,
    request: Request,
    visitor: Visitor,
    fields: Fields,
    reply: Reply,
    typed: Mapping[str, object],
) -> Response:
    back = local_path(fields.one("back"))
    conversation = fields.id("conversation", needed=False)
    script = wants_json(request)
    if script:
        place = site.part(visitor, back, conversation, ids="d")
    else:
        place = site.place(visitor, back, conversation)
    match reply:
        case Show(message, done):
            drawn = site.cards.message(message, place)
            if script:
                return JSONResponse({"kind": "show", "html": drawn, "done": done})
            return HTMLResponse(site.pages.reply(visitor, place, heading_of(message), drawn))
        case Ask(form, errors):
            drawn = site.cards.form(form, place, errors, typed)
            if script:
                return JSONResponse({"kind": "ask", "html": drawn})
            status = 422 if errors else 200
            return HTMLResponse(site.pages.reply(visitor, place, form.title, drawn), status)
        case Say(text):
            if script:
                return JSONResponse({"kind": "say", "text": text})
            return HTMLResponse(site.pages.reply(visitor, place, text, None, text))
