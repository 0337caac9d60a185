"""The question about an action's effect follows the same protocol as every other: sealed, counted
once, and nothing that tells who answered or what."""

import json
import logging
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import text
from town import Town, at, cast, town
from whole_bot import Dump, changed, dump, everything, findings, where_in_clear

from bot.domain.action_items import ActionItem, ActionState
from bot.domain.rounds import EFFECT, Round
from bot.flows.actions import agenda
from bot.flows.effects import ask as effect_ask
from bot.storage import actions, rounds, slots
from bot.storage.store import Tx

TEAM = cast(("dag", 11))
ITEM = ActionItem(
    id="a" * 32,
    node="dag",
    what="Ti minutters ro hver morgen",
    first_step="Find et sted",
    responsible="dag-3",
    due=date(2026, 3, 9),
    follow_up=date(2026, 3, 16),
    created_on=date(2026, 3, 2),
    state=ActionState.IN_PROGRESS,
)
ASKED = ("works",)
ANSWERS = {"dag-2": 5, "dag-4": 1, "dag-5": 3, "dag-6": 5, "dag-7": 5, "dag-8": 0}
OTHERS = {"dag-11": 5, "dag-10": 0, "dag-9": 3, "dag-8": 5, "dag-7": 5, "dag-4": 1}


async def asked(t: Town) -> Round:
    """Agree on an action and come to the day it is asked about."""
    now = t.clock.now()

    def agree(tx: Tx) -> None:
        assert actions.insert_new(tx, ITEM, now, "dag-1")
        agenda.replan(tx, t.bot.env, ITEM, now)

    await t.bot.store.write(agree)
    await t.travel(at(16, 9))
    await effect_ask.go(t.bot.store, t.bot.env, ITEM, t.clock.now())
    (one,) = await t.bot.store.read(lambda tx: rounds.about(tx, EFFECT, ITEM.id))
    return one


async def give(t: Town, one: Round, answers: Mapping[str, int]) -> None:
    for person, value in answers.items():
        reply = await t.click(person, "ask.answer", one.id, f"0:works:{value}")
        assert getattr(reply, "done", False), reply


async def test_an_answer_changes_one_slot_and_nothing_else(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await asked(t)
        keys = sorted(everything(t.bot.settings.key_folder).items())
        t.recorder.nudged.clear()
        for act, value in (
            ("ask.answer", "0:works:5"),
            ("ask.answer", "1:works:1"),
            ("ask.skip", "2:works"),
            ("ask.delete", ""),
            ("ask.later", ""),
        ):
            before = dump(t.bot.settings.database)
            await t.click("dag-5", act, one.id, value)
            after = dump(t.bot.settings.database)
            assert changed(before, after) == {"slot": 1}, act
            assert len({len(row[2]) for row in after["slot"]}) == 1
        assert sorted(everything(t.bot.settings.key_folder).items()) == keys
        assert t.recorder.nudged == []


async def test_a_value_outside_the_scale_changes_nothing(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await asked(t)
        before = dump(t.bot.settings.database)
        for value in (2, 4, 6):
            await t.click("dag-5", "ask.answer", one.id, f"0:works:{value}")
        assert changed(before, dump(t.bot.settings.database)) == {}


async def test_there_is_a_slot_for_everybody_asked_and_none_for_who_speaks_by_name(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await asked(t)
        assert await t.bot.store.read(lambda tx: slots.count(tx, one.id)) == 9
        for person in ("dag-1", "dag-3"):
            before = dump(t.bot.settings.database)
            told = await t.click(person, "ask.answer", one.id, "0:works:5")
            assert told == await t.click(person, "ask.show", one.id)
            assert changed(before, dump(t.bot.settings.database)) == {}


async def test_nothing_stands_in_clear_and_the_audit_finds_nothing_at_any_step(
    tmp_path: Path, caplog
) -> None:
    caplog.set_level(logging.DEBUG)
    async with town(tmp_path, TEAM) as t:
        one = await asked(t)

        def silent() -> None:
            assert where_in_clear(tmp_path, ASKED) == []
            assert findings(t) == []
            lines = [record.getMessage() + repr(record.args) for record in caplog.records]
            lines += [repr(row) for row in (*t.recorder.posted, *t.recorder.nudged)]
            assert not any("works:" in line for line in lines)

        silent()
        await give(t, one, ANSWERS)
        silent()
        assert one.remind_at is not None
        await t.travel(one.remind_at)
        silent()
        await t.click("dag-3", "effect.say", f"{ITEM.id}:1", "partly")
        silent()
        await t.travel(one.closes_at)
        await t.bot.tick(t.clock.now())
        silent()
        assert await t.bot.store.read(lambda tx: slots.count(tx, one.id)) == 0
        await t.click("dag-1", "effect.keep", f"{ITEM.id}:1", "keep")
        await t.travel(at(24))
        await t.bot.keep_house()
        silent()
    assert where_in_clear(tmp_path, ASKED) == []


async def _left_behind(folder: Path, answers: Mapping[str, int]) -> Dump:
    async with town(folder, TEAM) as t:
        one = await asked(t)
        await give(t, one, answers)
        await t.travel(at(20, 12))
        for person in ("dag-1", "dag-4", "dag-11"):
            await t.shown(person, f"person:{person}")
        return dump(t.bot.settings.database)


async def test_who_answered_what_and_in_which_order_makes_no_difference_afterwards(
    tmp_path: Path,
) -> None:
    one = await _left_behind(tmp_path / "one", ANSWERS)
    other = await _left_behind(tmp_path / "other", OTHERS)
    assert one["figure"]
    assert sorted(ANSWERS.values()) == sorted(OTHERS.values())
    assert one == other


async def test_nobody_learns_while_it_is_open_that_somebody_has_answered(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await asked(t)

        async def seen() -> list[str]:
            found = []
            for person in ("boss", "dag-1", "dag-2", "dag-3", "dag-5"):
                places = (f"person:{person}", "node:dag", "node:org")
                found += [repr(await t.bot.front.conversation(person, one)) for one in places]
                teams = ("me", "results", "team/dag", "board/dag", "history/dag", "shared")
                pages = (*teams, f"action/{ITEM.id}")
                found += [repr(await t.bot.front.page(person, page)) for page in pages]
                found.append(repr(await t.bot.front.download(person, "dag.csv")))
            return found

        before = await seen()
        await t.click("dag-4", "ask.answer", one.id, "0:works:1")
        await t.click("dag-6", "ask.answer", one.id, "0:works:5")
        assert await seen() == before


async def test_a_figure_of_an_open_or_counted_round_is_in_no_way_out_before_the_team_has_it(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await asked(t)
        await give(t, one, ANSWERS)
        plan = await t.bot.front.download("dag-1", "dag.csv")
        assert plan is not None
        assert b"Virker" not in plan.body
        query = text("SELECT count(*) AS n FROM figure")
        assert (await t.bot.store.read(lambda tx: tx.rows(query)))[0].n == 0
        await t.travel(one.closes_at)
        (kept,) = await t.bot.store.read(lambda tx: tx.rows(text("SELECT data FROM figure")))
        (question,) = json.loads(kept.data)["questions"]
        assert question["label"] is not None
        assert question["distribution"] is None
