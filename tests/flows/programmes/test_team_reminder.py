"""The team's own reminder: short, by action, silent when there is nothing, and never twice."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from acting import made
from group_town import BOSS, LEAD, MEMBER, agree, card, change, done, item, plan_of, sent
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from town import MONDAY, Town, at, cast, town, words_of

from bot.domain.action_items import ActionState
from bot.flows.programmes import registry as programmes
from bot.flows.programmes.team_reminder import NAME, SHOWN, decide
from bot.rehearsal.organisation import Cast
from bot.storage import actions, schedules

SOON = date(2026, 3, 16)
NOBODY_NEW = Cast((), (), ())
KIND = "team.reminder"


def test_with_nothing_due_done_or_new_it_is_silent() -> None:
    later = item("a", due=date(2026, 9, 1), follow_up=date(2026, 10, 1))
    assert decide([], [], [], SOON).silent
    assert decide([later], [], [], SOON).silent


def test_it_tells_what_is_due_what_was_done_and_the_next_first_step() -> None:
    soon = item("b", due=SOON, state=ActionState.IN_PROGRESS)
    later = item("c", due=date(2026, 5, 1), follow_up=date(2026, 6, 1))
    ended = item("d", state=ActionState.DONE)
    found = decide([later, soon], [ended], [], SOON)
    assert (found.due, found.done, found.first) == (("b",), ("d",), "c")


def test_a_new_action_alone_is_told_once_by_its_first_step() -> None:
    later = item("c", due=date(2026, 5, 1), follow_up=date(2026, 6, 1))
    assert decide([later], [], ["c"], SOON).first == "c"


def test_many_lines_are_cut_and_counted() -> None:
    many = [item(f"a{n}", due=SOON) for n in range(SHOWN + 2)]
    assert (len(decide(many, many, [], SOON).due), decide(many, many, [], SOON).more) == (SHOWN, 4)


async def test_it_comes_on_monday_morning_from_the_first_action_on(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await agree(t, item("a" * 32))
        plan = await plan_of(t, "dag", NAME)
        assert plan.next_run_at == at(9, 9)
        await t.travel(at(9, 8, 59))
        assert await sent(t, "node:dag", KIND) == []
        await t.travel(at(9, 9))
        assert len(await sent(t, "node:dag", KIND)) == 1


async def test_it_is_silent_until_there_is_something_to_tell(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        far = item("a" * 32, due=date(2026, 5, 4), follow_up=date(2026, 6, 1))
        await agree(t, far)
        await t.travel(at(9, 10))
        assert len(await sent(t, "node:dag", KIND)) == 1  # it is new
        await t.travel(at(20, month=4))
        assert len(await sent(t, "node:dag", KIND)) == 1
        await t.travel(at(27, 10, month=4))
        assert len(await sent(t, "node:dag", KIND)) == 2  # it is due within the week
        await t.travel(at(29, month=4))
        await done(t, far.id)
        await t.travel(at(4, 10, month=5))
        ended = (await sent(t, "node:dag", KIND))[-1]
        assert (ended.params["done"], ended.params["due"]) == ([far.id], [])
        await t.travel(at(1, 10, month=6))
        assert len(await sent(t, "node:dag", KIND)) == 3


async def test_nobody_is_named_in_the_channel_least_of_all_who_is_late(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await agree(t, item("a" * 32, due=date(2026, 3, 4), helpers=("dag-6",)))
        await agree(t, item("b" * 32, responsible="dag-7", due=date(2026, 3, 12)))
        await t.travel(at(9, 10))
        for reader in (LEAD, MEMBER, "dag-8"):
            told = words_of(await card(t, reader, "node:dag", KIND))
            assert "hvad ville gøre det lettere?" in told
            for person in (f"Dag {n}'" for n in range(1, 12)):
                assert person.rstrip("'") + " " not in told + " "
        note = (await sent(t, "node:dag", KIND))[0]
        assert not {MEMBER, "dag-7", "dag-6"} & set(str(note.params).split("'"))


async def test_it_is_about_the_team_alone_not_about_those_below(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await agree(t, item("a" * 32, node="aften"))
        await t.travel(at(9, 10))
        assert await sent(t, "node:dag", KIND) == []
        assert await sent(t, "node:org", KIND) == []
        assert len(await sent(t, "node:aften", KIND)) == 1


async def test_each_reads_it_in_his_own_language(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await agree(t, item("a" * 32, due=date(2026, 3, 10)))
        await t.submit(MEMBER, "me.language", language="sv")
        await t.travel(at(9, 10))
        assert "Det vi har kommit överens om" in words_of(await card(t, MEMBER, "node:dag", KIND))
        assert "Det vi har aftalt" in words_of(await card(t, LEAD, "node:dag", KIND))


async def test_a_pause_leaves_it_out_and_a_holiday_moves_it(tmp_path: Path) -> None:
    easter_week = at(31)
    async with town(tmp_path, now=easter_week) as t:
        await agree(t, item("a" * 32, due=date(2026, 4, 8)))
        await t.travel(at(7, 8, month=4))
        assert await sent(t, "node:dag", KIND) == []
        await t.travel(at(7, 10, month=4))  # the day after Easter Monday
        assert len(await sent(t, "node:dag", KIND)) == 1
        await t.submit(LEAD, "team.pause", "dag", first="2026-04-13", last="2026-04-17")
        await t.travel(at(17, 15, month=4))
        assert len(await sent(t, "node:dag", KIND)) == 1
        await t.travel(at(20, 10, month=4))
        assert len(await sent(t, "node:dag", KIND)) == 2


async def test_a_missed_one_comes_later_the_same_day_or_is_left_to_the_next(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await agree(t, item("a" * 32, due=date(2026, 3, 10)))
    async with town(tmp_path, NOBODY_NEW, now=at(9, 14), seed=8) as t:
        await t.bot.tick(at(9, 14))
        assert len(await sent(t, "node:dag", KIND)) == 1
    async with town(tmp_path, NOBODY_NEW, now=at(17, 14), seed=9) as t:
        await t.bot.tick(at(17, 14))
        assert len(await sent(t, "node:dag", KIND)) == 1
        await t.travel(at(23, 10))
        assert len(await sent(t, "node:dag", KIND)) == 2


async def test_who_has_switched_it_off_is_left_in_peace(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await agree(t, item("a" * 32, due=date(2026, 3, 10)))
        off = {"rhythm": "off", "weekday": "0", "nth": "1", "at": "9.00"}
        await t.submit(LEAD, "reminder.plan", "dag", **off)
        await agree(t, item("b" * 32, due=date(2026, 3, 10)))
        await t.bot.keep_house()
        await t.travel(at(24))
        assert await sent(t, "node:dag", KIND) == []


async def test_an_action_made_through_the_form_brings_the_reminder_with_it(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        assert await t.bot.store.read(schedules.everything) == ()
        await made(t)
        plan = await plan_of(t, "dag", NAME)
        assert (plan.active, plan.next_run_at) == (True, at(9, 9))


async def test_it_leads_to_each_action_and_what_is_gone_is_left_out(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await agree(t, item("a" * 32, due=date(2026, 3, 10)))
        await t.travel(at(9, 10))
        told = await card(t, MEMBER, "node:dag", KIND)
        assert "action/" + "a" * 32 in words_of(told)
        assert "board/dag" in words_of(told)


async def test_a_change_of_plan_on_the_day_itself_does_not_tell_twice(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await agree(t, item("a" * 32, due=date(2026, 3, 10)))
        await t.travel(at(9, 10))
        again = {"rhythm": "w1", "weekday": "0", "nth": "1", "at": "14.00"}
        await t.submit(BOSS, "reminder.plan", "dag", **again)
        await t.travel(at(9, 15))
        assert len(await sent(t, "node:dag", KIND)) == 1


STEPS = st.lists(
    st.tuples(
        st.integers(1, 60 * 24 * 4),
        st.sampled_from(["tick", "tick", "plan", "new", "done", "restart"]),
    ),
    min_size=3,
    max_size=14,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
async def test_at_most_one_a_day_whatever_the_ticks(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("town")
    now: datetime = MONDAY
    crew: Cast = cast(("dag", 6))
    at_work = iter(steps)
    number = 0
    running = True
    while running:
        running = False
        async with town(folder, crew, now=now, seed=number) as t:
            crew = NOBODY_NEW
            for minutes, deed in at_work:
                number += 1
                now = now + timedelta(minutes=minutes)
                t.clock.move_to(now)
                if deed == "restart":
                    running = True
                    break
                if deed == "plan":
                    hour = f"{8 + number % 8}.00"
                    when = {"weekday": str(number % 5), "nth": "1", "at": hour}
                    await t.submit("dag-1", "reminder.plan", "dag", rhythm="w1", **when)
                if deed == "new":
                    day = t.clock.now().date()
                    fresh = item(f"{number:032}", due=day + timedelta(days=3), responsible="dag-3")
                    fresh = replace(fresh, follow_up=day + timedelta(days=9), created_on=day)
                    await agree(t, fresh)
                if deed == "done" and number > 1:
                    for one in await _standing(t):
                        await change(t, one, state=ActionState.DONE, done_on=now.date())
                for _ in range(2):
                    await t.bot.tick(t.clock.now())
            days = [note.params["day"] for note in await sent(t, "node:dag", KIND)]
            assert len(set(days)) == len(days)
            for note in await sent(t, "node:dag", KIND):
                assert note.params["due"] or note.params["done"] or note.params["first"]


async def _standing(t: Town) -> list[str]:
    found = await t.bot.store.read(lambda tx: actions.of_nodes(tx, ["dag"]))
    return [one.id for one in found if one.state.standing]


def test_the_programmes_are_known_to_the_tick() -> None:
    assert set(programmes.PROGRAMMES) == {"team_reminder", "digest"}
