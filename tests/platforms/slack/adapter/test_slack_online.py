"""``check --online`` for an app of many workspaces, and whether Slack's requests come in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web as server
from double import SlackDouble
from slack_many import Many, app_of_many, many_workspaces

from bot.commands.online import tried
from bot.domain.clock import MovableClock
from bot.platforms.slack.online import reachable
from bot.platforms.slack.online_installs import faults
from bot.platforms.slack.sealing import add_key, read_keys
from bot.settings import Settings
from bot.storage import slack_channels, slack_installs


@pytest.fixture
async def slack(clock: MovableClock) -> AsyncIterator[SlackDouble]:
    async with SlackDouble(clock, app=app_of_many(), installed=False) as double:
        yield double


@pytest.fixture
async def many(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[Many]:
    async with many_workspaces(tmp_path, slack, clock) as made:
        await made.install()
        yield made


async def told(many: Many, *listed: str, keys: Path | None = None) -> tuple[str, ...]:
    folder = many.database.parent.parent
    ids = await many.bot.store.read(slack_installs.installs)
    rows = [
        await many.bot.store.read(lambda tx, id_=id_: slack_installs.install(tx, id_))
        for id_ in ids
    ]
    installs = [row for row in rows if row is not None]
    bound = await many.bot.store.read(slack_channels.all_bound)
    opened = read_keys(keys or folder / "slack.keys")
    wanted = listed or (many.double.team.id, many.nordic.id)
    return await faults(installs, opened, wanted, bound, many.double.api_url)


async def test_all_is_well(many: Many) -> None:
    assert await told(many) == ()


async def test_a_key_that_is_gone_is_told_with_the_workspace(many: Many, tmp_path: Path) -> None:
    add_key(tmp_path / "other.keys")
    (line,) = await told(many, keys=tmp_path / "other.keys")
    assert line.startswith(f"SLACK-10 {many.double.team.id}:")


async def test_a_workspace_off_the_list_is_told(many: Many) -> None:
    (line,) = await told(many, "T0ELSEWHERE")
    assert line.startswith(f"SLACK-13 {many.double.team.id} is not in slack_workspaces")


async def test_a_token_and_a_scope_are_told_with_the_workspace(many: Many) -> None:
    one = many.double.installation()
    one.scopes = one.scopes - {"files:write"}
    (line,) = await told(many)
    assert line.startswith(f"SLACK-6 {many.double.team.id}: the scope files:write is missing")
    one.revoked = True
    (line,) = await told(many)
    assert "token_revoked" in line
    assert "/slack/install" in line
    assert one.bot_token not in line


async def test_channels_are_tried_with_the_install_of_their_workspace(many: Many) -> None:
    many.double.team.enterprise = many.nordic
    south = many.double.workspace("Syd", many.nordic)
    assert (await many.install(wide=True)).status_code == 200
    for number, team in enumerate((many.double.team, south)):
        somebody = many.double.person(f"somebody-{team.id}", team)
        channel = many.double.channel(f"team-{number}", somebody)
        channel.archived = True
        one = slack_channels.Bound(
            f"b{number}", team.id, channel.id, f"node:{number}", channel.name, False
        )
        await many.bot.store.write(lambda tx, one=one: slack_channels.bind(tx, one))
    away = slack_channels.Bound("b9", "T0AWAY", "C0AWAY", "node:dag", "borte", False)
    await many.bot.store.write(lambda tx: slack_channels.bind(tx, away))
    lines = await told(many)
    assert sum("archived" in line for line in lines) == 2
    assert any("#borte (C0AWAY) is in T0AWAY, where the app is not" in line for line in lines)
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("status", "headers", "well"),
    [
        (401, {}, True),
        (302, {"location": "/oauth2/sign_in"}, False),
        (401, {"www-authenticate": "Basic"}, False),
        (502, {}, False),
        (200, {}, False),
    ],
)
async def test_whether_slacks_requests_come_in_is_seen_by_what_a_stranger_is_answered(
    status: int, headers: dict[str, str], well: bool
) -> None:
    async def answer(request: server.Request) -> server.Response:
        assert request.path == "/slack/events"
        return server.Response(status=status, headers=headers)

    app = server.Application()
    app.router.add_post("/{path:.*}", answer)
    runner = server.AppRunner(app)
    await runner.setup()
    try:
        await server.TCPSite(runner, "127.0.0.1", 0).start()
        lines = await reachable(f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()
    assert (lines == ()) is well
    assert all(line.startswith("SLACK-14") and str(status) in line for line in lines)


async def test_an_address_nobody_listens_at_is_told() -> None:
    (line,) = await reachable("http://127.0.0.1:1")
    assert line.startswith("SLACK-14")


async def test_the_command_tries_the_installs_and_the_address(
    many: Many, capsys: pytest.CaptureFixture[str]
) -> None:
    await many.bot.store.checkpoint()
    app, folder = many.double.app, many.database.parent.parent
    given = {
        "data": many.database.parent,
        "slack_mode": "http",
        "slack_api": many.double.api_url,
        "slack_client_id": app.client_id,
        "slack_client_secret": app.client_secret,
        "slack_signing_secret": app.signing_secret,
        "slack_token_keys": folder / "slack.keys",
        "public_url": "http://127.0.0.1:1",
        "slack_workspaces": (many.double.team.id,),
    }
    assert not await tried(Settings(**given))
    well, line = capsys.readouterr().out.splitlines()
    assert well == f"Slack: installed in {many.double.team.id}."
    assert line.startswith("SLACK-14")
    given["slack_workspaces"] = ("T0ELSEWHERE",)
    assert not await tried(Settings(**given))
    assert "SLACK-13" in capsys.readouterr().out
