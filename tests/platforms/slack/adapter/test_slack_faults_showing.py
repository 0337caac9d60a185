"""A view Slack does not show: what was done is done, and the person is told or sees it himself."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from double import SlackDouble
from slack_faults import CANARY, codes, fails, unspoken
from slack_town import SlackTown, slack_town
from town import cast

from bot.domain.clock import MovableClock
from bot.storage import people

LATE = "for langsomt"
NOT_SHOWN = "Slack kunne ikke vise det"


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    people_ = cast(("dag", 6))
    async with slack_town(tmp_path, slack, clock, people_, transport=request.param) as town:
        yield town


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"error": "expired_trigger_id"}, LATE),
        ({"error": "invalid_trigger_id"}, LATE),
        ({"error": "view_too_large"}, NOT_SHOWN),
        ({"error": "token_revoked"}, NOT_SHOWN),
        ({"error": "missing_scope"}, NOT_SHOWN),
        ({"way": "status", "status": 429, "retry_after": 30}, NOT_SHOWN),
        ({"way": "status", "status": 503}, NOT_SHOWN),
        ({"way": "garbage"}, NOT_SHOWN),
        ({"way": "dropped"}, NOT_SHOWN),
    ],
    ids=str,
)
async def test_a_view_that_does_not_open_is_said_to_who_pressed_and_opens_the_next_time(
    t: SlackTown, caplog: pytest.LogCaptureFixture, how: dict[str, Any], said: str
) -> None:
    caplog.set_level("DEBUG")
    anna = t.somebody("dag-3")
    fails(t, "views.open", **how)
    await anna.command("/trivsel", "væk")
    await t.settled()
    assert anna.trouble == ""
    assert said in anna.newest().text
    assert anna.newest().only_for == anna.id
    assert codes(caplog) == {"SLACK-2": 1}
    await anna.command("/trivsel", "væk")
    await t.settled()
    assert anna.modals
    assert unspoken(caplog, anna.id, anna.user.email)


@pytest.mark.parametrize("error", ["hash_conflict", "not_found"])
async def test_a_view_that_was_overtaken_or_closed_stays_as_it_is_without_a_word(
    t: SlackTown, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    caplog.set_level("DEBUG")
    anna = t.somebody("dag-3")
    await anna.command("/trivsel")
    await t.settled()
    before, seen = anna.modal.payload, len(anna.sees())
    fails(t, "views.update", error)
    await anna.click("Hjælp", on=anna.modal)
    await t.settled()
    assert (anna.modal.payload, len(anna.sees())) == (before, seen)
    assert codes(caplog) == {"SLACK-2": 1}


@pytest.mark.parametrize("status", [404, 410, 500])
async def test_a_remark_slack_does_not_take_is_given_up_with_one_line(
    t: SlackTown, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level("DEBUG")
    anna = t.somebody("dag-3")
    fails(t, "views.open", "expired_trigger_id")
    fails(t, "response_url", way="status", status=status)
    await anna.command("/trivsel", "væk")
    await t.settled()
    assert anna.trouble == ""
    assert codes(caplog) == {"SLACK-2": 1, "SLACK-7": 1}


@pytest.mark.parametrize("method", ["views.open", "views.update", "views.publish", "auth.test"])
@pytest.mark.parametrize("how", [{"error": "token_revoked"}, {"way": "dropped"}], ids=str)
async def test_what_was_sent_is_kept_whatever_slack_takes_afterwards(
    t: SlackTown, caplog: pytest.LogCaptureFixture, method: str, how: dict[str, Any]
) -> None:
    caplog.set_level("DEBUG")
    anna = t.somebody("dag-3")
    await anna.command("/trivsel", "væk")
    await t.settled()
    fails(t, method, times=1000, **how)
    sent = {"in.first": "2026-03-20", "in.last": "2026-03-24"}
    assert await anna.submit(sent) == "updated"
    await t.settled()
    kept = await t.bot.store.read(lambda tx: people.aways(tx, "dag-3", t.clock.now().date()))
    assert len(kept) == 1
    assert unspoken(caplog, CANARY)
