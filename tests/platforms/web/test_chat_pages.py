"""Reading: conversations, pages, charts, and what is answered when there is nothing to read."""

import logging

import pytest
from web_cards import question_card
from web_chat import SCRIPT, Chat, chat_of
from web_front import FakeFront

from bot.cards import Button, Message, Text, Transient
from bot.flows.views import Item, Sidebar
from bot.platforms.web.port import DemoBar


async def test_the_first_page_is_where_something_waits(chat: Chat) -> None:
    answer = await chat.browser.get("/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/c/dm")


async def test_a_conversation_shows_its_messages_and_the_cards_that_wait(chat: Chat) -> None:
    page = (await chat.browser.get("/c/dm")).text

    assert "Hej Anna" in page
    assert question_card("anchor").title in page
    assert page.count("<h1") == 1
    assert "<title>(1) Trivselsbot" in page


async def test_the_page_is_in_the_persons_own_language(chat: Chat) -> None:
    chat.front.languages["p-anna"] = "sv"

    assert '<html lang="sv">' in (await chat.browser.get("/c/dm")).text
    assert '<html lang="sv">' in (await chat.browser.get("/nowhere")).text


async def test_the_script_gets_the_parts_without_the_page_around_them(chat: Chat) -> None:
    parts = (await chat.browser.get("/c/team", headers=SCRIPT)).json()

    assert {"stream", "waiting", "earlier-slot", "entries", "title"} == parts.keys()
    assert "Godmorgen" in parts["stream"]
    assert "<html" not in parts["stream"]


async def test_two_readings_for_the_script_are_the_same_when_nothing_changed(chat: Chat) -> None:
    first = await chat.browser.get("/c/dm", headers=SCRIPT)
    second = await chat.browser.get("/c/dm", headers=SCRIPT)

    assert first.text == second.text


async def test_every_button_of_a_page_has_an_event_id_of_its_own(chat: Chat) -> None:
    page = (await chat.browser.get("/c/dm")).text

    ids = [piece.partition('"')[0] for piece in page.split('name="event" value="')[1:]]
    assert len(ids) == len(set(ids)) > 5
    assert all(len(one) == 32 for one in ids)


async def test_earlier_messages_are_offered_and_shown(chat: Chat) -> None:
    for number in range(30):
        await chat.front.say("p-bo", "team", "e", f"besked {number}")

    newest = (await chat.browser.get("/c/team")).text
    assert 'href="/c/team?before=14"' in newest
    older = (await chat.browser.get("/c/team", params={"before": "14"})).text
    assert "Godmorgen" in older
    assert "besked 29" not in older


async def test_what_has_to_go_again_stands_in_its_place_among_the_messages(chat: Chat) -> None:
    shown = Transient(Button("comments.shown", "Kommentarer (1)"), (Text("Vi hjalp hinanden."),))
    chat.front.channel.append(Item(4, None, "nu", Message("Resultat", (shown,))))

    page = (await chat.browser.get("/c/team")).text
    assert "Vi hjalp hinanden." in page
    assert "Kommentarer (1)" not in page


@pytest.mark.parametrize("before", ["-1", "x", "1" * 30, "²", ""])
async def test_a_strange_place_to_read_from_is_not_found(chat: Chat, before: str) -> None:
    answer = await chat.browser.get("/c/team", params={"before": before})

    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/c/secret", "/nowhere", "/team/unknown", "/chart/none.png"])
async def test_what_does_not_exist_or_is_not_for_the_person_is_not_found(
    chat: Chat, path: str
) -> None:
    answer = await chat.browser.get(path)

    assert answer.status_code == 404
    assert "web.fault.missing" in answer.text


async def test_pages_are_drawn_from_cards(chat: Chat) -> None:
    page = (await chat.browser.get("/team/b12")).text

    assert "<h1" in page
    assert "Alle slags" in page
    assert 'action="/act"' in page


async def test_a_page_can_be_refreshed_in_parts(chat: Chat) -> None:
    parts = (await chat.browser.get("/me", headers=SCRIPT)).json()

    assert {"cards", "entries", "title"} == parts.keys()


async def test_private_pages_are_never_kept(chat: Chat) -> None:
    for path in ("/c/dm", "/me", "/sign-in", "/nowhere"):
        assert (await chat.browser.get(path)).headers["cache-control"] == "no-store"


async def test_the_style_and_the_script_are_kept_for_good_under_their_version(chat: Chat) -> None:
    page = (await chat.browser.get("/c/dm")).text
    style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]

    answer = await chat.browser.get(style)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    old = await chat.browser.get("/static/old/app.css")
    assert old.headers["cache-control"] == "no-cache"
    assert (await chat.browser.get("/static/old/port.py")).status_code == 404


async def test_a_plan_is_given_as_a_file_to_keep_and_stands_in_no_cache(chat: Chat) -> None:
    answer = await chat.browser.get("/export/dag.csv")

    assert (answer.status_code, answer.content) == (200, b"a;b\r\n")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"plan-dg.csv\"; filename*=UTF-8''plan-d%C3%A5g.csv"
    )
    assert answer.headers["cache-control"] == "no-store"


async def test_a_plan_that_is_not_for_the_person_is_not_there(chat: Chat) -> None:
    for name in ("nat.csv", "dag.docx", "..%2Fdag.csv", ""):
        assert (await chat.browser.get(f"/export/{name}")).status_code == 404


async def test_a_chart_is_drawn_for_the_theme_and_kept_only_until_asked_again(chat: Chat) -> None:
    path = "/chart/f1%3Aa%2Fb.png"
    first = await chat.browser.get(path, params={"theme": "dark"})
    assert first.content == b"PNG Trivselstjek uge 10 dark"
    assert first.headers["cache-control"] == "private, no-cache"

    again = await chat.browser.get(
        path, params={"theme": "dark"}, headers={"if-none-match": first.headers["etag"]}
    )
    assert again.status_code == 304
    light = await chat.browser.get(path, headers={"if-none-match": first.headers["etag"]})
    assert light.content == b"PNG Trivselstjek uge 10 light"


async def test_the_charts_own_address_leads_to_its_picture(chat: Chat) -> None:
    page = (await chat.browser.get("/me")).text
    source = page.partition('<img src="')[2].partition('"')[0]

    assert (await chat.browser.get(source)).status_code == 200


async def test_a_failure_shows_a_code_and_says_nothing_of_what_failed(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    chat.front.failing = "canary-0815"
    with caplog.at_level(logging.DEBUG):
        answer = await chat.browser.get("/boom")

    assert answer.status_code == 500
    assert "web.fault.failed" in answer.text
    assert "canary" not in answer.text
    logged = caplog.text
    assert "RuntimeError" in logged
    assert "canary" not in logged
    code = logged.partition("code ")[2][:6]
    assert f"web.fault.code {code}" in answer.text


async def test_head_is_answered_like_get_without_a_body(chat: Chat) -> None:
    answer = await chat.browser.head("/c/dm")

    assert (answer.status_code, answer.content) == (200, b"")


async def test_the_demo_bar_is_only_there_in_a_demo() -> None:
    async def bar(sidebar: Sidebar) -> DemoBar:
        return DemoBar(
            f"mandag for {sidebar.name}", "Prøv at svare", (("/demo/day", "En dag frem"),), people
        )

    people = await FakeFront().choices()
    chat = chat_of(demo=bar)
    await chat.sign_in()
    assert "/demo/day" not in (await chat.browser.get("/c/dm")).text

    chat.front.demo = True
    page = (await chat.browser.get("/c/dm")).text
    assert 'action="/demo/day"' in page
    assert "mandag for Anna Aaby" in page
    assert "Cia Çelik" in page
