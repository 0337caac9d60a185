"""Pictures of the bot in a browser: the demo's invented people, without the demo's bar.

The pages are the real ones, served on this machine while they are looked at. For development
alone: it needs Playwright and a Chromium.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from bot.app import web
from bot.content.model import Pack
from bot.domain.languages import Language
from bot.platforms.web.session import Sessions
from bot.rehearsal import chromium
from bot.rehearsal.chromium import CannotDraw
from bot.rehearsal.organisation import ONLOOKERS, Onlooker
from bot.rehearsal.scenes import TEAM, TOP, World, world

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

_CHARTS = "() => Promise.all([...document.images].map(i => i.decode().catch(() => 0)))"
_STILL = (
    "*, *::before, *::after { animation: none !important; transition: none !important }"
    "html { scroll-padding: 0 !important }"
)
"""Nothing moves, and what a page is scrolled to is really at its top."""


@dataclass(frozen=True)
class Screen:
    """What one looks at: points across and down, pixels a point, and whether it is a phone."""

    width: int
    height: int
    sharp: float
    phone: bool = False


LAPTOP, PHONE = Screen(1080, 900, 1.5), Screen(412, 916, 1.5, phone=True)


@dataclass(frozen=True)
class Sight:
    """A page as somebody sees it.

    ``top`` and ``only`` are selectors: what the page is scrolled to, what alone is shown; of
    several the last is meant.
    """

    who: Onlooker
    path: str
    screen: Screen = LAPTOP
    top: str = ""
    only: str = ""


SIGHTS: Mapping[str, Sight] = {
    "question": Sight("employee", f"c/person:{ONLOOKERS['employee']}", PHONE, top="#waiting"),
    "result": Sight("employee", f"c/node:{TEAM}", top="#stream .item:has(img)"),
    "team": Sight("lead", f"team/{TEAM}"),
    "loop": Sight("lead", f"history/{TEAM}", only="#cards .card:has(table)"),
    "digest": Sight("amg", f"amg/{TOP}"),
}


async def drawn(
    pack: Pack, language: Language, names: Iterable[str] = tuple(SIGHTS)
) -> dict[str, bytes]:
    """Return PNGs by the names of ``SIGHTS``. Raises ``CannotDraw``."""
    if lack := chromium.missing():
        raise CannotDraw(lack)
    async with world(pack, language) as there, _served(there) as address, _browser() as browser:
        return {name: await _seen(browser, there, address, SIGHTS[name]) for name in names}


async def _seen(browser: "Browser", there: World, address: str, sight: Sight) -> bytes:
    """Sign somebody in and photograph what he sees."""
    screen = sight.screen
    context = await browser.new_context(
        viewport={"width": screen.width, "height": screen.height},
        device_scale_factor=screen.sharp,
        is_mobile=screen.phone,
        has_touch=screen.phone,
        locale=there.language,
        bypass_csp=True,
    )
    page = await context.new_page()
    await page.goto(f"{address}/sign-in?next=/{sight.path}")
    await page.locator(f"button[value='{ONLOOKERS[sight.who]}']").click()
    await page.wait_for_url(f"{address}/{sight.path}")
    await page.add_style_tag(content=_STILL)
    picture = await _photograph(page, sight)
    await context.close()
    return picture


async def _photograph(page: "Page", sight: Sight) -> bytes:
    await page.evaluate(_CHARTS)
    if sight.only:
        return await page.locator(sight.only).last.screenshot()
    if sight.top:
        await page.locator(sight.top).last.evaluate("it => it.scrollIntoView()")
    return await page.screenshot()


@asynccontextmanager
async def _browser() -> AsyncIterator["Browser"]:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.found(), args=[*chromium.ARGUMENTS]
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def _served(there: World) -> AsyncIterator[str]:
    """Serve the chat of an invented world on a free port; yield its address."""
    app = web(there.bot, Sessions(b"k" * 32))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, log_level="warning", lifespan="off", access_log=False)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            there.bot.hub.close()  # a page's stream of changes would never end
            server.should_exit = True
            await serving
