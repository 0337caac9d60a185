"""What one does with an action at a click, pressed once, twice or late."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from acting import AMR, LEAD, MEMBER, OTHER, edited, made, now, told, values_of
from town import Town, at, buttons, cast, town, words_of

from bot.cards import Ask, Button, Say, Show
from bot.domain.action_items import ActionState
from bot.domain.people import Grant, Role
from bot.storage import actions, people
from bot.storage.store import Tx


@pytest_asyncio.fixture
async def t(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path, cast(("dag", 8), ("aften", 6))) as found:
        await found.bot.tick(found.clock.now())  # everybody is welcomed first
        yield found


async def kinds(t: Town, action_id: str) -> list[str]:
    events = await t.bot.store.read(lambda tx: actions.history(tx, action_id))
    return [event.kind for event in events]


async def test_an_action_goes_from_agreed_to_begun_to_done(t: Town) -> None:
    item = await made(t)
    assert item.state is ActionState.OPEN
    await t.click(MEMBER, "action.start", item.id)
    assert (await now(t, item.id)).state is ActionState.IN_PROGRESS
    await t.click(MEMBER, "action.done", item.id)
    after = await now(t, item.id)
    assert (after.state, after.done_on) == (ActionState.DONE, date(2026, 3, 2))
    assert await kinds(t, item.id) == ["created", "started", "done"]


@pytest.mark.parametrize("move", ["start", "done"])
async def test_pressed_twice_it_happens_once_and_says_the_same(t: Town, move: str) -> None:
    item = await made(t)
    first = await t.click(MEMBER, f"action.{move}", item.id)
    second = await t.click(MEMBER, f"action.{move}", item.id)
    assert isinstance(first, Show)
    assert first == second
    assert len(await kinds(t, item.id)) == 2


async def test_done_can_be_taken_back(t: Town) -> None:
    item = await made(t)
    await t.click(MEMBER, "action.done", item.id)
    await t.click(MEMBER, "action.reopen", item.id)
    after = await now(t, item.id)
    assert (after.state, after.done_on) == (ActionState.IN_PROGRESS, None)


async def test_done_after_the_follow_up_day_is_followed_up_later(t: Town) -> None:
    item = await made(t)
    await t.travel(at(7, month=4))
    await t.click(MEMBER, "action.done", item.id)
    assert (await now(t, item.id)).follow_up == date(2026, 4, 21)


async def test_an_old_button_says_how_things_stand_and_changes_nothing(t: Town) -> None:
    item = await made(t)
    await t.submit(MEMBER, "action.drop", item.id, learnt="Det var for meget")
    reply = await t.click(MEMBER, "action.done", item.id)
    assert isinstance(reply, Show)
    assert "Droppet" in words_of(reply.message)
    assert (await now(t, item.id)).state is ActionState.DROPPED


async def test_what_is_dropped_says_what_was_learnt(t: Town) -> None:
    item = await made(t)
    assert isinstance(await t.click(MEMBER, "action.drop", item.id), Ask)
    asked = await t.submit(MEMBER, "action.drop", item.id, learnt="  ")
    assert isinstance(asked, Ask)
    assert list(asked.errors) == ["learnt"]
    for _ in range(2):
        await t.submit(MEMBER, "action.drop", item.id, learnt="Kort er godt")
    assert (await now(t, item.id)).learnt == "Kort er godt"
    assert await kinds(t, item.id) == ["created", "dropped"]


async def test_what_two_people_learnt_from_the_same_action_is_kept_from_both(t: Town) -> None:
    item = await made(t)
    await t.submit(MEMBER, "action.drop", item.id, learnt="Kort er godt")
    await t.submit(LEAD, "action.drop", item.id, learnt="Spørg først")
    after = await now(t, item.id)
    assert after.learnt == "Kort er godt\nSpørg først"
    assert after.state is ActionState.DROPPED


async def test_a_new_date_moves_the_follow_up_along(t: Town) -> None:
    item = await made(t)
    asked = await t.click(MEMBER, "action.date", item.id)
    assert isinstance(asked, Ask)
    await t.submit(MEMBER, "action.date", asked.form.context, due="2026-03-23")
    after = await now(t, item.id)
    assert after.due == date(2026, 3, 23)
    assert after.follow_up == date(2026, 4, 9)  # ten working days, Easter not counted


async def test_a_new_date_that_is_past_is_told_with_a_better_one(t: Town) -> None:
    item = await made(t)
    asked = await t.click(MEMBER, "action.date", item.id)
    assert isinstance(asked, Ask)
    reply = await t.submit(MEMBER, "action.date", asked.form.context, due="2026-02-02")
    assert isinstance(reply, Ask)
    assert "mandag den 2. marts" in reply.errors["due"]


async def test_two_new_dates_at_once_are_asked_about(t: Town) -> None:
    item = await made(t)
    asked = await t.click(MEMBER, "action.date", item.id)
    assert isinstance(asked, Ask)
    await edited(t, LEAD, item, due="2026-03-18")
    reply = await t.submit(MEMBER, "action.date", asked.form.context, due="2026-03-23")
    assert isinstance(reply, Ask)
    assert "onsdag den 18. marts" in reply.errors["due"]
    await t.submit(MEMBER, reply.form.id, reply.form.context, **values_of(reply))
    assert (await now(t, item.id)).due == date(2026, 3, 23)


async def test_who_needs_help_has_it_from_his_lead_once_a_day(t: Town) -> None:
    item = await made(t)
    for _ in range(2):
        reply = await t.click(MEMBER, "action.help", item.id)
        assert reply == Say("Jeg har skrevet til Dag 1. Du behøver ikke gøre mere nu.")
    await t.bot.tick(t.clock.now())
    assert await told(t, LEAD) == ["action.help"]
    card = (await t.shown(LEAD, f"person:{LEAD}"))[-1]
    assert "Dag 5 vil gerne have hjælp" in words_of(card)
    await t.travel(at(3))
    await t.click(MEMBER, "action.help", item.id)
    await t.bot.tick(t.clock.now())
    assert await told(t, LEAD) == ["action.help", "action.help"]


async def test_a_lead_who_needs_help_has_it_from_the_work_environment_group(t: Town) -> None:
    item = await made(t, responsible=LEAD)
    await t.click(LEAD, "action.help", item.id)
    await t.bot.tick(t.clock.now())
    assert await told(t, AMR) == ["action.help"]
    assert await told(t, "boss") == []


async def test_where_there_is_no_group_the_next_lead_above_is_asked(t: Town) -> None:
    await t.bot.store.write(lambda tx: people.put_grants(tx, AMR, ()))
    item = await made(t, responsible=LEAD)
    await t.click(LEAD, "action.help", item.id)
    await t.bot.tick(t.clock.now())
    assert await told(t, "boss") == ["action.help"]


async def test_where_there_is_nobody_at_all_that_is_said(t: Town) -> None:
    item = await made(t, responsible=LEAD)
    await t.bot.store.write(lambda tx: people.put_grants(tx, AMR, ()))
    await t.bot.store.write(lambda tx: people.put_grants(tx, "boss", ()))
    reply = await t.click(LEAD, "action.help", item.id)
    assert isinstance(reply, Say)
    assert "ingen leder eller arbejdsmiljøgruppe" in reply.text


@pytest.mark.parametrize("move", ["help", "snooze"])
async def test_only_the_responsible_himself_asks_for_help_or_for_peace(t: Town, move: str) -> None:
    item = await made(t)
    no = Say(t.bot.front.words("da")("error.not_allowed"))
    for person in (LEAD, AMR, OTHER):
        assert await t.click(person, f"action.{move}", item.id) == no


async def test_the_card_has_at_most_one_button_that_stands_out(t: Town) -> None:
    item = await made(t)
    for move in ("", "start", "done"):
        if move:
            await t.click(MEMBER, f"action.{move}", item.id)
        for person in (MEMBER, LEAD, OTHER):
            reply = await t.click(person, "action.show", item.id)
            assert isinstance(reply, Show)
            found = [one for one in buttons(reply.message) if one.style == "primary"]
            assert len(found) <= 1


async def test_every_button_on_the_card_does_what_it_says_for_whoever_has_it(t: Town) -> None:
    item = await made(t)
    no = Say(t.bot.front.words("da")("error.not_allowed"))
    for person in (MEMBER, LEAD, AMR, OTHER, "boss"):
        reply = await t.click(person, "action.show", item.id)
        assert isinstance(reply, Show)
        for one in buttons(reply.message):
            if one.opens_form and not one.action.startswith("escalation"):
                assert isinstance(await t.press(person, one), Ask), one
            assert await t.press(person, Button("action.show", "", item.id)) != no
    watching = await t.click(OTHER, "action.show", item.id)
    assert isinstance(watching, Show)
    assert buttons(watching.message) == []


async def test_a_lead_who_is_no_lead_any_more_changes_nothing(t: Town) -> None:
    item = await made(t)
    await t.bot.store.write(lambda tx: people.put_grants(tx, LEAD, ()))
    no = Say(t.bot.front.words("da")("error.not_allowed"))
    for move in ("start", "done", "drop", "date", "edit"):
        assert await t.click(LEAD, f"action.{move}", item.id) == no


async def test_who_has_left_does_nothing_even_with_an_old_button(t: Town) -> None:
    item = await made(t)

    def leave(tx: Tx) -> None:
        someone = people.get(tx, MEMBER)
        assert someone is not None
        people.put_person(tx, replace(someone, active=False))
        people.put_grants(tx, MEMBER, [Grant(MEMBER, "org", Role.ADMIN)])

    await t.bot.store.write(leave)
    no = Say(t.bot.front.words("da")("error.not_allowed"))
    assert await t.click(MEMBER, "action.done", item.id) == no
