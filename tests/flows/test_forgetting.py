"""Forgetting: what is past its days goes, what is not stays, and nothing tells more by going."""

from datetime import timedelta
from pathlib import Path

import pytest
from closed_rounds import DA, SAID, answered, team
from sqlalchemy import Table, func, select
from talks import begin, go_on, vote, write_all
from town import Town, cast, town

from bot.domain.dialogues import Step
from bot.domain.retention import Retention
from bot.domain.rounds import Round
from bot.flows import forgetting
from bot.storage import chat, dialogues, figures, rounds
from bot.storage.audit import audit
from bot.storage.outbox import Note
from bot.storage.store import Tx
from bot.storage.tables import comment, delivery, dialogue_vote, figure, message, round_member

TEAM = cast(("dag", 13))
KEPT = Retention(figures=100, comments=50, messages=60, outbox=40)


async def reported(t: Town) -> Round:
    """Live through a round with comments, and say something in the channel at its end."""
    one = await t.open("checkin", ("dag",))
    await answered(t, one, team("dag", range(2, 13)), SAID)
    await t.travel(one.publish_at + timedelta(hours=1))
    now = t.clock.now()
    await t.bot.store.write(
        lambda tx: chat.post(tx, "node:dag", now, Note("typed", {"text": "Tak"}), author="dag-5")
    )
    return one


async def forget(t: Town, one: Round, days: int, kept: Retention = KEPT) -> int:
    t.clock.move_to(one.publish_at + timedelta(days=days, hours=2))
    return await forgetting.forget(t.bot.store, kept, t.clock.now())


async def rows(t: Town, *tables: Table) -> list[int]:
    def read(tx: Tx) -> list[int]:
        return [tx.scalar(select(func.count()).select_from(table)) for table in tables]

    return await t.bot.store.read(read)


def findings(t: Town) -> object:
    return audit(t.bot.settings.database, t.bot.settings.key_folder).findings


async def test_each_kind_goes_when_its_days_are_over_and_no_earlier(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await reported(t)
        parts = (delivery, comment, message, figure, round_member)
        before = await rows(t, *parts)
        assert min(before) > 0
        assert await forget(t, one, 34) == 0
        await forget(t, one, 41)
        sent, said, *rest = await rows(t, *parts)
        assert (sent, [said, *rest]) == (0, before[1:])
        assert await forget(t, one, 51) == 1
        assert await rows(t, comment, figure) == [0, before[3]]
        await forget(t, one, 61)
        noted = await t.notes("node:dag")
        assert "typed" not in [note.kind for note in noted]
        assert "result.team" in [note.kind for note in noted]
        assert findings(t) == ()
        assert await forget(t, one, 94) == 0
        await forget(t, one, 101)
        assert await rows(t, *parts) == [0, 0, 0, 0, 0]
        assert findings(t) == ()
        assert await t.bot.store.read(lambda tx: rounds.get(tx, one.id)) is not None


async def test_nothing_goes_where_it_is_kept_for_good(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await reported(t)
        before = await rows(t, delivery, comment, message, figure, round_member)
        assert await forget(t, one, 20_000, Retention(0, 0, 0, 0)) == 0
        assert await rows(t, delivery, comment, message, figure, round_member) == before


async def test_an_outbox_that_is_kept_for_good_forgets_who_was_invited_with_the_round(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await reported(t)
        await forget(t, one, 101, Retention(100, 50, 60, 0))
        left = await t.bot.store.read(lambda tx: tx.rows(select(delivery.c.purpose)))
        assert left
        assert not [row for row in left if row.purpose.partition(":")[0] in ("invite", "remind")]
        assert findings(t) == ()


async def test_a_round_that_is_not_over_keeps_everything(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await answered(t, one, team("dag", range(2, 13)), SAID)
        before = await rows(t, round_member)
        await forget(t, one, 400)
        assert await rows(t, round_member) == before
        await t.bot.tick(t.clock.now())
        assert len(await t.bot.store.read(lambda tx: figures.of_round(tx, one.id))) == 1


async def test_an_old_message_about_a_result_that_is_gone_says_so(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await reported(t)
        later = t.clock.now() + timedelta(days=100)
        figure_id = (await t.bot.store.read(lambda tx: figures.of_round(tx, one.id)))[0].id
        note = Note("result.team", {"round": one.id, "figure": figure_id})
        await t.bot.store.write(lambda tx: chat.post(tx, "node:dag", later, note))
        await forget(t, one, 101)
        assert DA("note.unknown") in repr((await t.shown("dag-5", "node:dag"))[-1])


async def test_the_nightly_chores_forget_with_the_days_that_are_set(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM, comments_days=30, outbox_days=30) as t:
        one = await reported(t)
        t.clock.move_to(one.publish_at + timedelta(days=31))
        await t.bot.keep_house()
        assert await rows(t, comment) == [0]
        assert (await rows(t, figure))[0] > 0
        for file in tmp_path.rglob("trivselsbot.db*"):
            assert SAID["dag-3"].encode() not in file.read_bytes()


@pytest.mark.parametrize("number", [1, 499, 500, 501, 1200])
async def test_everything_past_its_days_goes_however_much_it_is(
    tmp_path: Path, number: int
) -> None:
    async with town(tmp_path, TEAM) as t:
        now = t.clock.now()

        def post(tx: Tx) -> None:
            for n in range(number):
                chat.post(tx, "node:dag", now, Note("typed", {"text": str(n)}), author="dag-5")

        await t.bot.store.write(post)
        t.clock.move_to(now + timedelta(days=61))
        assert await forgetting.forget(t.bot.store, KEPT, t.clock.now()) >= number
        assert await rows(t, message) == [0]


async def test_how_many_voted_is_forgotten_with_who_was_invited(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await begin(t)
        for n in range(2, 10):
            await write_all(t, f"dag-{n}", one)
        await t.travel(one.until + timedelta(hours=2))
        await go_on(t, one)
        await t.bot.tick(t.clock.now())
        groups = await t.bot.store.read(lambda tx: dialogues.groups(tx, one.id, Step.HOW))
        for n in range(2, 10):
            await vote(t, f"dag-{n}", one, groups[0].id)
        await t.travel(t.clock.now() + timedelta(days=5))
        assert await rows(t, dialogue_vote) == [1]
        t.clock.move_to(t.clock.now() + timedelta(days=101))
        await forgetting.forget(t.bot.store, KEPT, t.clock.now())
        assert await rows(t, dialogue_vote, round_member) == [0, 0]
        assert findings(t) == ()
