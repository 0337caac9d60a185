"""The real demo in a browser: who looks at it, and the bar that moves its clock."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def sign_in(page: Page, address: str, name: str | re.Pattern[str]) -> None:
    page.context.clear_cookies()
    page.goto(address)
    page.get_by_role("button", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def move(page: Page, label: str) -> None:
    with page.expect_navigation(timeout=60_000):  # a week may have to be lived through
        page.get_by_role("button", name=label).click()


def days(page: Page, number: int) -> None:
    for _ in range(number):
        move(page, "+1 dag")


STILL = "document.getAnimations().every(one => one.playState !== 'running')"


def nothing_serious(page: Page) -> None:
    page.wait_for_function(STILL)  # a dialog that fades in has too little contrast for a moment
    found = Axe().run(page).response["violations"]
    grave = [
        (one["id"], [node["html"] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert grave == [], grave


def fits_a_phone(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360, f"{page.url} is {wide} px wide"
