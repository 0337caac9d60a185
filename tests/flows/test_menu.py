"""The menu of ``/trivsel``: what waits first, and the verbs of one's roles."""

from pathlib import Path

import pytest
from town import Town, buttons, town

from bot.cards import Ask, Message, Say, Show
from bot.flows.menu import ACTION

MEMBER, LEAD, AMR = "dag-5", "dag-1", "dag-2"


async def menu(t: Town, person: str) -> Message:
    reply = await t.type(person, "")
    assert isinstance(reply, Show)
    return reply.message


async def verbs(t: Town, person: str) -> list[str]:
    return [one.context for one in buttons(await menu(t, person)) if one.action == ACTION]


async def test_everybody_is_offered_what_he_can_do_and_each_verb_once(tmp_path: Path) -> None:
    own = ["results", "dialogue", "action", "away", "settings", "privacy", "help"]
    lead = ["checkin", "maturity", "dialogue", "action", "plan", "settings"]
    async with town(tmp_path) as t:
        assert await verbs(t, MEMBER) == own
        assert await verbs(t, LEAD) == [*lead, "results", "away", "privacy", "help"]
        assert await verbs(t, AMR) == ["digest", "dialogue", "action", "results", *own[3:]]


async def test_what_waits_stands_first_and_opens_at_once(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open()
        first = buttons(await menu(t, MEMBER))[0]
        assert (first.style, first.context) == ("primary", opened.id)
        assert isinstance(await t.press(MEMBER, first), Show)
        await t.answer(MEMBER, opened.id)
        assert buttons(await menu(t, MEMBER))[0].action == ACTION


async def test_a_button_of_the_menu_does_what_its_verb_does(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.open()
        for person in (MEMBER, LEAD, AMR, "boss"):
            for verb in await verbs(t, person):
                pressed = await t.click(person, ACTION, verb)
                typed = await t.type(person, verb)
                assert type(pressed) is type(typed), (person, verb)
                assert not (isinstance(pressed, Say) and pressed.failed)
                if isinstance(pressed, Show):
                    assert pressed == typed


async def test_a_member_who_asks_for_settings_gets_his_own(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        shown = await t.type(MEMBER, "indstillinger")
        assert isinstance(shown, Show)
        assert {"me.language", "me.days", "me.away"} <= {b.action for b in buttons(shown.message)}
        assert isinstance(await t.type(LEAD, "indstillinger"), Ask)


@pytest.mark.parametrize("person", [MEMBER, LEAD])
async def test_a_check_in_from_the_menu_is_the_open_one(tmp_path: Path, person: str) -> None:
    async with town(tmp_path) as t:
        assert isinstance(await t.click(person, ACTION, "checkin"), Ask if person == LEAD else Say)
        await t.open()
        assert isinstance(await t.click(person, ACTION, "checkin"), Show)


async def test_help_tells_each_what_a_verb_does_for_him_and_no_verb_that_does_nothing(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        member, lead, amr = [repr(await t.type(one, "hjælp")) for one in (MEMBER, LEAD, AMR)]
        assert "start et i dit team" in lead
        assert "start et i dit team" not in member
        assert [("/trivsel plan" in one) for one in (member, lead, amr)] == [False, True, False]
        assert [("/trivsel overblik" in one) for one in (member, lead, amr)] == [False, False, True]
        for one in (member, lead, amr):
            assert "/trivsel hvem-ser-hvad" in one


async def test_who_asks_for_a_round_that_is_not_open_is_told_so(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        told = await t.type(MEMBER, "tjek")
        assert isinstance(told, Say)
        assert "ikke noget at svare på lige nu (Trivselstjek)" in told.text


async def test_who_wants_no_check_ins_is_told_so_when_he_asks_for_one_and_may_take_it_back(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open()
        await t.click(MEMBER, "ask.off")
        told = await t.type(MEMBER, "tjek")
        assert isinstance(told, Show)
        (again,) = buttons(told.message)
        await t.press(MEMBER, again)
        back = await t.type(MEMBER, "tjek")
        assert isinstance(back, Show)
        assert opened.id in {one.context for one in buttons(back.message)}
