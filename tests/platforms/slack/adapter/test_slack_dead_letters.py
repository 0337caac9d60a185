"""What cannot be sent into Slack is seen by an administrator, whatever it was, and tried again."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import Channel, SlackDouble
from slack_town import SlackTown, slack_town
from town import cast

from bot.domain.clock import MovableClock
from bot.platforms.slack.places import recipient
from bot.storage import outbox
from bot.storage.outbox import Note, Outgoing

KINDS = ("person", "team", "group", "welcome")


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    people = cast(("dag", 6))
    async with slack_town(tmp_path, slack, clock, people, transport=request.param) as town:
        for who in ("dag-1", "dag-3", "boss"):
            town.somebody(who)
        await town.bot.tick(clock.now())  # the welcomes
        await town.travel(clock.now() + timedelta(minutes=5))
        yield town


async def room_of(t: SlackTown, kind: str) -> tuple[str, Channel]:
    """Return a recipient of each kind, and where its messages stand."""
    if kind == "person":
        anna = t.somebody("dag-3")
        return "person:dag-3", anna.dm
    channel = t.double.channel(kind, t.somebody("dag-1"), t.somebody("boss"), private=True)
    if kind == "welcome":
        return recipient(channel.team, channel.id), channel
    conversation = "node:dag" if kind == "team" else "amg:org"
    await t.bind(channel, conversation)
    return conversation, channel


async def operations(t: SlackTown) -> str:
    """Return the administrator's page as he reads it in Slack."""
    boss = t.somebody("boss")
    await boss.opens_home()
    await t.settled()
    assert boss.home is not None
    await boss.click("Drift", on=boss.home)
    return boss.reads()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_message_of_any_kind_that_slack_refuses_is_seen_and_can_be_sent_again(
    t: SlackTown, kind: str
) -> None:
    to, room = await room_of(t, kind)
    note = Note("typed", {"text": "Hej med jer"})
    row = Outgoing(f"{kind}:1", to, note, t.clock.now())
    before = len(room.messages)
    there = (room.id, t.somebody("dag-3").id) if kind == "person" else (room.id,)
    t.double.fails("chat.postMessage", "msg_too_long", which=lambda a: a["channel"] in there)
    await t.bot.store.write(lambda tx: outbox.add(tx, [t.bot.env.chance.token()], [row]))
    await t.bot.tick(t.clock.now())
    assert len(room.messages) == before
    await t.travel(t.clock.now() + timedelta(minutes=1))
    boss = t.somebody("boss")
    assert "SLACK-2 msg_too_long" in str([one.blocks for one in boss.sees(boss.dm)])
    page = await operations(t)
    assert "SLACK-2 msg_too_long" in page
    assert "Hej med jer" not in page
    assert "dag-3" not in page
    await boss.click("operations.retry", on=boss.modal)
    await t.sends()
    assert "Hej med jer" in room.messages[-1].text


@pytest.mark.parametrize("error", ["not_in_channel", "channel_not_found", "is_archived"])
async def test_a_welcome_for_a_channel_the_bot_was_sent_out_of_again_ends_with_a_code(
    t: SlackTown, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    anna = t.somebody("anna")
    channel = t.double.channel("kort", anna, bot=False)
    t.double.fails("chat.postMessage", error, which=lambda a: a["channel"] == channel.id)
    await anna.invites_bot(channel)
    await t.sends()
    (dead,) = await t.bot.store.read(outbox.dead)
    assert dead.problem == f"SLACK-2 {error}"
    assert len([one for one in caplog.messages if one.startswith("SEND-1")]) == 1


async def test_a_welcome_waits_as_long_as_slack_says_and_is_said_once(t: SlackTown) -> None:
    anna = t.somebody("anna")
    channel = t.double.channel("plejen", anna, bot=False)
    for way in ({"way": "status", "status": 429, "retry_after": 60}, {"way": "answer lost"}):
        t.double.fails("chat.postMessage", which=lambda a: a["channel"] == channel.id, **way)
    await anna.invites_bot(channel)
    await t.sends()
    assert t.double.messages(channel) == []
    await t.travel(t.clock.now() + timedelta(seconds=58))
    assert t.double.messages(channel) == []
    await t.travel(t.clock.now() + timedelta(hours=1))
    assert len(t.double.messages(channel)) == 1


async def test_a_channel_that_has_become_a_teams_meanwhile_gets_no_welcome(t: SlackTown) -> None:
    anna = t.somebody("anna")
    channel = t.double.channel("plejen", anna, bot=False)
    await anna.invites_bot(channel)
    await t.settled()
    await t.bind(channel, "node:dag")
    await t.sends()
    assert t.double.messages(channel) == []
    assert await t.bot.store.read(outbox.dead) == ()


async def test_the_answer_to_what_is_typed_waits_for_slack_and_keeps_the_channels_distance(
    t: SlackTown,
) -> None:
    anna = t.somebody("dag-3")
    room = anna.dm.id
    t.double.fails(
        "chat.postMessage", way="status", status=429, retry_after=7,
        which=lambda a: a["channel"] == room,
    )  # fmt: skip
    begun, before = t.clock.now(), len(anna.dm.messages)
    await anna.says("Hej")
    await anna.says("Er du der?")
    await t.settled()
    assert t.clock.now() >= begun + timedelta(seconds=8)
    t.double.forgive("late_acknowledgement")  # here waiting moves the clock Slack goes by, too
    assert [one.app for one in anna.dm.messages[before:]].count(True) == 2
    assert not await t.bot.store.read(outbox.dead)


async def test_an_answer_slack_would_take_only_much_later_is_let_be(
    t: SlackTown, caplog: pytest.LogCaptureFixture
) -> None:
    anna = t.somebody("dag-3")
    room = anna.dm.id
    t.double.fails(
        "chat.postMessage", way="status", status=429, retry_after=300,
        which=lambda a: a["channel"] == room,
    )  # fmt: skip
    begun = t.clock.now()
    await anna.says("Hemmeligt ord")
    await t.settled()
    assert t.clock.now() < begun + timedelta(seconds=30)
    assert any(one.startswith("SLACK-7") for one in caplog.messages)
    assert "Hemmeligt" not in caplog.text
