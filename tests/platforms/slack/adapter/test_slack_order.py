"""What is said in one place is said in its order, also when some of it had to wait."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import Channel, SlackDouble
from slack_faults import fails, given_up
from slack_town import SlackTown, slack_town
from town import cast

from bot.domain.clock import MovableClock
from bot.storage import outbox
from bot.storage.outbox import Note, Outgoing

SAY = "chat.postMessage"
WORDS = ("første", "anden", "tredje")


@pytest.fixture
async def t(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[SlackTown]:
    people = cast(("dag", 6), ("aften", 6))
    async with slack_town(tmp_path, slack, clock, people) as town:
        town.somebody("dag-1")
        await town.travel(clock.now() + timedelta(minutes=5))
        yield town


@pytest.fixture
async def room(t: SlackTown) -> Channel:
    return await team_room(t, "dag")


async def team_room(t: SlackTown, team: str) -> Channel:
    room = t.double.channel(f"{team}holdet", t.somebody("dag-1"), private=True)
    await t.bind(room, f"node:{team}")
    return room


async def say(t: SlackTown, *words: str, to: str = "node:dag") -> None:
    """Say something there; the outbox's purposes stand in the other order."""
    now = t.clock.now()
    rows = [
        Outgoing(f"test-{at:%M%S}-{9 - n}-{word}", to, Note("typed", {"text": word}), at)
        for n, word in enumerate(words)
        for at in [now - timedelta(seconds=len(words) - n)]
    ]
    ids = [t.bot.env.chance.token() for _ in rows]
    await t.bot.store.write(lambda tx: outbox.add(tx, ids, rows))
    await t.bot.tick(now)


def said(t: SlackTown, room: Channel) -> list[str]:
    return [next(w for w in WORDS if w in one.text) for one in t.double.messages(room)]


@pytest.mark.parametrize("how", [{"way": "status", "status": 503}, {"error": "invalid_auth"}])
async def test_what_is_behind_a_message_that_failed_comes_after_it(
    t: SlackTown, room: Channel, how: dict[str, object]
) -> None:
    fails(t, SAY, which=lambda args: args["channel"] == room.id, **how)
    await say(t, *WORDS)
    assert said(t, room) == []
    await t.travel(t.clock.now() + timedelta(hours=2))
    assert said(t, room) == list(WORDS)


async def test_what_is_said_later_waits_too_and_counts_no_attempts(
    t: SlackTown, room: Channel
) -> None:
    fails(t, SAY, way="status", status=429, retry_after=600)
    await say(t, "første")
    await t.travel(t.clock.now() + timedelta(minutes=1))
    await say(t, "anden")
    await t.travel(t.clock.now() + timedelta(minutes=1))
    await say(t, "tredje")
    assert said(t, room) == []
    far = t.clock.now() + timedelta(days=1)
    rows = await t.bot.store.read(lambda tx: outbox.due(tx, far))
    assert sorted(one.attempts for one in rows if one.recipient == "node:dag") == [0, 0, 1]
    await t.travel(t.clock.now() + timedelta(minutes=15))
    assert said(t, room) == list(WORDS)


async def test_a_message_that_is_given_up_keeps_nothing_waiting(
    t: SlackTown, room: Channel
) -> None:
    fails(t, SAY, "invalid_blocks", which=lambda args: args["channel"] == room.id)
    await say(t, *WORDS)
    assert len(await given_up(t)) == 1
    assert said(t, room) == list(WORDS[1:])


async def test_other_channels_do_not_wait(t: SlackTown, room: Channel) -> None:
    other = await team_room(t, "aften")
    fails(t, SAY, way="status", status=503, which=lambda args: args["channel"] == room.id)
    await say(t, "første")
    await say(t, "anden", to="node:aften")
    assert said(t, room) == []
    assert said(t, other) == ["anden"]
