"""Who changes channel changes team; who was erased comes back by himself or not at all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from double import App, Channel, Person, SlackDouble
from slack_teams import home_of, set_up, team_of
from slack_town import SlackTown, slack_town
from town import shipped

from bot.domain.clock import MovableClock
from bot.domain.people import Grant, Role
from bot.flows.people import applying
from bot.platforms.slack.manifest import manifest
from bot.privacy.ballots import BallotBox
from bot.rehearsal.organisation import Cast
from bot.storage import people, slack_accounts, slots

CARE = ("anna", "bo", "cia", "dan", "eva", "finn")
KITCHEN = ("gry", "hans", "ida", "jens", "kaj", "lis")
NOBODY = Cast((), (), ())


@pytest.fixture(params=["workspace", "organisation"])
async def slack(clock: MovableClock, request: pytest.FixtureRequest) -> AsyncIterator[SlackDouble]:
    """A Slack with the app in one workspace, or in an organisation of two."""
    app = App.of_manifest(manifest(shipped().words("da"), "socket"))
    wide = request.param == "organisation"
    async with SlackDouble(clock, app=app, installed=not wide) as double:
        if wide:
            nordic = double.enterprise("Norden")
            double.team.enterprise = nordic
            double.admin.install_in(nordic, double.team, double.workspace("Syd", nordic))
        yield double


@pytest.fixture
async def t(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[SlackTown]:
    """A bot without people; over HTTP in the workspace, over Socket Mode in the organisation."""
    transport = "http" if slack.installation().team else "socket"
    async with slack_town(tmp_path, slack, clock, NOBODY, transport=transport) as town:
        yield town


@pytest.fixture
async def care(t: SlackTown) -> Channel:
    return await set_up(t, "plejen", *(t.somebody(name) for name in CARE))


@pytest.fixture
async def kitchen(t: SlackTown, care: Channel) -> Channel:
    return await set_up(t, "køkkenet", *(t.somebody(n) for n in KITCHEN), private=True)


async def comes(t: SlackTown, who: Person, channel: Channel) -> None:
    await who.joins(channel)
    await t.settled()


async def goes(t: SlackTown, who: Person, channel: Channel) -> None:
    await who.leaves(channel)
    await t.settled()


async def erase(t: SlackTown, name: str) -> None:
    everybody = await t.bot.store.read(people.everybody)
    one = next(one for one in everybody if one.name == name)
    await t.bot.store.write(lambda tx: applying.erase(tx, t.bot.env, one))
    t.slack.people.forget()


async def test_who_joins_another_teams_channel_and_then_leaves_his_own_is_moved(
    t: SlackTown, care: Channel, kitchen: Channel
) -> None:
    bo = t.somebody("bo")
    await comes(t, bo, kitchen)
    assert await team_of(t, "Bo") == "Plejen"
    await goes(t, bo, care)
    assert await team_of(t, "Bo") == "Køkkenet"


async def test_who_leaves_his_channel_first_and_then_joins_another_is_in_that_team(
    t: SlackTown, care: Channel, kitchen: Channel
) -> None:
    bo = t.somebody("bo")
    await goes(t, bo, care)
    assert await team_of(t, "Bo") is None
    await comes(t, bo, kitchen)
    assert await team_of(t, "Bo") == "Køkkenet"


@pytest.mark.parametrize("back", [False, True], ids=["care first", "kitchen first"])
async def test_who_changed_channel_while_nobody_listened_is_moved_at_the_start(
    t: SlackTown, care: Channel, kitchen: Channel, back: bool
) -> None:
    """Whichever channel is looked at first."""
    bo, gry = t.somebody("bo"), t.somebody("hans")
    who, old, new = (gry, kitchen, care) if back else (bo, care, kitchen)
    old.members.remove(who.id)
    new.members.append(who.id)
    await t.slack.roster.catch_up()
    assert await team_of(t, who.user.name.title()) == ("Plejen" if back else "Køkkenet")


async def test_who_is_in_two_channels_stays_in_his_team_when_he_leaves_the_other(
    t: SlackTown, care: Channel, kitchen: Channel
) -> None:
    bo = t.somebody("bo")
    await comes(t, bo, kitchen)
    await goes(t, bo, kitchen)
    assert await team_of(t, "Bo") == "Plejen"


async def test_a_departure_that_is_told_late_moves_nobody_who_is_back(
    t: SlackTown, care: Channel, kitchen: Channel
) -> None:
    bo = t.somebody("bo")
    await comes(t, bo, kitchen)
    left = {"type": "member_left_channel", "user": bo.id, "channel": care.id}
    body = {**left, "team": care.team, "channel_type": "C"}
    await t.double.post.event(body, team=care.team)
    await t.settled()
    assert await team_of(t, "Bo") == "Plejen"


async def test_who_moves_keeps_his_answer_in_the_open_round(
    t: SlackTown, care: Channel, kitchen: Channel
) -> None:
    bo = t.somebody("bo")
    home = await home_of(t, "Bo")
    assert home is not None
    opened = await t.open("checkin", scope=(home,))
    (account,) = [
        one
        for person in await t.bot.store.read(people.everybody)
        if person.name == "Bo"
        for one in await t.bot.store.read(lambda tx, p=person: slack_accounts.members_of(tx, p.id))  # type: ignore[misc]
    ]
    await t.answer(account.person, opened.id)
    box = BallotBox.of(opened, t.bot.env.keys.load(opened.id))
    slot = box.slot(account.person)
    before = await t.bot.store.read(lambda tx: slots.read(tx, opened.id, slot))
    await comes(t, bo, kitchen)
    await goes(t, bo, care)
    assert await team_of(t, "Bo") == "Køkkenet"
    assert await t.bot.store.read(lambda tx: slots.read(tx, opened.id, slot)) == before


async def test_who_moves_leaves_his_roles_in_the_old_team_and_keeps_the_others(
    t: SlackTown, care: Channel, kitchen: Channel
) -> None:
    anna, home = t.somebody("anna"), await home_of(t, "Anna")
    grants = await t.bot.store.read(people.grants)
    (admin,) = [one for one in grants if one.role is Role.ADMIN]
    assert Grant(admin.person, str(home), Role.LEAD) in grants
    await comes(t, anna, kitchen)
    await goes(t, anna, care)
    assert await t.bot.store.read(lambda tx: people.roles(tx, admin.person)) == (admin,)


async def test_where_slack_does_not_tell_of_other_channels_the_next_look_finds_him(
    t: SlackTown, care: Channel, kitchen: Channel
) -> None:
    bo = t.somebody("bo")
    await comes(t, bo, kitchen)
    t.double.fails("users.conversations", "internal_error", times=1)
    await goes(t, bo, care)
    assert await team_of(t, "Bo") is None
    await t.slack.roster.catch_up()
    assert await team_of(t, "Bo") == "Køkkenet"


async def test_somebody_who_was_erased_is_not_taken_in_again_by_the_nightly_look(
    t: SlackTown, care: Channel
) -> None:
    await erase(t, "Bo")
    await t.slack.roster.catch_up()
    assert await team_of(t, "Bo") is None
    everybody = await t.bot.store.read(people.all_known)
    assert not [one for one in everybody if "bo@" in (one.email or "")]


async def test_somebody_who_was_erased_is_in_no_team_that_is_set_up_later(
    t: SlackTown, care: Channel
) -> None:
    bo = t.somebody("bo")
    await erase(t, "Bo")
    await set_up(t, "køkkenet", *(t.somebody(name) for name in KITCHEN), bo)
    assert await team_of(t, "Gry") == "Køkkenet"
    assert await team_of(t, "Bo") is None


async def test_somebody_who_was_erased_and_joins_by_himself_is_somebody_new(
    t: SlackTown, care: Channel
) -> None:
    bo = t.somebody("bo")
    before = {one.id for one in await t.bot.store.read(people.everybody)}
    await erase(t, "Bo")
    await goes(t, bo, care)
    await t.slack.roster.catch_up()
    await comes(t, bo, care)
    (now,) = [one for one in await t.bot.store.read(people.everybody) if one.name == "Bo"]
    assert now.id not in before
    await t.slack.roster.catch_up()
    assert await team_of(t, "Bo") == "Plejen"


async def test_nothing_of_his_account_can_be_read_where_somebody_was_erased(
    t: SlackTown, care: Channel, tmp_path: Path
) -> None:
    bo = t.somebody("bo")
    await erase(t, "Bo")
    await t.bot.store.checkpoint()
    await t.bot.store.vacuum()
    stored = [one for one in (tmp_path / "data").rglob("*") if one.is_file()]
    assert any(care.id.encode() in one.read_bytes() for one in stored)
    assert not any(bo.id.encode() in one.read_bytes() for one in stored)
