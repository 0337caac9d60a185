"""The web chat over the fake front, called without a server or a network."""

from dataclasses import dataclass
from functools import cache

import httpx
from web_front import PERSON, FakeFront

from bot.cards import Chart
from bot.domain.chance import SeededChance
from bot.platforms.web.app import build
from bot.platforms.web.hub import Hub
from bot.platforms.web.port import Demo, Options, Theme
from bot.platforms.web.render import environment
from bot.platforms.web.session import Sessions

HERE = "http://127.0.0.1:8710"
SCRIPT = {"accept": "application/json"}
SAME_ORIGIN = {"origin": HERE, "sec-fetch-site": "same-origin"}


templates = cache(environment)
"""Compiled once for all tests."""


async def draw(chart: Chart, theme: Theme) -> bytes:
    return f"PNG {chart.title} {theme}".encode()


@dataclass
class Chat:
    """One built chat, and a browser that talks to it."""

    front: FakeFront
    hub: Hub
    browser: httpx.AsyncClient
    seconds: list[float]
    """The time the sessions see, as one element that a test may change."""

    async def sign_in(self, person: str = PERSON, to: str = "/") -> httpx.Response:
        return await self.browser.post("/sign-in", data={"person": person, "next": to})

    async def click(self, action: str, value: str = "", *, script: bool = True) -> httpx.Response:
        fields = {"action": action, "value": value, "context": "r1", "event": "e1"}
        fields |= {"conversation": "dm", "back": "/c/dm"}
        return await self.browser.post("/act", data=fields, headers=SCRIPT if script else {})

    async def submit(
        self, form: str, values: dict[str, str | list[str]], *, script: bool = True
    ) -> httpx.Response:
        fields: dict[str, str | list[str]] = {"form": form, "context": "r1:4", "event": "e1"}
        fields |= {"conversation": "dm", "back": "/c/dm", **values}
        return await self.browser.post("/submit", data=fields, headers=SCRIPT if script else {})


def chat_of(demo: Demo | None = None, **options: object) -> Chat:
    """Return a chat nobody is signed in to; ``options`` are those of ``port.Options``."""
    front, hub, seconds = FakeFront(), Hub(), [1_000_000.0]
    chosen = Options(session_key=b"k" * 32, **options)  # type: ignore[arg-type]
    app = build(
        front,
        hub,
        chosen,
        draw=draw,
        chance=SeededChance(1),
        demo=demo,
        templates=templates(),
        sessions=Sessions(chosen.session_key, lambda: seconds[0]),
    )
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 1))
    browser = httpx.AsyncClient(transport=transport, base_url=HERE, headers=SAME_ORIGIN)
    return Chat(front, hub, browser, seconds)
