"""The app in a whole organisation: one token, several workspaces, and nobody from outside."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import App, SlackDouble, Team
from slack_town import SlackTown, slack_town
from town import cast, shipped

from bot.domain.clock import MovableClock
from bot.platforms.slack.installs import Installs
from bot.platforms.slack.manifest import manifest
from bot.platforms.slack.sealing import add_key, read_keys
from bot.platforms.slack.workspaces import Workspaces, client
from bot.storage import outbox, slack_accounts, slack_installs
from bot.storage.outbox import Note, Outgoing


@pytest.fixture
async def slack(clock: MovableClock) -> AsyncIterator[SlackDouble]:
    """A Slack whose app stands in an organisation of two workspaces, and not in a third."""
    app = App.of_manifest(manifest(shipped().words("da"), "socket"))
    async with SlackDouble(clock, app=app, installed=False) as double:
        nordic = double.enterprise("Norden")
        double.team.enterprise = nordic
        south = double.workspace("Syd", nordic)
        double.workspace("Udenfor", nordic)
        double.admin.install_in(nordic, double.team, south)
        yield double


def south_of(double: SlackDouble) -> Team:
    return next(one for one in double.state.teams.values() if one.name == "Syd")


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    people = cast(("dag", 11))
    async with slack_town(tmp_path, slack, clock, people, transport=request.param) as town:
        for n in range(1, 10):
            town.somebody(f"dag-{n}")
        for n in (10, 11):
            one = slack.person(f"dag-{n}", south_of(slack))
            one.user.email = f"dag-{n}@{slack.team.domain}.example"
        await town.bot.tick(clock.now())
        await town.travel(clock.now() + timedelta(minutes=5))
        yield town


@pytest.mark.parametrize("who", ["dag-3", "dag-10"])
async def test_people_of_each_workspace_are_known_and_answered(t: SlackTown, who: str) -> None:
    person = t.somebody(who)
    assert "Trivselsbot" in str([one.blocks for one in person.sees(person.dm)])
    await person.command("/trivsel", "væk")
    sent = {"in.first": "2026-03-20", "in.last": "2026-03-24"}
    assert await person.submit(sent) == "updated"
    await person.opens_home()
    await t.settled()
    assert person.home is not None
    (account,) = await t.bot.store.read(lambda tx: slack_accounts.members_of(tx, who))
    assert (account.team, account.user) == (person.user.team, person.id)


async def test_a_round_is_answered_in_both_workspaces_and_told_in_a_channel(t: SlackTown) -> None:
    channel = t.double.channel("dagholdet", t.somebody("dag-1"), private=True)
    await t.bind(channel, "node:dag")
    opened = await t.open("checkin")
    for name in ("dag-3", "dag-10"):
        person = t.somebody(name)
        await person.click("slack.waiting", on=person.newest(person.dm))
        assert person.modal.payload["callback_id"] == "ask.sheet"
    for n in range(1, 12):
        await t.answer(f"dag-{n}", opened.id)
    await t.travel(opened.publish_at + timedelta(days=1))
    assert any(b["type"] == "image" for one in t.double.messages(channel) for b in one.blocks)


async def test_a_stranger_in_a_shared_channel_is_nobody_even_with_a_known_address(
    t: SlackTown,
) -> None:
    elsewhere = t.double.workspace("Sydøst")
    foreign = t.double.person("fremmed", elsewhere)
    foreign.user.email = f"dag-4@{t.double.team.domain}.example"
    channel = t.double.channel("fælles", t.somebody("dag-1"), foreign)
    channel.shared_with.append(elsewhere.id)
    for team in (t.double.team.id, elsewhere.id):
        t.slack.people.forget()
        assert await t.slack.people.person(team, foreign.id) is None


async def test_a_workspace_that_gets_the_app_later_is_known_without_a_restart(
    t: SlackTown,
) -> None:
    late = next(one for one in t.double.state.teams.values() if one.name == "Udenfor")
    eva = t.double.person("eva", late)
    eva.user.email = f"boss@{t.double.team.domain}.example"
    assert await t.slack.workspaces.bot(late.id) is None
    t.double.installation().granted_to.append(late.id)
    asked = len(t.double.calls("auth.teams.list"))
    assert await t.slack.workspaces.bot(late.id) is None  # not asked anew each time
    assert len(t.double.calls("auth.teams.list")) == asked
    assert late.id in await t.slack.workspaces.teams()
    await eva.command("/trivsel")
    await t.settled()
    assert eva.modals


async def test_somebody_nobody_knows_is_looked_up_once_for_all_workspaces(t: SlackTown) -> None:
    before = len(t.double.calls("users.lookupByEmail"))
    row = Outgoing("test", "person:boss", Note("typed", {"text": "Hej"}), t.clock.now())
    await t.bot.store.write(lambda tx: outbox.add(tx, ["test"], [row]))
    await t.bot.tick(t.clock.now())
    assert len(t.double.calls("users.lookupByEmail")) == before + 1


async def installed(t: SlackTown, folder: Path, *also: str) -> Installs:
    """Return installs that keep the organisation's consent, as the app's own pages do."""
    add_key(folder / "slack.keys")
    app, double = t.double.app, t.double
    listed = (double.installation().enterprise, *also)
    installs = Installs(
        t.bot.store, t.clock, read_keys(folder / "slack.keys"), double.api_url,
        app.client_id, app.client_secret, listed,
    )  # fmt: skip
    one = double.installation()
    enterprise = {"id": one.enterprise, "name": "Norden"}
    said = {"access_token": one.bot_token, "bot_user_id": one.bot_user, "team": None}
    await installs.keep(said | {"enterprise": enterprise, "is_enterprise_install": True})
    return installs


async def test_a_kept_consent_speaks_for_each_workspace_and_for_no_other(
    t: SlackTown, tmp_path: Path
) -> None:
    installs: Workspaces = await installed(t, tmp_path)
    south = south_of(t.double)
    assert set(await installs.teams()) == {t.double.team.id, south.id}
    bot = await installs.bot(south.id)
    assert bot is not None
    assert bot.team == ""
    assert (await client(t.double.api_url, bot.token).auth_test())["ok"]
    assert await installs.bot(t.double.workspace("Fremmed").id) is None


async def test_an_organisations_uninstall_erases_all_its_workspaces_and_no_other(
    t: SlackTown, tmp_path: Path
) -> None:
    other = t.double.workspace("Andre")
    installs = await installed(t, tmp_path, other.id)
    t.double.admin.install(other)
    alone = t.double.installation(other)
    await installs.keep(
        {"access_token": alone.bot_token, "bot_user_id": alone.bot_user, "team": {"id": other.id}}
    )
    member = slack_accounts.Member(other.id, "U1", "dag-3")
    await t.bot.store.write(lambda tx: slack_accounts.put_member(tx, member))
    one = t.double.installation()
    assert await t.bot.store.read(lambda tx: slack_accounts.members_of(tx, "dag-10"))
    await installs.forget(t.double.team.id, one.enterprise, everything=True, wide=True)
    assert await t.bot.store.read(slack_installs.installs) == (f"team:{other.id}",)
    assert await t.bot.store.read(lambda tx: slack_accounts.members_of(tx, "dag-10")) == ()
    assert await t.bot.store.read(lambda tx: slack_accounts.members_of(tx, "dag-3")) == (member,)
