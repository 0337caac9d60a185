"""Faults a test orders: what goes wrong between Slack and the app, and only so often."""

import asyncio

import pytest
from aiohttp import ServerDisconnectedError
from double import Channel, SlackDouble, WrongUseError
from slack_listener import refusal
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import MovableClock

POST = "chat.postMessage"


@pytest.fixture
def care(slack: SlackDouble) -> Channel:
    return slack.channel("care", slack.person("anna"))


async def test_an_ordered_error_comes_once(
    slack: SlackDouble, client: AsyncWebClient, care: Channel
) -> None:
    slack.fails(POST, "restricted_action")
    assert await refusal(client, POST, channel=care.id, text="x") == "restricted_action"
    assert await refusal(client, POST, channel=care.id, text="x") == ""


def test_an_error_slack_does_not_declare_cannot_be_ordered(slack: SlackDouble) -> None:
    with pytest.raises(ValueError, match="declares no error"):
        slack.fails(POST, "too_cold_outside")


async def test_a_fault_can_pick_its_call(
    slack: SlackDouble, client: AsyncWebClient, care: Channel
) -> None:
    slack.fails(POST, "restricted_action", which=lambda args: args["text"] == "y")
    assert await refusal(client, POST, channel=care.id, text="x") == ""
    assert await refusal(client, POST, channel=care.id, text="y") == "restricted_action"


async def test_a_bad_gateway_answers_with_its_status(
    slack: SlackDouble, client: AsyncWebClient, care: Channel
) -> None:
    slack.fails(POST, way="status", status=429, retry_after=30)
    with pytest.raises(SlackApiError) as error:
        await client.chat_postMessage(channel=care.id, text="Hej")
    assert error.value.response.status_code == 429
    assert error.value.response.headers["Retry-After"] == "30"
    assert slack.messages(care) == []


async def test_garbage_is_no_answer(
    slack: SlackDouble, client: AsyncWebClient, care: Channel
) -> None:
    slack.fails(POST, way="garbage")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=care.id, text="Hej")


async def test_a_dropped_call_has_done_nothing(slack: SlackDouble, care: Channel) -> None:
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    slack.fails(POST, way="dropped")
    with pytest.raises(ServerDisconnectedError):
        await client.chat_postMessage(channel=care.id, text="Hej")
    assert slack.messages(care) == []


async def test_a_lost_answer_has_done_it_all_the_same(slack: SlackDouble, care: Channel) -> None:
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    slack.fails(POST, way="answer lost")
    with pytest.raises(ServerDisconnectedError):
        await client.chat_postMessage(channel=care.id, text="Hej")
    assert [one.text for one in slack.messages(care)] == ["Hej"]


async def test_silence_lasts_until_it_is_ended(slack: SlackDouble, care: Channel) -> None:
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    slack.fails(POST, way="silence")
    call = asyncio.create_task(client.chat_postMessage(channel=care.id, text="Hej"))
    await slack.until(lambda: slack.faults.planned[0].times == 0)
    assert not call.done()
    slack.go_on()
    with pytest.raises(ServerDisconnectedError):
        await call


async def test_a_test_that_uses_slack_wrongly_fails_at_its_end(clock: MovableClock) -> None:
    slack = SlackDouble(clock)
    await slack.__aenter__()
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    await refusal(client, "users.info", user="U1", colour="red")
    with pytest.raises(WrongUseError, match=r"users.info: invalid_arguments: .*colour"):
        await slack.__aexit__(None, None, None)


async def test_a_failing_test_keeps_its_own_error(clock: MovableClock) -> None:
    slack = SlackDouble(clock)
    await slack.__aenter__()
    slack.state.violate("any", "where", "what")
    await slack.__aexit__(ZeroDivisionError, ZeroDivisionError(), None)
    with pytest.raises(WrongUseError):
        await slack.__aexit__(None, None, None)


def test_forgiving_what_never_happened_is_a_mistake(slack: SlackDouble) -> None:
    with pytest.raises(AssertionError, match="no invalid_blocks to forgive"):
        slack.forgive("invalid_blocks")


async def test_waiting_in_vain_ends(slack: SlackDouble) -> None:
    with pytest.raises(TimeoutError):
        await slack.until(lambda: False, patience=0.01)


async def test_every_call_is_kept(
    slack: SlackDouble, client: AsyncWebClient, care: Channel
) -> None:
    await refusal(client, POST, channel="C404", text="x")
    await client.chat_postMessage(channel=care.id, text="Hej")
    assert [one["channel"] for one in slack.calls(POST)] == ["C404", care.id]
    assert [one.error for one in slack.state.calls] == ["channel_not_found", ""]
