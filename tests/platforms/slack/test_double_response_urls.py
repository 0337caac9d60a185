"""Response URLs: answers afterwards, five times and for half an hour."""

from datetime import timedelta
from typing import Any

import httpx
from double import Channel, Person, SlackDouble
from slack_listener import Listener
from slack_pieces import invite
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import MovableClock


async def respond(url: object, **body: Any) -> tuple[int, str]:
    async with httpx.AsyncClient(trust_env=False, verify=False) as plain_client:
        answer = await plain_client.post(str(url), json=body)
    return answer.status_code, answer.text


async def test_a_response_url_answers_privately_or_to_all(
    slack: SlackDouble, app: Listener, anna: Person, care: Channel
) -> None:
    await anna.command("/trivsel", where=care)
    url = app.heard[0]["response_url"]
    assert await respond(url, text="Kun dig") == (200, "ok")
    assert await respond(url, text="Alle", response_type="in_channel") == (200, "ok")
    assert [one.text for one in anna.sees(care)] == ["Kun dig", "Alle"]
    assert [one.text for one in slack.messages(care)] == ["Alle"]


async def test_a_response_url_replaces_and_deletes_its_message(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await invite(client, anna)
    await anna.click("Svar")
    url = app.heard[0]["response_url"]
    await respond(url, text="Tak", replace_original=True)
    assert [one.text for one in anna.sees()] == ["Tak"]
    await respond(url, delete_original=True)
    assert anna.sees() == []


async def test_a_response_url_works_five_times_for_half_an_hour(
    slack: SlackDouble, app: Listener, anna: Person, clock: MovableClock
) -> None:
    for _ in range(2):
        await anna.command("/trivsel")
    first, second = [one["response_url"] for one in app.heard]
    found = [(await respond(first, text="x"))[0] for _ in range(6)]
    assert found == [200] * 5 + [404]
    clock.move_to(clock.now() + timedelta(minutes=31))
    status, text = await respond(second, text="x")
    assert (status, "expired_url" in text) == (404, True)


async def test_a_wrong_answer_at_a_response_url_is_refused(
    slack: SlackDouble, app: Listener, anna: Person
) -> None:
    await anna.command("/trivsel")
    url = app.heard[0]["response_url"]
    assert (await respond(url, text="x", colour="red"))[0] == 400
    assert (await respond(url))[0] == 400
    assert (await respond(url, blocks=[{"type": "marquee"}]))[0] == 400
    assert (await respond(f"{slack.state.address}/respond/R0", text="x"))[0] == 404
    for code in ("invalid_payload", "no_text", "invalid_blocks", "invalid_url"):
        slack.forgive(code)


async def test_a_response_url_can_be_made_to_fail(
    slack: SlackDouble, app: Listener, anna: Person
) -> None:
    await anna.command("/trivsel")
    slack.fails("response_url", way="status", status=500)
    assert (await respond(app.heard[0]["response_url"], text="x"))[0] == 500
