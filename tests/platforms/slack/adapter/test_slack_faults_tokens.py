"""Tokens that end: renewed once, by one process; never lost without a line that says so."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import App, SlackDouble
from slack_faults import codes, unspoken
from slack_town import URL
from town import Recorder, shipped

from bot.app import Bot, started
from bot.domain.clock import MovableClock
from bot.platforms.slack.installs import Installs
from bot.platforms.slack.manifest import manifest
from bot.platforms.slack.sealing import add_key, read_keys
from bot.settings import Settings
from bot.storage import slack_installs, slack_tickets
from bot.storage.store import Store
from bot.storage.trouble import Code, NotSaved

RENEW = "oauth.v2.access"


@pytest.fixture
async def slack(clock: MovableClock) -> AsyncIterator[SlackDouble]:
    """A Slack whose tokens end after twelve hours."""
    app = App.of_manifest(manifest(shipped().words("da"), "http", URL, many=True))
    async with SlackDouble(clock, app=app) as double:
        yield double


@pytest.fixture
async def bot(tmp_path: Path, clock: MovableClock) -> AsyncIterator[Bot]:
    add_key(tmp_path / "slack.keys")
    settings = Settings(data=tmp_path / "data")
    async with started(settings, clock=clock, platform=Recorder(), pack=shipped()) as one:
        yield one


def installs(bot: Bot, slack: SlackDouble, store: Store | None = None) -> Installs:
    """Return the installs as a process of its own sees them."""
    keys = read_keys(bot.settings.data.parent / "slack.keys")
    app = slack.app
    return Installs(
        store or bot.store, bot.env.clock, keys, slack.api_url, app.client_id, app.client_secret,
        (slack.team.id,),
    )  # fmt: skip


async def keep(one: Installs, slack: SlackDouble) -> None:
    """Keep the install as consent does."""
    found = slack.installation()
    await one.keep(
        {
            "team": {"id": slack.team.id},
            "access_token": found.bot_token,
            "bot_user_id": found.bot_user,
            "refresh_token": found.refresh_token,
            "expires_in": 12 * 3600,
        }
    )


async def token(one: Installs, slack: SlackDouble) -> str:
    one.forget_remembered()
    found = await one.bot(slack.team.id)
    assert found is not None
    return found.token


async def test_of_two_processes_one_renews_a_token_and_both_go_on(
    bot: Bot, slack: SlackDouble, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    first = installs(bot, slack)
    await keep(first, slack)
    old = slack.bot_token
    clock.move_to(clock.now() + timedelta(hours=10, minutes=30))
    async with Store.open(bot.settings.database) as beside:
        second = installs(bot, slack, beside)
        both = [token(one, slack) for one in (first, second) * 5]
        got = await asyncio.gather(*both)
        assert set(got) <= {old, slack.bot_token}
        assert len(slack.calls(RENEW)) == 1
        assert {await token(first, slack), await token(second, slack)} == {slack.bot_token}
    assert slack.bot_token != old
    assert codes(caplog) == {}


async def test_a_renewed_token_is_renewed_again_by_what_came_with_it(
    bot: Bot, slack: SlackDouble, clock: MovableClock
) -> None:
    one = installs(bot, slack)
    await keep(one, slack)
    seen = {await token(one, slack)}
    for _ in range(3):
        clock.move_to(clock.now() + timedelta(hours=11))
        seen.add(await token(one, slack))
    assert len(seen) == 4
    assert len(slack.calls(RENEW)) == 3


async def test_after_a_crash_between_slacks_answer_and_the_database_the_token_works_to_its_end(
    bot: Bot, slack: SlackDouble, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    one = installs(bot, slack)
    await keep(one, slack)
    old = slack.bot_token
    clock.move_to(clock.now() + timedelta(hours=10, minutes=30))
    slack.fails(RENEW, way="answer lost")
    assert await token(one, slack) == old
    assert codes(caplog) == {"SLACK-6": 1}
    refresh = slack.installation().refresh_token
    after = installs(bot, slack)
    clock.move_to(clock.now() + timedelta(minutes=31))
    assert await token(after, slack) == old
    assert codes(caplog) == {"SLACK-6": 1, "SLACK-12": 1}
    for _ in range(20):  # nobody asks again and again
        clock.move_to(clock.now() + timedelta(seconds=30))
        assert await token(after, slack) == old
    assert codes(caplog) == {"SLACK-6": 1, "SLACK-12": 1}
    assert unspoken(caplog, old, refresh, slack.app.client_secret)


async def test_after_a_new_install_a_lost_token_is_forgotten(
    bot: Bot, slack: SlackDouble, clock: MovableClock
) -> None:
    one = installs(bot, slack)
    await keep(one, slack)
    clock.move_to(clock.now() + timedelta(hours=10, minutes=30))
    slack.fails(RENEW, "invalid_refresh_token")
    await token(one, slack)
    slack.admin.install(slack.team)
    await keep(one, slack)
    assert await token(one, slack) == slack.bot_token


async def test_a_process_that_dies_before_it_asks_keeps_the_others_waiting_a_minute(
    bot: Bot, slack: SlackDouble, clock: MovableClock
) -> None:
    one = installs(bot, slack)
    await keep(one, slack)
    old = slack.bot_token
    clock.move_to(clock.now() + timedelta(hours=10, minutes=30))
    until = clock.now() + timedelta(minutes=1)
    turn = f"renew:team:{slack.team.id}:1"
    await bot.store.write(lambda tx: slack_tickets.take_turn(tx, turn, clock.now(), until))
    assert await token(one, slack) == old
    assert slack.calls(RENEW) == []
    clock.move_to(clock.now() + timedelta(seconds=61))
    assert await token(one, slack) == slack.bot_token != old


async def test_a_token_the_database_cannot_take_yet_is_kept_until_it_can(
    bot: Bot, slack: SlackDouble, clock: MovableClock, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    one = installs(bot, slack)
    await keep(one, slack)
    clock.move_to(clock.now() + timedelta(hours=10, minutes=30))

    def full(*_: object) -> bool:
        raise NotSaved(Code.FULL, "played")

    with monkeypatch.context() as broken:
        broken.setattr(slack_installs, "renew_install", full)
        new = await token(one, slack)
        assert new == slack.bot_token
        assert await token(one, slack) == new
    assert codes(caplog)["SLACK-6"] >= 1
    assert await token(one, slack) == new
    assert await token(installs(bot, slack), slack) == new
    assert len(slack.calls(RENEW)) == 1
