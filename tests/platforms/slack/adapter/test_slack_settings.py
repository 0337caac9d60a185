"""Changing a team that is set up: its channel, its name, who is elected for it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import Channel, Person, SlackDouble
from slack_town import SlackTown, slack_town
from slack_walk import choices, newest
from town import cast

from bot.domain.clock import MovableClock
from bot.domain.people import Role
from bot.rehearsal.organisation import Cast
from bot.storage import people, slack_channels
from bot.storage.slack_channels import Bound

TEAM = ("anna", "bo", "cia", "dan", "eva", "finn")
NOBODY = Cast((), (), ())
DAY = timedelta(days=1)


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    """An organisation without anybody, whose teams are their channels."""
    async with slack_town(tmp_path, slack, clock, NOBODY, transport=request.param) as town:
        yield town


@pytest.fixture
async def care(t: SlackTown) -> Channel:
    """The channel of a team that Anna has set up and leads."""
    channel = t.double.channel("plejen", *(t.somebody(name) for name in TEAM), bot=False)
    await set_up(t, t.somebody("anna"), channel, "Plejen")
    await t.sends()
    return channel


async def set_up(t: SlackTown, who: Person, channel: Channel, name: str) -> None:
    await who.invites_bot(channel)
    await t.sends()
    await who.click("Sæt teamet op", on=newest(who, "Sæt teamet op", channel))
    assert await who.submit({"in.name": name}) == "updated"
    await t.settled()
    await who.close_modal(all_of_them=True)


async def bound(t: SlackTown) -> dict[str, Bound]:
    """Return the bound channels by their present names in the bot."""
    return {one.channel: one for one in await t.bot.store.read(slack_channels.all_bound)}


async def opened(t: SlackTown, who: Person, where: Channel | None = None) -> Person:
    await who.command("/trivsel", "indstillinger", where=where)
    await t.settled()
    assert who.modal.payload["callback_id"] == "slack.team", who.reads()
    return who


async def save(t: SlackTown, who: Person, **values: object) -> str:
    became = await who.submit({f"in.{name}": value for name, value in values.items()})
    await t.settled()
    return became


async def names(t: SlackTown) -> list[str]:
    return [one.name for one in await t.bot.store.read(people.everybody)]


async def id_of(t: SlackTown, name: str) -> str:
    everybody = await t.bot.store.read(people.everybody)
    return next(one.id for one in everybody if one.name == name)


async def test_a_lead_gives_the_team_another_channel_and_the_team_is_who_is_in_it(
    t: SlackTown, care: Channel
) -> None:
    anna = t.somebody("anna")
    inside = [t.somebody(name) for name in (*TEAM[:4], "gry")]
    other = t.double.channel("plejen-2", *inside, private=True)
    before = (await bound(t))[care.id]
    await opened(t, anna)
    assert "går ud af teamet" in anna.reads()
    assert "runde" not in anna.reads()
    assert choices(anna, "channel")["#plejen-2"] == other.id
    assert await save(t, anna, channel=other.id) == "updated"
    assert "Gemt" in anna.reads()
    (now,) = (await bound(t)).values()
    assert (now.channel, now.conversation) == (other.id, before.conversation)
    assert now.id != before.id
    assert await names(t) == ["Anna", "Bo", "Cia", "Dan", "Gry"]


async def test_saving_without_a_change_of_channel_leaves_the_channel_and_its_rounds_alone(
    t: SlackTown, care: Channel
) -> None:
    before = await bound(t)
    anna = await opened(t, t.somebody("anna"))
    assert await save(t, anna, name="Plejen nord") == "updated"
    assert await bound(t) == before
    tree = await t.bot.store.read(people.tree)
    assert "Plejen nord" in {node.name for node in tree.values()}


async def test_the_lead_names_who_is_elected_and_the_team_is_told(
    t: SlackTown, care: Channel
) -> None:
    anna = await opened(t, t.somebody("anna"))
    offered = choices(anna, "elected")
    assert set(offered) == {"Bo", "Cia", "Dan", "Eva", "Finn"}  # not whoever leads the team
    assert await save(t, anna, elected=[offered["Cia"]]) == "updated"
    roles = await t.bot.store.read(people.grants)
    assert [one.person for one in roles if one.role is Role.AMR] == [await id_of(t, "Cia")]
    await t.travel(t.clock.now() + timedelta(minutes=1))
    said = "Cia er nu arbejdsmiljørepræsentant for Plejen"
    assert said in anna.reads(newest(anna, said, care))
    cia = t.somebody("cia")
    assert said in cia.reads(newest(cia, said, cia.dm))
    await anna.close_modal(all_of_them=True)
    await opened(t, anna)
    assert await save(t, anna, elected=[]) == "updated"
    roles = await t.bot.store.read(people.grants)
    assert [one for one in roles if one.role is Role.AMR] == []


async def test_the_teams_page_at_home_leads_there_and_so_does_the_old_welcome(
    t: SlackTown, care: Channel
) -> None:
    anna = t.somebody("anna")
    await anna.opens_home()
    await t.settled()
    assert anna.home is not None
    await anna.click("Teamets side", on=anna.home)
    await anna.click("Kanal og opsætning", on=anna.modal)
    await t.settled()
    assert anna.modal.payload["callback_id"] == "slack.team"
    await anna.close_modal(all_of_them=True)
    await anna.click("Sæt teamet op", on=newest(anna, "Sæt teamet op", care))
    await t.settled()
    assert anna.modal.payload["callback_id"] == "slack.team"


async def test_the_rules_of_the_team_are_one_button_further(t: SlackTown, care: Channel) -> None:
    anna = await opened(t, t.somebody("anna"))
    await anna.click("team.rules", on=anna.modal)
    await t.settled()
    assert anna.modal.payload["callback_id"] == "team.rules"


async def test_in_a_teams_channel_settings_are_that_teams(t: SlackTown, care: Channel) -> None:
    anna = t.somebody("anna")
    other = t.double.channel("køkkenet", anna, t.somebody("gry"), bot=False)
    await set_up(t, anna, other, "Køkkenet")
    for channel, name in ((care, "Plejen"), (other, "Køkkenet")):
        await opened(t, anna, channel)
        assert name in anna.reads()
        await anna.close_modal(all_of_them=True)


async def test_who_does_not_lead_the_team_changes_nothing(t: SlackTown, care: Channel) -> None:
    bo = t.somebody("bo")
    await bo.command("/trivsel", "indstillinger")
    assert all(one.payload.get("callback_id") != "slack.team" for one in bo.modals)
    if bo.modals:
        await bo.close_modal(all_of_them=True)
    await bo.click("Sæt teamet op", on=newest(bo, "Sæt teamet op", care))
    await t.settled()
    assert not bo.modals
    assert "hører allerede til et team" in bo.newest().text


async def test_who_lost_the_lead_while_the_form_was_open_changes_nothing(
    t: SlackTown, care: Channel
) -> None:
    anna = await opened(t, t.somebody("anna"))
    person = await id_of(t, "Anna")
    await t.bot.store.write(lambda tx: people.put_grants(tx, person, ()))
    await save(t, anna, channel="none", name="Mit")
    assert "Plejen" in {node.name for node in (await t.bot.store.read(people.tree)).values()}
    assert list(await bound(t)) == [care.id]


async def test_a_lead_is_offered_only_channels_he_and_the_bot_are_in_and_that_are_nobodys(
    t: SlackTown, care: Channel
) -> None:
    anna, gry = t.somebody("anna"), t.somebody("gry")
    t.double.channel("hemmelig", gry, private=True)
    t.double.channel("uden-bot", anna, bot=False)
    t.double.channel("arkiveret", anna).archived = True
    t.double.channel("delt", anna).shared_with.append(t.double.workspace("Sydøst").id)
    taken = t.double.channel("køkkenet", anna, gry, bot=False)
    await set_up(t, gry, taken, "Køkkenet")
    t.double.channel("ledig", anna, private=True)
    await opened(t, anna)
    assert set(choices(anna, "channel")) == {"#ledig", "#plejen", "Ingen kanal: kun i botten"}


async def test_two_who_change_a_team_at_once_do_not_undo_each_other(
    t: SlackTown, care: Channel
) -> None:
    anna = t.somebody("anna")
    other = t.double.channel("plejen-2", *(t.somebody(name) for name in TEAM), private=True)
    await opened(t, anna)
    team = (await bound(t))[care.id].conversation
    await t.bind(other, team)  # the other lead was first
    await save(t, anna, channel=care.id, name="Mit")
    assert "En anden har ændret teamet imens. Nu: Plejen, #plejen-2." in anna.reads()
    assert list(await bound(t)) == [other.id]
    assert await save(t, anna, channel=other.id, name="Vores") == "updated"
    assert list(await bound(t)) == [other.id]
    assert "Vores" in {node.name for node in (await t.bot.store.read(people.tree)).values()}


async def test_of_two_who_set_a_channel_up_at_once_the_first_ones_team_stands(
    t: SlackTown,
) -> None:
    anna, bo = t.somebody("anna"), t.somebody("bo")
    channel = t.double.channel("plejen", anna, bo, bot=False)
    await anna.invites_bot(channel)
    await t.sends()
    for one in (anna, bo):
        await one.click("Sæt teamet op")
    assert await anna.submit({"in.name": "Annas"}) == "updated"
    await bo.submit({"in.name": "Bos"})
    await t.settled()
    assert "hører allerede til et team" in bo.reads()
    tree = await t.bot.store.read(people.tree)
    assert [node.name for node in tree.values() if node.parent] == ["Annas"]
    leads = [one for one in await t.bot.store.read(people.grants) if one.role is Role.LEAD]
    assert len(leads) == 1


async def test_a_channel_somebody_else_has_taken_meanwhile_is_refused(
    t: SlackTown, care: Channel
) -> None:
    anna, gry = t.somebody("anna"), t.somebody("gry")
    free = t.double.channel("ledig", anna, gry, bot=False)
    await gry.invites_bot(free)
    await t.sends()
    await opened(t, anna)
    await gry.click("Sæt teamet op", on=newest(gry, "Sæt teamet op", free))
    assert await gry.submit({"in.name": "Grys"}) == "updated"
    await t.settled()
    await save(t, anna, channel=free.id)
    now = await bound(t)
    assert set(now) == {care.id, free.id}


async def test_a_channel_that_was_shared_while_the_form_was_open_is_refused(
    t: SlackTown, care: Channel
) -> None:
    anna = t.somebody("anna")
    free = t.double.channel("ledig", anna)
    await opened(t, anna)
    free.shared_with.append(t.double.workspace("Sydøst").id)
    await save(t, anna, channel=free.id)
    assert list(await bound(t)) == [care.id]


async def test_a_late_press_on_a_welcome_in_a_channel_the_bot_has_left_says_so(
    t: SlackTown, care: Channel
) -> None:
    anna = t.somebody("anna")
    await anna.removes_bot(care)
    await t.settled()
    await anna.click("Sæt teamet op", on=newest(anna, "Sæt teamet op", care))
    await t.settled()
    assert not anna.modals
    assert "Det går ikke i denne kanal" in anna.newest().text


async def test_a_team_without_a_channel_keeps_its_people_and_gets_results_in_the_bot(
    t: SlackTown, care: Channel
) -> None:
    before = await names(t)
    anna = await opened(t, t.somebody("anna"))
    assert await save(t, anna, channel="none") == "updated"
    assert await bound(t) == {}
    await t.slack.roster.catch_up()
    assert await names(t) == before


async def test_a_change_while_a_round_is_open_is_saved_and_the_lead_is_told_what_follows(
    t: SlackTown, care: Channel
) -> None:
    anna = t.somebody("anna")
    other = t.double.channel("plejen-2", *(t.somebody(name) for name in TEAM), private=True)
    node = (await bound(t))[care.id].conversation.partition(":")[2]
    await t.open("checkin", scope=(node,))
    await opened(t, anna)
    assert "tager sine svar med ud af runden" in anna.reads()
    assert await save(t, anna, channel=other.id) == "updated"
    assert "Der er en runde i gang" in anna.reads()


async def test_with_a_people_file_only_the_channel_can_be_changed(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 6)), slack_rosters="file") as t:
        lead = t.somebody("dag-1")
        channel = t.double.channel("dagholdet", lead, t.somebody("dag-3"))
        await opened(t, lead)
        blocks = {one.get("block_id") for one in lead.modal.payload["blocks"]}
        assert "in.channel" in blocks
        assert not blocks & {"in.name", "in.elected"}
        assert await save(t, lead, channel=channel.id) == "updated"
        assert list(await bound(t)) == [channel.id]
        assert len(await names(t)) == 7


async def test_where_slack_does_not_say_which_channels_there_are_the_rest_can_be_changed(
    t: SlackTown, care: Channel
) -> None:
    anna = t.somebody("anna")
    t.double.fails("users.conversations", "fatal_error")
    await opened(t, anna)
    assert set(choices(anna, "channel")) == {"#plejen", "Ingen kanal: kun i botten"}
    assert await save(t, anna, name="Plejen syd") == "updated"
    assert list(await bound(t)) == [care.id]
