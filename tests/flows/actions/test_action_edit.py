"""Changing an action: who may, two people at once, and nothing that was typed is ever lost."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest_asyncio
from acting import AMR, LEAD, MEMBER, OTHER, edited, made, now, told, values_of
from town import Town, at, cast, town, words_of

from bot.cards import Ask, Say, Show
from bot.domain.people import Node
from bot.storage import actions, people
from bot.storage.store import Tx


@pytest_asyncio.fixture
async def t(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path, cast(("dag", 8), ("aften", 6))) as found:
        await found.bot.tick(found.clock.now())  # everybody is welcomed first
        yield found


async def test_only_the_responsible_the_lead_and_the_amg_change_it(t: Town) -> None:
    item = await made(t, responsible=MEMBER, helpers=[OTHER])
    no = Say(t.bot.front.words("da")("error.not_allowed"))
    for person in (MEMBER, LEAD, AMR, "boss"):
        assert isinstance(await t.click(person, "action.edit", item.id), Ask)
    for person in (OTHER, "dag-7", "aften-1", "aften-3"):
        assert await t.click(person, "action.edit", item.id) == no
        assert await t.submit(person, "action.edit", f"{item.id}:1:1", what="Kaffe") == no
    assert await now(t, item.id) == item


async def test_the_team_sees_it_and_other_teams_do_not(t: Town) -> None:
    item = await made(t)
    no = Say(t.bot.front.words("da")("error.not_allowed"))
    for person in (OTHER, LEAD, AMR, "boss"):
        assert isinstance(await t.click(person, "action.show", item.id), Show)
        assert await t.bot.front.page(person, f"action/{item.id}") is not None
    assert await t.click("aften-3", "action.show", item.id) == no
    assert await t.bot.front.page("aften-3", f"action/{item.id}") is None


async def test_what_only_one_of_two_changed_is_kept_from_both(t: Town) -> None:
    item = await made(t)
    mine = await t.click(LEAD, "action.edit", item.id)
    assert isinstance(mine, Ask)
    await edited(t, MEMBER, item, what="Kaffe sammen", where="Gangen")
    sent = values_of(mine) | {"first_step": "Køb kaffe", "goal": "Ro"}
    assert isinstance(await t.submit(LEAD, "action.edit", mine.form.context, **sent), Show)
    after = await now(t, item.id)
    assert (after.what, after.where) == ("Kaffe sammen", "Gangen")
    assert (after.first_step, after.goal) == ("Køb kaffe", "Ro")


async def test_where_both_changed_the_same_it_is_asked_and_what_was_typed_stands_there(
    t: Town,
) -> None:
    item = await made(t)
    mine = await t.click(LEAD, "action.edit", item.id)
    assert isinstance(mine, Ask)
    await edited(t, MEMBER, item, what="Te sammen", where="Gangen")
    sent = values_of(mine) | {"what": "Kaffe sammen", "goal": "Ro"}
    again = await t.submit(LEAD, "action.edit", mine.form.context, **sent)
    assert isinstance(again, Ask)
    assert list(again.errors) == ["what"]
    assert "Dag 5" in again.errors["what"]
    assert "Te sammen" in again.errors["what"]
    kept = values_of(again)
    assert (kept["what"], kept["goal"], kept["where"]) == ("Kaffe sammen", "Ro", "Gangen")
    assert (await now(t, item.id)).what == "Te sammen"
    # A platform that shows again what was typed, as it was, overwrites nobody's other fields.
    await t.submit(LEAD, "action.edit", again.form.context, **sent)
    after = await now(t, item.id)
    assert (after.what, after.goal, after.where) == ("Kaffe sammen", "Ro", "Gangen")


async def test_a_third_change_while_one_decides_is_told_too(t: Town) -> None:
    item = await made(t)
    mine = await t.click(LEAD, "action.edit", item.id)
    assert isinstance(mine, Ask)
    await edited(t, MEMBER, item, what="Te sammen")
    sent = values_of(mine) | {"what": "Kaffe sammen"}
    again = await t.submit(LEAD, "action.edit", mine.form.context, **sent)
    assert isinstance(again, Ask)
    await edited(t, AMR, item, what="Vand sammen")
    third = await t.submit(LEAD, "action.edit", again.form.context, **sent)
    assert isinstance(third, Ask)
    assert "Vand sammen" in third.errors["what"]
    assert isinstance(await t.submit(LEAD, "action.edit", third.form.context, **sent), Show)
    assert (await now(t, item.id)).what == "Kaffe sammen"


async def test_a_form_that_changes_nothing_leaves_no_trace(t: Town) -> None:
    item = await made(t)
    assert isinstance(await edited(t, LEAD, item), Show)
    assert await now(t, item.id) == item
    assert len(await t.bot.store.read(lambda tx: actions.history(tx, item.id))) == 1


async def test_a_form_sent_twice_changes_it_once(t: Town) -> None:
    item = await made(t)
    mine = await t.click(LEAD, "action.edit", item.id)
    assert isinstance(mine, Ask)
    sent = values_of(mine) | {"what": "Kaffe"}
    for _ in range(2):
        assert isinstance(await t.submit(LEAD, "action.edit", mine.form.context, **sent), Show)
    assert len(await t.bot.store.read(lambda tx: actions.history(tx, item.id))) == 2


async def test_the_follow_up_moves_along_with_a_later_date(t: Town) -> None:
    item = await made(t)
    await edited(t, LEAD, item, due="2026-04-09")
    after = await now(t, item.id)
    assert after.due == date(2026, 4, 9)
    assert after.follow_up == date(2026, 4, 23)


async def test_one_moves_the_date_and_the_other_the_follow_up_and_both_stay_in_order(
    t: Town,
) -> None:
    item = await made(t)
    mine = await t.click(LEAD, "action.edit", item.id)
    assert isinstance(mine, Ask)
    await edited(t, MEMBER, item, follow_up="2026-03-18")
    await t.submit(
        LEAD, "action.edit", mine.form.context, **values_of(mine) | {"due": "2026-03-20"}
    )
    after = await now(t, item.id)
    assert after.due == date(2026, 3, 20)
    assert after.follow_up >= after.due


async def test_a_date_that_has_passed_is_not_asked_about_again_when_something_else_is_changed(
    t: Town,
) -> None:
    item = await made(t)
    await t.travel(at(20))
    assert isinstance(await edited(t, MEMBER, item, goal="Ro"), Show)
    assert (await now(t, item.id)).goal == "Ro"


async def test_a_new_responsible_is_told_and_the_old_one_is_left_in_peace(t: Town) -> None:
    item = await made(t)
    await edited(t, LEAD, item, responsible=OTHER)
    await t.travel(at(20))
    assert await told(t, OTHER) == ["action.yours", "action.first", "action.soon", "action.late"]
    assert await told(t, MEMBER) == ["action.yours"]
    card = (await t.shown(MEMBER, f"person:{MEMBER}"))[-1]
    assert "ikke mere for dig at gøre" in words_of(card)


async def test_somebody_who_has_moved_to_another_team_stays_responsible(t: Town) -> None:
    item = await made(t)

    def move(tx: Tx) -> None:
        someone = people.get(tx, MEMBER)
        assert someone is not None
        people.put_person(tx, replace(someone, home="aften"))

    await t.bot.store.write(move)
    assert isinstance(await edited(t, LEAD, item, goal="Ro"), Show)
    assert (await now(t, item.id)).responsible == MEMBER
    assert isinstance(await t.click(MEMBER, "action.done", item.id), Show)


async def test_the_page_tells_the_whole_history_and_who_did_what(t: Town) -> None:
    item = await made(t)
    await edited(t, LEAD, item, what="Kaffe", goal="Ro")
    await t.click(MEMBER, "action.start", item.id)
    await t.click(MEMBER, "action.done", item.id)
    page = await t.bot.front.page(OTHER, f"action/{item.id}")
    assert page is not None
    assert page.title == "Kaffe"
    rows = [row[1:] for part in page.cards[-1].children for row in getattr(part, "rows", ())]
    assert rows == [
        ("Dag 5", "Gjort"),
        ("Dag 5", "Begyndt"),
        ("Dag 1", "Rettet: Hvad gør I?, Mål"),
        ("Dag 1", "Aftalt"),
    ]


async def test_an_action_of_a_team_that_was_moved_in_the_tree_can_still_be_changed(
    t: Town,
) -> None:
    item = await made(t)

    def move(tx: Tx) -> None:
        people.put_node(tx, Node("afd", "Afdelingen", "org"))
        people.put_node(tx, Node("dag", "Dag", "afd"))

    await t.bot.store.write(move)
    assert isinstance(await edited(t, LEAD, item, goal="Ro"), Show)
    assert isinstance(await edited(t, "boss", item, where="Her"), Show)


async def test_a_version_that_never_was_is_answered_politely(t: Town) -> None:
    item = await made(t)
    sorry = Say(t.bot.front.words("da")("error.not_understood"))
    for context in (item.id, f"{item.id}:7:7", f"{item.id}:x:y", f"{item.id}:1:1:1"):
        assert await t.submit(LEAD, "action.edit", context, what="Kaffe") == sorry
