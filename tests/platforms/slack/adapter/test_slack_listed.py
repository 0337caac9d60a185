"""One bot is one organisation: the app is kept and served in its own workspaces, nowhere else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from double import SlackDouble, Team
from slack_many import Many, app_of_many, many_workspaces

from bot.domain.clock import MovableClock
from bot.storage import slack_installs


@pytest.fixture
async def slack(clock: MovableClock) -> AsyncIterator[SlackDouble]:
    async with SlackDouble(clock, app=app_of_many(), installed=False) as double:
        yield double


@pytest.fixture
async def many(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[Many]:
    async with many_workspaces(tmp_path, slack, clock) as made:
        yield made


async def somebody_with_a_known_address(many: Many, team: Team) -> str | None:
    """Return who somebody from a workspace is who has the address of one of the team there."""
    stranger = many.double.person("fremmed", team)
    stranger.user.email = f"dag-3@{many.double.team.domain}.example"
    return await many.slack.people.person(team.id, stranger.id)


async def test_an_install_in_a_workspace_that_is_not_listed_keeps_nothing_and_leaves_it(
    many: Many, caplog: pytest.LogCaptureFixture
) -> None:
    foreign = many.double.workspace("Fremmed")
    answer = await many.install(foreign)
    assert answer.status_code == 403
    assert "må ikke bruges i dette workspace" in answer.text
    assert await many.bot.store.read(slack_installs.installs) == ()
    assert await many.bot.store.read(slack_installs.teams) == ()
    assert many.double.state.installation_for(foreign.id) is None
    assert f"SLACK-13 an install was refused: {foreign.id}" in caplog.text
    assert await somebody_with_a_known_address(many, foreign) is None


async def test_where_the_app_cannot_leave_nothing_is_kept_either(many: Many) -> None:
    foreign = many.double.workspace("Fremmed")
    many.double.fails("apps.uninstall", error="fatal_error")
    assert (await many.install(foreign)).status_code == 502
    assert await many.bot.store.read(slack_installs.installs) == ()


async def test_an_organisation_that_is_not_listed_is_refused_as_a_whole(many: Many) -> None:
    other = many.double.enterprise("Andre")
    foreign = many.double.workspace("Deres", other)
    assert (await many.install(foreign, wide=True)).status_code == 403
    assert await many.bot.store.read(slack_installs.installs) == ()


async def test_a_workspace_of_a_listed_organisation_is_taken(many: Many) -> None:
    south = many.double.workspace("Syd", many.nordic)
    assert (await many.install(south)).status_code == 200
    assert await many.installs.bot(south.id) is not None


async def test_an_install_whose_workspace_is_taken_off_the_list_is_not_served_any_more(
    many: Many, caplog: pytest.LogCaptureFixture
) -> None:
    team = many.double.team
    await many.install()
    assert await many.installs.teams() == (team.id,)
    later = many.listing("T0ELSEWHERE")
    for _ in range(3):
        assert await later.bot(team.id) is None
        assert await later.teams() == ()
        later.forget_remembered()
    assert caplog.text.count(f"SLACK-13 {team.id} is not in slack_workspaces") == 1
    assert await many.bot.store.read(slack_installs.installs) == (f"team:{team.id}",)


async def test_an_organisation_taken_off_the_list_is_not_served_in_any_of_its_workspaces(
    many: Many,
) -> None:
    many.double.team.enterprise = many.nordic
    south = many.double.workspace("Syd", many.nordic)
    await many.install(wide=True)
    assert set(await many.installs.teams()) == {many.double.team.id, south.id}
    later = many.listing(many.double.team.id)
    assert await later.teams() == ()
    assert await later.bot(south.id, many.nordic.id) is None


async def test_who_asks_where_the_app_is_not_served_reads_the_bots_own_words(many: Many) -> None:
    foreign = many.double.workspace("Fremmed")
    many.double.admin.install(foreign)
    somebody = many.double.person("fremmed", foreign)
    await somebody.command("/trivsel")
    (said,) = somebody.sees()
    assert said.text == many.bot.front.words("da")("slack.away")
