"""A real Bolt app against the double, the same over both transports: the double speaks Slack."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from double import Person, SlackDouble
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_pieces import Json, plain
from slack_sdk.web.async_client import AsyncWebClient


def modal(*names: str) -> Json:
    element = {"type": "plain_text_input", "action_id": "in"}
    blocks = [
        {"type": "input", "block_id": name, "label": plain(name.title()), "element": element}
        for name in names
    ]
    return {
        "type": "modal",
        "callback_id": "checkin",
        "title": plain("Tjek ind"),
        "submit": plain("Send"),
        "blocks": blocks,
    }


def bolt_of(slack: SlackDouble) -> AsyncApp:
    """Return an app with one listener of each kind."""
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    bolt = AsyncApp(
        client=client, signing_secret=slack.app.signing_secret, process_before_response=True
    )

    @bolt.command("/trivsel")
    async def menu(ack: Any, command: Json, respond: Any) -> None:
        await ack(text=f"Du skrev {command['text']}")
        await respond(text="Mere senere")

    @bolt.action("open")
    async def open_modal(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal("note"))
        await ack()

    @bolt.view("checkin")
    async def submitted(ack: Any, view: Json) -> None:
        if view["state"]["values"]["note"]["in"]["value"] == "kort":
            await ack(response_action="errors", errors={"note": "For kort"})
        else:
            await ack()

    @bolt.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        block = {"type": "section", "text": plain("Velkommen hjem")}
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [block]})

    @bolt.shortcut("start-dialogue")
    async def dialogue(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel=body["user"]["id"], text="En dialog begynder")
        await ack()

    return bolt


@pytest.fixture(params=["http", "socket mode"])
async def anna(slack: SlackDouble, request: pytest.FixtureRequest) -> AsyncIterator[Person]:
    """Anna, in a workspace with the app, over one transport and then the other."""
    bolt = bolt_of(slack)
    if request.param == "http":
        slack.speaks_http(AsyncSlackRequestHandler(bolt))
        yield slack.person("anna")
        return
    slack.speaks_socket_mode()
    handler = AsyncSocketModeHandler(bolt, slack.app.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.until(lambda: slack.socket.connections)
    yield slack.person("anna")
    await handler.close_async()  # type: ignore[no-untyped-call]


async def test_a_command_is_answered_twice(anna: Person) -> None:
    shown = await anna.command("/trivsel", "tjek")
    assert shown is not None
    assert {one.text for one in anna.sees()} == {"Du skrev tjek", "Mere senere"}


async def test_a_click_opens_a_modal_that_is_mended_and_sent(
    slack: SlackDouble, anna: Person
) -> None:
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    button = {"type": "button", "action_id": "open", "text": plain("Svar")}
    blocks = [{"type": "actions", "elements": [button]}]
    await client.chat_postMessage(channel=anna.id, text="Tid til svar", blocks=blocks)
    await anna.click("Svar")
    assert await anna.submit({"Note": "kort"}) == "errors"
    assert anna.errors == {"note": "For kort"}
    assert await anna.submit({"Note": "lang nok"}) == "closed"


async def test_a_home_is_drawn_when_it_is_opened(slack: SlackDouble, anna: Person) -> None:
    await anna.opens_home()
    await slack.until(lambda: anna.home)
    assert anna.home is not None
    assert anna.reads(anna.home) == "Velkommen hjem"


async def test_a_shortcut_starts_something(anna: Person) -> None:
    await anna.shortcut("start-dialogue")
    assert anna.newest(anna.dm).text == "En dialog begynder"


async def test_bolt_refuses_a_forged_request(slack: SlackDouble) -> None:
    line = slack.speaks_http(AsyncSlackRequestHandler(bolt_of(slack)))
    form = "application/x-www-form-urlencoded"
    assert (await line.post(b"command=%2Ftrivsel", form, secret="guess")).status_code == 401
