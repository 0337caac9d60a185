"""Many people leaving at once: emptied in every open round, and nobody else is touched."""

from pathlib import Path

import pytest
from closed_rounds import answered, team
from sqlalchemy import select, update
from town import Town, at, cast, town

from bot.domain.people import Grant, Role
from bot.domain.rounds import Round
from bot.flows.people.leaving import empty_ballots
from bot.flows.rounds import answering
from bot.storage import people, people_bulk, slots
from bot.storage.store import Tx
from bot.storage.tables import person, slot

TEAM = cast(("dag", 13), ("nat", 6))
LEAVING = [f"dag-{n}" for n in (3, 4, 5)]


async def empty(t: Town, *leaving: str) -> int:
    return await t.bot.store.write(lambda tx: empty_ballots(tx, t.bot.env, leaving))


async def given(t: Town, one: Round) -> set[str]:
    """Return who has a ballot with something in it."""

    def read(tx: Tx) -> set[str]:
        found = answering.ballots(tx, t.bot.env, one)
        return {owner for owner, ballot in found.items() if not ballot.is_empty}

    return await t.bot.store.read(read)


async def sealed(t: Town, one: Round) -> dict[bytes, bytes]:
    return await t.bot.store.read(lambda tx: slots.everything(tx, one.id))


async def test_ballots_are_emptied_in_every_open_round_and_their_slots_stay(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        rounds = [await t.open("checkin", ("dag",)), await t.open("maturity", ("org",))]
        for one in rounds:
            await answered(t, one, team("dag", range(2, 9)))
        before = [await sealed(t, one) for one in rounds]
        assert await empty(t, *LEAVING, "nobody-known") == 6
        for one, old in zip(rounds, before, strict=True):
            assert await given(t, one) == {"dag-2", "dag-6", "dag-7", "dag-8"}
            new = await sealed(t, one)
            assert new.keys() == old.keys()
            assert {len(ballot) for ballot in new.values()} == {len(b) for b in old.values()}
            key = t.bot.env.keys.load(one.id)
            changed = {place for place in old if old[place] != new[place]}
            assert changed == {key.slot(who) for who in LEAVING}


async def test_an_answer_from_a_card_of_before_is_not_taken_again(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await t.click("dag-3", "ask.answer", one.id, "0:anchor:3")
        await empty(t, "dag-3")
        await t.click("dag-3", "ask.answer", one.id, "0:anchor:3")
        assert await given(t, one) == set()


async def test_a_round_whose_key_is_lost_keeps_nobody_from_leaving(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        lost, fine = await t.open("checkin", ("dag",)), await t.open("maturity", ("dag",))
        (t.bot.settings.key_folder / f"{lost.id}.key").unlink()
        t.bot.env.keys._loaded.clear()
        await t.answer("dag-3", fine.id, 4)
        assert await empty(t, "dag-3") == 1
        assert await given(t, fine) == set()


async def test_a_ballot_that_was_altered_is_emptied_like_the_others(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        mine = t.bot.env.keys.load(one.id).slot("dag-3")
        size = len((await sealed(t, one))[mine])
        broken = update(slot).where(slot.c.slot == mine).values(ballot=bytes(size))
        await t.bot.store.write(lambda tx: tx.execute(broken))
        assert await empty(t, "dag-3") == 1
        assert (await sealed(t, one))[mine] != bytes(size)


async def test_a_round_that_is_being_counted_is_left_alone(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await t.answer("dag-3", one.id, 4)
        t.clock.move_to(one.closes_at)
        assert await empty(t, "dag-3") == 0


@pytest.mark.parametrize("number", [1, 499, 500, 501])
async def test_people_written_in_bulk_are_as_if_written_one_by_one(
    tmp_path: Path, number: int
) -> None:
    async with town(tmp_path, cast(("dag", number))) as t:

        def work(tx: Tx) -> None:
            members = people.everybody(tx, ("dag",))
            people_bulk.put_grants(
                tx, {one.id: [Grant(one.id, "dag", Role.AMG)] for one in members}
            )
            people_bulk.update_people(tx, members)
            people_bulk.make_inactive(tx, [one.id for one in members[1:]])

        rows = select(person).where(person.c.node_id == "dag").order_by(person.c.id)
        before = await t.bot.store.read(lambda tx: tx.rows(rows))
        await t.bot.store.write(work)
        after = await t.bot.store.read(lambda tx: tx.rows(rows))
        assert sum(row.active for row in after) == 1
        for old, new in zip(before, after, strict=True):
            assert old[:-1] == new[:-1]  # all but active
        roles = await t.bot.store.read(lambda tx: people.grants(tx, Role.AMG))
        assert len(roles) == 1  # of active people


async def test_the_day_after_nobody_who_left_is_reminded(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))

        def leave(tx: Tx) -> None:
            empty_ballots(tx, t.bot.env, LEAVING)
            people_bulk.make_inactive(tx, LEAVING)

        await t.bot.store.write(leave)
        await t.travel(max(one.remind_at or at(3), at(4)))
        reminded = {each.person for each in t.recorder.nudged if each.kind == "round.reminder"}
        assert reminded == {f"dag-{n}" for n in range(1, 14)} - set(LEAVING)
