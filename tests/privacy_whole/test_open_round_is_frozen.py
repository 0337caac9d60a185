"""An open round keeps the people, questions, thresholds and times it opened with."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from town import Town, at, cast, town
from whole_bot import all_the_way, form_of

from bot.cards import (
    Ask,
    DateInput,
    Form,
    NumberInput,
    SelectInput,
    TextInput,
    TimeInput,
    ToggleInput,
)
from bot.domain.people import Node, NodeRules, Person
from bot.domain.rounds import Round
from bot.flows.handlers import HANDLERS
from bot.flows.rounds import answering, running
from bot.storage import figures, people, rounds

TEAM = cast(("dag", 13), ("nat", 7))


def frozen(t: Town, one: Round) -> list[tuple[Any, ...]]:
    """Return all that must not change: the round but for its state, the roster, whose slots."""
    with closing(sqlite3.connect(t.bot.settings.database)) as driver:
        columns = [row[1] for row in driver.execute("PRAGMA table_info(round)")]
        kept = ", ".join(name for name in columns if name not in ("state", "next_at", "reached"))
        found = driver.execute(f"SELECT {kept} FROM round WHERE id = ?", (one.id,)).fetchall()
        for table in ("round_member", "slot"):
            names = "*" if table == "round_member" else "round_id, slot"
            query = f"SELECT {names} FROM {table} WHERE round_id = ?"
            found += driver.execute(query, (one.id,)).fetchall()
    return found


def filled(form: Form, **wanted: object) -> dict[str, object]:
    """Return a form's values as somebody sends them who touches only some of it."""
    values: dict[str, object] = {}
    for one in form.inputs:
        match one:
            case SelectInput():
                values[one.name] = list(one.value) if one.many else (*one.value, "")[0]
            case DateInput():
                values[one.name] = one.value.isoformat() if one.value else "2026-03-03"
            case NumberInput() | TextInput() | TimeInput() | ToggleInput():
                values[one.name] = one.value
    return values | wanted


async def _send(t: Town, person: str, action: str, context: str, **wanted: object) -> object:
    asked = form_of(await t.click(person, action, context))
    sent = await t.submit(person, asked.form.id, asked.form.context, **filled(asked.form, **wanted))
    assert not isinstance(sent, Ask), sent
    return sent


async def test_new_rules_change_no_open_round_and_its_count(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        for n in range(2, 8):
            await all_the_way(t, f"dag-{n}", one, 4)
        before = frozen(t, one)
        await _send(t, "dag-1", "team.rules", "dag", threshold="8", lead_days="4")
        tree = await t.bot.store.read(people.tree)
        assert tree["dag"].rules.threshold == 8
        await t.travel(one.closes_at)
        assert frozen(t, one)[:1] == before[:1]
        (kept,) = await t.bot.store.read(lambda tx: figures.of_round(tx, one.id))
        assert kept.figure.answered == 6  # counted from five, as promised when it opened
        assert kept.publish_at == one.publish_at


async def test_plans_pauses_and_starting_again_change_no_open_round(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        before = frozen(t, one)
        await _send(t, "dag-1", "team.plan", "dag:checkin", open_days="9")
        assert frozen(t, one) == before
        await _send(t, "dag-1", "team.start", "dag:checkin", open_days="9")
        assert frozen(t, one) == before
        await _send(t, "boss", "team.start", "org:checkin", open_days="9")
        await _send(t, "dag-1", "team.pause", "dag", first="2026-03-02", last="2026-03-20")
        assert frozen(t, one) == before
        everything = await t.bot.store.read(rounds.taking_answers)
        overlapping = [
            {m.person for m in await t.bot.store.read(lambda tx, r=r: rounds.members(tx, r.id))}
            for r in everything
        ]
        assert sum(len(members) for members in overlapping) == len(set().union(*overlapping))
        await t.travel(one.closes_at)
        assert (await t.round(one.id)).state.value == "closed"


async def test_people_and_tree_may_change_and_the_round_does_not(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        for n in range(2, 9):
            await all_the_way(t, f"dag-{n}", one, 4)
        before = frozen(t, one)

        def turn_upside_down(tx: Any) -> None:
            known = {person.id: person for person in people.everybody(tx)}
            people.put_node(tx, Node("dag", "Et helt andet navn", "nat", NodeRules(threshold=8)))
            people.put_node(tx, Node("ny", "Ny", "org"))
            people.put_person(tx, Person("dag-99", "Kom Senere", "dag"))
            people.put_person(tx, replace(known["dag-3"], home="nat"))
            people.put_person(tx, replace(known["nat-3"], home="dag"))
            answering.erase(tx, t.bot.env, "dag-4")
            people.put_person(tx, replace(known["dag-4"], active=False))

        await t.bot.store.write(turn_upside_down)
        assert frozen(t, one) == before
        for stranger in ("dag-99", "nat-3", "dag-4"):
            await t.answer(stranger, one.id, 1)
        assert frozen(t, one) == before
        await t.travel(one.closes_at)
        (kept,) = await t.bot.store.read(lambda tx: figures.of_round(tx, one.id))
        assert (kept.figure.answered, kept.figure.invited) == (6, 12)
        assert kept.figure.nodes == ("dag",)


async def test_a_round_cannot_be_closed_before_its_time(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        for n in range(1, 14):
            await all_the_way(t, f"dag-{n}", one, 4)
        await t.travel(one.remind_at)
        (due,) = await t.bot.store.read(lambda tx: rounds.due(tx, one.closes_at))
        assert due.at == one.closes_at
        await running.go_on(t.bot.store, t.bot.env, due, t.clock.now())
        await t.bot.tick(t.clock.now())
        assert (await t.round(one.id)).state.takes_answers


@pytest.mark.slow
async def test_no_button_and_no_form_of_the_bot_changes_an_open_round(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await all_the_way(t, "dag-3", one, 4)
        before = frozen(t, one)
        contexts = ("", one.id, f"{one.id}:0", "dag", "dag:checkin", "org", "org:maturity")
        for action in HANDLERS:
            for person in ("dag-1", "dag-2", "boss", "dag-5"):
                for context in contexts:
                    reply = await t.click(person, action, context, "hold:hold")
                    if isinstance(reply, Ask):
                        values = filled(reply.form)
                        await t.submit(person, reply.form.id, reply.form.context, **values)
        assert frozen(t, one) == before


async def test_nobody_is_asked_the_same_again_while_it_is_open_or_just_was(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        again = await t.try_open("checkin", ("dag",))
        assert not isinstance(again, Round)
        await t.travel(one.closes_at)
        assert not isinstance(await t.try_open("checkin", ("dag",)), Round)
        await t.travel(at(9))
        assert isinstance(await t.try_open("checkin", ("dag",)), Round)
