"""Installs in many workspaces: consent, sealed tokens, renewal, and what an uninstall erases."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from double import App, SlackDouble
from slack_town import URL
from starlette.applications import Starlette
from town import MONDAY, Recorder, cast, shipped

from bot.app import Bot, started
from bot.domain.chance import SeededChance
from bot.domain.clock import MovableClock
from bot.platforms.slack.adapter import Options, Slack
from bot.platforms.slack.consent import BACK, BEGIN, Consent
from bot.platforms.slack.installs import Installs
from bot.platforms.slack.manifest import manifest
from bot.platforms.slack.sealing import TokenKeysUnusable, add_key, read_keys
from bot.platforms.web.delivery import WebDelivery
from bot.rehearsal.organisation import settle
from bot.settings import Settings
from bot.storage import slack as kept


@pytest.fixture
async def slack(clock: MovableClock) -> AsyncIterator[SlackDouble]:
    """A Slack in which the app, with renewed tokens, is installed nowhere yet."""
    app = App.of_manifest(manifest(shipped().words("da"), "http", URL, many=True))
    async with SlackDouble(clock, app=app, installed=False) as double:
        yield double


@dataclass
class Many:
    bot: Bot
    slack: Slack
    double: SlackDouble
    installs: Installs
    browser: httpx.AsyncClient
    database: Path

    async def install(self, *, wide: bool = False) -> httpx.Response:
        """Let Slack's administrator say yes, in this browser; ``wide``: for all workspaces."""
        began = await self.browser.get(BEGIN)
        boss = self.double.person("boss", role="admin")
        team = None if wide else self.double.team
        back = self.double.admin.consents(began.headers["location"], boss, team)
        return await self.browser.get(back)


@pytest.fixture
async def many(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[Many]:
    add_key(tmp_path / "slack.keys")
    keys = read_keys(tmp_path / "slack.keys")
    settings = Settings(data=tmp_path / "data")
    recorder = Recorder()
    async with started(
        settings, clock=clock, chance=SeededChance(3), platform=recorder, pack=shipped()
    ) as bot:
        app = slack.app
        installs = Installs(bot.store, clock, keys, slack.api_url, app.client_id, app.client_secret)
        consent = Consent(
            bot.store, clock, bot.env.chance, installs, shipped().words("da"), slack.api_url, URL,
            app.client_id, app.client_secret, slack.authorize_url,
        )  # fmt: skip
        adapter = Slack(
            bot.store, bot.env, bot.front, installs, WebDelivery(bot.store, clock, bot.hub),
            _draw, Options(signing_secret=app.signing_secret, api=slack.api_url), consent=consent,
        )  # fmt: skip
        recorder.inner = adapter.delivery
        await bot.store.write(lambda tx: settle(tx, cast(("dag", 6)), bot.env.chance, MONDAY))
        site = Starlette(routes=adapter.routes())
        slack.speaks_http(site)
        transport = httpx.ASGITransport(site)
        async with httpx.AsyncClient(transport=transport, base_url=URL) as browser:
            yield Many(bot, adapter, slack, installs, browser, settings.database)
        await adapter.close()


async def _draw(_: object) -> bytes:
    return b"PNG"


async def test_after_consent_the_app_answers_in_the_workspace(many: Many) -> None:
    answer = await many.install()
    assert answer.status_code == 200
    assert "installeret" in answer.text
    said = await many.double.person("anna").command("/trivsel")
    assert said is not None
    assert "kender dig ikke" in said.text


async def test_a_token_stands_nowhere_in_clear(many: Many) -> None:
    await many.install()
    token = many.double.installation().bot_token.encode()
    await many.bot.store.checkpoint()
    for file in many.database.parent.rglob("*"):
        if file.is_file():
            assert token not in file.read_bytes(), file


async def test_a_consent_from_another_browser_or_a_second_time_gives_nothing(many: Many) -> None:
    began = await many.browser.get(BEGIN)
    state = parse_qs(urlsplit(began.headers["location"]).query)["state"][0]
    many.browser.cookies.clear()
    answer = await many.browser.get(BACK, params={"state": state, "code": "x"})
    assert answer.status_code == 400
    await many.install()
    assert (await many.browser.get(BACK, params={"state": state, "code": "x"})).status_code == 400
    assert not many.double.calls("oauth.v2.access")[1:]


async def test_who_says_no_installs_nothing(many: Many) -> None:
    began = await many.browser.get(BEGIN)
    state = parse_qs(urlsplit(began.headers["location"]).query)["state"][0]
    answer = await many.browser.get(BACK, params={"state": state, "error": "access_denied"})
    assert "sagde nej" in answer.text
    assert await many.bot.store.read(kept.installs) == ()


async def test_a_token_is_renewed_before_it_ends_and_only_once(
    many: Many, clock: MovableClock
) -> None:
    await many.install()
    team = many.double.team.id
    before = await many.installs.bot(team)
    assert before is not None
    clock.move_to(clock.now() + timedelta(hours=11))
    after = await many.installs.bot(team)
    assert after is not None
    assert after.token != before.token
    many.installs.forget_remembered()
    again = await many.installs.bot(team)
    assert again == after


async def test_who_asks_is_remembered_and_not_looked_up_with_each_request(many: Many) -> None:
    await many.install()
    anna = many.double.person("anna")
    await anna.command("/trivsel")
    asked = len(many.double.calls("auth.test"))
    await anna.command("/trivsel")
    assert len(many.double.calls("auth.test")) == asked


async def test_an_uninstall_erases_tokens_people_and_channels(many: Many) -> None:
    await many.install()
    team = many.double.team
    channel = many.double.channel("dagholdet", many.double.person("anna"))
    one = kept.Bound(team.id, channel.id, "node:dag", "dagholdet", False, MONDAY)
    await many.bot.store.write(lambda tx: kept.bind(tx, one))
    member = kept.Member(team.id, "U1", "dag-3")
    await many.bot.store.write(lambda tx: kept.put_member(tx, member))
    await many.double.admin.uninstall(team)
    await many.slack.tasks.drain()
    assert await many.bot.store.read(kept.installs) == ()
    assert await many.bot.store.read(kept.all_bound) == ()
    assert await many.bot.store.read(lambda tx: kept.members_of(tx, "dag-3")) == ()
    assert await many.installs.bot(team.id) is None


async def test_an_organisation_consents_is_answered_and_leaves_nothing_when_it_goes(
    many: Many,
) -> None:
    nordic = many.double.enterprise("Norden")
    many.double.team.enterprise = nordic
    south = many.double.workspace("Syd", nordic)
    assert (await many.install(wide=True)).status_code == 200
    for name, team in (("anna", many.double.team), ("bo", south)):
        said = await many.double.person(name, team).command("/trivsel")
        assert said is not None
        assert "kender dig ikke" in said.text
    for team in (many.double.team, south):
        member = kept.Member(team.id, f"U-{team.id}", "dag-3")
        await many.bot.store.write(lambda tx, one=member: kept.put_member(tx, one))
    await many.double.admin.uninstall(many.double.team)
    await many.slack.tasks.drain()
    assert await many.bot.store.read(kept.installs) == ()
    assert await many.bot.store.read(lambda tx: kept.members_of(tx, "dag-3")) == ()


async def test_a_revoked_token_is_erased_and_who_is_who_stays(many: Many) -> None:
    await many.install()
    team = many.double.team
    member = kept.Member(team.id, "U1", "dag-3")
    await many.bot.store.write(lambda tx: kept.put_member(tx, member))
    await many.double.admin.revoke(team)
    await many.slack.tasks.drain()
    assert await many.bot.store.read(kept.installs) == ()
    assert len(await many.bot.store.read(lambda tx: kept.members_of(tx, "dag-3"))) == 1


def test_keys_that_others_may_read_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    with pytest.raises(TokenKeysUnusable, match="no keys"):
        read_keys(file)
    add_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    with pytest.raises(TokenKeysUnusable, match="chmod 600"):
        read_keys(file)


def test_an_older_key_still_opens_what_it_sealed(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    add_key(file)
    sealed = read_keys(file).encrypt(b"x")
    add_key(file)
    assert read_keys(file).decrypt(sealed) == b"x"
