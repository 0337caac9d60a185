"""The web chat over the fake front, as a browser opens it."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect
from web_front import FakeFront

from bot.cards import Chart, Clicked
from bot.platforms.web.hub import Hub
from bot.platforms.web.port import Theme

DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


async def draw(chart: Chart, theme: Theme) -> bytes:
    return DOT


@dataclass
class Chat:
    front: FakeFront
    hub: Hub
    url: str

    def open(self, page: Page, path: str = "/c/dm") -> Page:
        """Sign in as Anna and open a page."""
        page.goto(f"{self.url}/sign-in?next={path}")
        page.get_by_role("button", name="Anna Aaby").click()
        expect(page.locator("main h1")).to_have_count(1)
        expect(page).to_have_url(re.compile(re.escape(path)))
        return page

    def clicks(self) -> list[Clicked]:
        return [one for one in self.front.inbound if isinstance(one, Clicked)]


def choice(page: Page, name: str) -> None:
    page.locator("dialog").get_by_role("button", name=name, exact=True).click()


def in_question(page: Page, text: str) -> None:
    expect(page.locator("dialog .question")).to_contain_text(text)
