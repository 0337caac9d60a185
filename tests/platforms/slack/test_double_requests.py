"""Requests over HTTP: signed, answered within three seconds, and tried again."""

from datetime import timedelta

import httpx
import pytest
from double import Channel, ImpossibleError, Person, SlackDouble
from slack_listener import Listener, Payload

from bot.domain.clock import MovableClock


async def test_a_command_comes_signed_and_as_a_form(
    slack: SlackDouble, app: Listener, anna: Person, care: Channel
) -> None:
    app.answer = lambda _: "Javel"
    shown = await anna.command("/trivsel", "tjek nu & her", where=care)
    (heard,) = app.heard
    assert (heard["command"], heard["text"]) == ("/trivsel", "tjek nu & her")
    assert (heard["channel_id"], heard["channel_name"]) == (care.id, "care")
    assert shown is not None
    assert (shown.text, shown.only_for) == ("Javel", anna.id)


async def test_a_private_channels_name_stays_private(
    slack: SlackDouble, app: Listener, anna: Person
) -> None:
    await anna.command("/trivsel", where=slack.channel("secret", anna, private=True))
    await anna.command("/trivsel")
    assert [one["channel_name"] for one in app.heard] == ["privategroup", "directmessage"]


async def test_a_forged_and_an_old_signature_can_be_sent(slack: SlackDouble) -> None:
    listener = Listener(slack.app.signing_secret)
    line = slack.speaks_http(listener.asgi)
    form = "application/x-www-form-urlencoded"
    good = await line.post(b"command=%2Ftrivsel", form)
    forged = await line.post(b"command=%2Ftrivsel", form, secret="guess")
    old = await line.post(b"command=%2Ftrivsel", form, age=301)
    assert [one.status_code for one in (good, forged, old)] == [200, 401, 401]


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_a_refused_command_is_trouble_and_a_violation(
    slack: SlackDouble, app: Listener, anna: Person, status: int
) -> None:
    app.answer = lambda _: status
    assert await anna.command("/trivsel") is None
    assert anna.trouble == "refused"
    slack.forgive("refused_acknowledgement")


async def test_an_answer_after_three_seconds_is_too_late(
    slack: SlackDouble, app: Listener, anna: Person, clock: MovableClock
) -> None:
    def dawdle(_: Payload) -> object:
        clock.move_to(clock.now() + timedelta(seconds=4))
        return "Endelig"

    app.answer = dawdle
    assert await anna.command("/trivsel") is None
    assert anna.trouble == "late"
    assert anna.sees() == []
    slack.forgive("late_acknowledgement")


async def test_an_app_that_is_down_is_nobodys_violation(slack: SlackDouble, anna: Person) -> None:
    slack.speaks_http(url="http://127.0.0.1:9/slack/events")
    assert await anna.command("/trivsel") is None
    assert anna.trouble == "unconnected"


async def test_an_app_that_never_answers_is_one(
    slack: SlackDouble, anna: Person, clock: MovableClock
) -> None:
    def timeout(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("silent", request=request)

    line = slack.speaks_http()
    await line.client.aclose()
    line.client = httpx.AsyncClient(transport=httpx.MockTransport(timeout))
    assert await anna.command("/trivsel") is None
    assert anna.trouble == "silent"
    slack.forgive("silent_acknowledgement")


async def test_an_event_is_tried_again_at_once_then_after_one_and_after_five_minutes(
    slack: SlackDouble, app: Listener, anna: Person, care: Channel, clock: MovableClock
) -> None:
    app.answer = lambda _: 503
    bo = slack.person("bo")
    await bo.joins(care)
    assert app.retries == [(None, None), ("1", "http_error")]
    for minutes in (1, 4, 1, 60):
        clock.move_to(clock.now() + timedelta(minutes=minutes))
        await slack.deliver_due()
    assert app.retries[2:] == [("2", "http_error"), ("3", "http_error")]
    assert len({str(one["event_id"]) for one in app.heard}) == 1
    slack.forgive("refused_acknowledgement")


async def test_an_app_can_ask_not_to_be_tried_again(
    slack: SlackDouble, app: Listener, care: Channel
) -> None:
    app.answer, app.headers = lambda _: 503, {"X-Slack-No-Retry": "1"}
    await slack.person("bo").joins(care)
    assert (len(app.heard), slack.post.waiting) == (1, [])
    slack.forgive("refused_acknowledgement")


async def test_the_same_event_can_come_twice(
    slack: SlackDouble, app: Listener, care: Channel
) -> None:
    await slack.person("bo").joins(care)
    await slack.redeliver()
    first, second = app.heard
    assert first == second
    assert app.retries[1] == ("1", "http_timeout")


async def test_a_wrong_direct_answer_to_a_command_is_a_violation(
    slack: SlackDouble, app: Listener, anna: Person
) -> None:
    app.answer = lambda _: {"text": "x", "blocks": [{"type": "marquee"}]}
    assert await anna.command("/trivsel") is None
    slack.forgive("invalid_blocks")


async def test_a_command_the_app_has_not_cannot_be_typed(app: Listener, anna: Person) -> None:
    with pytest.raises(ImpossibleError):
        await anna.command("/karma")


async def test_a_request_url_is_verified_once(slack: SlackDouble, app: Listener) -> None:
    line = slack.speaks_http(app.asgi)
    assert not await line.verify()
    app.answer = lambda payload: payload["challenge"]
    assert await line.verify()
