"""Before a message is sent again that may stand already, its channel is read back far enough."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import Channel, SlackDouble
from double.world import Message
from slack_many import Many, app_of_many, many_workspaces
from slack_town import SlackTown, slack_town
from town import cast

from bot.domain.clock import MovableClock
from bot.platforms.slack import lookback
from bot.platforms.slack.channels import bound
from bot.storage import outbox, slack_channels
from bot.storage.outbox import Note, Outgoing

LATER = timedelta(minutes=10)


@pytest.fixture
async def t(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 6))) as town:
        town.somebody("dag-1")
        await town.travel(clock.now() + timedelta(minutes=5))
        yield town


@pytest.fixture
async def busy(t: SlackTown) -> Channel:
    channel = t.double.channel("dagholdet", t.somebody("dag-1"), private=True)
    await t.bind(channel, "node:dag")
    return channel


async def may_stand(t: SlackTown, *, stands: bool = True) -> None:
    """Send a message whose answer gets lost; it stands in the channel, or not."""
    if stands:
        t.double.fails("chat.postMessage", way="answer lost")
    else:
        t.double.fails("chat.postMessage", way="status", status=503)
    row = Outgoing("test", "node:dag", Note("typed", {"text": "Resultatet"}), t.clock.now())
    await t.bot.store.write(lambda tx: outbox.add(tx, ["d1"], [row]))
    await t.bot.tick(t.clock.now())


def talk(t: SlackTown, channel: Channel, times: int) -> None:
    lead = t.somebody("dag-1")
    for n in range(times):
        channel.messages.append(Message(t.double.state.new_ts(), channel.id, lead.id, f"Nr. {n}"))


def ours(t: SlackTown, channel: Channel) -> int:
    return sum(one.app for one in t.double.messages(channel))


@pytest.mark.parametrize("said", [0, 99, 250, 1500])
async def test_a_message_is_found_however_much_was_said_since(
    t: SlackTown, busy: Channel, said: int
) -> None:
    talk(t, busy, 50)
    await may_stand(t)
    talk(t, busy, said)
    await t.travel(t.clock.now() + LATER)
    assert ours(t, busy) == 1
    assert not await t.bot.store.read(outbox.dead)


async def test_a_message_that_is_not_there_is_sent_in_a_busy_channel_too(
    t: SlackTown, busy: Channel
) -> None:
    await may_stand(t, stands=False)
    talk(t, busy, 450)
    assert ours(t, busy) == 0
    await t.travel(t.clock.now() + LATER)
    assert ours(t, busy) == 1


async def test_nothing_older_than_the_message_is_read(t: SlackTown, busy: Channel) -> None:
    talk(t, busy, 1000)
    await t.travel(t.clock.now() + timedelta(hours=1))
    await may_stand(t)
    await t.travel(t.clock.now() + LATER)
    assert ours(t, busy) == 1
    assert len(t.double.calls("conversations.history")) == 1


async def test_when_slack_wants_to_be_left_alone_the_look_waits_and_nothing_is_doubled(
    t: SlackTown, busy: Channel
) -> None:
    await may_stand(t)
    talk(t, busy, 300)
    t.double.fails("conversations.history", way="status", status=429, retry_after=1200)
    await t.travel(t.clock.now() + LATER)
    assert ours(t, busy) == 1
    assert len(t.double.calls("conversations.history")) <= 1
    await t.travel(t.clock.now() + timedelta(minutes=30))
    assert ours(t, busy) == 1
    assert not await t.bot.store.read(lambda tx: outbox.due(tx, t.clock.now() + LATER))


async def test_where_too_much_was_said_the_message_is_given_up_and_not_sent_on_chance(
    t: SlackTown, busy: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookback, "MOST_PAGES", 2)
    await may_stand(t)
    talk(t, busy, 600)
    await t.travel(t.clock.now() + LATER)
    assert ours(t, busy) == 1
    (given_up,) = await t.bot.store.read(outbox.dead)
    assert given_up.problem == "SLACK-2 too_much_to_look_through"


async def test_a_message_that_was_held_before_it_was_sent_is_not_looked_for(
    t: SlackTown, busy: Channel
) -> None:
    t.double.admin.make_public(busy)
    row = Outgoing("test", "node:dag", Note("typed", {"text": "Resultatet"}), t.clock.now())
    await t.bot.store.write(lambda tx: outbox.add(tx, ["d1"], [row]))
    await t.bot.tick(t.clock.now())
    await t.travel(t.clock.now() + LATER)
    lead = t.somebody("dag-1")
    await lead.click("Brug kanalen som den er", on=lead.newest(lead.dm))
    await t.settled()
    await t.bot.tick(t.clock.now())
    assert ours(t, busy) == 1
    assert t.double.calls("conversations.history") == []


@pytest.fixture
async def distributed(tmp_path: Path, clock: MovableClock) -> AsyncIterator[Many]:
    """An app of many workspaces, which may read fifteen messages a minute."""
    app = app_of_many()
    assert app.distributed
    async with (
        SlackDouble(clock, app=app, installed=False) as double,
        many_workspaces(tmp_path, double, clock) as many,
    ):
        await many.install()
        yield many


@pytest.mark.parametrize("stands", [True, False])
async def test_an_app_of_many_workspaces_looks_on_where_it_was_a_window_a_minute(
    distributed: Many, clock: MovableClock, stands: bool
) -> None:
    many, double = distributed, distributed.double
    lead = double.person("lead")
    channel = double.channel("dagholdet", lead)
    one = bound(many.bot.env.chance, double.team.id, channel.shown(), "node:dag")
    await many.bot.store.write(lambda tx: slack_channels.bind(tx, one))
    await many.bot.tick(clock.now())
    way = {"way": "answer lost"} if stands else {"way": "status", "status": 503}
    double.fails("chat.postMessage", which=lambda args: args["channel"] == channel.id, **way)
    row = Outgoing("test", "node:dag", Note("typed", {"text": "Resultatet"}), clock.now())
    await many.bot.store.write(lambda tx: outbox.add(tx, ["d1"], [row]))
    await many.bot.tick(clock.now())
    for n in range(40):
        said = Message(double.state.new_ts(), channel.id, lead.id, f"Nr. {n}")
        channel.messages.append(said)
    for _ in range(10):
        clock.move_to(clock.now() + timedelta(minutes=1))
        await many.bot.tick(clock.now())
    assert sum(said.app for said in double.messages(channel)) == 1
    looks = double.calls("conversations.history")
    assert {int(look["limit"]) for look in looks} == {15}
    assert len({look.get("cursor") for look in looks}) == 3
    assert not await many.bot.store.read(outbox.dead)
