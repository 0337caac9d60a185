"""Endpoints one acts on: a button, a form, a line typed in the composer.

Each turns the request into one inbound message and draws the reply: as parts for the script, as a
page of its own without it.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.cards import Ask, Reply, Say, Show, Submitted
from bot.platforms.web.inbound import Fields, clicked, local_path, read_fields, submitted
from bot.platforms.web.kept import as_json
from bot.platforms.web.pages import Visitor, heading_of
from bot.platforms.web.render import Place
from bot.platforms.web.site import Site, wants_json


async def act(site: Site, request: Request, person: str) -> Response:
    """Pass a click on."""
    fields = await read_fields(request)
    reply = await site.front.handle(clicked(fields, person))
    return await _drawn(site, request, person, fields, reply, {})


async def submit(site: Site, request: Request, person: str) -> Response:
    """Pass a form on; when it comes back, what was typed stands in it."""
    fields = await read_fields(request)
    sent = submitted(fields, person)
    reply = await site.front.handle(sent)
    return await _drawn(site, request, person, fields, reply, _typed(sent, reply))


async def say(site: Site, request: Request, person: str) -> Response:
    """Pass on what was typed in the composer."""
    fields = await read_fields(request)
    text = fields.one("t.text").strip()
    reply: Reply | None = None
    if text:
        conversation = fields.id("conversation")
        reply = await site.front.say(person, conversation, fields.id("event"), text)
    if reply is None:
        if wants_json(request):
            return JSONResponse({"kind": "posted"})
        return RedirectResponse(local_path(fields.one("back")) + "#end", 303)
    return await _drawn(site, request, person, fields, reply, {})


def _typed(sent: Submitted, reply: Reply) -> Mapping[str, object]:
    """Return what was typed when it is the same form that is shown again."""
    again = isinstance(reply, Ask) and bool(reply.errors) and reply.form.id == sent.form
    return sent.values if again else {}


async def _drawn(
    site: Site,
    request: Request,
    person: str,
    fields: Fields,
    reply: Reply,
    typed: Mapping[str, object],
) -> Response:
    back = local_path(fields.one("back"))
    conversation = fields.id("conversation", needed=False)
    if wants_json(request):
        language = getattr(reply, "language", None) or await site.front.language(person)
        if language is None:
            return await site.nobody(request)
        place = site.part(site.front.words(language), back, conversation, ids="d")
        return _part(site, place, reply, typed)
    visitor = await site.visitor(request)
    if visitor is None:
        return await site.nobody(request)
    return _page(site, visitor, site.place(visitor, back, conversation), reply, typed)


def _part(site: Site, place: Place, reply: Reply, typed: Mapping[str, object]) -> Response:
    def drawn(at: Place) -> Mapping[str, object]:
        return _plain(site, at, reply, typed)

    if isinstance(reply, Show | Ask) and reply.common and not typed:
        body = site.kept.body(reply, place, drawn)
    else:
        body = as_json(drawn(place))
    return Response(body, media_type=JSONResponse.media_type)


def _plain(
    site: Site, place: Place, reply: Reply, typed: Mapping[str, object]
) -> Mapping[str, object]:
    match reply:
        case Show(message, done):
            return {"kind": "show", "html": site.cards.message(message, place), "done": done}
        case Ask(form, errors):
            return {"kind": "ask", "html": site.cards.form(form, place, errors, typed)}
        case Say(text):
            return {"kind": "say", "text": text}


def _page(
    site: Site, visitor: Visitor, place: Place, reply: Reply, typed: Mapping[str, object]
) -> Response:
    match reply:
        case Show(message):
            drawn = site.cards.message(message, place)
            return HTMLResponse(site.pages.reply(visitor, place, heading_of(message), drawn))
        case Ask(form, errors):
            drawn = site.cards.form(form, place, errors, typed)
            status = 422 if errors else 200
            return HTMLResponse(site.pages.reply(visitor, place, form.title, drawn), status)
        case Say(text):
            return HTMLResponse(site.pages.reply(visitor, place, text, None, text))
