"""The demo: what a newcomer finds, and what happens when the colleagues are let to go on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from town import shipped

from bot.app import Bot, started
from bot.domain.action_items import ActionItem, ActionState, Verdict
from bot.domain.dialogues import Dialogue, Phase
from bot.platforms.web.session import Sessions
from bot.rehearsal.demo import Stage, clock_for, first_morning
from bot.rehearsal.talks import Talks
from bot.settings import Settings
from bot.storage import actions, chat, dialogues, escalations

pytestmark = pytest.mark.slow

DAYS = (date(2026, 3, 18), date(2026, 5, 28), date(2027, 1, 6))
"""An ordinary week, one after the holidays of spring, and one after Christmas."""


class Begun:
    """A demo that has begun on a day."""

    def __init__(self, stage: Stage, bot: Bot) -> None:
        self.stage, self.bot = stage, bot

    async def actions(self) -> tuple[ActionItem, ...]:
        return await self.bot.store.read(lambda tx: actions.of_nodes(tx, ["dag"]))

    async def talks(self) -> tuple[Dialogue, ...]:
        return await self.bot.store.read(lambda tx: dialogues.of_nodes(tx, ["dag"]))

    async def kinds(self, conversation: str) -> list[str]:
        posted = await self.bot.store.read(lambda tx: chat.latest(tx, conversation))
        return [one.note.kind for one in posted]

    async def go(self, days: int, but: str) -> None:
        for _ in range(days):
            await self.stage.let_answer(but)
            await self.stage.move(self.bot.env.clock.now() + timedelta(days=1))


@asynccontextmanager
async def begun(folder: Path, today: date) -> AsyncIterator[Begun]:
    settings = Settings(data=folder / "data", organisation="Solgården")
    settings.data.mkdir()
    clock = clock_for(settings.data, today)
    async with started(settings, clock=clock, demo=True, pack=shipped()) as bot:
        stage = Stage(bot, clock, Sessions(b"k" * 32))
        await stage.set_up(today)
        assert clock.now() == first_morning(today)
        yield Begun(stage, bot)


@pytest.mark.parametrize("today", DAYS)
async def test_a_newcomer_finds_a_talk_an_action_that_worked_one_that_runs_and_a_digest(
    tmp_path: Path, today: date
) -> None:
    async with begun(tmp_path, today) as demo:
        (talk,) = await demo.talks()
        items = {one.state: one for one in await demo.actions()}
        waiting = await demo.bot.store.read(lambda tx: escalations.waiting_at(tx, ["solgaarden"]))

        assert talk.phase is Phase.ENDED
        assert set(items) == {ActionState.DONE, ActionState.IN_PROGRESS}
        assert items[ActionState.DONE].verdict is Verdict.SCALE
        assert items[ActionState.DONE].shared
        assert items[ActionState.DONE].done_on <= items[ActionState.DONE].due
        assert items[ActionState.IN_PROGRESS].due > today - timedelta(days=today.weekday())
        assert len(waiting) == 1
        assert "digest" in await demo.kinds("amg:solgaarden")


async def test_colleagues_write_vote_agree_and_get_things_done_when_they_are_let_to(
    tmp_path: Path,
) -> None:
    async with begun(tmp_path, DAYS[0]) as demo:
        before = len(await demo.actions())

        await Talks(demo.bot.front).start("dag-1", "dag", "Pauserne")
        await demo.go(12, but="dag-9")
        newest = (await demo.talks())[0]
        items = await demo.actions()

        assert newest.phase is Phase.ENDED
        assert len(items) == before + 1
        assert all(one.state is not ActionState.OPEN for one in items)


async def test_what_waits_for_whoever_looks_on_is_left_to_him(tmp_path: Path) -> None:
    async with begun(tmp_path, DAYS[0]) as demo:
        await Talks(demo.bot.front).start("dag-1", "dag", "Pauserne")
        await demo.go(5, but="dag-1")
        newest = (await demo.talks())[0]

        assert newest.phase is Phase.GROUPING
