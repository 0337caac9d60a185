"""Reminders reach those whose slot is empty and nobody else, and their rows do not tell who."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from town import Town, cast, town
from whole_bot import all_the_way, findings, questions_of

from bot.domain.people import Away
from bot.domain.rounds import Round
from bot.flows.rounds import answering
from bot.storage import people

TEAM = cast(("dag", 13), ("nat", 6))
KINDS = ("round.invite", "round.reminder")


def rows(t: Town, one: Round) -> dict[str, list[tuple[Any, ...]]]:
    """Return the private rows of a round by kind: what could differ between two people."""
    query = "SELECT purpose, recipient, note, due_at, state, attempts, problem FROM delivery"
    found: dict[str, list[tuple[Any, ...]]] = {kind: [] for kind in KINDS}
    with closing(sqlite3.connect(t.bot.settings.database)) as driver:
        for row in driver.execute(query):
            note = json.loads(row[2])
            if note["kind"] in KINDS and note["params"]["round"] == one.id:
                found[note["kind"]].append(row)
    return found


def alike(found: list[tuple[Any, ...]]) -> bool:
    return len({(row[0], row[2], row[5], row[6]) for row in found}) == 1


def reached(t: Town, kind: str = "round.reminder") -> set[str]:
    return {one.person for one in t.recorder.nudged if one.kind == kind}


async def _some_answer(t: Town, one: Round) -> None:
    first = questions_of(one)[0]
    await all_the_way(t, "dag-2", one, 4)
    await all_the_way(t, "dag-3", one, 0)  # "don't know" is an answer
    await t.click("dag-4", "ask.answer", one.id, f"0:{first}:3")  # begun
    await t.click("dag-5", "ask.skip", one.id, f"0:{first}")  # skipped
    await all_the_way(t, "dag-6", one, 4)
    await t.click("dag-6", "ask.delete", one.id)  # taken out again
    await t.click("dag-7", "ask.later", one.id)  # later: his time comes before the reminder
    await t.click("dag-8", "ask.off")  # not for me
    today = date(2026, 3, 2)
    for away in ("dag-9", "dag-10"):
        span = Away(today, today + timedelta(days=30))
        await t.bot.store.write(
            lambda tx, away=away, span=span: people.add_away(tx, away * 2, span, person_id=away)
        )

    def leave(tx: Any) -> None:
        answering.erase(tx, t.bot.env, "dag-11")
        gone = people.get(tx, "dag-11")
        assert gone is not None
        people.put_person(tx, replace(gone, active=False))

    await t.bot.store.write(leave)


async def test_a_reminder_reaches_exactly_those_who_can_answer_and_have_not(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        assert reached(t, "round.invite") == {f"dag-{n}" for n in range(1, 14)}
        await _some_answer(t, one)
        await t.travel(one.remind_at)
        assert reached(t) == {"dag-1", "dag-6", "dag-7", "dag-12", "dag-13"}


async def test_who_said_later_is_asked_at_his_time_and_not_before(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await t.travel(one.remind_at - timedelta(minutes=30))
        await t.click("dag-7", "ask.later", one.id)
        await t.travel(one.remind_at)
        assert "dag-7" not in reached(t)
        card = (await t.shown("dag-7", "person:dag-7"))[-1]
        assert "ask.show" in repr(card)


async def test_the_rows_tell_nothing_before_and_after_the_reminder(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await _some_answer(t, one)
        everybody = sorted(f"person:dag-{n}" for n in range(1, 14))
        seen = rows(t, one)
        assert sorted(row[1] for row in seen["round.invite"]) == everybody
        assert alike(seen["round.invite"])
        await t.travel(one.remind_at)
        seen = rows(t, one)
        for kind in KINDS:
            assert sorted(row[1] for row in seen[kind]) == everybody
            assert alike(seen[kind])
        away = {"person:dag-9", "person:dag-10"}
        for row in seen["round.reminder"]:
            # The calendar alone decides when a row is handled; whoever has left is off no day.
            assert (row[4] == "waiting") == (row[1] in away), row
        assert findings(t) == []
        await t.travel(one.closes_at + timedelta(hours=1))
        seen = rows(t, one)
        for row in (row for kind in KINDS for row in seen[kind]):
            assert (row[4] == "waiting") == (row[3] is not None)
            assert row[4] == "sent" or row[1] in away
        assert findings(t) == []


async def test_two_bots_that_differ_in_who_answered_have_the_same_rows(tmp_path):
    async def live(folder: Any, who: range) -> list[Any]:
        stages = []
        async with town(folder, TEAM) as t:
            one = await t.open("checkin", ("dag",))
            for n in who:
                await all_the_way(t, f"dag-{n}", one, 3)
            for until in (one.remind_at, one.closes_at + timedelta(days=1)):
                await t.travel(until)
                stages.append(rows(t, one))
        return stages

    some = await live(tmp_path / "a", range(2, 8))
    others = await live(tmp_path / "b", range(8, 14))
    assert some == others


async def test_a_lead_sees_one_bit_once_and_no_number(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        for n in range(2, 7):
            await all_the_way(t, f"dag-{n}", one, 3)

        def bits() -> list[dict[str, Any]]:
            with closing(sqlite3.connect(t.bot.settings.database)) as driver:
                notes = [json.loads(row[0]) for row in driver.execute("SELECT note FROM delivery")]
            return [note["params"] for note in notes if note["kind"] == "round.bit"]

        assert bits() == []
        page = repr(await t.bot.front.page("dag-1", "team/dag"))
        await t.travel(one.remind_at)
        assert bits() == [{"round": one.id, "nodes": ["dag"], "reached": True}]
        await t.click("dag-2", "ask.delete", one.id)
        noted = repr(await t.bot.front.page("dag-1", "team/dag"))
        assert noted != page
        await t.travel(one.closes_at - timedelta(minutes=1))
        assert repr(await t.bot.front.page("dag-1", "team/dag")) == noted
        assert len(bits()) == 1
