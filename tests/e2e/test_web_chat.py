"""The web chat in a real browser, over the fake front: clicks, keys, focus, news, and axe."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from web_front import PERSON
from web_page import Chat, choice, in_question

from bot.cards import Submitted

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# --- Answering ------------------------------------------------------------------------------------


def test_a_check_in_is_answered_on_a_phone_from_the_waiting_card_to_the_thanks(
    chat: Chat, phone: Page
) -> None:
    page = chat.open(phone)
    page.get_by_role("button", name="Godt", exact=True).click()
    in_question(page, "besked i god tid")
    expect(page.locator("dialog .question")).to_be_focused()
    choice(page, "Ofte")
    in_question(page, "Hvilken plads")
    expect(page.locator("dialog .question")).to_be_focused()
    page.locator("dialog .statements button").nth(3).click()
    page.locator("dialog textarea").fill("Vi hjælper hinanden.")
    choice(page, "Send")
    expect(page.locator("dialog")).to_contain_text("Dit svar er gemt")
    choice(page, "Færdig")

    expect(page.locator("dialog")).to_be_hidden()
    expect(page.locator("#waiting")).to_contain_text("Dit svar er gemt")
    assert chat.front.answers[PERSON] == {
        "anchor": "4",
        "told": "4",
        "priority": "4",
        "comment": "Vi hjælper hinanden.",
    }


def test_the_keyboard_alone_is_enough(chat: Chat, desktop: Page) -> None:
    page = chat.open(desktop)
    page.get_by_role("button", name="Meget dårligt").focus()
    page.keyboard.press("5")
    in_question(page, "besked i god tid")
    page.keyboard.press("0")
    in_question(page, "Hvilken plads")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.locator("dialog .statements button").nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("dialog textarea")).to_be_visible()

    assert chat.front.answers[PERSON] == {"anchor": "5", "told": "0", "priority": "3"}


def test_digits_typed_as_text_answer_nothing(chat: Chat, desktop: Page) -> None:
    page = chat.open(desktop)
    page.locator("#say").fill("")
    page.locator("#say").press_sequentially("1 2 3")

    expect(page.locator("#say")).to_have_value("1 2 3")
    assert chat.front.inbound == []


def test_escape_closes_and_focus_goes_back_to_the_button(chat: Chat, desktop: Page) -> None:
    page = chat.open(desktop)
    who = page.locator("#waiting").get_by_role("button", name="Hvem ser hvad?")
    who.click()
    expect(page.locator("dialog .title")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.locator("dialog")).to_be_hidden()
    expect(who).to_be_focused()


def test_closing_after_an_answer_shows_the_next_question_where_the_first_was(
    chat: Chat, desktop: Page
) -> None:
    page = chat.open(desktop)
    page.get_by_role("button", name="Godt", exact=True).click()
    in_question(page, "besked i god tid")
    page.get_by_role("button", name="Luk").last.click()

    expect(page.locator("#waiting .question")).to_contain_text("besked i god tid")
    expect(page.locator("#waiting .title")).to_be_focused()


def test_a_double_click_is_one_click(chat: Chat, desktop: Page) -> None:
    def slowly(route: Route) -> None:
        page.wait_for_timeout(150)
        route.continue_()

    page = chat.open(desktop)
    page.route("**/act", slowly)
    page.get_by_role("button", name="Godt", exact=True).dblclick()
    in_question(page, "besked i god tid")

    assert len(chat.clicks()) == 1
    assert "told" not in chat.front.answers[PERSON]


def test_two_separate_clicks_are_two_events(chat: Chat, desktop: Page) -> None:
    page = chat.open(desktop)
    for _ in range(2):
        page.locator("#waiting").get_by_role("button", name="Hvem ser hvad?").click()
        expect(page.locator("dialog .title")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_be_hidden()

    first, second = chat.clicks()
    assert first.event != second.event


# --- When it goes wrong ---------------------------------------------------------------------------


def to_comment(chat: Chat, page: Page) -> None:
    chat.front.answers[PERSON] = {"anchor": "4", "told": "4", "priority": "4"}
    chat.open(page)
    page.get_by_role("button", name="Fortsæt").click()
    expect(page.locator("dialog textarea")).to_be_visible()


def test_a_lost_connection_keeps_what_was_typed_and_a_second_try_is_the_same_event(
    chat: Chat, phone: Page
) -> None:
    to_comment(chat, phone)
    tried: list[str] = []

    def cut(route: Route) -> None:
        tried.append(route.request.post_data or "")
        route.abort()

    phone.route("**/submit", cut)
    phone.locator("dialog textarea").fill("Vi mangler ro.")
    choice(phone, "Send")
    expect(phone.locator("#dialog-notice")).to_contain_text("Prøv igen")
    expect(phone.locator("dialog textarea")).to_have_value("Vi mangler ro.")
    phone.unroute("**/submit")
    choice(phone, "Send")
    expect(phone.locator("dialog")).to_contain_text("Dit svar er gemt")

    sent = [one for one in chat.front.inbound if isinstance(one, Submitted)]
    assert [one.event in tried[0] for one in sent] == [True]


def test_a_too_long_comment_is_counted_and_kept(chat: Chat, phone: Page) -> None:
    to_comment(chat, phone)
    box = phone.locator("dialog textarea")
    box.fill("å" * 620)
    expect(phone.locator("dialog .count")).to_contain_text("20 tegn for meget")
    choice(phone, "Send")
    expect(box).to_be_focused()
    assert len(box.input_value()) == 620
    assert not [one for one in chat.front.inbound if isinstance(one, Submitted)]

    box.fill("å" * 600)
    expect(phone.locator("dialog .count")).to_have_text("600 af 600 tegn")
    choice(phone, "Send")
    expect(phone.locator("dialog")).to_contain_text("Dit svar er gemt")


def test_a_closed_form_still_has_its_text_when_it_is_opened_again(chat: Chat, phone: Page) -> None:
    to_comment(chat, phone)
    phone.locator("dialog textarea").fill("Halvt skrevet")
    phone.keyboard.press("Escape")
    expect(phone.locator("dialog")).to_be_hidden()
    phone.get_by_role("button", name="Fortsæt").click()

    expect(phone.locator("dialog textarea")).to_have_value("Halvt skrevet")


def test_errors_are_bound_and_the_first_wrong_field_has_the_focus(
    chat: Chat, desktop: Page
) -> None:
    page = chat.open(desktop, "/me")
    page.get_by_role("button", name="Åbn").last.click()
    page.get_by_label("Hvor stort er det?").fill("mange")
    page.get_by_label("Person 1").or_(page.get_by_label("Ansvarlig")).first.select_option("p5")
    choice(page, "Gem")
    name = page.get_by_label("Hvad vil I gøre?")
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description(re.compile("Skriv hvad det handler om"))
    expect(page.get_by_label("Hvor stort er det?")).to_have_value("mange")
    expect(page.get_by_label("Ansvarlig")).to_have_value("p5")


def test_a_failure_is_told_where_one_looks_and_changes_nothing(chat: Chat, desktop: Page) -> None:
    page = chat.open(desktop, "/me")
    page.get_by_role("button", name="Fejl").click()

    expect(page.locator("#toast")).to_contain_text("Noget gik galt hos mig")
    expect(page.locator("dialog")).to_be_hidden()


def test_signed_out_meanwhile_keeps_the_text(chat: Chat, phone: Page) -> None:
    to_comment(chat, phone)
    phone.locator("dialog textarea").fill("Vi mangler ro.")
    phone.context.clear_cookies()
    choice(phone, "Send")

    expect(phone.locator("#dialog-notice")).to_contain_text("logget ud")
    expect(phone.locator("dialog textarea")).to_have_value("Vi mangler ro.")


# --- News -----------------------------------------------------------------------------------------


def test_a_message_by_somebody_else_appears_by_itself(chat: Chat, desktop: Page) -> None:
    page = chat.open(desktop, "/c/team")
    expect(page.locator(".item")).to_have_count(3)
    page.locator("#say").fill("Jeg skriver på noget")
    card = chat.front.channel[0]
    chat.front.channel.append(type(card)(9, "Bo Bech", "nu", card.card))
    chat.hub.changed(["team"])

    expect(page.locator(".item")).to_have_count(4)
    expect(page.locator("#say")).to_have_value("Jeg skriver på noget")


def test_what_i_say_appears_and_the_box_is_empty(chat: Chat, desktop: Page) -> None:
    page = chat.open(desktop, "/c/team")
    page.locator("#say").fill("Tak for i dag")
    page.keyboard.press("Enter")

    expect(page.locator(".item").last).to_contain_text("Tak for i dag")
    expect(page.locator("#say")).to_have_value("")


def test_a_new_waiting_card_appears_with_its_count(chat: Chat, desktop: Page) -> None:
    chat.front.answers[PERSON] = dict.fromkeys(("anchor", "told", "priority", "comment"), "3")
    page = chat.open(desktop)
    expect(page).to_have_title("Trivselsbot – Trivselsbot")
    chat.front.answers.clear()
    chat.hub.nudge([PERSON])

    expect(page).to_have_title("(1) Trivselsbot – Trivselsbot")
    expect(page.locator("#waiting .question")).to_contain_text("Hvordan er det")
    expect(page.locator(".badge")).to_contain_text("1 venter på dig")


def test_an_unread_conversation_is_marked_until_it_is_read(chat: Chat, desktop: Page) -> None:
    page = chat.open(desktop)
    dot = page.locator('[data-path="c/team"] [data-dot]')
    expect(dot).to_be_visible()
    page.get_by_role("link", name=re.compile("afsnit-b12")).click()
    expect(page).to_have_url(re.compile("/c/team"))
    expect(dot).to_be_hidden()
    page.goto(f"{chat.url}/c/dm")

    expect(page.locator("main h1")).to_have_text("Trivselsbot")
    expect(dot).to_be_hidden()


def test_earlier_messages_come_in_above(chat: Chat, desktop: Page) -> None:
    card = chat.front.channel[0]
    chat.front.channel += [type(card)(n, "Bo Bech", "nu", card.card) for n in range(10, 40)]
    page = chat.open(desktop, "/c/team")
    expect(page.locator(".item")).to_have_count(20)
    page.get_by_role("link", name="Vis tidligere").click()

    expect(page.locator(".item")).to_have_count(33)
    assert page.locator(".item").first.get_attribute("id") == "m1"
    expect(page.get_by_role("link", name="Vis tidligere")).to_have_count(0)


def test_a_slash_shows_what_can_be_written(chat: Chat, desktop: Page) -> None:
    page = chat.open(desktop, "/c/team")
    page.locator("#say").press_sequentially("/")
    expect(page.locator("#hints")).to_be_visible()
    page.locator("#say").press_sequentially("trivsel hj")
    expect(page.locator("#hints button:visible")).to_have_count(1)
    page.locator("#hints button:visible").click()
    expect(page.locator("#say")).to_have_value("/trivsel hjælp")
    page.keyboard.press("Enter")

    expect(page.locator("dialog .title")).to_have_text("Hvem ser hvad?")


def test_the_list_of_people_narrows_as_one_types(chat: Chat, phone: Page) -> None:
    phone.goto(f"{chat.url}/sign-in")
    phone.get_by_role("searchbox").fill("celik")
    expect(phone.locator(".btn.person:visible")).to_have_count(1)
    phone.get_by_role("searchbox").fill("xyz")
    expect(phone.locator(".btn.person:visible")).to_have_count(0)

    expect(phone.get_by_role("status")).not_to_be_empty()


# --- Without the script ---------------------------------------------------------------------------


def test_without_the_script_everything_can_still_be_answered(chat: Chat, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="da-DK")
    page = context.new_page()
    chat.open(page)
    page.get_by_role("button", name="Godt", exact=True).click()
    page.get_by_role("button", name="Ofte").click()
    page.locator(".statements button").first.click()
    page.locator("textarea").fill("Tak")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("main")).to_contain_text("Dit svar er gemt")
    page.get_by_role("link", name="Tilbage").click()
    page.locator("#say").fill("Hej")
    page.get_by_role("button", name="Send", exact=True).click()

    expect(page).to_have_url(re.compile("/c/dm#end"))
    assert chat.front.answers[PERSON]["comment"] == "Tak"
    assert chat.front.said == [(PERSON, "dm", "Hej")]
    context.close()
