"""Later, not for me, away, answered or not: while a round is open a lead can see none of it.

The same days are lived twice in two towns with the same seed, once with and once without; whatever
leads, elected representative and administrator can look at is compared word for word.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from town import Town, at, town

from bot.cards import Say
from bot.domain.rounds import Round

Doing = Callable[[Town, Round], Awaitable[object]]
WATCHERS = ("dag-1", "boss", "dag-2")
PAGES = ("me", "team/dag", "results", "help", "privacy", "operations", "team/org")


async def seen(t: Town) -> list[str]:
    """Return everything the watchers can look at."""
    found = []
    for person in WATCHERS:
        found.append(repr(await t.bot.front.sidebar(person)))
        found += [repr(await t.bot.front.page(person, path)) for path in PAGES]
        for conversation in (f"person:{person}", "node:dag", "node:org", "person:dag-5"):
            found.append(repr(await t.bot.front.conversation(person, conversation)))
    found += sorted(
        f"{one.purpose} {one.recipient} {one.note} {one.due_at}"
        for one in t.recorder.posted
        if one.recipient != "person:dag-5"
    )
    return found


async def nothing(t: Town, opened: Round) -> None:
    """Live the day without."""


async def later(t: Town, opened: Round) -> None:
    assert isinstance(await t.click("dag-5", "ask.later", opened.id), Say)


async def not_for_me(t: Town, opened: Round) -> None:
    await t.click("dag-5", "ask.off", opened.id)


async def not_for_me_and_back(t: Town, opened: Round) -> None:
    await t.click("dag-5", "ask.off", opened.id)
    await t.click("dag-5", "ask.on")


async def away(t: Town, opened: Round) -> None:
    told = await t.submit("dag-5", "me.away", first="2026-03-02", last="2026-03-04")
    assert isinstance(told, Say)


async def answers(t: Town, opened: Round) -> None:
    await t.answer("dag-5", opened.id, 1, "Ikke så godt")


async def answers_and_deletes(t: Town, opened: Round) -> None:
    await t.answer("dag-5", opened.id, 1)
    await t.click("dag-5", "ask.delete", opened.id)


async def lived(folder: Path, doing: Doing) -> list[str]:
    async with town(folder) as t:
        opened = await t.open("checkin", ("dag",))
        for n in (3, 4):
            await t.answer(f"dag-{n}", opened.id)
        await doing(t, opened)
        found = await seen(t)
        await t.travel(at(4, 9))
        return found + await seen(t)


@pytest.mark.parametrize(
    "doing", [later, not_for_me, not_for_me_and_back, away, answers, answers_and_deletes]
)
async def test_no_lead_can_tell_it_from_an_ordinary_day(tmp_path: Path, doing: Doing) -> None:
    without = await lived(tmp_path / "without", nothing)
    assert await lived(tmp_path / "with", doing) == without


async def test_not_for_me_stops_checkins_alone_until_it_is_taken_back(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.click("dag-5", "ask.off", opened.id)
        assert len(await t.shown("dag-5", "person:dag-5")) == 1  # the welcome
        await t.open("maturity", ("dag",), open_days=10)
        assert len(await t.shown("dag-5", "person:dag-5")) == 2
        await t.travel(at(9))
        again = await t.open("checkin", ("dag",))
        asked = {one.person for one in t.recorder.nudged if one.round == again.id}
        assert "dag-5" not in asked
        assert "dag-6" in asked
        await t.click("dag-5", "ask.on")
        assert len(await t.shown("dag-5", "person:dag-5")) == 3


async def test_who_has_said_later_and_then_not_for_me_is_not_woken(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.click("dag-5", "ask.later", opened.id)
        await t.click("dag-5", "ask.off", opened.id)
        t.recorder.nudged.clear()
        await t.travel(at(2, 16))
        assert t.recorder.nudged == []


async def test_later_is_the_same_day_and_near_its_end_the_next_morning(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        told = {}
        for person, now in (("dag-2", at(2, 9)), ("dag-3", at(2, 14)), ("dag-4", at(2, 15, 45))):
            await t.travel(now)
            told[person] = await t.click(person, "ask.later", opened.id)
        assert "2. marts kl. 12.00" in repr(told["dag-2"])
        assert "2. marts kl. 15.30" in repr(told["dag-3"])
        assert "3. marts kl. 8.30" in repr(told["dag-4"])


async def test_later_on_ones_day_off_is_the_next_day_at_work(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.submit("dag-5", "me.days", days=["1", "2"])
        opened = await t.open("checkin", ("dag",))
        assert "3. marts kl. 8.30" in repr(await t.click("dag-5", "ask.later", opened.id))


async def test_later_after_the_close_is_said_to_be_too_late(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",), open_days=1)
        await t.travel(at(3, 8, 45))
        told = await t.click("dag-5", "ask.later", opened.id)
        assert isinstance(told, Say)
        assert "3. marts kl. 9.00" in told.text


async def test_who_is_away_for_good_is_not_promised_anything(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.submit("dag-5", "me.away", first="2026-03-02", last="2027-04-01")
        told = await t.click("dag-5", "ask.later", opened.id)
        assert isinstance(told, Say)
        assert not told.failed
        await t.travel(opened.closes_at)
        assert "dag-5" not in {
            one.person for one in t.recorder.nudged if one.kind != "round.invite"
        }


async def test_a_restart_forgets_nobody_who_said_later(tmp_path: Path) -> None:
    from bot.rehearsal.organisation import Cast

    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.click("dag-5", "ask.later", opened.id)
        now = t.clock.now()
    async with town(tmp_path, Cast((), (), ()), now=now, seed=8) as t:
        await t.travel(at(2, 12))
        assert [one.person for one in t.recorder.nudged] == ["dag-5"]


async def test_who_said_later_is_not_woken_at_night_after_downtime(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.click("dag-5", "ask.later", opened.id)
        t.recorder.nudged.clear()
        t.clock.move_to(at(2, 23))
        await t.bot.tick(t.clock.now())
        assert t.recorder.nudged == []
        await t.travel(at(3, 8))
        assert [one.person for one in t.recorder.nudged] == ["dag-5"]
