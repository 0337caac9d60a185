"""Delivery: once, tried again with longer and longer waits, given up aloud, nobody held up."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from town import MONDAY, Town, at, cast, town

from bot.delivery.sender import ATTEMPTS
from bot.domain.chance import SeededChance
from bot.platforms.port import Undelivered
from bot.rehearsal.organisation import Cast
from bot.storage import outbox
from bot.storage.outbox import Delivery, Note, Outgoing
from bot.storage.store import Tx
from bot.storage.tables import delivery

SMALL = cast(("dag", 6))
NOBODY_NEW = Cast((), (), ())


async def write(t: Town, *recipients: str, purpose: str = "hello", due: datetime = MONDAY) -> None:
    note = Note("typed", {"text": purpose})

    def add(tx: Tx) -> int:
        rows = [Outgoing(purpose, recipient, note, due) for recipient in recipients]
        return outbox.add(tx, (t.bot.env.chance.token() for _ in rows), rows)

    await t.bot.store.write(add)


async def rows(t: Town, purpose: str = "hello") -> dict[str, tuple[str, int, datetime | None]]:
    def read(tx: Tx) -> dict[str, tuple[str, int, datetime | None]]:
        query = select(delivery).where(delivery.c.purpose == purpose)
        return {row.recipient: (row.state, row.attempts, row.due_at) for row in tx.rows(query)}

    return await t.bot.store.read(read)


async def send(t: Town, now: datetime | None = None) -> int:
    return await t.bot.sender.send_due(now or t.clock.now())


def sent(t: Town, purpose: str = "hello") -> list[str]:
    return sorted(one.recipient for one in t.recorder.posted if one.purpose == purpose)


async def test_a_message_is_sent_once_for_each_purpose_and_recipient(tmp_path: Path) -> None:
    async with town(tmp_path, SMALL) as t:
        for _ in range(3):
            await write(t, "person:dag-2", "person:dag-3", "node:dag")
            await send(t)
        assert sent(t) == ["node:dag", "person:dag-2", "person:dag-3"]
        assert len(await t.notes("node:dag")) == 1


async def test_nothing_goes_out_before_its_time(tmp_path: Path) -> None:
    async with town(tmp_path, SMALL) as t:
        await write(t, "node:dag", due=MONDAY + timedelta(hours=1))
        await send(t)
        assert sent(t) == []
        await t.travel(MONDAY + timedelta(hours=1))
        assert sent(t) == ["node:dag"]


async def test_a_failure_is_tried_again_with_longer_waits_and_stops_nobody_else(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, SMALL) as t:
        t.recorder.fail["person:dag-2"] = Undelivered("SLOW")
        await write(t, "person:dag-2", "person:dag-3")
        await send(t)
        assert sent(t) == ["person:dag-3"]
        waits = []
        for attempt in range(1, 5):
            state, attempts, due = (await rows(t))["person:dag-2"]
            assert (state, attempts) == (outbox.WAITING, attempt)
            assert due is not None
            waits.append((due - t.clock.now()).total_seconds())
            t.clock.move_to(due)
            await send(t)
        for wait, longest in zip(waits, (5, 10, 20, 40), strict=True):
            assert longest / 2 <= wait <= longest
        t.recorder.fail.clear()
        await t.travel(t.clock.now() + timedelta(hours=1))
        assert sent(t) == ["person:dag-2", "person:dag-3"]


async def test_the_platforms_own_wish_for_a_wait_is_kept(tmp_path: Path) -> None:
    async with town(tmp_path, SMALL) as t:
        t.recorder.fail["person:dag-2"] = Undelivered("429", again_in=90)
        await write(t, "person:dag-2")
        await send(t)
        assert (await rows(t))["person:dag-2"][2] == MONDAY + timedelta(seconds=90)


async def test_what_is_given_up_is_told_to_administrators_once_and_can_be_revived(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, SMALL) as t:
        await send(t)
        t.recorder.fail["person:dag-2"] = Undelivered("GONE")
        await write(t, "person:dag-2")
        await t.travel(MONDAY + timedelta(hours=3))
        assert (await rows(t))["person:dag-2"][:2] == (outbox.DEAD, ATTEMPTS)
        told = [one for one in t.recorder.posted if one.note.kind == "operations.dead"]
        assert [one.recipient for one in told] == ["person:boss"]
        page = await t.bot.front.page("boss", "operations")
        assert "GONE" in repr(page)
        assert "dag-2" not in repr(page)
        (dead,) = await t.bot.store.read(outbox.dead)
        await t.click("boss", "operations.retry", dead.id)
        await t.travel(MONDAY + timedelta(hours=6))
        assert (await rows(t))["person:dag-2"][0] == outbox.DEAD
        told = [one for one in t.recorder.posted if one.note.kind == "operations.dead"]
        assert len(told) == 1
        t.recorder.fail.clear()
        await t.click("boss", "operations.retry", dead.id)
        await t.travel(MONDAY + timedelta(hours=6, minutes=1))
        assert sent(t) == ["person:dag-2"]


async def test_what_can_never_go_out_is_given_up_at_once(tmp_path: Path) -> None:
    async with town(tmp_path, SMALL) as t:
        t.recorder.fail["person:dag-2"] = Undelivered("LEFT", final=True)
        await write(t, "person:dag-2")
        await send(t)
        assert (await rows(t))["person:dag-2"][:2] == (outbox.DEAD, 1)


async def test_an_administrator_who_cannot_be_reached_makes_no_endless_row_of_messages(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, SMALL) as t:
        await send(t)
        for person in ("person:dag-2", "person:boss"):
            t.recorder.fail[person] = Undelivered("LEFT", final=True)
        await write(t, "person:dag-2")
        await t.travel(MONDAY + timedelta(hours=1))
        dead = await t.bot.store.read(outbox.dead)
        kinds = sorted(one.note.kind for one in dead)
        assert kinds == ["operations.dead", "typed"]


async def test_a_platform_that_breaks_down_over_one_message_delivers_the_others(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, SMALL) as t:
        await write(t, "person:dag-2", "node:no-longer-there", "person:dag-3")
        await send(t)
        assert {"person:dag-2", "person:dag-3"} <= set(sent(t))
        stuck = (await rows(t))["node:no-longer-there"]
        assert stuck[0] == outbox.WAITING
        assert stuck[1] == 1
        await t.travel(MONDAY + timedelta(hours=3))
        assert (await rows(t))["node:no-longer-there"][0] == outbox.DEAD


async def test_a_crash_between_sending_and_marking_sends_nothing_twice(tmp_path: Path) -> None:
    async with town(tmp_path, SMALL) as t:
        await write(t, "node:dag")
        due = await t.bot.store.read(lambda tx: outbox.due(tx, MONDAY))
        assert t.recorder.inner is not None
        await t.recorder.inner.post([one for one in due if one.purpose == "hello"])
        await send(t)  # it was never marked, so it is sent again
        assert sent(t) == ["node:dag"]
        assert len(await t.notes("node:dag")) == 1


async def test_stopping_sends_what_is_due(tmp_path: Path) -> None:
    async with town(tmp_path, SMALL) as t:
        await write(t, "node:dag")
        recorder = t.recorder
    assert "node:dag" in [one.recipient for one in recorder.posted]
    async with town(tmp_path, NOBODY_NEW, seed=8) as t:
        assert len(await t.notes("node:dag")) == 1
        assert await send(t) == 0


async def test_more_than_a_batch_is_sent_at_once(tmp_path: Path) -> None:
    async with town(tmp_path, cast(("dag", 600), top=False)) as t:
        assert await send(t) == 600
        assert len(sent(t, "welcome")) == 600
        assert await send(t) == 0


async def test_an_invitation_is_handled_alike_whoever_is_reached(tmp_path: Path) -> None:
    async with town(tmp_path, SMALL) as t:
        await t.click("dag-3", "ask.off")
        opened = await t.open("checkin", ("dag",))
        found = await rows(t, f"invite:{opened.id}")
        assert set(found.values()) == {(outbox.SENT, 0, None)}
        assert len(found) == 6
        nudged = {one.person for one in t.recorder.nudged}
        assert nudged == {f"dag-{n}" for n in range(1, 7)} - {"dag-3"}


async def test_a_lost_key_of_one_round_keeps_no_other_round_from_being_asked(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, cast(("dag", 6), ("aften", 6))) as t:
        t.clock.move_to(at(2, 20))
        lost = await t.open("checkin", ("dag",), opens_at=at(3, 8))
        fine = await t.open("checkin", ("aften",), opens_at=at(3, 8))
        for file in t.bot.settings.key_folder.glob(f"{lost.id}*"):
            file.unlink()
        t.bot.env.keys._loaded.clear()
        await t.travel(at(3, 8))
        assert {one.round for one in t.recorder.nudged} == {fine.id}
        assert len(t.recorder.nudged) == 6


async def test_without_the_key_folder_invitations_wait_and_the_rest_goes_out(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, SMALL) as t:
        t.clock.move_to(at(2, 20))
        opened = await t.open("checkin", ("dag",), opens_at=at(3, 8))
        folder = t.bot.settings.key_folder
        folder.rename(folder.with_name("aside"))
        await write(t, "node:dag", due=at(3, 8))
        t.clock.move_to(at(3, 8))
        await t.bot.tick(t.clock.now())
        assert sent(t) == ["node:dag"]
        waiting = set((await rows(t, f"invite:{opened.id}")).values())
        assert waiting == {(outbox.WAITING, 0, at(3, 8, 5))}
        folder.with_name("aside").rename(folder)
        await t.travel(at(3, 8, 5))
        assert len(t.recorder.nudged) == 6


async def test_a_message_to_a_person_waits_for_his_morning_and_no_longer(tmp_path: Path) -> None:
    async with town(tmp_path, SMALL) as t:
        await t.submit("dag-3", "me.away", first="2026-03-02", last="2026-06-30")
        t.clock.move_to(at(2, 22))
        await write(t, "person:dag-2", "person:dag-3", "node:dag")
        await send(t)
        assert sent(t) == ["node:dag", "person:dag-3"]  # away for months: written to all the same
        await t.travel(at(3, 8))
        assert sent(t) == ["node:dag", "person:dag-2", "person:dag-3"]


class Slow:
    """A platform that takes its time: meanwhile others may run."""

    def __init__(self, t: Town) -> None:
        self.t, self.running = t, 0

    async def post(self, deliveries: Sequence[Delivery]) -> dict[str, Undelivered | None]:
        self.running += 1
        assert self.running == 1
        await asyncio.sleep(0.01)
        self.running -= 1
        assert self.t.recorder.inner is not None
        return await self.t.recorder.inner.post(deliveries)


async def test_two_ticks_at_once_send_one_after_the_other(tmp_path: Path) -> None:
    async with town(tmp_path, SMALL) as t:
        slow = Slow(t)
        t.recorder.post = slow.post  # type: ignore[method-assign]
        await asyncio.gather(t.bot.runner.now(), t.bot.runner.now())
        counts = await t.bot.store.read(outbox.counts)
        assert counts == {outbox.SENT: 7}


def test_the_jitter_is_drawn_for_each_message_by_itself() -> None:
    chance = SeededChance(1)
    drawn = {chance.generator("backoff", str(n)).uniform(0.5, 1) for n in range(50)}
    assert len(drawn) == 50
