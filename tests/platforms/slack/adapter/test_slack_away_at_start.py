"""A bot that starts while Slack is away: it says what it could not read, and nothing untrue."""

from pathlib import Path

import pytest
from double import SlackDouble
from slack_faults import codes, fails
from slack_town import slack_town
from town import cast

from bot.domain.clock import MovableClock
from bot.rehearsal.organisation import Cast
from bot.storage import people

NOBODY_NEW = Cast((), (), ())


async def test_channels_that_cannot_be_read_at_the_start_leave_teams_as_they_are(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 6))) as t:
        folk = [t.somebody(f"dag-{number}") for number in range(1, 7)]
        channel = slack.channel("dagholdet", *folk)
        await t.bind(channel, "node:dag")
        await t.settled()
        before = await t.bot.store.read(people.everybody)
        fails(t, "auth.test", way="status", times=99)
    caplog.clear()
    async with slack_town(tmp_path, slack, clock, NOBODY_NEW) as t:
        await t.settled()
        assert "SLACK-8" in codes(caplog)
        assert "SLACK-3" not in codes(caplog)
        assert await t.bot.store.read(people.everybody) == before


async def test_a_token_slack_does_not_take_is_told_at_the_start_not_at_somebodys_first_click(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    slack.fails("auth.test", "invalid_auth")
    async with slack_town(tmp_path, slack, clock, cast(("dag", 6))) as t:
        await t.settled()
        assert "SLACK-6 auth.test: invalid_auth" in caplog.text
        anna = t.somebody("dag-3")
        await anna.command("/trivsel")  # somebody has mended it meanwhile
        await t.settled()
        assert anna.modals
