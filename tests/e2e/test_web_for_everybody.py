"""The web chat for everybody: axe finds nothing, thumbs hit, nothing is wider than a phone."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from web_page import Chat, choice, in_question

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def clean(page: Page) -> None:
    """Fail with what axe finds on the page as it is now."""
    page.wait_for_timeout(250)  # the dialog's rise: a half-drawn text has half its contrast
    found = Axe().run(page)
    told = [
        f"{one['impact']} {one['id']}: {[node['html'][:200] for node in one['nodes']]}"
        for one in found.response["violations"]
    ]
    assert told == []


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Iterator[str]:
    return request.param  # type: ignore[no-any-return]


def dialog_of(name: str) -> Callable[[Page], None]:
    def opened(page: Page) -> None:
        page.get_by_role("button", name=name).last.click()
        expect(page.locator("dialog")).to_be_visible()

    return opened


def wrong_form(page: Page) -> None:
    dialog_of("Åbn")(page)
    choice(page, "Gem")
    expect(page.locator("dialog .notice").first).to_be_visible()


SIGHTS: dict[str, tuple[str, Callable[[Page], None] | None]] = {
    "the bot's own conversation": ("/c/dm", None),
    "a question in the dialog": ("/c/dm", dialog_of("Meget godt")),
    "a channel": ("/c/team", None),
    "an empty channel": ("/c/read", None),
    "a page of every part": ("/me", None),
    "a form": ("/me", dialog_of("Åbn")),
    "a form with errors": ("/me", wrong_form),
    "a missing page": ("/nowhere", None),
}


@pytest.mark.parametrize("sight", SIGHTS)
def test_axe_finds_nothing_on_a_laptop(chat: Chat, desktop: Page, sight: str, scheme: str) -> None:
    path, then = SIGHTS[sight]
    desktop.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page = chat.open(desktop, path)
    if then:
        then(page)
    clean(page)


@pytest.mark.parametrize("sight", SIGHTS)
def test_axe_finds_nothing_on_a_phone_and_nothing_is_wider_than_it(
    chat: Chat, phone: Page, sight: str
) -> None:
    path, then = SIGHTS[sight]
    page = chat.open(phone, path)
    if then:
        then(page)
    clean(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_axe_finds_nothing_where_one_signs_in_or_in_the_drawer(chat: Chat, phone: Page) -> None:
    phone.goto(f"{chat.url}/sign-in")
    clean(phone)
    page = chat.open(phone)
    page.get_by_role("button", name="Samtaler og sider").click()
    expect(page.get_by_role("link", name="Mine ting")).to_be_visible()
    clean(page)


@pytest.mark.parametrize("path", ["/c/dm", "/c/team", "/me"])
def test_everything_to_press_is_big_enough_for_a_thumb(chat: Chat, phone: Page, path: str) -> None:
    page = chat.open(phone, path)
    small = page.evaluate(
        """() => [...document.querySelectorAll(
            'button, a[href], summary, input:not([type=hidden]), select, textarea')]
            .filter((one) => one.checkVisibility() && !one.matches('.skip'))
            .filter((one) => !one.closest('[popover]:not(:popover-open)'))
            .map((one) => [one.getBoundingClientRect(), one.outerHTML.slice(0, 120)])
            .filter(([box]) => box.height < 43.9 || box.width < 43.9)
            .map(([, html]) => html)"""
    )
    assert small == []


def test_the_script_and_style_run_under_the_content_security_policy(
    chat: Chat, browser: Browser
) -> None:
    context = browser.new_context()  # without bypass_csp, as people have it
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    chat.open(page)
    page.get_by_role("button", name="Godt", exact=True).click()
    in_question(page, "besked i god tid")
    page.goto(f"{chat.url}/me")
    expect(page.locator("main h1")).to_be_visible()
    context.close()

    assert told == []
