"""Who is in a team is who is in its channel; guests, bots, strangers and the gone are nobody."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import App, Channel, Person, SlackDouble, Team
from slack_town import SlackTown, slack_town
from slack_walk import newest
from town import cast, shipped

from bot.domain.clock import MovableClock
from bot.platforms.slack.manifest import manifest
from bot.rehearsal.organisation import Cast
from bot.storage import people, slack_accounts

TEAM = ("anna", "bo", "cia", "dan", "eva", "finn")
NOBODY = Cast((), (), ())
UNFIT = {
    "guest": {"role": "guest"},
    "guest of one channel": {"role": "single_channel_guest"},
    "bot": {"role": "bot"},
    "closed account": {"deleted": True},
    "stranger": {"role": "stranger"},
}
"""Who is never asked, and by which traits Slack tells."""


@pytest.fixture(params=["workspace", "organisation"])
async def slack(clock: MovableClock, request: pytest.FixtureRequest) -> AsyncIterator[SlackDouble]:
    """A Slack with the app in one workspace, or in an organisation of two."""
    app = App.of_manifest(manifest(shipped().words("da"), "socket"))
    wide = request.param == "organisation"
    async with SlackDouble(clock, app=app, installed=not wide) as double:
        if wide:
            nordic = double.enterprise("Norden")
            double.team.enterprise = nordic
            south = double.workspace("Syd", nordic)
            double.admin.install_in(nordic, double.team, south)
        yield double


@pytest.fixture
async def t(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[SlackTown]:
    """A bot without people; over HTTP in the workspace, over Socket Mode in the organisation."""
    transport = "http" if slack.installation().team else "socket"
    async with slack_town(tmp_path, slack, clock, NOBODY, transport=transport) as town:
        yield town


def somebody(t: SlackTown, kind: str) -> Person:
    """Return somebody who is never asked."""
    home = t.double.workspace("Sydøst") if kind == "stranger" else None
    return t.double.person("uvis", home, **UNFIT[kind])


@pytest.fixture
async def care(t: SlackTown) -> Channel:
    """The channel of a team that Anna has set up."""
    return await set_up(t)


async def set_up(t: SlackTown, *others: Person) -> Channel:
    inside = [t.somebody(name) for name in TEAM]
    channel = t.double.channel("plejen", *inside, *others, bot=False)
    anna = inside[0]
    await anna.invites_bot(channel)
    await t.sends()
    await anna.click("Sæt teamet op", on=newest(anna, "Sæt teamet op", channel))
    assert await anna.submit({"in.name": "Plejen"}) == "updated"
    await t.sends()
    return channel


async def names(t: SlackTown) -> list[str]:
    return [one.name for one in await t.bot.store.read(people.everybody)]


async def joins(t: SlackTown, who: Person, channel: Channel) -> None:
    await who.joins(channel)
    await t.sends()


in_an_organisation = pytest.mark.parametrize("slack", ["organisation"], indirect=True)


def south(t: SlackTown) -> Team:
    """Return the organisation's other workspace."""
    return next(one for one in t.double.state.teams.values() if one.name == "Syd")


@pytest.mark.parametrize("kind", UNFIT)
async def test_who_is_never_asked_is_not_taken_in_at_the_set_up(t: SlackTown, kind: str) -> None:
    other = somebody(t, kind)
    await set_up(t, other)
    assert await names(t) == [name.title() for name in TEAM]
    assert t.double.state.rooms_of(other.id)


@pytest.mark.parametrize("kind", UNFIT)
async def test_who_is_never_asked_may_join_the_channel_and_is_not_in_the_team(
    t: SlackTown, care: Channel, kind: str
) -> None:
    await joins(t, somebody(t, kind), care)
    assert await names(t) == [name.title() for name in TEAM]


@pytest.mark.parametrize("kind", UNFIT)
async def test_who_is_never_asked_and_came_while_nobody_listened_is_not_in_the_team(
    t: SlackTown, care: Channel, kind: str
) -> None:
    care.members.append(somebody(t, kind).id)
    await t.slack.roster.catch_up()
    assert await names(t) == [name.title() for name in TEAM]


BECOMES = {name: UNFIT[name] for name in ("guest", "guest of one channel", "closed account")}


@pytest.mark.parametrize("kind", BECOMES)
async def test_who_is_no_longer_to_be_asked_leaves_the_team_at_once(
    t: SlackTown, care: Channel, kind: str
) -> None:
    bo = t.somebody("bo")
    (account,) = await accounts(t, "Bo")
    if kind == "closed account":
        await t.double.admin.deactivate(bo)
    else:
        await bo.changes(**BECOMES[kind])
    await t.sends()
    assert "Bo" not in await names(t)
    assert (
        await t.bot.store.read(lambda tx: slack_accounts.member(tx, account.team, account.user))
        is None
    )


@pytest.mark.parametrize("kind", BECOMES)
async def test_who_is_no_longer_to_be_asked_is_noticed_at_the_start_too(
    t: SlackTown, care: Channel, kind: str
) -> None:
    bo = t.somebody("bo")
    for name, value in BECOMES[kind].items():
        setattr(bo.user, name, value)
    await t.slack.roster.catch_up()
    assert "Bo" not in await names(t)
    await t.slack.roster.catch_up()
    assert await names(t) == ["Anna", "Cia", "Dan", "Eva", "Finn"]


@pytest.mark.parametrize("kind", BECOMES)
async def test_who_is_no_longer_to_be_asked_is_not_written_to(
    t: SlackTown, care: Channel, kind: str
) -> None:
    bo, cia = t.somebody("bo"), t.somebody("cia")
    await bo.changes(**BECOMES[kind])
    await t.sends()
    for name in ("gry", "hans"):
        await joins(t, t.somebody(name), care)
    anna = await person_of(t, "Anna")
    lead = await t.bot.store.read(lambda tx: people.get(tx, anna))
    assert lead is not None
    before = {one: written_to(t, one) for one in (bo, cia)}
    opened = await t.open("checkin", scope=(lead.home,))
    await t.travel(opened.closes_at)
    assert written_to(t, cia) > before[cia]
    assert written_to(t, bo) == before[bo]


def written_to(t: SlackTown, who: Person) -> int:
    """Return how many messages of the bot's stand in somebody's conversation with it."""
    mine = [one for one in t.double.state.rooms_of(who.id) if one.kind == "im"]
    return sum(one.app for room in mine for one in room.messages)


async def test_somebody_whose_account_is_opened_again_is_in_the_team_when_he_is_in_the_channel(
    t: SlackTown, care: Channel
) -> None:
    bo = t.somebody("bo")
    await t.double.admin.deactivate(bo)
    await t.sends()
    await bo.changes(deleted=False)
    await joins(t, bo, care)
    assert (await names(t)).count("Bo") == 1


@in_an_organisation
async def test_people_of_another_workspace_of_the_organisation_join_and_leave(
    t: SlackTown, care: Channel
) -> None:
    sven = t.double.person("sven", south(t))
    await joins(t, sven, care)
    assert "Sven" in await names(t)
    assert "Trivselsbot" in sven.reads(sven.newest(sven.dm))
    await sven.leaves(care)
    await t.settled()
    assert "Sven" not in await names(t)


@in_an_organisation
async def test_people_of_another_workspace_are_seen_at_the_start(
    t: SlackTown, care: Channel
) -> None:
    sven = t.double.person("sven", south(t))
    care.members.append(sven.id)
    await t.slack.roster.catch_up()
    assert "Sven" in await names(t)
    care.members.remove(sven.id)
    await t.slack.roster.catch_up()
    assert "Sven" not in await names(t)


@in_an_organisation
async def test_an_event_that_comes_from_another_workspace_the_channel_is_shared_with_counts(
    t: SlackTown, care: Channel
) -> None:
    other = south(t)
    sven = t.double.person("sven", other)
    care.members.append(sven.id)
    told = {"type": "member_joined_channel", "user": sven.id, "channel": care.id}
    more = {"team": other.id, "channel_type": "C"}
    await t.double.post.event({**told, **more}, team=other.id)
    await t.sends()
    assert "Sven" in await names(t)
    care.members.remove(sven.id)
    gone = {**told, **more, "type": "member_left_channel"}
    await t.double.post.event(gone, team=other.id)
    await t.sends()
    assert "Sven" not in await names(t)


@in_an_organisation
async def test_one_account_is_one_person_whichever_workspace_he_types_in(
    t: SlackTown, care: Channel
) -> None:
    other = south(t)
    bo = t.somebody("bo")
    bo.user.email = ""
    t.slack.people.forget()
    person = await person_of(t, "Bo")
    assert await t.slack.people.person(other.id, bo.id) == person
    assert [one.user for one in await accounts(t, "Bo")] == [bo.id]


@in_an_organisation
async def test_who_moves_to_another_workspace_of_the_organisation_stays_who_he_is(
    t: SlackTown, care: Channel
) -> None:
    other = south(t)
    bo = t.somebody("bo")
    await bo.changes(team=other.id)
    await t.sends()
    assert await names(t) == [name.title() for name in TEAM]
    (account,) = await accounts(t, "Bo")
    assert (account.team, account.user) == (other.id, bo.id)


@in_an_organisation
async def test_who_moves_to_a_workspace_without_the_app_is_not_asked_any_more(
    t: SlackTown, care: Channel
) -> None:
    enterprise = south(t).enterprise
    bo = t.somebody("bo")
    before = bo.user.team
    bo.user.team = t.double.workspace("Udenfor", enterprise).id
    body = {"type": "user_change", "user": bo.user.shown(locale=True)}
    await t.double.post.event(body, team=before)
    await t.sends()
    assert "Bo" not in await names(t)


async def test_a_channel_two_customers_share_is_the_team_of_neither_ones_strangers(
    t: SlackTown, care: Channel
) -> None:
    """Channel ids are the same on both sides of Slack Connect."""
    elsewhere = t.double.workspace("Sydøst")
    care.shared_with.append(elsewhere.id)
    foreign = t.double.person("fremmed", elsewhere)
    await joins(t, foreign, care)
    assert "Fremmed" not in await names(t)
    assert await t.slack.channels.conversation(elsewhere.id, care.id) == ""


async def test_with_a_people_file_who_became_a_guest_keeps_his_place_and_is_not_written_to(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    folk = cast(("dag", 6))
    async with slack_town(tmp_path, slack, clock, folk, slack_rosters="file") as t:
        anna = t.somebody("dag-3")
        await t.bot.tick(clock.now())
        await t.travel(clock.now() + timedelta(minutes=5))
        seen = len(anna.sees(anna.dm))
        assert seen
        anna.user.role = "guest"
        await t.slack.roster.catch_up()
        await t.open()
        assert len(anna.sees(anna.dm)) == seen
        assert "Dag 3" in await names(t)


async def person_of(t: SlackTown, name: str) -> str:
    everybody = await t.bot.store.read(people.everybody)
    return next(one.id for one in everybody if one.name == name)


async def accounts(t: SlackTown, name: str) -> tuple[slack_accounts.Member, ...]:
    person = await person_of(t, name)
    return await t.bot.store.read(lambda tx: slack_accounts.members_of(tx, person))
