"""The tick: what is due is done in order, once, after any downtime; one fault stops nothing."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from town import MONDAY, Town, at, town

from bot.domain.people import Away
from bot.domain.rounds import Round, RoundState
from bot.flows.programmes.times import LOOK_AGAIN
from bot.rehearsal.organisation import Cast
from bot.schedule.cadence import Cadence
from bot.schedule.calendar import Calendar
from bot.schedule.occurrences import next_due
from bot.schedule.tick import TRY_AGAIN
from bot.storage import outbox, people, rounds, schedules
from bot.storage.schedules import Schedule
from bot.storage.store import Tx

NOBODY_NEW = Cast((), (), ())
TUESDAY = date(2026, 3, 3)
FIRST = at(3, 9, 30)


async def plan(
    t: Town, *scope: str, every: int = 2, first: datetime = FIRST, instrument: str = "checkin"
) -> Schedule:
    """Plan a check-in on Tuesdays at 9:30."""
    cadence = Cadence.weekly(1, time(9, 30), TUESDAY, every=every)
    wanted = Schedule(
        id=t.bot.env.chance.token(),
        scope=scope or ("dag",),
        instrument=instrument,
        cadence=cadence.to_dict(),
        open_days=2,
        nominal=first.date(),
        next_run_at=first,
    )
    await t.bot.store.write(lambda tx: schedules.insert_new(tx, wanted))
    return wanted


async def opened(t: Town) -> list[Round]:
    def read(tx: Tx) -> list[Round]:
        found = [rounds.get(tx, one) for one in rounds.known_ids(tx)]
        return sorted((one for one in found if one), key=lambda one: one.opens_at)

    return await t.bot.store.read(read)


async def standing(t: Town, one: Schedule) -> Schedule:
    found = await t.bot.store.read(lambda tx: schedules.get(tx, one.id))
    assert found is not None
    return found


async def wake_at(t: Town, when: datetime) -> None:
    """Be down until then, and tick as often as it takes until nothing is due."""
    t.clock.move_to(when)
    for _ in range(6):
        await t.bot.tick(t.clock.now())


async def test_a_plan_opens_its_round_on_time_and_goes_on_to_the_next(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        wanted = await plan(t)
        await t.travel(at(31, 10))
        assert [one.opens_at for one in await opened(t)] == [
            at(3, 9, 30),
            at(17, 9, 30),
            at(31, 9, 30),
        ]
        assert (await standing(t, wanted)).next_run_at == at(14, 9, 30, month=4)


async def test_across_a_clock_change_the_time_of_day_stays(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(22)) as t:
        await plan(t, every=1, first=at(24, 9, 30))
        await t.travel(at(1, month=4))
        assert [one.opens_at for one in await opened(t)] == [at(24, 9, 30), at(31, 9, 30)]


@pytest.mark.parametrize(
    ("down_until", "opens"),
    [
        (at(3, 9, 35), at(3, 9, 30)),
        (at(3, 11), at(3, 11)),
        (at(3, 20), at(4, 8)),
        (at(5, 10), at(5, 10)),
        (at(8, 10), at(9, 8)),
        (at(12, 10), None),
        (at(16, 10), None),
        (at(17, 9, 31), at(17, 9, 30)),
    ],
)
async def test_after_downtime_a_round_is_made_up_for_once_or_left_out(
    tmp_path: Path, down_until: datetime, opens: datetime | None
) -> None:
    async with town(tmp_path) as t:
        await plan(t)
    async with town(tmp_path, NOBODY_NEW, now=down_until, seed=8) as t:
        await wake_at(t, down_until)
        await t.travel(max(down_until, at(17, 9)))
        found = await opened(t)
        early = [one.opens_at for one in found if one.opens_at < at(17, 9)]
        if opens is not None and opens < at(17, 9):
            assert early == [opens]
        else:
            assert early == []
        await t.travel(at(18))
        assert len(await opened(t)) == len(early) + 1


async def test_after_weeks_of_downtime_at_most_one_round_is_made_up_for(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await plan(t, every=2)
        await wake_at(t, at(22, 10, month=4))
        assert len(await opened(t)) <= 1
        await t.travel(at(28, 10, month=4))
        assert len({one.local_date for one in await opened(t)}) == len(await opened(t))


async def test_a_round_whose_whole_life_was_slept_through_is_closed_and_published_once(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        for n in range(2, 9):
            await t.answer(f"dag-{n}", one.id)
    async with town(tmp_path, NOBODY_NEW, now=at(20), seed=8) as t:
        await wake_at(t, at(20))
        assert [o.kind for o in t.recorder.nudged] == []
        await t.travel(at(25))
        assert (await t.round(one.id)).state is RoundState.REPORTED
        assert [note.kind for note in await t.notes("node:dag")] == ["result.team"]


async def test_ticking_again_does_nothing(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await plan(t)
        await t.travel(at(3, 9, 30))
        for _ in range(3):
            assert await t.bot.tick(t.clock.now()) == 0
        assert len(await opened(t)) == 1


async def test_two_processes_open_the_same_round_once(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        wanted = await plan(t)
        t.clock.move_to(FIRST)
        await t.bot.tick._open(wanted, FIRST)
        await t.bot.tick._open(wanted, FIRST)
        assert len(await opened(t)) == 1


async def test_a_holiday_moves_the_opening_and_a_pause_leaves_it_out(tmp_path: Path) -> None:
    easter, first = date(2026, 4, 6), at(7, 9, 30, month=4)
    async with town(tmp_path, now=at(30)) as t:
        span = Away(date(2026, 4, 20), date(2026, 4, 24))
        await t.bot.store.write(lambda tx: people.add_away(tx, "1" * 32, span, node_id="dag"))
        cadence = Cadence.weekly(0, time(9, 30), easter, every=2)
        due = next_due(cadence, Calendar("Europe/Copenhagen", "DK"), at(30))
        assert (due.nominal, due.at) == (easter, first)
        wanted = await plan(t, first=first)
        fortnightly = replace(
            await standing(t, wanted), cadence=cadence.to_dict(), nominal=due.nominal
        )
        await t.bot.store.write(lambda tx: schedules.replace(tx, fortnightly))
        await t.travel(at(5, month=5))
        found = [(one.local_date, one.opens_at) for one in await opened(t)]
        assert found == [(easter, first), (date(2026, 5, 4), at(4, 9, 30, month=5))]


async def test_a_plan_whose_team_is_gone_is_laid_to_rest_and_the_administrator_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with town(tmp_path) as t:
        ghost = await plan(t, "closed-down", every=1)
        await plan(t, "dag")
        await t.travel(at(26, 10))
        assert {one.scope for one in await opened(t)} == {("dag",)}
        resting = await standing(t, ghost)
        assert (resting.active, resting.next_run_at) == (False, None)
        lines = [line.message for line in caplog.records if "TICK-4" in line.message]
        assert lines == [f"TICK-4 plan {ghost.id} rests: its team is gone"]
        told = [one for one in t.recorder.posted if one.note.kind == "operations.plan"]
        assert [one.recipient for one in told] == ["person:boss"]
        words = t.bot.front.words("da")
        said = words("operations.plan_rests", code="TICK-4")
        assert said in [card.fallback for card in await t.shown("boss", "person:boss")]
        page = repr(await t.bot.front.page("boss", "operations"))
        assert words("operations.plans_rest", number=1, code="TICK-4") in page


async def test_a_team_that_is_there_has_no_resting_plan_on_the_administrators_page(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        stopped = await plan(t, "dag")
        off = replace(stopped, active=False)
        await t.bot.store.write(lambda tx: schedules.replace(tx, off))
        assert "TICK-4" not in repr(await t.bot.front.page("boss", "operations"))


async def test_a_plan_whose_questions_are_gone_is_left_out_each_time_and_said_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with town(tmp_path) as t:
        strange = await plan(t, "dag", instrument="long-forgotten")
        await plan(t, "aften")
        await t.travel(at(17, 10))
        assert {one.scope for one in await opened(t)} == {("aften",)}
        assert (await standing(t, strange)).next_run_at == at(31, 9, 30)
        lines = [line.message for line in caplog.records if "TICK-5" in line.message]
        assert lines == [f"TICK-5 plan {strange.id} is left out: no content long-forgotten"] * 2


async def test_a_plan_that_never_meets_a_working_day_is_looked_at_again_and_comes_back(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        wanted = await plan(t)
        await plan(t, "aften")
        span = Away(date(2026, 3, 1), date(2029, 1, 1))
        await t.bot.store.write(lambda tx: people.add_away(tx, "1" * 32, span, node_id="dag"))
        await t.travel(at(3, 10))
        assert [one.scope for one in await opened(t)] == [("aften",)]
        waiting = await standing(t, wanted)
        assert (waiting.nominal, waiting.next_run_at) == (None, FIRST + LOOK_AGAIN)
        page = await t.bot.front.page("dag-1", "team/dag")
        assert "10. marts" not in repr(page)
        await t.bot.store.write(lambda tx: people.remove_away(tx, "1" * 32, node_id="dag"))
        await t.travel(at(11))
        assert len(await opened(t)) == 1
        await t.travel(at(17, 10))
        assert ("dag",) in [one.scope for one in await opened(t)]


async def test_a_plan_that_may_not_open_tells_its_lead_why_and_goes_on(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await plan(t, "nat")
        await t.travel(at(3, 10))
        assert await opened(t) == []
        assert "round.refused" in [note.kind for note in await t.notes("person:nat-1")]
        await t.travel(at(17, 10))
        told = [note.kind for note in await t.notes("person:nat-1")]
        assert told.count("round.refused") == 2


async def test_without_the_key_folder_everything_else_goes_on_and_it_is_tried_again(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await plan(t)
        folder = t.bot.settings.key_folder
        folder.rename(folder.with_name("aside"))
        note = outbox.Note("typed", {"text": "x"})
        row = outbox.Outgoing("p", "node:dag", note, FIRST)
        await t.bot.store.write(lambda tx: outbox.add(tx, ["9" * 32], [row]))
        await wake_at(t, FIRST)
        assert len(await t.notes("node:dag")) == 1
        assert await opened(t) == []
        folder.with_name("aside").rename(folder)
        await wake_at(t, FIRST + TRY_AGAIN - timedelta(seconds=1))
        assert await opened(t) == []
        await wake_at(t, FIRST + TRY_AGAIN)
        assert len(await opened(t)) == 1


async def test_what_keeps_failing_is_not_logged_every_second(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with town(tmp_path) as t:
        wanted = await plan(t)
        broken = replace(await standing(t, wanted), cadence={"kind": "never"})
        await t.bot.store.write(lambda tx: schedules.replace(tx, broken))
        await plan(t, "aften")
        for second in range(30):
            await wake_at(t, FIRST + timedelta(seconds=second))
        assert [one.scope for one in await opened(t)] == [("aften",)]
        assert caplog.text.count("TICK-2") == 1


async def test_a_restart_tries_at_once_what_had_failed(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await plan(t)
        folder = t.bot.settings.key_folder
        folder.rename(folder.with_name("aside"))
        await wake_at(t, FIRST)
        folder.with_name("aside").rename(folder)
    async with town(tmp_path, NOBODY_NEW, now=FIRST, seed=8) as t:
        await t.bot.tick(FIRST)
        assert len(await opened(t)) == 1


async def test_an_idle_tick_does_nothing_and_knows_when_it_is_needed_next(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.bot.tick(MONDAY)
        assert await t.bot.tick.next_at() is None
        await plan(t)
        assert await t.bot.tick(MONDAY) == 0
        assert await t.bot.tick.next_at() == FIRST
        await t.travel(FIRST)
        (one,) = await opened(t)
        await t.click("dag-3", "ask.later", one.id)
        assert await t.bot.tick.next_at() == at(3, 12, 30)
