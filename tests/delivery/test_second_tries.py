"""Who was missed for a passing reason is told again: in time, once, and no list says who it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from town import MONDAY, Town, at, cast, town

from bot.delivery.sender import Sender
from bot.platforms.port import Nudge, Undelivered
from bot.rehearsal.organisation import Cast
from bot.storage.audit import audit
from bot.storage.outbox import SENT, WAITING
from bot.storage.store import Tx
from bot.storage.tables import delivery

TEAM = cast(("dag", 6))
NOBODY_NEW = Cast((), (), ())
BUSY = Undelivered("BUSY")
SOON = timedelta(seconds=10)


@dataclass
class Phones:
    """A platform that reaches people or not; it looks a message up before it is sent again."""

    trouble: dict[str, Undelivered] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    stands: set[tuple[str, str]] = field(default_factory=set)

    async def nudge(self, nudges: Sequence[Nudge]) -> Mapping[Nudge, Undelivered]:
        missed = {}
        for one in nudges:
            if one.again:
                self.looked_up.append(one.person)
                if (one.person, one.id) in self.stands:
                    continue
            problem = self.trouble.get(one.person)
            if problem is None or problem.unsure:
                self.told.append(one.person)
                self.stands.add((one.person, one.id))
            if problem is not None:
                missed[one] = problem
        return missed


@pytest.fixture
def phones() -> Phones:
    return Phones()


async def opened(t: Town, phones: Phones) -> str:
    """Open a round whose invitations go out over ``phones``."""
    t.recorder.nudge = phones.nudge  # type: ignore[method-assign]
    return (await t.open("checkin", ("dag",))).id


async def rows(t: Town, cause: str = "invite") -> list[tuple[str, str, int]]:
    """Return state, recipient and attempts of a round's rows."""

    def read(tx: Tx) -> list[tuple[str, str, int]]:
        query = select(delivery).where(delivery.c.purpose.like(f"{cause}:%"))
        return [(row.state, row.recipient, row.attempts) for row in tx.rows(query)]

    return sorted(await t.bot.store.read(read))


def everybody(but: str = "") -> list[str]:
    return sorted({f"dag-{n}" for n in range(1, 7)} - {but})


async def test_who_was_missed_is_told_when_it_goes_again_and_nobody_twice(
    tmp_path: Path, phones: Phones
) -> None:
    async with town(tmp_path, TEAM) as t:
        phones.trouble["dag-3"] = BUSY
        await opened(t, phones)
        assert sorted(phones.told) == everybody("dag-3")
        await t.travel(MONDAY + SOON)
        phones.trouble.clear()
        await t.travel(MONDAY + timedelta(hours=1))
        assert sorted(phones.told) == everybody()
        assert phones.looked_up == []
        assert {state for state, _, _ in await rows(t, "invite-again")} == {SENT}


async def test_the_platforms_wish_for_a_wait_is_followed(tmp_path: Path, phones: Phones) -> None:
    async with town(tmp_path, TEAM) as t:
        phones.trouble["dag-3"] = Undelivered("429", again_in=600)
        await opened(t, phones)
        phones.trouble.clear()
        await t.travel(MONDAY + timedelta(seconds=599))
        assert "dag-3" not in phones.told
        await t.travel(MONDAY + timedelta(seconds=600))
        assert "dag-3" in phones.told


async def test_the_rows_of_people_stay_alike_and_the_rounds_row_names_nobody(
    tmp_path: Path, phones: Phones
) -> None:
    async with town(tmp_path, TEAM) as t:
        phones.trouble["dag-3"] = BUSY
        round_id = await opened(t, phones)
        await t.travel(MONDAY + SOON)
        assert {(state, n) for state, _, n in await rows(t)} == {(SENT, 0)}
        assert [who for _, who, _ in await rows(t, "invite-again")] == [f"round:{round_id}"]

        def written(tx: Tx) -> list[str]:
            query = select(delivery).where(delivery.c.purpose == f"invite-again:{round_id}")
            return [repr(tuple(row)) for row in tx.rows(query)]

        assert not [row for row in await t.bot.store.read(written) if "dag-" in row]
        assert audit(t.bot.settings.database, t.bot.settings.key_folder).findings == ()


async def test_who_has_answered_meanwhile_is_let_be(tmp_path: Path, phones: Phones) -> None:
    async with town(tmp_path, TEAM) as t:
        phones.trouble["dag-3"] = BUSY
        round_id = await opened(t, phones)
        await t.answer("dag-3", round_id)
        phones.trouble.clear()
        await t.travel(MONDAY + timedelta(hours=6))
        assert "dag-3" not in phones.told


async def test_nobody_is_told_again_outside_his_hours(tmp_path: Path, phones: Phones) -> None:
    async with town(tmp_path, TEAM) as t:
        t.clock.move_to(at(2, 15, 59))
        phones.trouble["dag-3"] = Undelivered("429", again_in=300)
        await opened(t, phones)
        phones.trouble.clear()
        await t.travel(at(3, 7, 59))
        assert "dag-3" not in phones.told
        await t.travel(at(3, 8))
        assert phones.told.count("dag-3") == 1


async def test_when_the_round_is_over_nobody_is_told_again(
    tmp_path: Path, phones: Phones, caplog: pytest.LogCaptureFixture
) -> None:
    async with town(tmp_path, TEAM) as t:
        phones.trouble["dag-3"] = BUSY
        one = await t.round(await opened(t, phones))
        await t.travel(one.closes_at + timedelta(hours=2))
        phones.trouble.clear()
        await t.travel(one.closes_at + timedelta(days=2))
        assert "dag-3" not in phones.told
        assert WAITING not in {state for state, _, _ in await rows(t, "invite-again")}
        told = [line for line in caplog.messages if line.startswith("SEND-4")]
        assert len(told) == 2  # of the invitations, and of the reminder
        assert "dag-3" not in caplog.text


async def test_what_can_never_arrive_is_let_be_and_stops_nobody_else(
    tmp_path: Path, phones: Phones
) -> None:
    async with town(tmp_path, TEAM) as t:
        phones.trouble["dag-2"] = Undelivered("LEFT", final=True)
        await opened(t, phones)
        assert sorted(phones.told) == everybody("dag-2")
        assert await rows(t, "invite-again") == []
        assert {(state, n) for state, _, n in await rows(t)} == {(SENT, 0)}


async def test_what_may_have_arrived_is_looked_up_before_it_is_sent_again(
    tmp_path: Path, phones: Phones
) -> None:
    async with town(tmp_path, TEAM) as t:
        phones.trouble["dag-3"] = Undelivered("TIMEOUT", unsure=True)
        await opened(t, phones)
        phones.trouble.clear()
        await t.travel(MONDAY + timedelta(hours=1))
        assert phones.told.count("dag-3") == 1
        assert phones.looked_up == ["dag-3"]


async def test_after_a_restart_everybody_is_looked_up_and_only_who_was_missed_is_told(
    tmp_path: Path, phones: Phones
) -> None:
    async with town(tmp_path, TEAM) as t:
        phones.trouble["dag-3"] = BUSY
        round_id = await opened(t, phones)
        await t.answer("dag-4", round_id)
    phones.trouble.clear()
    async with town(tmp_path, NOBODY_NEW, seed=8) as t:
        t.recorder.nudge = phones.nudge  # type: ignore[method-assign]
        await t.travel(MONDAY + timedelta(hours=1))
        assert sorted(phones.told) == everybody()
        assert sorted(phones.looked_up) == everybody("dag-4")
        assert {state for state, _, _ in await rows(t, "invite-again")} == {SENT}


async def test_what_another_process_has_seen_to_is_not_remembered_here(
    tmp_path: Path, phones: Phones
) -> None:
    async with town(tmp_path, TEAM) as t:
        phones.trouble["dag-3"] = BUSY
        await opened(t, phones)
        phones.trouble = {"dag-3": BUSY, "dag-5": BUSY}
        t.clock.move_to(MONDAY + SOON)
        await Sender(t.bot.store, t.bot.env, t.recorder).send_due(t.clock.now())
        phones.trouble.clear()
        await t.travel(MONDAY + timedelta(hours=1))
        assert sorted(phones.told) == everybody()


async def test_a_reminder_that_was_missed_is_told_again_too(tmp_path: Path, phones: Phones) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.round(await opened(t, phones))
        phones.told.clear()
        phones.trouble["dag-3"] = BUSY
        while not phones.told:
            await t.travel(t.clock.now() + timedelta(minutes=10))
        assert sorted(phones.told) == everybody("dag-3")
        phones.trouble.clear()
        await t.travel(t.clock.now() + timedelta(hours=1))
        assert t.clock.now() < one.closes_at
        assert phones.told.count("dag-3") == 1


async def test_who_asked_for_later_and_was_missed_is_told_again(
    tmp_path: Path, phones: Phones
) -> None:
    async with town(tmp_path, TEAM) as t:
        round_id = await opened(t, phones)
        await t.click("dag-3", "ask.later", round_id)
        phones.told.clear()
        phones.trouble["dag-3"] = BUSY
        at_ = t.bot.env.laters.next_at()
        assert at_ is not None
        await t.travel(at_ + SOON)
        assert phones.told == []
        phones.trouble.clear()
        await t.travel(at_ + timedelta(hours=1))
        assert phones.told == ["dag-3"]


async def test_without_the_keys_the_second_try_waits(tmp_path: Path, phones: Phones) -> None:
    async with town(tmp_path, TEAM) as t:
        phones.trouble["dag-3"] = BUSY
        await opened(t, phones)
        phones.trouble.clear()
        folder = t.bot.settings.key_folder
        folder.rename(folder.with_name("aside"))
        t.bot.env.keys._loaded.clear()
        await t.travel(MONDAY + timedelta(minutes=2))
        assert "dag-3" not in phones.told
        folder.with_name("aside").rename(folder)
        await t.travel(MONDAY + timedelta(minutes=20))
        assert phones.told.count("dag-3") == 1
