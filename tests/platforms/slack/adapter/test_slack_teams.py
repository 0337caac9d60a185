"""Channels and the people in them: setting up, joining, leaving; the home; shortcuts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from double import Channel, SlackDouble
from slack_town import SlackTown, slack_town
from slack_walk import button
from town import cast

from bot.domain.clock import MovableClock
from bot.domain.people import Role
from bot.platforms.slack.screens import OPEN
from bot.rehearsal.organisation import Cast
from bot.storage import people, slack_channels

NOBODY = Cast((), (), ())


@pytest.fixture
async def empty(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock, NOBODY) as town:
        yield town


@pytest.fixture
async def t(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 11))) as town:
        yield town


async def set_up(t: SlackTown) -> Channel:
    """Have Anna set up a channel of six, a guest and a stranger."""
    inside = [t.somebody(name) for name in ("anna", "bo", "cia", "dan", "eva", "finn")]
    inside.append(t.somebody("gæst", role="guest"))
    inside.append(t.somebody("fremmed", role="stranger"))
    channel = t.double.channel("plejen", *inside, bot=False)
    anna = t.somebody("anna")
    await anna.invites_bot(channel)
    await t.sends()
    await anna.click("Sæt teamet op")
    assert await anna.submit({"in.name": "Plejen"}) == "updated"
    await t.settled()
    return channel


async def names(t: SlackTown) -> list[str]:
    return [one.name for one in await t.bot.store.read(people.everybody)]


async def test_the_first_channel_makes_the_organisation_its_team_and_its_administrator(
    empty: SlackTown,
) -> None:
    await set_up(empty)
    assert await names(empty) == ["Anna", "Bo", "Cia", "Dan", "Eva", "Finn"]
    grants = await empty.bot.store.read(people.grants)
    assert {one.role for one in grants} == {Role.LEAD, Role.ADMIN}
    assert len({one.person for one in grants}) == 1
    assert "finde dem der er med i Plejen" in empty.somebody("anna").reads()


async def test_somebody_else_who_sets_up_a_channel_leads_that_team_alone(empty: SlackTown) -> None:
    await set_up(empty)
    gry = empty.somebody("gry")
    other = empty.double.channel("køkkenet", gry, bot=False)
    await gry.invites_bot(other)
    await empty.sends()
    await gry.click("Sæt teamet op")
    await gry.submit({"in.name": "Køkkenet"})
    await empty.settled()
    mine = [one for one in await empty.bot.store.read(people.grants) if one.role is Role.ADMIN]
    assert len(mine) == 1
    leads = [one for one in await empty.bot.store.read(people.grants) if one.role is Role.LEAD]
    assert len({one.node for one in leads}) == 2


async def test_who_joins_is_in_the_team_and_who_leaves_is_not(empty: SlackTown) -> None:
    channel = await set_up(empty)
    gry = empty.somebody("gry")
    await gry.joins(channel)
    await empty.settled()
    assert "Gry" in await names(empty)
    await gry.leaves(channel)
    await empty.settled()
    assert "Gry" not in await names(empty)
    await gry.joins(channel)
    await empty.settled()
    assert (await names(empty)).count("Gry") == 1


async def test_an_account_that_is_closed_leaves_the_team(empty: SlackTown) -> None:
    await set_up(empty)
    await empty.double.admin.deactivate(empty.somebody("bo"))
    await empty.settled()
    assert "Bo" not in await names(empty)


async def test_who_came_and_went_while_nobody_listened_is_seen_at_the_start(
    empty: SlackTown,
) -> None:
    channel = await set_up(empty)
    channel.members.remove(empty.somebody("bo").id)
    channel.members.append(empty.somebody("gry").id)
    await empty.slack.roster.catch_up()
    assert await names(empty) == ["Anna", "Cia", "Dan", "Eva", "Finn", "Gry"]


async def test_a_shared_channel_is_not_set_up(empty: SlackTown) -> None:
    anna = empty.somebody("anna")
    channel = empty.double.channel("fælles", anna, bot=False)
    channel.shared_with.append(empty.double.workspace("Sydøst").id)
    await anna.invites_bot(channel)
    await empty.sends()
    await anna.click("Sæt teamet op")
    await empty.settled()
    assert "delt med andre" in "".join(one.text for one in anna.sees())
    assert await names(empty) == []


async def test_with_a_people_file_only_a_lead_chooses_the_channel(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 6)), slack_rosters="file") as t:
        lead, anna = t.somebody("dag-1"), t.somebody("dag-3")
        channel = t.double.channel("dagholdet", lead, anna, t.somebody("ukendt"), bot=False)
        await lead.invites_bot(channel)
        await t.sends()
        await anna.click("Sæt teamet op")
        await t.settled()
        assert not anna.modals
        await lead.click("Sæt teamet op")
        assert await lead.submit({"in.team": "Dag"}) == "updated"
        await t.settled()
        found = await t.bot.store.read(lambda tx: slack_channels.bound_to(tx, "node:dag"))
        assert found is not None
        assert found.channel == channel.id
        assert "Ukendt" not in await names(t)


async def test_the_home_names_what_waits_and_shows_no_question(t: SlackTown) -> None:
    await t.open()
    anna = t.somebody("dag-3")
    await anna.opens_home()
    await t.settled()
    assert anna.home is not None
    shown = anna.reads(anna.home)
    assert "Se spørgsmålene" in shown
    assert "Trivselstjek" in shown
    assert "radio_buttons" not in str(anna.home.payload)
    await anna.click("Se spørgsmålene", on=anna.home)
    assert anna.modal.payload["submit"]


@pytest.mark.parametrize("who", ["dag-1", "dag-2", "boss"])
async def test_leads_and_the_group_find_their_pages_at_home(t: SlackTown, who: str) -> None:
    person = t.somebody(who)
    await person.opens_home()
    await t.settled()
    assert person.home is not None
    entries = await t.bot.front.sidebar(who)
    assert entries is not None
    for entry in entries.entries:
        if entry.kind == "page" and entry.path != "me":
            found = button(person.home, OPEN, f'"{entry.path}"')
            assert found is not None, entry.path
            await person.click(found, on=person.home)
            assert person.modals
            await person.close_modal()
    await t.settled()


async def test_what_is_changed_at_home_is_seen_there(t: SlackTown) -> None:
    anna = t.somebody("dag-3")
    await anna.opens_home()
    await t.settled()
    assert anna.home is not None
    before = anna.reads(anna.home)
    await anna.click("Ret", on=anna.home)
    await anna.click("ask.off", on=anna.modal)
    await t.settled()
    assert "Du får ingen trivselstjek" in anna.reads(anna.home)
    assert anna.reads(anna.home) != before


async def test_a_message_becomes_an_action(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    channel = t.double.channel("dagholdet", lead)
    await t.bind(channel, "node:dag")
    said = await lead.says("Vi mangler & savner ro", channel)
    await lead.message_shortcut("trivsel_action", said)
    assert "Vi mangler & savner ro" in str(lead.modal.payload)


async def test_the_shortcuts_open_the_menu_and_a_dialogue(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    await lead.shortcut("trivsel_menu")
    assert lead.modals
    await lead.close_modal()
    await lead.shortcut("trivsel_dialogue")
    assert lead.modal.payload["submit"]


async def test_who_may_not_is_told_so_where_he_used_a_shortcut_on_a_message(t: SlackTown) -> None:
    guest = t.somebody("gæst", role="guest")
    channel = t.double.channel("dagholdet", t.somebody("dag-1"), guest)
    said = await t.somebody("dag-1").says("Vi mangler ro", channel)
    await guest.message_shortcut("trivsel_action", said)
    await t.settled()
    answer = guest.newest(channel)
    assert answer.only_for == guest.id
    assert "Gæster" in answer.text


async def test_what_is_typed_to_the_bot_is_answered_and_not_kept(t: SlackTown) -> None:
    anna = t.somebody("dag-3")
    await anna.says("Jeg har det skidt med min leder")
    await t.settled()
    answer = anna.newest(anna.dm)
    assert answer.app
    assert "skidt" not in f"{answer.text}{answer.blocks}"
    await anna.click("Vis menuen")
    assert anna.modals


async def test_an_event_that_comes_twice_is_done_once(empty: SlackTown) -> None:
    anna = empty.somebody("anna")
    channel = empty.double.channel("plejen", anna, bot=False)
    await anna.invites_bot(channel)
    await empty.sends()
    await empty.double.redeliver()
    await empty.sends()
    assert len(empty.double.messages(channel)) == 1


async def test_an_organisation_without_a_name_in_the_settings_is_called_as_its_workspace(
    empty: SlackTown,
) -> None:
    await set_up(empty)
    tree = await empty.bot.store.read(people.tree)
    assert tree.root.name == "Nordvest"
