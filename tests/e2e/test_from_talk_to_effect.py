"""The real demo in a real browser: best, now, how, vote, action, reminder, follow-up, digest."""

import os
import re
from pathlib import Path

import pytest
from demo_page import days, fits_a_phone, move, nothing_serious, sign_in
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

LEAD, HEAD = "Fatima Skovbo", "Elias Isager"
TOPIC = "Tid til de nye"
BEST, NOW, HOW = (
    "De nye får lov at spørge to gange",
    "De nye følger med hvor de kan",
    "En fast makker i den første måned",
)


def picture(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at the pages (``PICTURES=folder``)."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def close(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()


def start_a_dialogue(page: Page) -> str:
    """Start one by its command; return the address of its page."""
    box = page.get_by_role("textbox").last
    box.fill(f"/trivsel dialog {TOPIC}")
    box.press("Enter")
    expect(dialog(page).get_by_label("Hvad vil I tale om?")).to_have_value(TOPIC)
    nothing_serious(page)
    picture(page, "1-start")
    dialog(page).get_by_role("button", name="Begynd").click()
    link = dialog(page).get_by_role("link", name="Åbn dialogen")
    path = link.get_attribute("href")
    assert path is not None
    link.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TOPIC)
    return path


def write_to_all_three(page: Page) -> None:
    """Best, now, how: each in its form, one after the other."""
    page.get_by_role("main").get_by_role("button", name="Skriv", exact=True).first.click()
    for step, text in enumerate((BEST, NOW, HOW)):
        if step:
            dialog(page).get_by_role("button", name="Skriv", exact=True).click()
        expect(dialog(page)).to_contain_text("Ellers slettes de ulæst")
        dialog(page).get_by_role("textbox", name="Idé 1").fill(text)
        picture(page, f"2-write-{step}")
        dialog(page).get_by_role("button", name="Gem").click()
    expect(dialog(page)).to_contain_text("Dine 3 idéer er gemt")
    close(page)


def vote(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Stem", exact=True).click()
    nothing_serious(page)
    dialog(page).get_by_label(HOW).check()
    picture(page, "4-vote")
    dialog(page).get_by_role("button", name="Stem", exact=True).click()
    expect(page.get_by_text("Du har givet 1 stemme").first).to_be_visible()


def agree_by_keyboard(page: Page) -> str:
    """Make the first idea an action, with keys alone; return what it is."""
    make = page.get_by_role("button", name="Gør det til et tiltag").first
    make.focus()
    page.keyboard.press("Enter")
    step = dialog(page).get_by_label("Første skridt")
    expect(step).to_be_visible()
    what = dialog(page).get_by_label("Hvad gør I?").input_value()
    nothing_serious(page)
    for _ in range(20):
        if step.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Skriv makkerparrene på tavlen")
    picture(page, "5-action-form")
    for _ in range(40):
        if page.evaluate("document.activeElement.type === 'submit'"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text("Skriv makkerparrene på tavlen")
    picture(page, "6-action")
    close(page)
    return what


def until(page: Page, what: str, text: str, most: int) -> Locator:
    """Go day by day until the bot says something about an action to whoever looks on."""
    for _ in range(most):
        found = page.get_by_role("article").filter(has_text=what).filter(has_text=text)
        if found.count():
            return found.last
        days(page, 1)
    raise AssertionError(f"never said: {text}")


def get_it_done(page: Page, demo: str, what: str) -> None:
    page.goto(demo)
    begin = until(page, what, "Er I kommet i gang", 10)
    nothing_serious(page)
    picture(page, "8-first-step")
    begin.get_by_role("button", name="Vi er i gang").click()
    expect(dialog(page)).to_contain_text("Godt, så er det i gang")
    close(page)
    soon = until(page, what, "Mangler der noget for at nå det?", 14)
    picture(page, "9-soon")
    soon.get_by_role("button", name="Gjort", exact=True).click()
    expect(dialog(page)).to_contain_text("Godt gået")
    close(page)


def surely(page: Page, name: str) -> None:
    """Press what cannot be taken back, and once more where it asks."""
    page.locator("summary", has_text=name).click()
    nothing_serious(page)
    page.get_by_role("button", name=name).click()


def judge(page: Page, what: str) -> None:
    asked = until(page, what, "Du er ansvarlig. Hvad siger du?", 20)
    picture(page, "10-effect")
    asked.get_by_role("button", name="Virker", exact=True).click()
    expect(page.get_by_text("Tak, det er noteret: Virker").first).to_be_visible()
    move(page, "Lad kollegerne svare")
    decide = until(page, what, "Hvad skal der ske med tiltaget?", 8)
    nothing_serious(page)
    picture(page, "11-decide")
    decide.locator("summary", has_text="Behold det").click()  # it cannot be undone: asked once more
    nothing_serious(page)
    picture(page, "11-sure")
    decide.get_by_role("button", name="Behold det").click()
    expect(dialog(page)).to_contain_text("Vi bliver ved med det")
    close(page)


def digest(page: Page, demo: str, what: str) -> None:
    """The head of all finds it in his digest, on the group's page and in its channel."""
    sign_in(page, demo, re.compile(HEAD))
    page.goto(f"{demo}/amg/solgaarden")
    expect(page.get_by_role("main")).to_contain_text(what)
    nothing_serious(page)
    picture(page, "12-amg")
    told = page.get_by_role("article").filter(has_text=what).filter(has_text="Virker")
    for _ in range(6):
        page.goto(f"{demo}/c/amg%3Asolgaarden")
        if told.count():
            break
        move(page, "Næste mandag")
    expect(told.last).to_be_visible()
    nothing_serious(page)
    picture(page, "13-digest")


def test_a_team_goes_from_talk_to_effect(demo: str, desktop: Page) -> None:
    page = desktop
    sign_in(page, demo, re.compile(LEAD))
    move(page, "Begynd forfra")
    path = start_a_dialogue(page)
    nothing_serious(page)
    picture(page, "2-page")
    write_to_all_three(page)
    move(page, "Lad kollegerne svare")
    days(page, 3)
    page.goto(demo + path)
    expect(page.get_by_role("main")).to_contain_text(HOW)
    nothing_serious(page)
    picture(page, "3-ideas")
    surely(page, "Videre: vælg sammen")
    page.goto(demo + path)
    vote(page)
    move(page, "Lad kollegerne svare")
    days(page, 4)
    page.goto(demo + path)
    picture(page, "5-order")
    nothing_serious(page)
    what = agree_by_keyboard(page)
    page.goto(demo + path)
    surely(page, "Afslut dialogen")
    expect(page.locator("summary", has_text="Afslut dialogen")).to_be_hidden()
    picture(page, "7-ended")
    get_it_done(page, demo, what)
    judge(page, what)
    digest(page, demo, what)


PAGES = ("board/dag", "board/dag/all", "history/dag", "amg/solgaarden", "shared", "team/dag")
"""Pages a demo fills with its own past."""


@pytest.mark.parametrize("path", PAGES)
def test_what_a_demo_begins_with_fits_a_phone(demo: str, phone: Page, path: str) -> None:
    page = phone
    sign_in(page, demo, re.compile(HEAD))
    page.goto(f"{demo}/{path}")
    fits_a_phone(page)
    nothing_serious(page)
    picture(page, f"phone-{path.replace('/', '-')}")


def test_a_demo_begins_with_an_action_that_worked_and_one_that_runs(demo: str, phone: Page) -> None:
    page = phone
    sign_in(page, demo, re.compile(HEAD))
    move(page, "Begynd forfra")
    page.goto(f"{demo}/shared")
    expect(page.get_by_role("main")).to_contain_text("Dagholdet")
    page.goto(f"{demo}/amg/solgaarden")
    expect(page.get_by_role("main")).to_contain_text("Køkkenet")
    page.goto(f"{demo}/history/dag")
    page.get_by_role("link", name="Se dialogen").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Overdragelsen")
    fits_a_phone(page)
    nothing_serious(page)
    picture(page, "phone-dialogue")
