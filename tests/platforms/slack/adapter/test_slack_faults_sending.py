"""Slack refuses a message or is away: what waits, what is given up, and that others get theirs."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from double import Channel, SlackDouble
from slack_faults import CANARY, codes, fails, given_up, put, unspoken, waiting
from slack_town import SlackTown, greeted_town

from bot.domain.clock import MovableClock

SAY = "chat.postMessage"
LOOK = "conversations.info"


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    async with greeted_town(tmp_path, slack, clock, request.param) as town:
        yield town


@pytest.fixture
async def care(t: SlackTown) -> Channel:
    channel = t.double.channel("dagholdet", t.somebody("dag-1"), private=True)
    await t.bind(channel, "node:dag")
    return channel


def got(t: SlackTown, person: str) -> int:
    """Return how often somebody has got the message."""
    who = t.somebody(person)
    return sum(CANARY in one.text for one in who.sees(who.dm))


AWAY = [
    pytest.param({"way": "status", "status": 503}, "SLACK-2 fatal_error", id="5xx"),
    pytest.param({"way": "garbage"}, "SLACK-2 ", id="garbage"),
    pytest.param({"way": "dropped"}, "SLACK-2 ServerDisconnectedError", id="dropped"),
    pytest.param({"error": "internal_error"}, "SLACK-2 internal_error", id="internal_error"),
]


@pytest.mark.parametrize(("how", "said"), AWAY)
async def test_while_slack_is_away_a_message_waits_a_day_and_then_stands_there_once(
    t: SlackTown, care: Channel, caplog: pytest.LogCaptureFixture, how: dict[str, Any], said: str
) -> None:
    caplog.set_level("DEBUG")
    fails(t, SAY, times=12, which=lambda args: args["channel"] == care.id, **how)
    first, second = await put(t, "node:dag", "person:dag-3")
    kept = await waiting(t, first)
    assert kept is not None
    assert str(kept.problem).startswith(said)
    assert await waiting(t, second) is None
    assert got(t, "dag-3") == 1
    assert codes(caplog) == {"SLACK-2": 1}
    assert unspoken(caplog)
    await t.travel(t.clock.now() + timedelta(hours=30))
    assert len(t.double.messages(care)) == 1
    assert await given_up(t) == {}


async def test_a_message_slack_asks_to_wait_for_goes_out_when_that_is_over(
    t: SlackTown, care: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    fails(t, SAY, way="status", status=429, retry_after=40, which=lambda a: a["channel"] == care.id)
    (id_,) = await put(t, "node:dag")
    kept = await waiting(t, id_)
    assert kept is not None
    assert kept.problem == "SLACK-2 ratelimited"
    await t.travel(t.clock.now() + timedelta(seconds=39))
    assert t.double.messages(care) == []
    await t.travel(t.clock.now() + timedelta(seconds=2))
    assert len(t.double.messages(care)) == 1
    assert codes(caplog) == {"SLACK-2": 1}


NO_TOKEN = (
    "access_denied", "account_inactive", "app_uninstalled", "invalid_auth", "missing_scope",
    "not_allowed_token_type", "not_authed", "org_login_required", "team_access_not_granted",
    "token_expired", "token_revoked",
)  # fmt: skip


@pytest.mark.parametrize("error", NO_TOKEN)
async def test_a_message_waits_days_for_an_operator_to_mend_the_token_and_says_so_once(
    t: SlackTown, care: Channel, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    caplog.set_level("DEBUG")
    fails(t, SAY, error, times=1000)
    first, second = await put(t, "node:dag", "person:dag-3")
    for one in (first, second):
        kept = await waiting(t, one)
        assert kept is not None
        assert kept.problem == f"SLACK-6 {error}"
    assert codes(caplog) == {"SLACK-6": 1}
    assert unspoken(caplog, t.double.bot_token)
    await t.travel(t.clock.now() + timedelta(hours=40))
    assert await given_up(t) == {}
    t.double.faults.planned.clear()
    await t.travel(t.clock.now() + timedelta(hours=20))
    assert len(t.double.messages(care)) == 1
    assert got(t, "dag-3") == 1


async def test_a_message_nobody_mends_the_token_for_is_given_up_after_a_week(
    t: SlackTown, care: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    fails(t, LOOK, "token_revoked", times=1000)
    (id_,) = await put(t, "node:dag")
    await t.travel(t.clock.now() + timedelta(days=6))
    assert await given_up(t) == {}
    await t.travel(t.clock.now() + timedelta(days=2))
    assert await given_up(t) == {id_: "SLACK-6 token_revoked"}
    assert codes(caplog)["SEND-1"] == 1


@pytest.mark.parametrize("method", [LOOK, SAY])
@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "not_in_channel"])
async def test_a_channel_that_cannot_be_posted_in_is_held_and_its_lead_is_asked(
    t: SlackTown, care: Channel, caplog: pytest.LogCaptureFixture, method: str, error: str
) -> None:
    caplog.set_level("DEBUG")
    fails(t, method, error, times=1, which=lambda args: args["channel"] == care.id)
    first, second = await put(t, "node:dag", "person:dag-3")
    kept = await waiting(t, first)
    assert kept is not None
    assert str(kept.problem).startswith("SLACK-4 ")
    assert await waiting(t, second) is None
    assert got(t, "dag-3") == 1
    await t.travel(t.clock.now() + timedelta(minutes=1))
    lead = t.somebody("dag-1")
    assert "Skal jeg stadig skrive i kanalen?" in lead.reads(lead.newest(lead.dm))
    assert codes(caplog)["SLACK-4"] == 1
    assert unspoken(caplog, "dagholdet")


GONE = (
    "cannot_dm_bot", "messages_tab_disabled", "restricted_action", "user_disabled",
    "user_not_found", "user_not_visible", "channel_not_found", "is_archived",
)  # fmt: skip


@pytest.mark.parametrize("error", GONE)
async def test_somebody_who_cannot_be_written_to_is_given_up_and_keeps_nobody_waiting(
    t: SlackTown, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    caplog.set_level("DEBUG")
    bo = t.somebody("dag-2")
    fails(t, SAY, error, times=1000, which=lambda args: args["channel"] == bo.id)
    first, second = await put(t, "person:dag-2", "person:dag-3")
    assert await given_up(t) == {first: f"SLACK-2 {error}"}
    assert await waiting(t, second) is None
    assert got(t, "dag-3") == 1
    assert codes(caplog) == {"SEND-1": 1, "SLACK-2": 1}
    assert unspoken(caplog, bo.id, bo.user.email)
    boss = t.somebody("boss")
    await t.travel(t.clock.now() + timedelta(minutes=1))
    assert f"SLACK-2 {error}" in boss.reads(boss.newest(boss.dm))


@pytest.mark.parametrize(
    "error", ["invalid_blocks", "msg_too_long", "msg_blocks_too_long", "no_text"]
)
async def test_a_message_that_is_itself_at_fault_is_given_up_at_once(
    t: SlackTown, care: Channel, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    fails(t, SAY, error, which=lambda args: args["channel"] == care.id)
    first, second = await put(t, "node:dag", "person:dag-3")
    assert await given_up(t) == {first: f"SLACK-2 {error}"}
    assert got(t, "dag-3") == 1
    assert codes(caplog) == {"SEND-1": 1, "SLACK-2": 1}
    assert await waiting(t, second) is None
