"""Messages: posted, changed, deleted, scheduled and found again, as Slack does it."""

from datetime import timedelta
from typing import Any

import pytest
from double import Channel, Person, SlackDouble
from slack_listener import refusal
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import MovableClock

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Hej*"}}


async def test_a_message_stands_in_its_channel(
    slack: SlackDouble, client: AsyncWebClient, anna: Person, care: Channel
) -> None:
    said = await client.chat_postMessage(channel=care.id, text="Hej", blocks=[SECTION])
    assert anna.newest(care).ts == said["ts"]
    assert anna.reads() == "*Hej*"
    assert slack.messages(care)[0].blocks[0]["block_id"]


async def test_a_message_to_a_person_opens_the_direct_conversation(
    client: AsyncWebClient, anna: Person
) -> None:
    said = await client.chat_postMessage(channel=anna.id, text="Hej Anna")
    opened = await client.conversations_open(users=anna.id)
    assert said["channel"] == opened["channel"]["id"]
    assert anna.newest(anna.dm).text == "Hej Anna"


async def test_nobody_else_reads_what_is_said_in_private(
    slack: SlackDouble, client: AsyncWebClient, anna: Person, care: Channel
) -> None:
    bo = slack.person("bo")
    care.members.append(bo.id)
    await client.chat_postMessage(channel=anna.id, text="Kun til dig")
    await client.chat_postEphemeral(channel=care.id, user=anna.id, text="Også kun til dig")
    assert [one.text for one in anna.sees()] == ["Kun til dig", "Også kun til dig"]
    assert bo.sees() == []


async def test_a_private_channel_is_read_by_its_members(
    slack: SlackDouble, client: AsyncWebClient, anna: Person
) -> None:
    secret = slack.channel("secret", anna, private=True)
    await client.chat_postMessage(channel=secret.id, text="Kun os")
    assert len(anna.sees(secret)) == 1
    assert slack.person("bo").sees(secret) == []


async def test_an_ephemeral_message_cannot_be_found_again(
    client: AsyncWebClient, anna: Person, care: Channel
) -> None:
    await client.chat_postEphemeral(channel=care.id, user=anna.id, text="Et øjeblik")
    ts = anna.newest().ts
    wrong = await refusal(client, "chat.update", channel=care.id, ts=ts, text="x")
    assert wrong == "message_not_found"
    assert (await client.conversations_history(channel=care.id))["messages"] == []


async def test_an_ephemeral_message_is_for_somebody_who_is_there(
    slack: SlackDouble, client: AsyncWebClient, care: Channel
) -> None:
    args = {"channel": care.id, "user": slack.person("bo").id, "text": "x"}
    assert await refusal(client, "chat.postEphemeral", **args) == "user_not_in_channel"


async def test_a_message_can_be_changed_and_deleted(
    slack: SlackDouble, client: AsyncWebClient, anna: Person, care: Channel
) -> None:
    ts = (await client.chat_postMessage(channel=care.id, text="Før"))["ts"]
    await client.chat_update(channel=care.id, ts=ts, text="Efter")
    assert anna.newest().text == "Efter"
    assert anna.newest().history == [("Før", [])]
    await client.chat_delete(channel=care.id, ts=ts)
    assert slack.messages(care) == []
    again = await refusal(client, "chat.update", channel=care.id, ts=ts, text="x")
    assert again == "message_not_found"


async def test_what_stands_in_an_archived_channel_stays(
    client: AsyncWebClient, care: Channel
) -> None:
    ts = (await client.chat_postMessage(channel=care.id, text="Før"))["ts"]
    care.archived = True
    wrong = await refusal(client, "chat.update", channel=care.id, ts=ts, text="x")
    assert wrong == "cant_update_message"


async def test_only_its_own_messages_are_the_apps_to_change(
    slack: SlackDouble, client: AsyncWebClient, anna: Person, care: Channel
) -> None:
    slack.speaks_socket_mode()
    message = await anna.says("Min egen", care)
    where = {"channel": care.id, "ts": message.ts}
    assert await refusal(client, "chat.update", **where, text="x") == "cant_update_message"
    assert await refusal(client, "chat.delete", **where) == "cant_delete_message"


async def test_a_channel_that_cannot_be_posted_in_says_why(
    slack: SlackDouble, client: AsyncWebClient, anna: Person
) -> None:
    outside = slack.channel("outside", anna, bot=False)
    hidden = slack.channel("hidden", anna, private=True, bot=False)
    old = slack.channel("old", anna)
    old.archived = True
    elsewhere = slack.channel("there", team=slack.workspace("Sydøst"), bot=False)

    async def post(channel: str) -> str:
        return await refusal(client, "chat.postMessage", channel=channel, text="x")

    assert await post(outside.id) == "not_in_channel"
    assert await post(hidden.id) == "channel_not_found"
    assert await post(old.id) == "is_archived"
    assert await post(elsewhere.id) == "channel_not_found"
    assert await post("#outside") == "channel_not_found"


@pytest.mark.parametrize(
    ("traits", "error"),
    [
        ({"deleted": True}, "channel_not_found"),
        ({"role": "stranger"}, "channel_not_found"),
        ({"role": "bot"}, "channel_not_found"),
        ({"refuses": "restricted_action"}, "restricted_action"),
    ],
)
async def test_somebody_who_cannot_be_written_to_says_why(
    slack: SlackDouble, client: AsyncWebClient, traits: dict[str, Any], error: str
) -> None:
    someone = slack.person("someone", **traits)
    assert await refusal(client, "chat.postMessage", channel=someone.id, text="x") == error


async def test_a_direct_conversation_is_closed_when_the_account_is(
    client: AsyncWebClient, anna: Person
) -> None:
    await client.conversations_open(users=anna.id)
    room = anna.dm.id
    anna.user.deleted = True
    assert await refusal(client, "chat.postMessage", channel=room, text="x") == "is_archived"


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({}, "no_text"),
        ({"blocks": [SECTION]}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "markdown_text": "x"}, "markdown_text_conflict"),
        ({"text": "x", "blocks": [SECTION] * 51}, "invalid_blocks"),
        ({"text": "x", "metadata": {"event_type": "e"}}, "invalid_metadata_format"),
        (
            {"text": "x", "metadata": {"event_type": "e", "event_payload": {"x": "y" * 8_000}}},
            "metadata_too_large",
        ),
    ],
)
async def test_a_message_that_is_wrong_is_refused_and_fails_the_test(
    slack: SlackDouble, client: AsyncWebClient, care: Channel, args: dict[str, object], error: str
) -> None:
    assert await refusal(client, "chat.postMessage", channel=care.id, **args) == error
    assert slack.messages(care) == []
    slack.forgive(error)


async def test_a_message_sent_before_is_found_by_its_metadata(
    client: AsyncWebClient, care: Channel
) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"id": "d1"}}
    await client.chat_postMessage(channel=care.id, text="Hej", metadata=metadata)
    plain = await client.conversations_history(channel=care.id)
    assert "metadata" not in plain["messages"][0]
    found = await client.conversations_history(channel=care.id, include_all_metadata=True)
    assert found["messages"][0]["metadata"] == metadata


async def test_history_comes_newest_first_a_page_at_a_time(
    slack: SlackDouble, client: AsyncWebClient, care: Channel
) -> None:
    slack.state.rates.enforced = False
    sent = [(await client.chat_postMessage(channel=care.id, text=str(n)))["ts"] for n in range(5)]
    first = await client.conversations_history(channel=care.id, limit=3)
    assert [one["text"] for one in first["messages"]] == ["4", "3", "2"]
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel=care.id, limit=3, cursor=cursor)
    assert [one["text"] for one in second["messages"]] == ["1", "0"]
    since = await client.conversations_history(channel=care.id, oldest=sent[2])
    assert [one["text"] for one in since["messages"]] == ["4", "3"]


async def test_an_invented_cursor_is_refused(
    slack: SlackDouble, client: AsyncWebClient, care: Channel
) -> None:
    wrong = await refusal(client, "conversations.history", channel=care.id, cursor="next")
    assert wrong == "invalid_cursor"
    slack.forgive("invalid_cursor")


async def test_a_thread_hangs_under_its_message(client: AsyncWebClient, care: Channel) -> None:
    parent = (await client.chat_postMessage(channel=care.id, text="Først"))["ts"]
    wrong = await refusal(
        client, "chat.postMessage", channel=care.id, text="x", thread_ts="1.000001"
    )
    assert wrong == "cannot_reply_to_message"
    thread = await client.conversations_replies(channel=care.id, ts=parent)
    assert [one["text"] for one in thread["messages"]] == ["Først"]
    assert await refusal(client, "conversations.replies", channel=care.id, ts="1.000001") == (
        "thread_not_found"
    )


async def test_pings_are_seen(client: AsyncWebClient, anna: Person, care: Channel) -> None:
    await client.chat_postMessage(channel=care.id, text="<!channel> og <@U1|bo> &lt;!here&gt;")
    assert anna.newest().pings == ["!channel", "@U1"]


async def test_permalinks_and_reactions(client: AsyncWebClient, care: Channel) -> None:
    ts = (await client.chat_postMessage(channel=care.id, text="Hej"))["ts"]
    link = await client.chat_getPermalink(channel=care.id, message_ts=ts)
    assert link["permalink"].endswith(ts.replace(".", ""))
    await client.reactions_add(channel=care.id, name="tada", timestamp=ts)
    with pytest.raises(SlackApiError, match="already_reacted"):
        await client.reactions_add(channel=care.id, name="tada", timestamp=ts)


async def test_a_scheduled_message_comes_when_its_time_has_come(
    slack: SlackDouble, client: AsyncWebClient, clock: MovableClock, care: Channel
) -> None:
    at = int((clock.now() + timedelta(hours=1)).timestamp())
    await client.chat_scheduleMessage(channel=care.id, text="Senere", post_at=at)
    await slack.deliver_due()
    assert slack.messages(care) == []
    clock.move_to(clock.now() + timedelta(hours=1))
    await slack.deliver_due()
    assert [one.text for one in slack.messages(care)] == ["Senere"]


async def test_a_scheduled_message_with_metadata_never_comes(
    slack: SlackDouble, client: AsyncWebClient, clock: MovableClock, care: Channel
) -> None:
    at = int((clock.now() + timedelta(hours=1)).timestamp())
    metadata = {"event_type": "delivery", "event_payload": {}}
    await client.chat_scheduleMessage(channel=care.id, text="Senere", post_at=at, metadata=metadata)
    clock.move_to(clock.now() + timedelta(hours=2))
    await slack.deliver_due()
    assert slack.messages(care) == []


async def test_a_scheduled_message_does_not_come_to_an_archived_channel(
    slack: SlackDouble, client: AsyncWebClient, clock: MovableClock, care: Channel
) -> None:
    at = int((clock.now() + timedelta(hours=1)).timestamp())
    await client.chat_scheduleMessage(channel=care.id, text="Senere", post_at=at)
    care.archived = True
    clock.move_to(clock.now() + timedelta(hours=2))
    await slack.deliver_due()
    assert slack.messages(care) == []


async def test_scheduling_has_its_bounds(
    slack: SlackDouble, client: AsyncWebClient, clock: MovableClock, care: Channel
) -> None:
    now = int(clock.now().timestamp())

    async def schedule(at: int) -> str:
        return await refusal(client, "chat.scheduleMessage", channel=care.id, text="x", post_at=at)

    assert await schedule(now) == "time_in_past"
    assert await schedule(now + 121 * 86_400) == "time_too_far"
    slack.forgive("time_too_far")
    assert [await schedule(now + 60) for _ in range(31)] == [""] * 30 + ["ratelimited"]
