"""The real program as a process of its own, with Slack's double in the test's process beside it."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from double import SlackDouble
from double.lines import HttpLine

from bot.domain.clock import MovableClock
from bot.settings import PREFIX

ROOT = Path(__file__).parents[4]
DRIVER = Path(__file__).with_name("running_at.py")
PATIENCE = 60.0


@dataclass
class Program:
    """``trivselsbot run`` in a folder; the same again after an end."""

    folder: Path
    double: SlackDouble
    clock: MovableClock
    transport: str
    more: dict[str, str] = field(default_factory=dict)
    """Settings beside the tokens."""
    said: str = ""
    port: int = 0
    _line: HttpLine | None = None
    _process: Process | None = None
    _reading: asyncio.Task[None] | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def move_by(self, step: timedelta) -> None:
        """Move both clocks on, Slack's and the program's, which runs on by itself beside."""
        self.clock.move_to(self.clock.now() + step)
        shift = float((self.folder / "shift").read_text()) + step.total_seconds()
        self._shift(shift)

    def _shift(self, seconds: float) -> None:
        told = self.folder / "shift.new"
        told.write_text(str(seconds))
        told.replace(self.folder / "shift")  # a reader never sees half of it

    async def start(self) -> None:
        """Run it, and return when Slack can reach it."""
        if not (self.folder / "shift").exists():
            self._shift((self.clock.now() - datetime.now(UTC)).total_seconds())
        begun = len(self.said)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-u", str(DRIVER), str(self.folder / "shift"), "run",
            cwd=self.folder, env=self._environment(), stdout=PIPE, stderr=STDOUT,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read())
        self.port = int(await self.says(r"http://127\.0\.0\.1:(\d+)", begun))
        if self.transport == "socket":
            self.double.speaks_socket_mode()
            await self.double.until(lambda: self.double.socket.connections, PATIENCE)
        else:
            await self._hang_up()
            self._line = self.double.speaks_http(url=f"http://127.0.0.1:{self.port}/slack/events")

    async def _hang_up(self) -> None:
        if self._line is not None:
            await self._line.client.aclose()

    def _environment(self) -> dict[str, str]:
        """Return the environment with tokens, and nothing else, for settings."""
        app = self.double.app
        told = {
            "slack_mode": self.transport,
            "slack_bot_token": self.double.bot_token,
            "slack_api": self.double.api_url,
            "port": "0",
            **self.more,
        }
        socket = self.transport == "socket"
        name = "slack_app_token" if socket else "slack_signing_secret"
        told[name] = app.app_token if socket else app.signing_secret
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        settings = {PREFIX + name.upper(): value for name, value in told.items()}
        return {**kept, **settings, "PYTHONPATH": str(ROOT)}

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while chunk := await self._process.stdout.read(65536):
            self.said += chunk.decode()
            self._news.set()
        self._news.set()  # there is no more: whoever waits for it should know

    async def says(self, pattern: str, since: int = 0) -> str:
        """Wait until it has printed something that matches; return the first group."""
        async with asyncio.timeout(PATIENCE):
            while (found := re.search(pattern, self.said[since:])) is None:
                assert self._process is not None
                assert self._process.stdout is not None
                assert not self._process.stdout.at_eof(), self.said
                self._news.clear()
                await self._news.wait()
        return found[1] if found.groups() else found[0]

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds at Slack."""
        await self.double.until(holds, PATIENCE)

    async def stop(self, sign: int = signal.SIGTERM) -> int:
        """Send a signal; return the exit code."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            self._process.send_signal(sign)
        return await self.ended()

    async def ended(self) -> int:
        """Wait for its end."""
        assert self._process is not None
        assert self._reading is not None
        async with asyncio.timeout(PATIENCE):
            code = await self._process.wait()
            await self._reading
        return code

    async def close(self) -> None:
        """End it, whatever it does."""
        if self._process is not None and self._process.returncode is None:
            await self.stop(signal.SIGKILL)
