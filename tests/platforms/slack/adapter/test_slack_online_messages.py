"""What ``check --online`` says to do: about Slack, the tokens, and each channel's trouble."""

from collections.abc import Callable
from pathlib import Path

import pytest
from double import Channel, SlackDouble
from slack_town import SlackTown, slack_town
from town import cast

from bot.commands.online import tried
from bot.domain.clock import MovableClock
from bot.platforms.slack.online import faults, reachable
from bot.settings import Settings
from bot.storage import slack_channels

NOWHERE = "http://127.0.0.1:1/api/"


async def test_a_slack_that_is_away_is_no_fault_of_the_tokens(slack: SlackDouble) -> None:
    (line,) = await faults(slack.bot_token, slack.app.app_token, (), NOWHERE)
    assert line.startswith("SLACK-11 Slack does not answer")
    assert "status.slack.com" in line
    assert "not taken" not in line


async def test_a_slack_in_trouble_is_no_fault_of_the_app_token(slack: SlackDouble) -> None:
    slack.fails("apps.connections.open", way="status", times=9)
    (line,) = await faults(slack.bot_token, slack.app.app_token, (), slack.api_url)
    assert line.startswith("SLACK-11")


async def test_tokens_of_two_apps_are_told_and_not_repeated(slack: SlackDouble) -> None:
    slack.app.app_token = "xapp-1-A0ANOTHER9-77-secret"
    (line,) = await faults(slack.bot_token, slack.app.app_token, (), slack.api_url)
    assert "two apps" in line
    assert slack.app.id in line
    assert "A0ANOTHER9" in line
    assert "secret" not in line


async def test_slack_comes_to_no_address_without_https() -> None:
    (line,) = await reachable("http://trivsel.example.org")
    assert line.startswith("SLACK-14")
    assert "https://" in line


def archive(t: SlackTown, channel: Channel) -> None:
    channel.archived = True


def rename(t: SlackTown, channel: Channel) -> None:
    channel.name = "andet"


def put_out(t: SlackTown, channel: Channel) -> None:
    channel.members.remove(t.double.installation().bot_user)


@pytest.mark.parametrize(
    ("happens", "mend"),
    [(archive, "unarchive it"), (rename, "asks the team's lead"), (put_out, "invite the bot")],
)
async def test_each_channels_trouble_has_its_own_remedy(
    happens: Callable[[SlackTown, Channel], None],
    mend: str,
    tmp_path: Path,
    slack: SlackDouble,
    clock: MovableClock,
) -> None:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 6))) as t:
        channel = slack.channel("dagholdet", t.somebody("dag-1"))
        await t.bind(channel, "node:dag")
        happens(t, channel)
        bound = await t.bot.store.read(slack_channels.all_bound)
        (line,) = await faults(slack.bot_token, None, bound, slack.api_url)
        assert line.startswith("SLACK-4")
        assert "#dagholdet" in line
        assert mend in line


async def test_where_all_is_well_it_says_whose_token_it_is(
    tmp_path: Path, slack: SlackDouble, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(
        data=tmp_path / "data", slack_mode="socket", slack_api=slack.api_url,
        slack_bot_token=slack.bot_token, slack_app_token=slack.app.app_token,
    )  # fmt: skip
    assert await tried(settings)
    said = capsys.readouterr().out
    assert f"trivselsbot in {slack.team.name}" in said
    assert "channels: none yet" in said
    assert slack.bot_token not in said
