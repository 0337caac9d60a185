"""What is written without names, and every vote, lies in sealed slots alone until the close."""

import asyncio
import logging
import random
import re

import pytest
from town import Town, at, cast, town
from whole_bot import BALLOT, CANARY, changed, dump, everything, findings, where_in_clear

from bot.cards import Ask, Show
from bot.domain.dialogues import STEPS, Dialogue, Phase, Step
from bot.domain.rounds import Round
from bot.flows.rounds.answering import erase
from bot.privacy.keys import KeyStore
from bot.storage import dialogues, ideas, rounds

TEAM = cast(("dag", 9), ("nat", 4))
PEOPLE = [f"dag-{n}" for n in range(1, 10)]


async def begun(t: Town) -> Dialogue:
    values = {"topic": "Samarbejde", "way": "days", "naming": "anonymous", "days": "3"}
    reply = await t.submit("dag-1", "dialogue.new", "dag:", **values)
    assert isinstance(reply, Show)
    await t.bot.tick(t.clock.now())
    (one,) = await t.bot.store.read(lambda tx: dialogues.running(tx, ["dag"]))
    return one


async def writes(t: Town, person: str, one: Dialogue, step: Step, text: str) -> None:
    form = await t.click(person, "ideas.write", one.id, step.value)
    assert isinstance(form, Ask), form
    context = form.form.context
    assert isinstance(
        await t.submit(person, "ideas.write", context, idea_1=text, mark_1="risk"), Show
    )


async def votes(t: Town, person: str, one: Dialogue, *groups: str) -> None:
    form = await t.click(person, "votes.cast", one.id)
    assert isinstance(form, Ask), form
    await t.submit(person, "votes.cast", form.form.context, groups=list(groups))


def text_of(person: str, step: Step) -> str:
    return f"{CANARY} {person} om {step.value}"


async def written(t: Town, who: list[str]) -> Dialogue:
    one = await begun(t)
    for person in who:
        for step in STEPS:
            await writes(t, person, one, step, text_of(person, step))
    return one


async def voting(t: Town) -> tuple[Dialogue, Round, list[str]]:
    one = await written(t, PEOPLE[:6])
    await t.travel(at(5))
    now = await t.bot.store.read(lambda tx: dialogues.get(tx, one.id))
    assert now is not None
    await t.click("dag-1", "dialogue.next", one.id, str(now.version))
    await t.bot.tick(t.clock.now())
    (ballot,) = await t.bot.store.read(lambda tx: rounds.about(tx, "votes", one.id))
    return one, ballot, [question.id for question in ballot.questions]


async def test_no_idea_stands_in_clear_before_the_close(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    async with town(tmp_path, TEAM) as t:
        one = await written(t, PEOPLE[:6])
        assert where_in_clear(tmp_path) == []
        assert CANARY not in caplog.text
        assert CANARY not in repr([t.recorder.posted, t.recorder.nudged])
        for person in ("boss", "dag-1", "dag-9"):
            if person != "dag-1":
                assert CANARY not in repr(await t.bot.front.page(person, f"dialogue/{one.id}"))
            assert CANARY not in repr(await t.bot.front.conversation(person, "node:dag"))
        assert findings(t) == []
        await t.travel(at(5))
        assert CANARY not in caplog.text
        kept = await t.bot.store.read(lambda tx: ideas.of_dialogue(tx, one.id))
        assert len(kept) == 18
        assert findings(t) == []


async def test_ideas_of_too_few_are_nowhere_afterwards(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    async with town(tmp_path, TEAM) as t:
        await written(t, PEOPLE[:4])
        await t.travel(at(6))
        await t.bot.store.vacuum()
        assert where_in_clear(tmp_path) == []
        assert CANARY not in caplog.text
        assert CANARY not in repr(t.recorder.posted)
        assert findings(t) == []


@pytest.mark.parametrize("act", ["write", "skip", "edit", "delete", "later", "vote", "withdraw"])
async def test_an_act_changes_one_slot_and_no_other_row(tmp_path, act):
    async with town(tmp_path, TEAM) as t:
        if act in ("vote", "withdraw"):
            one, ballot, groups = await voting(t)
            if act == "withdraw":
                await votes(t, "dag-3", one, groups[0])
        else:
            one = await begun(t)
            (ballot,) = await t.bot.store.read(lambda tx: rounds.about(tx, "ideas", one.id))
            if act in ("edit", "delete"):
                await writes(t, "dag-3", one, Step.BEST, "Før")
        seen = dump(t.bot.settings.database)
        t.recorder.nudged.clear()
        with t.bot.hub.watching("dag-4") as watcher:
            watcher.sees = frozenset({"node:dag"})
            match act:
                case "write" | "edit":
                    await writes(t, "dag-3", one, Step.BEST, f"{CANARY} nu")
                case "skip":
                    await t.click("dag-3", "ideas.skip", one.id, "0:best")
                case "delete":
                    await t.click("dag-3", "ideas.delete", one.id)
                case "later":
                    await t.click("dag-3", "ask.later", ballot.id)
                case "vote":
                    await votes(t, "dag-3", one, groups[0])
                case "withdraw":
                    await votes(t, "dag-3", one)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(watcher.next(), 0.05)
        after = dump(t.bot.settings.database)
        assert changed(seen, after) == {"slot": 1}
        assert len({len(row[2]) for row in after["slot"] if row[0] == ballot.id}) == 1
        assert t.recorder.nudged == []


async def test_a_vote_stands_in_clear_nowhere_and_its_counts_never(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    async with town(tmp_path, TEAM) as t:
        one, ballot, groups = await voting(t)
        for n, person in enumerate(PEOPLE[:7]):
            await votes(t, person, one, groups[0], groups[1 + n % 2])
        vote = re.compile("|".join(rf'{group}"?:"?[0-5]\b' for group in groups).encode())
        for name, raw in everything(tmp_path).items():
            assert not vote.search(raw), name
            assert not BALLOT.search(raw), name
        for group in groups:
            assert f'"{group}":1' not in caplog.text
        assert findings(t) == []
        await t.travel(ballot.closes_at)
        kept = await t.bot.store.read(lambda tx: dialogues.groups(tx, one.id, Step.HOW))
        assert kept[0].id == groups[0]
        assert [group.place for group in kept] == [1, 2, 3, 4, 5, 6]
        rows = dump(t.bot.settings.database)
        assert rows["dialogue_vote"] == [(ballot.id, one.id, 7)]
        assert rows["slot"] == []
        assert findings(t) == []


async def test_more_votes_than_one_has_cannot_be_given_by_a_made_up_click(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one, ballot, groups = await voting(t)
        for n, group in enumerate(groups):
            await t.click("dag-3", "ask.answer", ballot.id, f"{n}:{group}:1")
        await t.submit("dag-3", "votes.cast", f"{one.id}:0", groups=groups)
        form = await t.click("dag-3", "votes.cast", one.id)
        assert isinstance(form, Ask)
        assert form.form.inputs[0].value == ()


async def test_the_order_in_which_people_wrote_leaves_no_trace(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "bot.app.KeyStore",
        lambda folder: KeyStore(folder, random.Random("the same keys in both bots").randbytes),
    )
    seen = {}
    for name, order in (("a", PEOPLE[:7]), ("b", PEOPLE[6::-1])):
        async with town(tmp_path / name, TEAM) as t:
            await written(t, order)
            found = dump(t.bot.settings.database)
            slots = [(round_id, slot, len(ballot)) for round_id, slot, ballot in found["slot"]]
            await t.travel(at(5))
            seen[name] = {**found, "slot": slots}, dump(t.bot.settings.database)
    assert seen["a"][0] == seen["b"][0]
    assert seen["a"][1] == seen["b"][1]
    assert len(seen["a"][1]["idea"]) == 21


async def test_reminders_of_a_dialogue_reach_those_who_have_not_written(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await written(t, PEOPLE[:6])
        (round_,) = await t.bot.store.read(lambda tx: rounds.about(tx, "ideas", one.id))
        t.recorder.nudged.clear()
        assert round_.remind_at is not None
        await t.travel(round_.remind_at)
        assert {nudge.person for nudge in t.recorder.nudged} == set(PEOPLE[6:])
        told = [note.kind for note in await t.notes("person:dag-1")]
        assert "round.bit" not in told
        assert await t.bot.store.read(lambda tx: rounds.reached(tx, round_.id)) == {}


async def test_who_leaves_takes_his_ideas_and_his_vote_with_him(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await written(t, PEOPLE[:6])
        await t.bot.store.write(lambda tx: erase(tx, t.bot.env, "dag-2"))
        await t.travel(at(5))
        kept = await t.bot.store.read(lambda tx: ideas.of_dialogue(tx, one.id))
        assert len(kept) == 15
        assert not any("dag-2" in idea.text for idea in kept)
        now = await t.bot.store.read(lambda tx: dialogues.get(tx, one.id))
        assert now is not None
        assert now.phase is Phase.GROUPING
