"""Ballots that were altered: the others are counted, the owner is told, the operator has a code."""

import logging
from collections.abc import Iterable
from pathlib import Path

import pytest
from closed_rounds import DA, answered, team
from sqlalchemy import delete, select, update
from town import Town, at, buttons, cast, town

from bot.cards import Button, Reply, Show
from bot.domain.people import NodeRules
from bot.domain.rounds import Round, RoundState
from bot.flows.rounds import answering
from bot.storage import figures, people, rounds
from bot.storage.audit import audit
from bot.storage.store import Tx
from bot.storage.tables import slot

LOST = DA("ask.lost")
TEAM = cast(("dag", 13))


async def alter(t: Town, one: Round, who: Iterable[str]) -> None:
    """Change one bit in the middle of these people's ballots, as a disk or a hand might."""
    key = t.bot.env.keys.load(one.id)

    def work(tx: Tx) -> None:
        for person in who:
            mine = slot.c.slot == key.slot(person)
            sealed = bytearray(tx.scalar(select(slot.c.ballot).where(mine)))
            sealed[len(sealed) // 2] ^= 1
            tx.execute(update(slot).where(mine).values(ballot=bytes(sealed)))

    await t.bot.store.write(work)


async def counted(t: Town, one: Round) -> list[int]:
    kept = await t.bot.store.read(lambda tx: figures.of_round(tx, one.id))
    return [each.figure.answered for each in kept]


def first_button(reply: Reply) -> Button:
    assert isinstance(reply, Show), reply
    return next(one for one in buttons(reply.message) if one.action == "ask.answer")


async def test_the_round_closes_with_the_ballots_that_can_be_opened(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await answered(t, one, team("dag", range(2, 11)))
        await alter(t, one, ("dag-4", "dag-7"))
        await t.travel(one.publish_at)
        assert (await t.round(one.id)).state is RoundState.REPORTED
        assert await counted(t, one) == [7]
        lines = [line.message for line in caplog.records if line.levelno >= logging.WARNING]
        assert lines == [
            f"CLOSE-1 round {one.id}: 2 ballots could not be opened, and count as not given"
        ]
        assert not t.bot.env.keys.rounds()


async def test_a_slot_that_is_gone_is_not_given_either(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await answered(t, one, team("dag", range(2, 9)))
        mine = t.bot.env.keys.load(one.id).slot("dag-3")
        await t.bot.store.write(lambda tx: tx.execute(delete(slot).where(slot.c.slot == mine)))
        await t.travel(one.publish_at)
        assert await counted(t, one) == [6]
        assert "1 ballots" in caplog.text


async def test_too_few_that_can_be_opened_are_too_few_answers(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await answered(t, one, team("dag", range(2, 7)))
        await alter(t, one, ("dag-4",))
        await t.travel(one.publish_at)
        assert await counted(t, one) == []
        assert [note.kind for note in await t.notes("node:dag")] == ["result.too_few"]


@pytest.mark.parametrize("reminders", [0, 1])
async def test_when_not_one_opens_the_round_is_void_and_asked_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, reminders: int
) -> None:
    async with town(tmp_path, TEAM) as t:
        rules = NodeRules(reminders=reminders)
        await t.bot.store.write(lambda tx: people.set_rules(tx, "dag", rules))
        one = await t.open("checkin", ("dag",))
        await answered(t, one, team("dag", range(2, 9)))
        await alter(t, one, team("dag", range(1, 14)))
        await t.travel(one.remind_at or one.closes_at)
        assert (await t.round(one.id)).state is RoundState.VOID
        (again,) = await t.bot.store.read(rounds.taking_answers)
        assert again.replaces == one.id
        assert "ROUND-1" in caplog.text
        assert "CLOSE-1" not in caplog.text
        assert "TICK-2" not in caplog.text


async def test_another_key_in_the_keys_place_voids_the_round_like_a_lost_one(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await answered(t, one, team("dag", range(2, 9)))
        file = t.bot.settings.key_folder / f"{one.id}.key"
        file.write_bytes(bytes(reversed(file.read_bytes())))
        t.bot.env.keys._loaded.clear()
        await t.travel(one.closes_at)
        assert (await t.round(one.id)).state is RoundState.VOID
        assert await counted(t, one) == []
        (again,) = await t.bot.store.read(rounds.taking_answers)
        assert again.replaces == one.id


async def test_the_owner_is_told_and_what_he_then_answers_counts(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await answered(t, one, team("dag", range(2, 9)))
        await alter(t, one, ("dag-3",))
        for seen in (
            (await t.shown("dag-3", "person:dag-3"))[-1],
            await t.click("dag-3", "ask.show", one.id),
            await t.click("dag-3", "ask.review", one.id),
        ):
            assert LOST in repr(seen)
        assert LOST not in repr((await t.shown("dag-4", "person:dag-4"))[-1])
        await t.answer("dag-3", one.id, 2)
        assert LOST not in repr(await t.click("dag-3", "ask.review", one.id))
        await t.travel(one.publish_at)
        assert await counted(t, one) == [7]
        assert "CLOSE-1" not in caplog.text


@pytest.mark.parametrize("action", ["ask.answer", "ask.later"])
async def test_a_card_from_before_changes_nothing_until_the_owner_has_been_told(
    tmp_path: Path, action: str
) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        old = first_button(await t.click("dag-3", "ask.show", one.id))
        await t.answer("dag-3", one.id, 4)
        await alter(t, one, ("dag-3",))
        before = await t.bot.store.read(lambda tx: tx.rows(select(slot)))
        told = await t.click("dag-3", action, one.id, old.value)
        assert LOST in repr(told)
        assert await t.bot.store.read(lambda tx: tx.rows(select(slot))) == before
        await t.press("dag-3", first_button(told))
        seen = await t.click("dag-3", "ask.review", one.id)
        assert LOST not in repr(seen)


async def test_a_card_of_an_earlier_alteration_is_not_taken_after_the_next(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await t.answer("dag-3", one.id, 4)
        await alter(t, one, ("dag-3",))
        told = first_button(await t.click("dag-3", "ask.show", one.id))
        await t.answer("dag-3", one.id, 2)
        await alter(t, one, ("dag-3",))
        assert LOST in repr(await t.press("dag-3", told))


async def test_who_wants_his_answers_deleted_has_them_overwritten(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await t.answer("dag-3", one.id, 4)
        await alter(t, one, ("dag-3",))
        assert DA("ask.deleted") in repr(await t.click("dag-3", "ask.delete", one.id))
        assert LOST not in repr(await t.click("dag-3", "ask.show", one.id))


async def test_a_ballot_that_cannot_be_opened_is_reminded_like_an_empty_one(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await answered(t, one, team("dag", range(2, 8)))
        await alter(t, one, ("dag-3", "dag-4"))
        assert one.remind_at is not None
        await t.travel(one.remind_at)
        reached = {each.person for each in t.recorder.nudged if each.kind == "round.reminder"}
        everybody = {f"dag-{n}" for n in range(1, 14)}
        assert reached == everybody - {"dag-2", "dag-5", "dag-6", "dag-7"}
        bit = await t.bot.store.read(lambda tx: rounds.reached(tx, one.id))
        assert bit == {"dag": False}  # four can be counted
        report = audit(t.bot.settings.database, t.bot.settings.key_folder)
        assert report.findings == ()


async def test_somebody_elses_later_is_kept_beside_an_altered_ballot(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM, now=at(3, 9)) as t:
        one = await t.open("checkin", ("dag",))
        await t.click("dag-2", "ask.later", one.id)
        await alter(t, one, ("dag-3",))
        before = len(t.recorder.nudged)
        await t.travel(at(3, 12))
        assert [each.person for each in t.recorder.nudged[before:]] == ["dag-2"]


async def test_who_leaves_has_an_altered_ballot_emptied_too(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await answered(t, one, team("dag", range(2, 9)))
        await alter(t, one, ("dag-3",))
        assert await t.bot.store.write(lambda tx: answering.erase(tx, t.bot.env, "dag-3")) == 1
        assert LOST not in repr(await t.click("dag-3", "ask.show", one.id))
