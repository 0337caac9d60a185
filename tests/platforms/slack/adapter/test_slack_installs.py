"""Installs in many workspaces: consent, sealed tokens, renewal, and what an uninstall erases."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from double import SlackDouble
from slack_many import Many, app_of_many, many_workspaces

from bot.domain.clock import MovableClock
from bot.platforms.slack.consent import BACK, BEGIN
from bot.platforms.slack.sealing import TokenKeysUnusable, add_key, read_keys
from bot.storage import chat, outbox, slack_accounts, slack_channels, slack_installs
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx


@pytest.fixture
async def slack(clock: MovableClock) -> AsyncIterator[SlackDouble]:
    """A Slack in which the app, with renewed tokens, is installed nowhere yet."""
    async with SlackDouble(clock, app=app_of_many(), installed=False) as double:
        yield double


@pytest.fixture
async def many(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[Many]:
    async with many_workspaces(tmp_path, slack, clock) as made:
        yield made


async def test_after_consent_the_app_answers_in_the_workspace(many: Many) -> None:
    answer = await many.install()
    assert answer.status_code == 200
    assert "installeret" in answer.text
    said = await many.double.person("anna").command("/trivsel")
    assert said is not None
    assert "ikke med i et team" in said.text


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
    assert await many.bot.store.read(slack_installs.installs) == ()


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
    one = slack_channels.Bound("b1", team.id, channel.id, "node:dag", "dagholdet", False)
    await many.bot.store.write(lambda tx: slack_channels.bind(tx, one))
    member = slack_accounts.Member(team.id, "U1", "dag-3")
    await many.bot.store.write(lambda tx: slack_accounts.put_member(tx, member))
    await many.double.admin.uninstall(team)
    await many.slack.tasks.drain()
    assert await many.bot.store.read(slack_installs.installs) == ()
    assert await many.bot.store.read(slack_channels.all_bound) == ()
    assert await many.bot.store.read(lambda tx: slack_accounts.members_of(tx, "dag-3")) == ()
    assert await many.installs.bot(team.id) is None


async def test_what_waits_when_the_app_is_taken_out_stands_in_the_bot_itself(
    many: Many, clock: MovableClock
) -> None:
    await many.install()
    team, anna = many.double.team, many.double.person("anna")
    channel = many.double.channel("dagholdet", anna)
    one = slack_channels.Bound("b1", team.id, channel.id, "node:dag", "dagholdet", False)
    member = slack_accounts.Member(team.id, anna.id, "dag-3")
    waiting = [
        Outgoing("test", who, Note("typed", {"text": "hej"}), clock.now())
        for who in ("node:dag", "person:dag-3")
    ]

    def put(tx: Tx) -> None:
        slack_channels.bind(tx, one)
        slack_accounts.put_member(tx, member)
        outbox.add(tx, ["m1", "m2"], waiting)

    await many.bot.store.write(put)
    many.double.fails("chat.postMessage", "token_revoked", times=2)
    await many.bot.tick(clock.now())
    await many.double.admin.uninstall(team)
    await many.slack.tasks.drain()
    clock.move_to(clock.now() + timedelta(hours=2))
    await many.bot.tick(clock.now())
    for who in ("node:dag", "person:dag-3"):
        said = await many.bot.store.read(lambda tx, who=who: chat.latest(tx, who))
        assert [line.note.kind for line in said if line.note.kind == "typed"] == ["typed"]
    assert many.double.messages(channel) == []


async def test_an_organisation_consents_is_answered_and_leaves_nothing_when_it_goes(
    many: Many,
) -> None:
    nordic = many.nordic
    many.double.team.enterprise = nordic
    south = many.double.workspace("Syd", nordic)
    assert (await many.install(wide=True)).status_code == 200
    for name, team in (("anna", many.double.team), ("bo", south)):
        said = await many.double.person(name, team).command("/trivsel")
        assert said is not None
        assert "ikke med i et team" in said.text
    for team in (many.double.team, south):
        member = slack_accounts.Member(team.id, f"U-{team.id}", "dag-3")
        await many.bot.store.write(lambda tx, one=member: slack_accounts.put_member(tx, one))
    await many.double.admin.uninstall(many.double.team)
    await many.slack.tasks.drain()
    assert await many.bot.store.read(slack_installs.installs) == ()
    assert await many.bot.store.read(lambda tx: slack_accounts.members_of(tx, "dag-3")) == ()


async def test_a_revoked_token_is_erased_and_who_is_who_stays(many: Many) -> None:
    await many.install()
    team = many.double.team
    member = slack_accounts.Member(team.id, "U1", "dag-3")
    await many.bot.store.write(lambda tx: slack_accounts.put_member(tx, member))
    await many.double.admin.revoke(team)
    await many.slack.tasks.drain()
    assert await many.bot.store.read(slack_installs.installs) == ()
    assert len(await many.bot.store.read(lambda tx: slack_accounts.members_of(tx, "dag-3"))) == 1


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
