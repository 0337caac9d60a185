"""Real processes on one database, told the same: one effect, also when one is killed over it."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from double import SlackDouble
from double.lines import Answer, Kind, Retry
from double.shapes import Json
from slack_town import SlackTown, slack_town
from slack_twins import HOLIDAY, TEAM, pauses, welcomes

from bot.domain.clock import MovableClock
from bot.storage.slack_heard import LEASE

pytestmark = pytest.mark.slow
DRIVER = Path(__file__).with_name("hearing_process.py")


class Hearer:
    """A process that hears."""

    def __init__(self, process: Process) -> None:
        self.process = process

    async def tell(self, at: datetime, payload: Any = None, *, die: bool = False) -> Any:
        """Tell it something; return its answer, ``None`` where it has died over it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        line = {"at": at.isoformat(), "payload": payload, "die": die}
        self.process.stdin.write(json.dumps(line).encode() + b"\n")
        await self.process.stdin.drain()
        answer = await self.process.stdout.readline()
        return json.loads(answer) if answer else None


@asynccontextmanager
async def hearers(folder: Path, slack: SlackDouble, at: datetime) -> AsyncIterator[list[Hearer]]:
    """Start two, one after the other."""
    command = [sys.executable, str(DRIVER), str(folder), slack.api_url, slack.bot_token]
    found: list[Hearer] = []
    try:
        for _ in range(2):
            one = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
            found.append(Hearer(one))
            assert await found[-1].tell(at) == "ready"
        yield found
    finally:
        for hearer in found:
            if hearer.process.returncode is None:
                hearer.process.kill()
            await hearer.process.wait()


class Nobody:
    """A line at whose end nobody is, and nothing comes back."""

    async def send(self, kind: Kind, payload: Json, retry: Retry = None) -> Answer:
        return Answer(200)


async def unsent(t: SlackTown) -> Any:
    """Return a form as Anna sends it, and that nobody has heard yet."""

    anna = t.somebody("dag-3")
    await anna.command("/trivsel", "væk")
    line, t.double.post.line = t.double.post.line, Nobody()
    await anna.submit(HOLIDAY)
    t.double.post.line = line
    return t.double.post.sent[-1].payload


async def test_two_processes_that_are_told_the_same_at_once_do_it_once(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    async with slack_town(tmp_path, slack, clock, TEAM) as t:
        form = await unsent(t)
        now = clock.now()
        async with hearers(tmp_path, slack, now) as found:
            answers = await asyncio.gather(*(one.tell(now, form) for one in found))
            assert [one["response_action"] for one in answers] == ["update", "update"]
            assert await pauses(t) == 1
            anna = t.somebody("dag-3")
            channel = slack.channel("plejen", anna, bot=False)
            await anna.invites_bot(channel)
            event = slack.post.sent[-1].payload
            answers = await asyncio.gather(*(one.tell(now, event) for one in found))
            assert set(answers) == {"taken"}
            assert await welcomes(t) == 1


async def test_what_a_killed_process_had_begun_is_done_once_when_it_is_told_again(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    async with slack_town(tmp_path, slack, clock, TEAM) as t:
        anna = t.somebody("dag-3")
        channel = slack.channel("plejen", anna, bot=False)
        slack.post.line = Nobody()
        await anna.invites_bot(channel)
        event = slack.post.sent[-1].payload
        now = clock.now()
        async with hearers(tmp_path, slack, now) as found:
            assert await found[0].tell(now, event, die=True) is None
            assert await found[0].process.wait() < 0
            assert await found[1].tell(now, event) == "again"
            assert await welcomes(t) == 0
            later = now + LEASE + timedelta(seconds=1)
            assert await found[1].tell(later, event) == "taken"
            assert await found[1].tell(later, event) == "taken"
            assert await welcomes(t) == 1


async def test_a_form_that_was_kept_by_a_killed_process_is_not_lost_and_its_window_not_dead(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    async with slack_town(tmp_path, slack, clock, TEAM) as t:
        form = await unsent(t)
        now = clock.now()
        async with hearers(tmp_path, slack, now) as found:
            assert await found[0].tell(now, form, die=True) is None
            assert await found[0].process.wait() < 0
            assert await pauses(t) == 1
            again = await found[1].tell(now, form | {"trigger_id": "9.9.9"})
            assert again["response_action"] == "errors"
            assert await pauses(t) == 1
