"""The real demo, started as `make run` starts it, in a real browser: from question to result."""

import re

import pytest
from demo_page import move, nothing_serious, sign_in
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]


def test_a_newcomer_sees_a_check_in_from_question_to_posted_result(demo, desktop):
    page = desktop
    sign_in(page, demo, "Freja Grønvold")
    move(page, "Begynd forfra")  # the other tests move the same clock, in any order
    page.goto(demo)
    main = page.get_by_role("main")
    expect(main).to_contain_text("Hvordan er det at være på arbejde for tiden?")
    nothing_serious(page)
    main.get_by_role("button", name=re.compile("^Godt")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 af 3")
    page.keyboard.press("4")
    expect(dialog).to_contain_text("3 af 3")
    page.keyboard.press("4")
    dialog.get_by_role("textbox").fill("Dejlig ro om morgenen <b>&</b>")
    dialog.get_by_role("button", name="Færdig").click()
    expect(dialog).to_contain_text("Se eller ret mine svar")
    page.keyboard.press("Escape")
    move(page, "Lad kollegerne svare")
    for _ in range(4):
        move(page, "+1 dag")
    page.get_by_role("link", name=re.compile("Dagholdet")).click()
    newest = page.get_by_role("article").last
    expect(newest).to_contain_text("svarede")
    expect(newest.get_by_role("img")).to_have_attribute("alt", re.compile("hvor 5 er bedst"))
    assert newest.get_by_role("img").evaluate("one => one.decode().then(() => one.naturalWidth)")
    nothing_serious(page)


def test_somebody_who_comes_too_late_is_told_when_the_result_comes(demo, desktop):
    page = desktop
    sign_in(page, demo, "Clara Lyngby")
    move(page, "Begynd forfra")
    page.goto(demo)
    stale = page.context.new_page()
    stale.route("**/live", lambda route: route.abort())  # a phone that was asleep
    stale.goto(demo)
    for _ in range(3):
        move(page, "+1 dag")
    stale.get_by_role("main").get_by_role("button", name=re.compile("^Godt")).first.click()
    expect(stale.get_by_text("Runden er afsluttet")).to_be_visible()


def test_the_lead_plans_and_is_told_no_more_than_he_may_know(demo, desktop):
    page = desktop
    sign_in(page, demo, re.compile("Fatima Skovbo"))
    page.get_by_role("link", name=re.compile("Team: Dagholdet")).click()
    nothing_serious(page)
    page.get_by_role("button", name=re.compile("Ret planen: Trivselstjek")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Klokken").fill("")
    dialog.get_by_role("button", name="Gem").click()
    expect(dialog).to_contain_text("Udfyld dette felt")
    dialog.get_by_label("Klokken").fill("10:15")
    dialog.get_by_role("button", name="Gem").click()
    expect(page.get_by_text(re.compile(r"Næste gang .* kl\. 10\.15")).first).to_be_visible()


def test_everything_fits_a_phone_and_can_be_read_by_a_machine(demo, phone):
    page = phone
    sign_in(page, demo, "Ida Lyngby")
    for path in ("", "me", "results", "privacy", "help", "c/node%3Adag"):
        page.goto(f"{demo}/{path}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, f"/{path} is {wide} px wide"
        nothing_serious(page)


def test_slash_commands_are_understood_in_three_languages(demo, desktop):
    page = desktop
    sign_in(page, demo, "Karen Engholm")
    box = page.get_by_role("textbox").last
    for typed, shown in (
        ("/trivsel hjalp", "Hjælp"),
        ("/trivsel results", "Resultater"),
        ("/trivsel vem-ser-vad", "Hvem ser hvad?"),
        ("/trivsel hjlæp", "Hjælp"),
        ("/trivsel bananer", "kender jeg ikke"),
    ):
        box.fill(typed)
        box.press("Enter")
        expect(page.get_by_role("dialog")).to_contain_text(shown)
        page.keyboard.press("Escape")
