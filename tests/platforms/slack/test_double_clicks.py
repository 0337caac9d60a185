"""Clicks over HTTP: buttons, choices, links and shortcuts."""

import pytest
from double import Channel, ImpossibleError, Person, SlackDouble
from slack_listener import Listener
from slack_pieces import button, invite, plain, row
from slack_sdk.web.async_client import AsyncWebClient


async def test_a_button_is_pressed_by_label_or_action(
    app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    ts = await invite(client, anna)
    for name in ("Svar", "answer|0", "answer"):
        await anna.click(name)
    assert len(app.heard) == 3
    action = app.heard[0]["actions"][0]  # type: ignore[index]
    assert (action["action_id"], action["value"]) == ("answer|0", '["r1","3"]')
    assert app.heard[0]["message"]["ts"] == ts  # type: ignore[index]
    assert app.heard[0]["channel"] == {"id": anna.dm.id, "name": "directmessage"}


async def test_nobody_presses_what_is_not_there(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await invite(client, anna)
    with pytest.raises(ImpossibleError, match="sees nothing called 'Slet'"):
        await anna.click("Slet")
    with pytest.raises(ImpossibleError):
        await slack.person("bo").click("Svar")


async def test_a_button_may_ask_first(app: Listener, client: AsyncWebClient, anna: Person) -> None:
    sure = {"title": plain("?"), "text": plain("Sikker?"), "confirm": plain("Ja")}
    await invite(client, anna, button("Slet", "erase", confirm=sure | {"deny": plain("Nej")}))
    assert await anna.click("Slet", confirms=False) is None
    assert app.heard == []


async def test_an_ephemeral_message_does_not_come_along_with_a_click(
    app: Listener, client: AsyncWebClient, anna: Person, care: Channel
) -> None:
    blocks = [row(button("Svar", "answer"))]
    await client.chat_postEphemeral(channel=care.id, user=anna.id, text="x", blocks=blocks)
    await anna.click("Svar")
    assert "message" not in app.heard[0]
    assert app.heard[0]["container"]["is_ephemeral"] is True  # type: ignore[index]


async def test_choosing_keeps_the_choice_in_the_messages_state(
    app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    options = [
        {"text": plain(label), "value": value} for label, value in (("Ja", "y"), ("Nej", "n"))
    ]
    boxes = {"type": "radio_buttons", "action_id": "choice", "options": options}
    await invite(client, anna, boxes, button("Videre", "go"))
    await anna.choose("choice", "Nej")
    await anna.click("Videre")
    assert app.heard[0]["actions"][0]["selected_option"]["value"] == "n"  # type: ignore[index]
    held = app.heard[1]["state"]["values"]["row"]["choice"]  # type: ignore[index]
    assert held["selected_option"]["value"] == "n"


async def test_a_click_answered_with_something_is_a_violation(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await invite(client, anna)
    app.answer = lambda _: {"text": "tak"}
    await anna.click("Svar")
    slack.forgive("unwanted_answer")


async def test_shortcuts_bring_a_trigger_and_the_message(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person, care: Channel
) -> None:
    await client.chat_postMessage(channel=care.id, text="Vi mangler stole")
    await anna.shortcut("start-dialogue")
    await anna.message_shortcut("make-action", anna.newest(care))
    everywhere, on_message = app.heard
    assert (everywhere["type"], everywhere["callback_id"]) == ("shortcut", "start-dialogue")
    assert on_message["message"]["text"] == "Vi mangler stole"  # type: ignore[index]
    view = {"type": "modal", "title": plain("x"), "blocks": [{"type": "divider"}]}
    await client.views_open(trigger_id=str(on_message["trigger_id"]), view=view)
    assert anna.modal.payload["title"]["text"] == "x"


async def test_a_link_is_followed_by_its_button(
    app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await invite(client, anna, button("Tavle", "board", url="https://bot.example/p/1"))
    assert anna.link("Tavle") == "https://bot.example/p/1"
    with pytest.raises(ImpossibleError):
        anna.link("Svar")
