"""What somebody has answered stays in the process's memory for minutes, not for as long as it runs.

The promise is about copies of the database; this is about who can look into a running process.
"""

import asyncio
import functools
import gc
import logging
import types
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import Person, SlackDouble
from slack_town import SlackTown, slack_town
from slack_walk import button, filled
from town import cast

from bot.domain.clock import Clock, MovableClock
from bot.platforms.slack.passing import A_WHILE, Passing

CANARY = "kanariefuglen synger"
BEYOND = (
    type,
    types.ModuleType,
    types.FrameType,
    types.CodeType,
    logging.Logger,
    SlackDouble,
    asyncio.AbstractEventLoop,
)
"""Where a walk ends: classes, other programs' things, and Slack itself, which knows what was sent.
"""


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    people = cast(("dag", 6))
    async with slack_town(tmp_path, slack, clock, people, transport=request.param) as town:
        for n in range(1, 7):
            town.somebody(f"dag-{n}")
        await town.travel(clock.now() + timedelta(minutes=5))
        yield town


def within(one: object) -> Iterator[object]:
    """Return what an object holds; of a function only what it was made with."""
    if isinstance(one, BEYOND):
        return
    if isinstance(one, types.FunctionType):
        yield from (one.__closure__ or (), one.__defaults__ or (), one.__kwdefaults__ or {})
        return
    yield from gc.get_referents(one)


def remembered(*roots: object) -> list[str]:
    """Return every text the objects hold, at any depth, in which the canary stands."""
    seen: set[int] = set()
    found: list[str] = []
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, str | bytes):
            text = one if isinstance(one, str) else one.decode("utf-8", "replace")
            found += [text[:200]] if CANARY in text else []
        else:
            waiting += within(one)
    return found


def in_memory(t: SlackTown) -> list[str]:
    """Return where the canary stands in what the adapter, and the flows under it, remember."""
    gc.collect()
    return remembered(t.slack, t.bot.front, t.bot.env, t.bot.sender, t.bot.hub)


async def answers(t: SlackTown) -> Person:
    """Answer with the canary, look at it again, and show pages of it."""
    anna = t.somebody("dag-3")
    await anna.click("slack.waiting", on=anna.newest(anna.dm))
    await anna.submit(filled(anna, 4, CANARY))
    await t.settled()
    await anna.command("/trivsel", "tjek")
    await t.settled()
    for name in ("ask.show", "ask.sheet", "ask.edit"):
        if anna.modals and button(anna.modal, name):
            await anna.click(name, on=anna.modal)
            await t.settled()
    return anna


async def test_the_walk_finds_what_is_there(t: SlackTown) -> None:
    await t.open()
    await answers(t)
    assert in_memory(t)
    lost = functools.partial(print, {"a": [CANARY.encode()]})
    assert remembered(lost, lambda: lost)


async def test_ten_minutes_after_the_close_no_answer_is_in_memory(t: SlackTown) -> None:
    opened = await t.open()
    await answers(t)
    t.clock.move_to(opened.closes_at - timedelta(seconds=1))
    await answers_again(t)
    await t.travel(opened.closes_at + A_WHILE + timedelta(seconds=1))
    await t.somebody("dag-5").command("/trivsel")
    await t.settled()
    assert in_memory(t) == []


async def answers_again(t: SlackTown) -> None:
    """Change the answer in the last second."""
    anna = t.somebody("dag-3")
    await anna.close_modal(all_of_them=True)
    await anna.click("slack.waiting", on=anna.newest(anna.dm))
    await t.settled()
    await anna.submit(filled(anna, 5, f"{CANARY} igen"))
    await t.settled()


async def test_a_page_whose_card_has_passed_is_shown_as_it_is_now(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    await lead.command("/trivsel", "resultat")
    await t.settled()
    assert lead.modals
    t.slack.hearing._showing.shown._cards.let_go()
    t.clock.move_to(t.clock.now() + A_WHILE + timedelta(seconds=1))
    assert t.slack.hearing._showing.shown._cards.find(lead.modal.id) is None


async def test_what_passes_is_gone_although_nobody_asks_any_more() -> None:
    clock = Clock()
    memory: Passing[str, str] = Passing(10, timedelta(milliseconds=20), clock)
    memory.keep("a", CANARY)
    memory.keep("b", CANARY)
    assert len(memory) == 2
    async with asyncio.timeout(30):
        while len(memory):
            await asyncio.sleep(0.01)


async def test_what_passes_is_kept_as_long_as_it_is_kept_anew_and_never_more_than_so_many() -> None:
    clock = MovableClock(Clock().now())
    memory: Passing[str, int] = Passing(2, timedelta(minutes=1), clock)
    memory.keep("a", 1)
    memory.keep("b", 2)
    clock.move_to(clock.now() + timedelta(seconds=40))
    memory.keep("a", 3)
    clock.move_to(clock.now() + timedelta(seconds=40))
    assert (memory.find("a"), memory.find("b")) == (3, None)
    memory.keep("b", 4)
    memory.keep("c", 5)
    assert (memory.find("a"), memory.find("b"), memory.find("c")) == (None, 4, 5)
