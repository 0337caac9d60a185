"""Whether Slack is there: what *Drift* and ``/health`` say of it, over either transport."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from double import SlackDouble
from slack_town import KEY, SlackTown, slack_town
from town import MONDAY, Town, cast, town

from bot.app import web
from bot.domain.clock import MovableClock
from bot.flows.contact import PATIENCE
from bot.platforms.slack.channels import RENAMED
from bot.platforms.web.session import Sessions
from bot.storage import outbox
from bot.storage.outbox import Note, Outgoing


@pytest.fixture(params=["socket", "http"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    people = cast(("dag", 6))
    async with slack_town(tmp_path, slack, clock, people, transport=request.param) as started:
        await comes(lambda: connected(started))
        await started.travel(clock.now() + timedelta(minutes=5))
        yield started


async def comes(condition: Callable[[], bool]) -> None:
    """Return when it holds; the bot notices by itself."""
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0)


def over_socket(t: SlackTown) -> bool:
    return bool(t.double.socket.connections)


def connected(t: SlackTown) -> bool:
    state = t.bot.env.contact.state(t.clock.now())
    assert state is not None
    return state.connected


async def health(t: Town) -> tuple[int, dict[str, Any]]:
    app = web(t.bot, Sessions(KEY))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8710") as client:
        answer = await client.get("/health")
        return answer.status_code, answer.json()


async def operations(t: SlackTown) -> str:
    page = await t.bot.front.page("boss", "operations")
    assert page is not None
    return repr(page.cards)


async def test_it_is_told_since_when_slack_is_there(t: SlackTown) -> None:
    status, told = await health(t)
    assert (status, told["ok"], told["slack"]["connected"]) == (200, True, True)
    page = await operations(t)
    if over_socket(t):
        assert told["slack"]["since"] == MONDAY.isoformat()
        assert "Slack: forbundet siden mandag den 2. marts" in page
    else:
        assert told["slack"]["since"] is None
        assert "Slack sender til mig over HTTP." in page


async def test_when_somebody_was_heard_is_told_to_the_quarter_of_an_hour(t: SlackTown) -> None:
    assert "ikke hørt noget fra Slack" in await operations(t)
    at = MONDAY.replace(hour=13, minute=14, second=59)
    t.clock.move_to(at)
    await t.somebody("dag-3").command("/trivsel")
    await t.settled()
    _, told = await health(t)
    assert told["slack"]["heard"] == at.replace(minute=0, second=0, microsecond=0).isoformat()
    assert "Sidst hørt fra Slack: mandag den 2. marts omkring kl. 14.00." in await operations(t)


async def test_what_waits_and_which_channels_are_held_is_told(t: SlackTown) -> None:
    channel = t.double.channel("dagholdet", t.somebody("dag-1"), private=True)
    await t.bind(channel, "node:dag")
    found = await t.slack.channels.of(t.double.team.id, channel.id)
    assert found is not None
    await t.slack.channels.hold(found, RENAMED)
    row = Outgoing("test", "person:dag-3", Note("typed", {"text": "Hej"}), t.clock.now())
    await t.bot.store.write(lambda tx: outbox.add(tx, ["d1"], [row]))
    waiting = await t.bot.store.read(
        lambda tx: outbox.counts(tx, but=("invite:", "remind:"))[outbox.WAITING]
    )
    _, told = await health(t)
    assert (told["slack"]["waiting"], told["slack"]["held"]) == (waiting, 1)
    assert "1 kanal holdes tilbage: #dagholdet." in await operations(t)


async def test_a_socket_that_is_away_for_five_minutes_is_told_to_whoever_watches(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 6)), transport="socket") as t:
        await comes(lambda: connected(t))
        slack.fails("apps.connections.open", "internal_error", times=1000)
        await slack.socket.cut()
        await comes(lambda: not connected(t))
        assert (await health(t))[0] == 200
        gone = clock.now()
        clock.move_to(gone + PATIENCE)
        status, told = await health(t)
        assert (status, told["ok"], told["slack"]["connected"]) == (503, False, False)
        assert told["slack"]["since"] == gone.isoformat()
        assert "Slack: ingen forbindelse siden" in await operations(t)


async def test_a_connection_that_slack_renews_is_never_away(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 6)), transport="socket") as t:
        await comes(lambda: connected(t))
        before = t.bot.env.contact.state(clock.now())
        clock.move_to(clock.now() + PATIENCE)
        first = slack.socket.connections[0]
        await slack.socket.warn("refresh_requested")
        await slack.until(lambda: len(slack.socket.connections) == 2)
        await first.close()
        await t.somebody("dag-3").command("/trivsel")
        assert connected(t)
        now = t.bot.env.contact.state(clock.now())
        assert before is not None
        assert now is not None
        assert now.since == before.since


async def test_without_slack_only_the_database_counts(tmp_path: Path) -> None:
    async with town(tmp_path, cast(("dag", 6))) as alone:
        assert await health(alone) == (200, {"ok": True})
        page = await alone.bot.front.page("boss", "operations")
        assert page is not None
        assert "Slack" not in repr(page.cards)
