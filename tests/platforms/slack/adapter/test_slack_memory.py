"""What somebody has answered stays in the process's memory for minutes, not for as long as it runs.

The promise is about copies of the database; this is about who can look into a running process.
"""

import asyncio
import functools
import gc
import logging
import types
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from double import Person, SlackDouble
from slack_town import SlackTown, slack_town
from slack_walk import blocks_of, button
from town import cast

from bot.cards import Divider, Message, Text
from bot.domain.clock import Clock, MovableClock
from bot.domain.rounds import Round
from bot.flows.views import Page
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
    people = cast(("dag", 11))
    async with slack_town(tmp_path, slack, clock, people, transport=request.param) as town:
        for n in range(1, 12):
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


async def answers(t: SlackTown, opened: Round) -> Person:
    """Answer one by one, write the canary last, and look at it again."""
    anna = t.somebody("dag-3")
    await anna.command("/trivsel", "modenhed")
    for _ in opened.questions:
        (choice,) = [one for one in blocks_of(anna.modal) if one["type"] == "input"]
        value = choice["element"]["options"][3]["value"]
        assert await anna.submit({choice["block_id"]: value}) == "updated"
    (words,) = [one for one in blocks_of(anna.modal) if one["type"] == "input"]
    assert await anna.submit({words["block_id"]: CANARY}) == "updated"
    await anna.click("ask.review", on=anna.modal)
    await t.settled()
    assert CANARY in anna.reads()
    return anna


async def test_the_walk_finds_what_is_there(t: SlackTown) -> None:
    await answers(t, await t.open("maturity"))
    assert in_memory(t)
    lost = functools.partial(print, {"a": [CANARY.encode()]})
    assert remembered(lost, lambda: lost)


async def test_ten_minutes_after_the_close_no_answer_is_in_memory(t: SlackTown) -> None:
    opened = await t.open("maturity")
    t.clock.move_to(opened.closes_at - timedelta(seconds=1))
    await answers(t, opened)
    await t.travel(opened.closes_at + A_WHILE + timedelta(seconds=1))
    await t.somebody("dag-5").command("/trivsel")
    await t.settled()
    assert in_memory(t) == []


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


class Long:
    """A front whose every page is too long for one view."""

    def __init__(self, front: Any) -> None:
        self._front = front

    def __getattr__(self, name: str) -> Any:
        return getattr(self._front, name)

    async def page(self, person: str, path: str) -> Page | None:
        found = await self._front.page(person, path)
        parts = tuple(part for n in range(120) for part in (Text(f"linje {n}"), Divider()))
        return replace(found, cards=(Message("Langt", parts),)) if found else None


async def test_in_a_page_that_is_not_remembered_any_more_one_can_still_leaf(t: SlackTown) -> None:
    t.slack.hearing.pages._front = Long(t.bot.front)
    anna = t.somebody("dag-3")
    await anna.command("/trivsel")
    await t.settled()
    await anna.click(str(button(anna.modal, "slack.open", '"me"')), on=anna.modal)
    await t.settled()
    for page in (2, 3):
        t.clock.move_to(t.clock.now() + A_WHILE + timedelta(seconds=1))
        await anna.click("Næste side", on=anna.modal)
        await t.settled()
        assert f"Side {page} af 3" in anna.reads()
