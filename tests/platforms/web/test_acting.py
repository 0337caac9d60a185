"""Acting: a click, a form or a typed line becomes one inbound message, and its reply is drawn."""

import logging

import pytest
from web_chat import SCRIPT, Chat

from bot.cards import Clicked, Command, Submitted


async def test_a_click_reaches_the_flows_as_it_was_drawn(chat: Chat) -> None:
    await chat.click("ask.answer", "1:anchor:4")

    assert chat.front.inbound == [Clicked("e1", "p-anna", "dm", "ask.answer", "r1", "1:anchor:4")]


async def test_the_person_is_the_one_signed_in_whatever_the_form_says(chat: Chat) -> None:
    fields = {"action": "note", "event": "e", "person": "p-bo", "conversation": "dm", "back": "/"}
    await chat.browser.post("/act", data=fields)

    assert chat.front.inbound[0].person == "p-anna"


async def test_the_next_question_is_the_reply_to_a_click(chat: Chat) -> None:
    reply = (await chat.click("ask.answer", "1:anchor:4")).json()

    assert (reply["kind"], reply["done"]) == ("show", False)
    assert "Hvor ofte får du besked" in reply["html"]


async def test_a_form_is_shown_and_its_last_answer_ends_the_dialog(chat: Chat) -> None:
    for value in ("1:anchor:4", "1:told:2"):
        await chat.click("ask.answer", value)
    form = (await chat.click("ask.answer", "1:priority:3")).json()
    assert form["kind"] == "ask"
    assert "<textarea" in form["html"]

    done = (await chat.submit("ask.comment", {"t.comment": "Tak"})).json()
    assert (done["kind"], done["done"]) == ("show", True)


async def test_a_remark_is_text_and_no_html(chat: Chat) -> None:
    assert (await chat.click("note")).json() == {"kind": "say", "text": "Det er noteret."}


async def test_a_form_that_comes_back_keeps_what_was_typed_and_binds_its_errors(
    chat: Chat,
) -> None:
    typed: dict[str, str | list[str]] = {
        "t.name": "<b>Ro</b> kl. 10",
        "t.size": "mange",
        "t.when": "2026-05-01",
        "t.side": "b",
        "t.owner": "p7",
        "m.levels": ["", "i"],
        "b.trial": "false",
    }
    html = (await chat.submit("every", typed)).json()["html"]

    assert 'value="&lt;b&gt;Ro&lt;/b&gt; kl. 10"' in html
    assert 'value="mange"' in html
    assert 'value="2026-05-01"' in html
    assert '<option value="p7" selected>' in html
    assert 'value="i" checked' in html
    assert 'value="g" checked' not in html
    assert 'name="b.trial" value="true" checked' not in html
    assert 'aria-describedby="d-in-name-hint d-in-name-error d-in-name-count"' in html
    assert 'id="d-in-name-error"' in html
    assert html.count('aria-invalid="true"') == 2


async def test_values_are_raw_and_told_apart_by_kind(chat: Chat) -> None:
    await chat.submit(
        "every",
        {
            "t.name": "a\r\nb",
            "t.size": "5",
            "m.levels": ["", "i", "g"],
            "m.none": "",
            "b.on": ["false", "true"],
            "b.off": "false",
            "strange": "x",
        },
    )

    sent = chat.front.inbound[0]
    assert isinstance(sent, Submitted)
    assert sent.values == {
        "name": "a\nb",
        "size": "5",
        "levels": ["i", "g"],
        "none": [],
        "on": True,
        "off": False,
    }


async def test_a_too_long_comment_comes_back_whole(chat: Chat) -> None:
    text = "å" * 700
    reply = (await chat.submit("ask.comment", {"t.comment": text})).json()

    assert reply["kind"] == "ask"
    assert text in reply["html"]
    assert "100 tegn for meget." in reply["html"]


async def test_typing_posts_a_message_or_runs_a_command(chat: Chat) -> None:
    fields = {"conversation": "team", "event": "e1", "back": "/c/team", "t.text": " Hej alle "}
    assert (await chat.browser.post("/say", data=fields, headers=SCRIPT)).json() == {
        "kind": "posted"
    }
    fields["t.text"] = "/trivsel hjælp"
    reply = (await chat.browser.post("/say", data=fields, headers=SCRIPT)).json()

    assert chat.front.said[0] == ("p-anna", "team", "Hej alle")
    assert reply["kind"] == "show"
    assert isinstance(chat.front.inbound[0], Command)


async def test_nothing_typed_is_nothing_said(chat: Chat) -> None:
    fields = {"conversation": "team", "event": "e1", "back": "/c/team", "t.text": "  \n "}
    answer = await chat.browser.post("/say", data=fields)

    assert (answer.status_code, answer.headers["location"]) == (303, "/c/team#end")
    assert chat.front.said == []


# --- Without the script ---------------------------------------------------------------------------


async def test_without_the_script_a_reply_is_a_page_with_a_way_back(chat: Chat) -> None:
    answer = await chat.click("ask.answer", "1:anchor:4", script=False)

    assert answer.headers["content-type"].startswith("text/html")
    assert "Hvor ofte får du besked" in answer.text
    assert '<a class="btn quiet" href="/c/dm">web.back</a>' in answer.text
    assert answer.text.count("<h1") == 1


async def test_without_the_script_a_whole_check_in_can_be_answered(chat: Chat) -> None:
    for value in ("1:anchor:4", "1:told:0", "1:priority:3"):
        page = (await chat.click("ask.answer", value, script=False)).text
    assert 'action="/submit"' in page
    wrong = await chat.submit("ask.comment", {"t.comment": "x" * 601}, script=False)
    assert wrong.status_code == 422
    assert "1 tegn for meget." in wrong.text
    done = await chat.submit("ask.comment", {"t.comment": "Tak"}, script=False)

    assert "Dit svar er gemt" in done.text
    assert chat.front.answers["p-anna"] == {
        "anchor": "4",
        "told": "0",
        "priority": "3",
        "comment": "Tak",
    }


async def test_without_the_script_a_remark_is_a_page_too(chat: Chat) -> None:
    assert "Det er noteret." in (await chat.click("note", script=False)).text


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil", "x", ""])
async def test_the_way_back_never_leads_away(chat: Chat, back: str) -> None:
    fields = {"action": "note", "event": "e", "conversation": "dm", "back": back}
    page = (await chat.browser.post("/act", data=fields)).text

    assert '<a class="btn quiet" href="/">' in page
    assert "evil" not in page


# --- What cannot be read --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"action=note",
        b"action=note&event=e&event=f",
        b"action=&event=e",
        b"action=note&event=e&value=%ff-canary",
        b"action=no%00te&event=e&value=canary",
        b"action=" + b"a" * 600 + b"&event=canary",
        b"canary",
        "action=canaryø&event=e".encode(),
        b"&".join(b"a%d=canary" % n for n in range(600)),
    ],
)
async def test_what_cannot_be_read_is_refused_without_a_trace(
    chat: Chat, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    with caplog.at_level(logging.DEBUG):
        answer = await chat.browser.post("/act", content=body, headers=form)

    assert answer.status_code == 400
    assert "web.fault.malformed" in answer.text
    assert "canary" not in answer.text + caplog.text
    assert chat.front.inbound == []


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", ""])
async def test_only_forms_are_read(chat: Chat, kind: str) -> None:
    answer = await chat.browser.post("/act", content=b"{}", headers={"content-type": kind})

    assert answer.status_code == 400


async def test_a_failing_click_leaves_no_answer_in_the_log(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = await chat.click("boom", "canary-1")

    assert answer.status_code == 500
    assert answer.json()["kind"] == "fault"
    assert "RuntimeError" in caplog.text
    assert "canary" not in caplog.text + answer.text


async def test_no_answer_is_ever_part_of_an_address(chat: Chat) -> None:
    page = (await chat.browser.get("/c/dm")).text

    assert 'method="get"' not in page
    assert page.count("<form") == page.count('method="post"')
