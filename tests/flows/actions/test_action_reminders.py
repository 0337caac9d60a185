"""Reminders as people get them: few, in their hours, put off at a click, and never about nobody."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest_asyncio
from acting import AMR, LEAD, MEMBER, OTHER, edited, made, now, told
from town import Town, at, buttons, cast, town, words_of

from bot.cards import Say, Show
from bot.domain.people import Away
from bot.flows.actions import agenda, agenda_tick
from bot.flows.people.applying import carry_out, erase
from bot.flows.people.plan import Plan
from bot.rehearsal.organisation import Cast
from bot.storage import actions, outbox, people, people_bulk
from bot.storage.store import Tx

NOBODY_NEW = Cast((), (), ())


@pytest_asyncio.fixture
async def t(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path, cast(("dag", 8), ("aften", 6))) as found:
        await found.bot.tick(found.clock.now())  # everybody is welcomed first
        yield found


async def leave(t: Town, person: str) -> None:
    def work(tx: Tx) -> None:
        someone = people.get(tx, person)
        assert someone is not None
        people.put_person(tx, replace(someone, active=False))
        agenda.replan_all_of(tx, t.bot.env, [person], t.clock.now())

    await t.bot.store.write(work)
    await t.bot.tick(t.clock.now())


async def test_the_responsible_is_reminded_a_few_times_and_then_left_in_peace(t: Town) -> None:
    await made(t)
    await t.travel(at(1, month=6))
    assert await told(t, MEMBER) == [
        "action.yours",
        "action.first",
        "action.soon",
        "action.late",
        "action.late",
        "action.stalled",
    ]


async def test_a_reminder_asks_one_question_and_offers_done_help_and_a_new_date(t: Town) -> None:
    item = await made(t)
    await t.travel(at(17))
    card = (await t.shown(MEMBER, f"person:{MEMBER}"))[-1]
    assert "Datoen var mandag den 16. marts. Hvad ville gøre det lettere?" in words_of(card)
    does = [one.action for one in buttons(card)]
    assert does == ["action.start", "action.done", "action.date", "action.help", "action.snooze"]
    done = next(one for one in buttons(card) if one.action == "action.done")
    assert isinstance(await t.press(MEMBER, done), Show)
    assert (await now(t, item.id)).done_on == date(2026, 3, 17)
    await t.travel(at(28))
    assert (await told(t, MEMBER))[-1] == "action.late"


async def test_what_is_done_makes_its_old_reminders_say_so(t: Town) -> None:
    item = await made(t)
    await t.travel(at(5))
    await t.click(MEMBER, "action.done", item.id)
    card = (await t.shown(MEMBER, f"person:{MEMBER}"))[-1]
    assert "Status: Gjort" in words_of(card)
    assert buttons(card) == []


async def test_only_the_newest_reminder_has_buttons_and_an_old_one_says_how_things_stand(
    t: Town,
) -> None:
    item = await made(t)
    await t.travel(at(17))
    cards = (await t.shown(MEMBER, f"person:{MEMBER}"))[2:]
    assert [bool(buttons(card)) for card in cards] == [False, False, True]
    await edited(t, MEMBER, item, due="2026-03-26")
    cards = (await t.shown(MEMBER, f"person:{MEMBER}"))[2:]
    assert not any(buttons(card) for card in cards)
    assert all("Status er nu: Aftalt" in words_of(card) for card in cards)


async def test_reminders_come_in_the_responsibles_own_hours_and_days(t: Town) -> None:
    def off(tx: Tx) -> None:
        away = Away(date(2026, 3, 17), date(2026, 3, 19))
        people.add_away(tx, "a" * 32, away, person_id=MEMBER)

    await t.bot.store.write(off)
    await made(t)
    await t.travel(at(31))
    late = [one.due_at for one in t.recorder.posted if one.note.kind == "action.late"]
    days = [day.date() for day in late if day is not None]
    assert days == [date(2026, 3, 20), date(2026, 3, 27)]


async def test_a_snooze_is_kept_and_asks_again_on_its_day(t: Town) -> None:
    item = await made(t)
    await t.travel(at(17))
    for _ in range(2):
        reply = await t.click(MEMBER, "action.snooze", item.id)
        assert reply == Say("Jeg vender tilbage fredag den 20. marts.")
    await t.travel(at(19, 23))
    assert (await told(t, MEMBER))[-1] == "action.late"
    await t.travel(at(20))
    assert (await told(t, MEMBER))[-1] == "action.again"
    assert (await told(t, MEMBER)).count("action.again") == 1


async def test_a_new_date_begins_the_reminders_anew(t: Town) -> None:
    item = await made(t)
    await t.travel(at(17))
    await edited(t, MEMBER, item, due="2026-03-26")
    await t.travel(at(24))
    assert (await told(t, MEMBER))[-2:] == ["action.late", "action.soon"]


async def test_a_restart_between_two_reminders_repeats_and_loses_nothing(tmp_path: Path) -> None:
    async with town(tmp_path, cast(("dag", 8))) as t:
        await made(t)
        await t.travel(at(12, 7, 59))
    for day, hour in ((12, 8), (12, 9), (17, 7), (17, 12)):
        async with town(tmp_path, NOBODY_NEW, now=at(day, hour), seed=day + hour) as t:
            await t.bot.tick(t.clock.now())
            kinds = await told(t, MEMBER)
    assert kinds == ["action.yours", "action.first", "action.soon", "action.late"]


async def test_after_a_long_downtime_only_one_reminder_is_sent(tmp_path: Path) -> None:
    async with town(tmp_path, cast(("dag", 8))) as t:
        await made(t)
        await t.bot.tick(t.clock.now())
    async with town(tmp_path, NOBODY_NEW, now=at(28, 3), seed=8) as t:  # a Saturday, three at night
        await t.bot.tick(t.clock.now())
        assert await told(t, MEMBER) == ["action.yours"]
        await t.travel(at(30, 7, 59))
        assert await told(t, MEMBER) == ["action.yours"]
        await t.travel(at(30, 9))
        assert await told(t, MEMBER) == ["action.yours", "action.stalled"]


async def test_two_ticks_at_once_say_it_once(t: Town) -> None:
    await made(t)
    moment = at(4)
    t.clock.move_to(moment)
    (due,) = await t.bot.store.read(lambda tx: actions.due(tx, moment))
    again = [agenda_tick.go_on(t.bot.store, t.bot.env, due, moment) for _ in range(4)]
    await asyncio.gather(*again, t.bot.tick(moment))
    await t.bot.tick(moment)
    assert await told(t, MEMBER) == ["action.yours", "action.first"]


async def test_somebody_who_changes_it_between_look_and_word_is_not_reminded(t: Town) -> None:
    item = await made(t)
    moment = at(4)
    t.clock.move_to(moment)
    (due,) = await t.bot.store.read(lambda tx: actions.due(tx, moment))
    await t.click(MEMBER, "action.start", item.id)
    await agenda_tick.go_on(t.bot.store, t.bot.env, due, moment)
    await t.bot.tick(moment)
    assert await told(t, MEMBER) == ["action.yours"]


async def test_when_the_responsible_leaves_the_lead_is_asked_once_who_takes_over(t: Town) -> None:
    item = await made(t)
    await leave(t, MEMBER)
    await t.travel(at(28))
    assert await told(t, LEAD) == ["action.orphan"]
    card = (await t.shown(LEAD, f"person:{LEAD}"))[-1]
    assert "Dag 5 er her ikke mere. Hvem tager over?" in words_of(card)
    page = await t.bot.front.page(LEAD, "team/dag")
    assert page is not None
    asked = [one for card in page.cards for one in buttons(card) if one.context == item.id]
    assert [one.action for one in asked] == ["action.edit"]


async def test_whoever_takes_over_is_reminded_and_nobody_is_asked_any_more(t: Town) -> None:
    item = await made(t)
    await leave(t, MEMBER)
    await edited(t, LEAD, item, responsible=OTHER)
    await t.travel(at(18))
    assert await told(t, OTHER) == ["action.yours", "action.first", "action.soon", "action.late"]
    page = await t.bot.front.page(LEAD, "team/dag")
    assert page is not None
    assert not [one for card in page.cards for one in buttons(card) if one.context == item.id]
    card = (await t.shown(LEAD, f"person:{LEAD}"))[-1]
    assert "Hvem tager over" not in words_of(card)


async def test_an_import_without_the_responsible_asks_the_lead_and_keeps_the_team(t: Town) -> None:
    await made(t)

    def work(tx: Tx) -> None:
        someone = people.get(tx, MEMBER)
        assert someone is not None
        carry_out(tx, t.bot.env, Plan(people.tree(tx), leaving=(someone,)))
        assert "dag" in people_bulk.needed_nodes(tx)

    await t.bot.store.write(work)
    await t.bot.tick(t.clock.now())
    assert await told(t, LEAD) == ["action.orphan"]


async def test_when_the_lead_himself_leaves_the_group_is_asked(t: Town) -> None:
    await made(t, responsible=LEAD)
    await t.bot.store.write(lambda tx: people.put_grants(tx, "boss", ()))
    await leave(t, LEAD)
    assert await told(t, AMR) == ["action.orphan"]


async def test_somebody_erased_is_not_named_where_it_is_asked_who_takes_over(t: Town) -> None:
    await made(t)

    def work(tx: Tx) -> None:
        someone = people.get(tx, MEMBER)
        assert someone is not None
        erase(tx, t.bot.env, someone)

    await t.bot.store.write(work)
    await t.bot.tick(t.clock.now())
    card = (await t.shown(LEAD, f"person:{LEAD}"))[-1]
    assert "Den ansvarlige er her ikke mere" in words_of(card)
    assert "Dag 5" not in words_of(card)


async def test_what_is_done_and_whose_responsible_has_left_asks_nobody(t: Town) -> None:
    item = await made(t)
    await t.click(MEMBER, "action.done", item.id)
    await leave(t, MEMBER)
    assert await told(t, LEAD) == []


async def test_on_the_follow_up_day_the_effect_is_asked_for_once(t: Town) -> None:
    item = await made(t)
    await t.click(MEMBER, "action.done", item.id)
    await t.travel(at(30, 7))
    before = await t.bot.store.read(lambda tx: outbox.counts(tx))
    await t.travel(at(30, 9))
    kinds = [one.note.kind for one in t.recorder.posted]
    assert kinds.count("effect.ask") == 1
    assert before != await t.bot.store.read(lambda tx: outbox.counts(tx))
    await t.bot.tick(t.clock.now())
    assert [one.note.kind for one in t.recorder.posted].count("effect.ask") == 1
