"""The bot's side of drawing: starts the child process, queues for it, keeps what it drew.

matplotlib holds some 70 MB; it lives in the child (``chart_worker``) and leaves with it. How a
chart looks is decided in ``chart_style`` and ``chart_layout``.
"""

import asyncio
import contextlib
import os
import sys
from asyncio import subprocess
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import bot
from bot.cards import Chart
from bot.reports.chart_request import LENGTH, PNG_SIGNATURE, Theme, drawing, encode

WORKER = (sys.executable, "-P", "-m", "bot.reports.chart_worker")
MOST_KEPT = 32
MOST_KEPT_BYTES = 4_000_000

_MOST_REPLY = 4_000_000
_GOODBYE = 2.0
_PASSED_ON = (
    *("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "MPLCONFIGDIR", "PATH", "SYSTEMROOT"),
    *("TEMP", "TMP", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"),
)
"""What the child gets of the environment; the bot's secrets are not among it."""


class ChartFailed(Exception):  # noqa: N818 - it says what happened
    """There is no picture; the same figures in words have to do."""


class Charts:
    """Draws charts, one at a time, in a child process that is started when it is needed.

    ``idle``: seconds after the last drawing until the child ends. ``timeout``: seconds a drawing
    may take, the start of the child included; a child that crashes or takes longer is replaced
    once. Belongs to one event loop; ``close`` it.
    """

    def __init__(
        self, *, idle: float = 30.0, timeout: float = 30.0, worker: Sequence[str] = WORKER
    ) -> None:
        self._idle = idle
        self._timeout = timeout
        self._worker = worker
        self._child: _Child | None = None
        self._resting: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._kept = Kept()
        self._closed = False

    async def draw(self, chart: Chart, theme: Theme = "light", width_px: int = 720) -> bytes:
        """Return the chart as a PNG ``width_px`` pixels wide, made to be read 360 points wide.

        The same chart gives the same bytes. Raises ``ChartFailed``, and nothing else.
        """
        try:
            request = encode(drawing(chart, theme, width_px))
        except ValueError as error:
            raise ChartFailed(str(error)) from None
        if kept := self._kept.get(request):
            return kept
        async with self._turn:
            # Somebody before us in the queue may have asked for the same.
            if kept := self._kept.get(request):
                return kept
            self._stop_resting()
            try:
                png = await self._ask(request)
            finally:
                self._rest()
            self._kept.put(request, png)
            return png

    async def close(self) -> None:
        """End the child, also in the middle of a drawing; what still waits fails."""
        self._closed = True
        if self._child is not None:
            self._child.kill()
        async with self._turn:
            resting = self._stop_resting()
            await self._end()
        if resting is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await resting

    async def _ask(self, request: bytes) -> bytes:
        for _ in range(2):
            if self._closed:
                raise ChartFailed("no more charts are drawn")
            try:
                async with asyncio.timeout(self._timeout):
                    if self._child is None:
                        self._child = await _Child.start(self._worker)
                    reply = await self._child.ask(request)
            except (EOFError, OSError):
                await self._end(at_once=True)
            except BaseException:
                # Cancelled half-way: the reply, when it comes, would answer the next request.
                await self._end(at_once=True)
                raise
            else:
                if reply.startswith(PNG_SIGNATURE):
                    return reply
                raise ChartFailed(reply[:80].decode(errors="replace"))
        raise ChartFailed("the drawing process failed twice")

    async def _end(self, *, at_once: bool = False) -> None:
        child, self._child = self._child, None
        if child is not None:
            await child.end(at_once=at_once)

    def _rest(self) -> None:
        if self._child is not None and not self._closed:
            self._resting = asyncio.create_task(self._end_after_idle())

    def _stop_resting(self) -> asyncio.Task[None] | None:
        resting, self._resting = self._resting, None
        if resting is not None:
            resting.cancel()
        return resting

    async def _end_after_idle(self) -> None:
        await asyncio.sleep(self._idle)
        async with self._turn:
            await self._end()


class _Child:
    """A running drawing process."""

    def __init__(self, process: subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._in = process.stdin
        self._out = process.stdout

    @classmethod
    async def start(cls, command: Sequence[str]) -> "_Child":
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        package = str(Path(bot.__file__).parent.parent)
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**kept, "PYTHONPATH": package, "OPENBLAS_NUM_THREADS": "1"},
            # Ctrl-C is for the bot; the child ends when its input does.
            start_new_session=True,
        )
        return cls(process)

    async def ask(self, request: bytes) -> bytes:
        """Return the reply. Raises ``EOFError`` or ``OSError`` when the child is gone or silly."""
        self._in.write(LENGTH.pack(len(request)) + request)
        await self._in.drain()
        (length,) = LENGTH.unpack(await self._out.readexactly(LENGTH.size))
        if length > _MOST_REPLY:
            raise EOFError("a reply longer than any picture")
        return await self._out.readexactly(length)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def end(self, *, at_once: bool) -> None:
        """Let the child end, or make it; return when it is gone and its pipes are closed."""
        self._in.close()
        try:
            if not at_once:
                async with asyncio.timeout(_GOODBYE):
                    await self._gone()
        except TimeoutError:
            pass
        finally:
            self.kill()
            await self._gone()

    async def _gone(self) -> None:
        # The transport stays open until its output has been read to the end.
        while await self._out.read(65536):
            pass
        await self._process.wait()


class Kept:
    """The latest pictures, few and small enough together to be kept in memory."""

    def __init__(self, most: int = MOST_KEPT, most_bytes: int = MOST_KEPT_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._pictures: OrderedDict[bytes, bytes] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._pictures)

    def get(self, request: bytes) -> bytes | None:
        """Return the picture drawn for ``request``, if it is still here."""
        if (png := self._pictures.get(request)) is not None:
            self._pictures.move_to_end(request)
        return png

    def put(self, request: bytes, png: bytes) -> None:
        """Keep a picture; those not asked for the longest make room."""
        self._bytes += len(png) + len(request)
        self._pictures[request] = png
        while len(self._pictures) > self._most or self._bytes > self._most_bytes:
            oldest, gone = self._pictures.popitem(last=False)
            self._bytes -= len(gone) + len(oldest)
