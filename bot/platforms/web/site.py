"""What every endpoint works with, and who asks. Built once in ``app``."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.domain.languages import choose_language
from bot.platforms.web.hub import Hub
from bot.platforms.web.kept import Kept
from bot.platforms.web.pages import Pages, Visitor
from bot.platforms.web.port import Demo, Draw, Front, Options, Wording
from bot.platforms.web.render import Cards, Place
from bot.platforms.web.session import Sessions, came_through_proxy, person_of

Endpoint = Callable[["Site", Request, Visitor], Awaitable[Response]]


Deed = Callable[["Site", Request, str], Awaitable[Response]]
"""Something done by the person of that id; whether he is still there is for the flows to find."""


@dataclass(frozen=True)
class Site:
    """The web chat's parts. ``token`` returns a new random id."""

    front: Front
    hub: Hub
    options: Options
    sessions: Sessions
    pages: Pages
    cards: Cards
    kept: Kept
    draw: Draw
    token: Callable[[], str]
    demo: Demo | None = None

    async def person(self, request: Request) -> str | None:
        """Return the id the request is signed in with, whether or not somebody has it."""
        return await person_of(request, self.sessions, self.options, self.front)

    async def visitor(self, request: Request) -> Visitor | None:
        """Return who is signed in; ``None`` for nobody."""
        person = await self.person(request)
        sidebar = await self.front.sidebar(person) if person else None
        if sidebar is None:
            return None
        demo = await self.demo(sidebar) if self.demo and sidebar.demo else None
        words = self.front.words(sidebar.language)
        return Visitor(sidebar, words, demo, can_leave=self.options.sign_in == "local")

    def place(self, visitor: Visitor, back: str, conversation: str = "") -> Place:
        """Return where cards are drawn on a page of its own: every button with an id."""
        return Place(visitor.words, conversation, back, event=self.token)

    def part(self, words: Wording, back: str, conversation: str = "", ids: str = "c") -> Place:
        """Return where cards are drawn for the script, which gives the buttons their ids."""
        return Place(words, conversation, back, ids)

    def words_for(self, request: Request) -> Wording:
        """Return the words for somebody who is not signed in: as the browser asks."""
        wishes = (wish.partition(";")[0].strip() for wish in _accepted(request))
        return self.front.words(choose_language(*wishes, self.options.language))

    async def nobody(self, request: Request) -> Response:
        """Answer a request that is signed in as nobody."""
        words = self.words_for(request)
        if wants_json(request):
            return JSONResponse({"kind": "fault", "text": words("web.signed_out")}, 401)
        if self.options.sign_in == "local":
            wanted = request.url.path if request.method == "GET" else "/"
            response: Response = RedirectResponse(f"/sign-in?next={quote(wanted, safe='/')}", 303)
            self.sessions.end(request, response)
            return response
        if self.options.sign_in == "link":
            heading = words("web.link.title")
            page = self.pages.fault(words, heading, (words("web.link.text"),), home=False)
            return HTMLResponse(page, 401)
        passed = came_through_proxy(request, self.options)
        line = "web.proxy.unknown" if passed else "web.proxy.text"
        heading = words("web.proxy.title")
        page = self.pages.fault(words, heading, (words(line),), home=False)
        return HTMLResponse(page, 401)

    async def fault(self, request: Request, status: int, code: str = "") -> Response:
        """Answer a refused or failed request in the person's language, without a detail of it."""
        words = await self._words_in_trouble(request)
        name = _FAULTS.get(status, "malformed" if status < 500 else "failed")
        heading = words(f"web.fault.{name}")
        lines = [words(f"web.fault.{name}_text")]
        if code:
            lines.append(words("web.fault.code", code=code))
        if wants_json(request):
            return JSONResponse({"kind": "fault", "text": f"{heading}. {' '.join(lines)}"}, status)
        return HTMLResponse(self.pages.fault(words, heading, lines), status)

    async def _words_in_trouble(self, request: Request) -> Wording:
        try:
            person = await self.person(request)
            language = await self.front.language(person) if person else None
        except Exception:  # what failed may be the very thing that knows the person
            language = None
        return self.front.words(language) if language else self.words_for(request)


_FAULTS: Mapping[int, str] = {
    404: "missing",
    405: "missing",
    413: "large",
    403: "origin",
    421: "host",
}


def signed_in(site: Site, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint for those who are signed in; others are asked to sign in."""

    async def checked(request: Request) -> Response:
        visitor = await site.visitor(request)
        if visitor is None:
            return await site.nobody(request)
        return await endpoint(site, request, visitor)

    return checked


def may_act(site: Site, deed: Deed) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint for those who are signed in and do something."""

    async def checked(request: Request) -> Response:
        person = await site.person(request)
        if person is None:
            return await site.nobody(request)
        return await deed(site, request, person)

    return checked


def missing() -> HTTPException:
    """Return the answer for what does not exist, or not for this person: nobody is told which."""
    return HTTPException(404)


def wants_json(request: Request) -> bool:
    """Tell whether the script asks, rather than a browser for a page."""
    return request.headers.get("accept", "").startswith("application/json")


def _accepted(request: Request) -> list[str]:
    return request.headers.get("accept-language", "").split(",")[:8]
