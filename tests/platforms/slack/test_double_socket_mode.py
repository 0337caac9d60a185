"""Over Socket Mode, with slack_sdk's own client: envelopes, acknowledgements, broken lines."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from double import Channel, Person, SlackDouble
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import MovableClock

Json = dict[str, Any]


class App:
    """Hears over a socket and acknowledges with ``answer``, unless told to keep silent."""

    def __init__(self, slack: SlackDouble) -> None:
        web = AsyncWebClient(base_url=slack.api_url)
        self.socket = SocketModeClient(slack.app.app_token, web_client=web)
        self.socket.socket_mode_request_listeners.append(self.hear)
        self.heard: list[SocketModeRequest] = []
        self.answer: Json | None = None
        self.silent = False
        self.times = 1

    async def hear(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.heard.append(request)
        for _ in range(0 if self.silent else self.times):
            response = SocketModeResponse(request.envelope_id, self.answer)
            await client.send_socket_mode_response(response)


@pytest.fixture
async def slack(clock: MovableClock) -> AsyncIterator[SlackDouble]:
    async with SlackDouble(clock, patience=0.05) as double:
        double.speaks_socket_mode()
        yield double


@pytest.fixture
async def app(slack: SlackDouble) -> AsyncIterator[App]:
    slack.socket.patience = 10
    one = App(slack)
    await one.socket.connect()  # type: ignore[no-untyped-call]
    await slack.until(lambda: slack.socket.connections)
    yield one
    await one.socket.close()  # type: ignore[no-untyped-call]


async def test_an_event_is_an_envelope_that_takes_no_answer(app: App, anna: Person) -> None:
    delivery = await anna.opens_home()
    assert delivery is not None
    assert delivery.acknowledged
    (heard,) = app.heard
    assert (heard.type, heard.accepts_response_payload) == ("events_api", False)
    assert heard.payload["event"]["type"] == "app_home_opened"


async def test_a_command_is_answered_in_its_acknowledgement(app: App, anna: Person) -> None:
    app.answer = {"text": "Javel"}
    shown = await anna.command("/trivsel", "tjek")
    assert shown is not None
    assert shown.text == "Javel"
    assert (app.heard[0].type, app.heard[0].payload["text"]) == ("slash_commands", "tjek")


async def test_a_submission_is_answered_in_its_acknowledgement(
    slack: SlackDouble, app: App, anna: Person
) -> None:
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    element = {"type": "plain_text_input", "action_id": "in"}
    label = {"type": "plain_text", "text": "Note"}
    block = {"type": "input", "block_id": "note", "label": label, "element": element}
    view = {"type": "modal", "title": label, "submit": label, "blocks": [block]}
    trigger = slack.state.triggers.issue(slack.team.id, anna.id)
    await client.views_open(trigger_id=trigger, view=view)
    app.answer = {"response_action": "errors", "errors": {"note": "For kort"}}
    assert await anna.submit({"Note": "x"}) == "errors"
    app.answer = None
    assert await anna.submit() == "closed"
    assert [one.type for one in app.heard] == ["interactive", "interactive"]


async def test_an_answer_to_an_event_is_a_violation(
    slack: SlackDouble, app: App, anna: Person
) -> None:
    app.answer = {"text": "tak"}
    await anna.opens_home()
    slack.forgive("unwanted_payload")


async def test_an_envelope_is_acknowledged_once(slack: SlackDouble, app: App, anna: Person) -> None:
    app.times = 2
    await anna.opens_home()
    await slack.until(lambda: slack.state.violations)
    slack.forgive("unknown_envelope")


async def test_nonsense_over_the_socket_is_a_violation(slack: SlackDouble, app: App) -> None:
    await app.socket.send_message("hej")
    await app.socket.send_message(json.dumps({"envelope_id": "e404"}))
    await slack.until(lambda: len(slack.state.violations) == 2)
    slack.forgive("no_envelope")
    slack.forgive("unknown_envelope")


async def test_silence_brings_an_event_back_at_once_and_then_later(
    slack: SlackDouble, app: App, anna: Person, clock: MovableClock
) -> None:
    slack.socket.patience = 0.05
    app.silent = True
    await anna.opens_home()
    clock.move_to(clock.now() + timedelta(minutes=1))
    app.silent = False
    slack.socket.patience = 10
    await slack.deliver_due()
    tries = [(one.retry_attempt, one.retry_reason) for one in app.heard]
    assert tries == [(0, ""), (1, "http_timeout"), (2, "http_timeout")]
    assert len({one.payload["event_id"] for one in app.heard}) == 1
    assert len({one.envelope_id for one in app.heard}) == 3
    slack.forgive("silent_acknowledgement")


async def test_an_acknowledgement_that_got_lost_brings_the_same_again(
    slack: SlackDouble, app: App, anna: Person
) -> None:
    await anna.command("/trivsel")
    await slack.redeliver()
    first, second = app.heard
    assert first.payload == second.payload
    assert first.envelope_id != second.envelope_id


async def test_without_a_connection_a_person_sees_trouble_and_events_wait(
    slack: SlackDouble, anna: Person, care: Channel
) -> None:
    assert await anna.command("/trivsel") is None
    assert anna.trouble == "unconnected"
    await slack.person("bo").joins(care)
    app = App(slack)
    slack.socket.patience = 10
    await app.socket.connect()  # type: ignore[no-untyped-call]
    await slack.until(lambda: app.heard)
    assert app.heard[0].payload["event"]["type"] == "member_joined_channel"
    await slack.until(lambda: slack.post.sent[-1].acknowledged)
    await app.socket.close()  # type: ignore[no-untyped-call]


async def test_a_line_cut_in_the_middle_is_trouble_and_comes_back(
    slack: SlackDouble, app: App, anna: Person
) -> None:
    app.silent = True

    async def cut(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        await slack.socket.cut()

    app.socket.socket_mode_request_listeners[:] = [cut]
    assert await anna.command("/trivsel") is None
    assert anna.trouble == "closed"
    await slack.until(lambda: slack.socket.connections)


async def test_a_warned_app_connects_anew(slack: SlackDouble, app: App, anna: Person) -> None:
    old = list(slack.socket.connections)
    await slack.socket.warn("refresh_requested")
    await slack.until(lambda: slack.socket.connections and slack.socket.connections != old)
    await anna.command("/trivsel")
    assert len(app.heard) == 1
    assert len(slack.calls("apps.connections.open")) == 2


async def test_connections_take_turns(slack: SlackDouble, app: App, anna: Person) -> None:
    second = App(slack)
    await second.socket.connect()  # type: ignore[no-untyped-call]
    await slack.until(lambda: len(slack.socket.connections) == 2)
    for _ in range(4):
        await anna.command("/trivsel")
    assert (len(app.heard), len(second.heard)) == (2, 2)
    await second.socket.close()  # type: ignore[no-untyped-call]


async def test_an_address_works_once_and_half_a_minute(
    slack: SlackDouble, clock: MovableClock
) -> None:
    client = AsyncWebClient(base_url=slack.api_url)
    urls = [
        str((await client.apps_connections_open(app_token=slack.app.app_token))["url"])
        for _ in range(2)
    ]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(urls[0]) as connection:
            assert (await connection.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(urls[0])
        clock.move_to(clock.now() + timedelta(seconds=31))
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(urls[1])
    slack.forgive("unknown_ticket")


async def test_an_app_holds_only_so_many_connections(slack: SlackDouble, app: App) -> None:
    slack.socket.most = 1
    client = AsyncWebClient(base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token=slack.app.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(str(url)) as connection:
        assert (await connection.receive_json())["reason"] == "too_many_websockets"
