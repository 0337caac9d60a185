"""Who has a role, where a workspace has set itself up: from two tokens to the group's digest."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import Channel, Person, SlackDouble
from slack_teams import home_of, set_up, told
from slack_town import SlackTown, slack_town
from slack_walk import button, choices, newest, send

from bot.domain.clock import MovableClock
from bot.domain.people import Grant, NodeId, Role
from bot.rehearsal.organisation import Cast
from bot.storage import people

TEAM = ("anna", "bo", "cia", "dan", "eva", "finn")
NOBODY = Cast((), (), ())
ROLES = "Hvem har en rolle?"
LEADERLESS = "Plejen har ingen leder her lige nu"


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock, NOBODY, transport=request.param) as town:
        yield town


@pytest.fixture
async def care(t: SlackTown) -> Channel:
    """The channel of Anna's team; she is the first, and so the administrator too."""
    return await set_up(t, "plejen", *(t.somebody(name) for name in TEAM), private=True)


async def roles_of(t: SlackTown, who: Person, page: str) -> Person:
    """Open the form on a page that the home leads to."""
    await who.opens_home()
    await t.settled()
    assert who.home is not None
    await who.click(page, on=who.home)
    for _ in range(9):
        if button(who.modal, "team.roles"):
            break
        await who.click("Næste", on=who.modal)
    await who.click("team.roles", on=who.modal)
    await t.settled()
    assert who.modal.payload["callback_id"] == "team.roles", who.reads()
    return who


async def save(t: SlackTown, who: Person, **names: list[str]) -> None:
    """Choose people by their names and send."""
    await send(
        who, {key: [choices(who, key)[one] for one in chosen] for key, chosen in names.items()}
    )
    await t.settled()
    await who.close_modal(all_of_them=True)


async def at(t: SlackTown, node: NodeId) -> set[tuple[str, Role]]:
    named = {one.id: one.name for one in await t.bot.store.read(people.all_known)}
    held = await t.bot.store.read(people.grants)
    return {(named[one.person], one.role) for one in held if one.node == node}


async def test_from_tokens_alone_to_the_digest_in_the_groups_channel(
    t: SlackTown, care: Channel
) -> None:
    anna, bo, cia = (t.somebody(name) for name in TEAM[:3])
    await roles_of(t, anna, "Drift")
    await save(t, anna, amr=["Bo"], amg=["Anna", "Cia"])
    assert await at(t, "org") == {
        ("Anna", Role.ADMIN),
        ("Anna", Role.AMG),
        ("Cia", Role.AMG),
        ("Bo", Role.AMR),
    }
    await t.travel(t.clock.now() + timedelta(minutes=1))
    assert told(cia, "Du er nu med i arbejdsmiljøgruppen") is not None
    group = t.double.channel("amg", bo, anna, cia, bot=False, private=True)
    await bo.invites_bot(group)
    await t.sends()
    await bo.click("Sæt teamet op", on=newest(bo, "Sæt teamet op", group))
    (option,) = [one for one in choices(bo, "team").values() if one == "amg:org"]
    await send(bo, {"team": option})
    await t.sends()
    before = len(cia.sees(group))
    await t.travel(t.clock.now() + timedelta(days=32))
    digests = [one for one in cia.sees(group)[before:] if "amg/org" in str(one.blocks)]
    assert digests
    assert any("amg/org" in str(one.blocks) for one in cia.sees(cia.dm))


async def test_a_lead_names_another_on_the_teams_page_who_then_leads_it_too(
    t: SlackTown, care: Channel
) -> None:
    anna, bo = t.somebody("anna"), t.somebody("bo")
    await roles_of(t, anna, "Teamets side")
    assert "Anna" not in choices(anna, "amr")
    await save(t, anna, leads=["Anna", "Bo"], amr=["Dan"])
    await t.travel(t.clock.now() + timedelta(minutes=1))
    assert told(bo, "Du leder nu Plejen her") is not None
    assert "Anna og Bo leder nu Plejen her." in anna.reads(newest(anna, "leder nu", care))
    await roles_of(t, bo, "Teamets side")
    await save(t, bo, leads=["Bo"])
    home = await home_of(t, "Bo")
    assert home is not None
    assert await at(t, home) == {("Bo", Role.LEAD), ("Dan", Role.AMR)}


async def test_a_team_whose_lead_has_gone_is_told_of_once_to_who_can_name_another(
    t: SlackTown, care: Channel
) -> None:
    anna, bo = t.somebody("anna"), t.somebody("bo")
    await roles_of(t, anna, "Teamets side")
    await save(t, anna, leads=["Bo"])
    await bo.leaves(care)
    await t.settled()
    await t.travel(t.clock.now() + timedelta(minutes=5))
    said = told(anna, LEADERLESS)
    assert said is not None
    await t.slack.roster.catch_up()
    await t.travel(t.clock.now() + timedelta(minutes=5))
    assert len([one for one in anna.sees(anna.dm) if LEADERLESS in anna.reads(one)]) == 1
    await anna.click("team.roles", on=said)
    await t.settled()
    await save(t, anna, leads=["Cia"])
    home = await home_of(t, "Cia")
    assert home is not None
    assert await at(t, home) == {("Cia", Role.LEAD)}


async def test_nothing_is_said_while_somebody_else_leads_the_team(
    t: SlackTown, care: Channel
) -> None:
    anna, bo = t.somebody("anna"), t.somebody("bo")
    await roles_of(t, anna, "Teamets side")
    await save(t, anna, leads=["Anna", "Bo"])
    await bo.leaves(care)
    await t.settled()
    await t.travel(t.clock.now() + timedelta(minutes=5))
    assert told(anna, LEADERLESS) is None


async def named_bo(t: SlackTown) -> NodeId:
    """Have Anna hand the team over to Bo; return the team."""
    anna = t.somebody("anna")
    await roles_of(t, anna, "Teamets side")
    await save(t, anna, leads=["Bo"], amg=["Bo"])
    home = await home_of(t, "Bo")
    assert home is not None
    return home


async def test_a_lead_who_left_by_mistake_and_is_back_within_a_day_leads_as_before(
    t: SlackTown, care: Channel
) -> None:
    bo, node = t.somebody("bo"), await named_bo(t)
    await bo.leaves(care)
    await t.sends()
    assert await at(t, node) == set()
    t.clock.move_to(t.clock.now() + timedelta(hours=23))
    await bo.joins(care)
    await t.settled()
    assert await at(t, node) == {("Bo", Role.LEAD)}


async def test_who_is_back_later_is_a_member_like_others(t: SlackTown, care: Channel) -> None:
    bo, node = t.somebody("bo"), await named_bo(t)
    await bo.leaves(care)
    await t.settled()
    t.clock.move_to(t.clock.now() + timedelta(hours=25))
    await bo.joins(care)
    await t.settled()
    assert await at(t, node) == set()


async def test_a_lead_who_was_in_another_team_for_an_hour_leads_his_own_again(
    t: SlackTown, care: Channel
) -> None:
    bo, node = t.somebody("bo"), await named_bo(t)
    gry = t.somebody("gry")
    kitchen = await set_up(t, "køkkenet", gry, bo)
    await bo.leaves(care)
    await t.settled()
    assert await home_of(t, "Bo") != node
    await bo.joins(care)
    await bo.leaves(kitchen)
    await t.settled()
    assert await home_of(t, "Bo") == node
    assert await at(t, node) == {("Bo", Role.LEAD)}


async def test_who_was_elected_meanwhile_does_not_lead_as_well(t: SlackTown, care: Channel) -> None:
    """Else he would read the comments of those he leads."""
    bo, node = t.somebody("bo"), await named_bo(t)
    found = next(one for one in await t.bot.store.read(people.all_known) if one.name == "Bo")
    await bo.leaves(care)
    await t.settled()
    elected = Grant(found.id, "org", Role.AMR)
    await t.bot.store.write(lambda tx: people.put_grants(tx, found.id, [elected]))
    await bo.joins(care)
    await t.settled()
    assert await home_of(t, "Bo") == node
    assert await at(t, node) == set()
