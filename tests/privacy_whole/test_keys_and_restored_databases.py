"""A key lost, a database restored, a key orphaned, two processes at once: each has its outcome."""

import asyncio
import os
import shutil
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text
from town import Town, cast, town
from whole_bot import all_the_way, findings, where_in_clear

from bot.domain.rounds import Round, RoundState
from bot.flows.rounds import closing, running
from bot.privacy.keys import KeyStoreUnusable
from bot.rehearsal.organisation import Cast
from bot.storage import figures, rounds
from bot.storage.backup import back_up, put_in_place

TEAM = cast(("dag", 13))
NOBODY = Cast((), (), ())


async def _answered(t: Town) -> Round:
    one = await t.open("checkin", ("dag",))
    for n in range(2, 9):
        await all_the_way(t, f"dag-{n}", one, 4)
    return one


async def _standing(t: Town) -> list[Round]:
    return list(await t.bot.store.read(rounds.taking_answers))


async def _kinds(t: Town) -> Counter[str]:
    query = text("SELECT json_extract(note, '$.kind') AS kind, recipient FROM delivery")
    found = await t.bot.store.read(lambda tx: tx.rows(query))
    return Counter(row.kind for row in found)


async def _lose(t: Town, one: Round) -> None:
    (t.bot.settings.key_folder / f"{one.id}.key").unlink()
    t.bot.env.keys._loaded.clear()


async def test_a_lost_key_voids_the_round_and_everybody_is_told_and_asked_again(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await _answered(t)
        await _lose(t, one)
        told = await t.answer("dag-3", one.id, 4)
        assert "dag-3" not in repr(told)
        await t.travel(one.remind_at)
        assert (await t.round(one.id)).state is RoundState.VOID
        (again,) = await _standing(t)
        assert again.replaces == one.id
        assert len(again.questions) == len(one.questions)
        kinds = await _kinds(t)
        assert kinds["round.void"] == len(TEAM.people) - 1
        assert kinds["round.invite"] == 2 * (len(TEAM.people) - 1)
        assert await t.bot.store.read(lambda tx: figures.of_round(tx, one.id)) == ()
        assert findings(t) == []


async def test_a_lost_key_is_not_guessed_around_when_it_comes_back(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await _answered(t)
        key = t.bot.settings.key_folder / f"{one.id}.key"
        kept = key.read_bytes()
        await _lose(t, one)
        await t.travel(one.remind_at)
        key.write_bytes(kept)
        key.chmod(0o600)
        await t.travel(one.closes_at + timedelta(days=1))
        assert (await t.round(one.id)).state is RoundState.VOID
        await t.bot.keep_house()
        assert not key.exists()
        assert findings(t) == []


@pytest.mark.parametrize("where", ["before asking again", "before the tombstone"])
async def test_a_crash_after_the_voiding_still_asks_everybody_again_once(
    tmp_path, monkeypatch, where
):
    async def crash(*_: object) -> None:
        raise MemoryError

    def break_off(*_: object) -> None:
        raise MemoryError

    async with town(tmp_path, TEAM) as t:
        one = await _answered(t)
        await _lose(t, one)
        with monkeypatch.context() as broken:
            if where == "before asking again":
                broken.setattr(running, "ask_again", crash)
            else:
                broken.setattr(t.bot.env.keys, "destroy", break_off)
            t.clock.move_to(one.remind_at)
            await t.bot.tick(t.clock.now())
        assert (await t.round(one.id)).state is RoundState.VOID
        now = t.clock.now()
    async with town(tmp_path, NOBODY, now=now, seed=8) as t:
        (again,) = await _standing(t)
        assert again.replaces == one.id
        assert t.bot.env.keys.tombstoned(one.id)
        assert findings(t) == []
    async with town(tmp_path, NOBODY, now=now, seed=9) as t:
        assert [other.id for other in await _standing(t)] == [again.id]


async def test_a_void_round_that_cannot_be_asked_again_yet_does_not_keep_the_bot_from_starting(
    tmp_path, monkeypatch
):
    async def not_yet(*_: object) -> None:
        raise ValueError

    async with town(tmp_path, TEAM) as t:
        one = await _answered(t)
        await _lose(t, one)
        monkeypatch.setattr(running, "ask_again", not_yet)
        t.clock.move_to(one.remind_at)
        await t.bot.tick(t.clock.now())
        now = t.clock.now()
    async with town(tmp_path, NOBODY, now=now, seed=8) as t:
        assert await _standing(t) == []
        monkeypatch.undo()
        await t.bot.keep_house()
        assert [again.replaces for again in await _standing(t)] == [one.id]


async def test_an_empty_key_folder_is_refused_and_no_round_is_lost_by_it(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await _answered(t)
        folder = t.bot.settings.key_folder
    folder.rename(tmp_path / "unmounted")
    with pytest.raises(KeyStoreUnusable, match="KEYS-6"):
        async with town(tmp_path, NOBODY, now=one.remind_at):
            pass
    shutil.rmtree(folder)
    (tmp_path / "unmounted").rename(folder)
    async with town(tmp_path, NOBODY, now=one.remind_at) as t:
        await t.travel(one.closes_at)
        assert (await t.round(one.id)).state is RoundState.CLOSED


async def test_a_restored_database_never_opens_a_closed_round_again(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await _answered(t)
        back_up(t.bot.settings.database, tmp_path / "old.db")
        await t.travel(one.publish_at)
        database, now = t.bot.settings.database, t.clock.now()
    put_in_place(tmp_path / "old.db", database)
    async with town(tmp_path, NOBODY, now=now, seed=8) as t:
        late = await t.answer("dag-10", one.id, 1)
        assert "ask.answer" not in repr(late)
        await t.travel(now + timedelta(days=1))
        assert (await t.round(one.id)).state is RoundState.VOID
        assert await t.bot.store.read(lambda tx: figures.of_round(tx, one.id)) == ()
        assert await t.bot.store.read(rounds.taking_answers) == ()
        assert findings(t) == []


async def test_a_restored_database_goes_on_with_a_round_that_is_still_open(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await _answered(t)
        back_up(t.bot.settings.database, tmp_path / "old.db")
        await all_the_way(t, "dag-9", one, 4)  # lost with the restore
        database = t.bot.settings.database
    put_in_place(tmp_path / "old.db", database)
    async with town(tmp_path, NOBODY, now=one.remind_at, seed=8) as t:
        await t.travel(one.closes_at)
        (kept,) = await t.bot.store.read(lambda tx: figures.of_round(tx, one.id))
        assert kept.figure.answered == 7


async def test_an_orphaned_key_goes_when_it_is_old_and_a_young_one_stays(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        keys, folder = t.bot.env.keys, t.bot.settings.key_folder
        now = t.clock.now().timestamp()
        for round_id, age in (("a" * 32, 30), ("b" * 32, 7200)):
            keys.create(round_id)
            os.utime(folder / f"{round_id}.key", times=(now - age, now - age))
        await t.bot.keep_house()
        assert keys.rounds() == {one.id, "a" * 32}
        await all_the_way(t, "dag-3", one, 4)


async def test_two_bots_on_one_folder_open_remind_close_and_publish_once(tmp_path):
    async with town(tmp_path, TEAM) as a, town(tmp_path, NOBODY, seed=8) as b:
        one = await _answered(a)
        await all_the_way(b, "dag-9", one, 4)
        steps = (one.remind_at, one.closes_at, one.closes_at + timedelta(hours=1), one.publish_at)
        for moment in steps:
            a.clock.move_to(moment)
            b.clock.move_to(moment)
            await asyncio.gather(a.bot.tick(moment), b.bot.tick(moment))
        assert (await b.round(one.id)).state is RoundState.REPORTED
        (kept,) = await b.bot.store.read(lambda tx: figures.of_round(tx, one.id))
        assert kept.figure.answered == 8
        assert [note.kind for note in await a.notes("node:dag")] == ["result.team"]
        assert b.bot.env.keys.tombstoned(one.id)
        assert a.bot.env.keys.rounds() == frozenset()
        assert findings(a) == []
        assert where_in_clear(tmp_path) == []


async def test_of_two_processes_that_count_the_same_round_one_is_kept(tmp_path):
    async with town(tmp_path, TEAM) as a, town(tmp_path, NOBODY, seed=8) as b:
        one = await _answered(a)
        now = one.closes_at
        (due,) = await a.bot.store.read(lambda tx: rounds.due(tx, now))
        assert await a.bot.store.write(lambda tx: closing.begin(tx, due, now))
        counted = []
        for t in (a, b):  # both are past the counting before either keeps anything
            found = await t.bot.store.read(lambda tx: closing.sealed_ballots(tx, one.id))
            assert found is not None
            counted.append((t, closing.count_ballots(t.bot.env, *found)))
        kept = [
            await t.bot.store.write(
                lambda tx, t=t, shown=shown: closing.finish(tx, t.bot.env, one, shown, now)
            )
            for t, shown in counted
        ]
        assert kept == [True, False]
        assert len(await b.bot.store.read(lambda tx: figures.of_round(tx, one.id))) == 1
