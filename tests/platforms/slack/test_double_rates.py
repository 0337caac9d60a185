"""Rate limits: tiers a minute, a post a second in a channel, and who does not wait."""

from datetime import timedelta

import pytest
from double import App, Message, SlackDouble
from double.rates import TIERS
from double.reference import methods
from slack_listener import refusal
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import MovableClock


async def errors(client: AsyncWebClient, method: str, times: int, **args: object) -> list[str]:
    return [await refusal(client, method, **args) for _ in range(times)]


@pytest.mark.parametrize(("method", "limit"), [("users.list", 20), ("conversations.open", 50)])
async def test_a_tier_allows_so_many_calls_a_minute(
    slack: SlackDouble, client: AsyncWebClient, clock: MovableClock, method: str, limit: int
) -> None:
    args = {"users": slack.person("anna").id} if method == "conversations.open" else {}
    assert await errors(client, method, limit + 1, **args) == [""] * limit + ["ratelimited"]
    clock.move_to(clock.now() + timedelta(seconds=60))
    assert await refusal(client, method, **args) == ""


def test_every_tier_of_the_reference_is_known() -> None:
    tiers = {one.tier for one in methods().values()}
    assert tiers - {"Special rate limits apply."} == set(TIERS)


async def test_a_refused_call_says_when_to_come_back(
    slack: SlackDouble, client: AsyncWebClient, clock: MovableClock
) -> None:
    room = slack.channel("care", slack.person("anna"))
    await client.chat_postMessage(channel=room.id, text="1")
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=room.id, text="2")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    clock.move_to(clock.now() + timedelta(seconds=1))
    await client.chat_postMessage(channel=room.id, text="2")
    assert [one.text for one in slack.messages(room)] == ["1", "2"]


async def test_each_channel_has_its_own_second(slack: SlackDouble, client: AsyncWebClient) -> None:
    rooms = [slack.channel(name) for name in ("a", "b", "c")]
    for room in rooms:
        await client.chat_postMessage(channel=room.id, text="x")


async def test_a_workspace_has_a_cap_over_all_channels(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    slack.state.rates.a_minute["chat.postMessage"] = 2
    rooms = [slack.channel(name) for name in ("a", "b", "c")]
    found = [await refusal(client, "chat.postMessage", channel=r.id, text="x") for r in rooms]
    assert found == ["", "", "ratelimited"]


async def test_workspaces_do_not_share_their_limits(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    other = slack.workspace("Sydøst")
    second = AsyncWebClient(slack.admin.install(other).bot_token, base_url=slack.api_url)
    await errors(client, "users.list", 20)
    assert await refusal(client, "users.list") == "ratelimited"
    assert await refusal(second, "users.list") == ""


async def test_whoever_does_not_wait_is_noted(
    slack: SlackDouble, client: AsyncWebClient, clock: MovableClock
) -> None:
    await errors(client, "users.list", 21)
    assert slack.state.rates.impatient == []
    clock.move_to(clock.now() + timedelta(seconds=59))
    await refusal(client, "users.list")
    assert slack.state.rates.impatient == ["users.list"]


async def test_limits_can_be_turned_off(slack: SlackDouble, client: AsyncWebClient) -> None:
    slack.state.rates.enforced = False
    assert await errors(client, "users.list", 30) == [""] * 30


async def test_an_app_outside_the_marketplace_reads_fifteen_messages_once_a_minute(
    clock: MovableClock,
) -> None:
    async with SlackDouble(clock, app=App(distributed=True)) as slack:
        room = slack.channel("care", slack.person("anna"))
        for n in range(20):
            room.messages.append(Message(slack.state.new_ts(), room.id, "U1", str(n)))
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        said = await client.conversations_history(channel=room.id)
        assert len(said["messages"]) == 15
        assert await refusal(client, "conversations.history", channel=room.id) == "ratelimited"
        clock.move_to(clock.now() + timedelta(seconds=60))
        wrong = await refusal(client, "conversations.history", channel=room.id, limit=16)
        assert wrong == "invalid_arguments"
        slack.forgive("invalid_arguments")


def test_an_app_with_a_redirect_is_one_that_others_install() -> None:
    assert not App.of_manifest({}).distributed
    asked = {"oauth_config": {"redirect_urls": ["https://a.example"]}}
    assert App.of_manifest(asked).distributed
