"""The bot as a process of its own: how soon it is ready, and how much memory it holds.

A demo is started as an operator would start it, on a database that is there already. Memory is
what Linux says is resident; where it does not say, there is no such figure.
"""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

REST = 33.0
"""Seconds until the chart's process has surely left: it does so after thirty without work."""
_ADDRESS = re.compile(rb"http://127\.0\.0\.1:(\d+)")
_PATIENCE = 90.0
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


class NotStarted(Exception):  # noqa: N818 - says what is the case
    """The demo ended before it was ready, or refused a page; with the last thing it logged."""

    def __init__(self, what: str, logged: str = "") -> None:
        said = f" It last said: {logged}" if logged else ""
        super().__init__(
            f"BENCH-1: the demo that is measured did not answer ({what}).{said} "
            "Its code may have changed while it ran: measure again when nobody works on it."
        )
        self.what = what


@dataclass(frozen=True)
class Memory:
    """Megabytes held by the bot after starting, after traffic, and around its first chart."""

    started: float
    traffic: float
    charting: float
    child: float
    rested: float | None
    """Some time after the last chart; ``None`` when it was not waited for."""


@dataclass(frozen=True)
class Running:
    """A demo that is ready, ``seconds`` after it was started."""

    pid: int
    port: int
    seconds: float


async def ready_after(folder: Path, starts: int) -> list[float]:
    """Return how many seconds each start took until ``/health`` answered."""
    found = []
    for _ in range(starts):
        async with running(folder) as demo:
            found.append(demo.seconds)
    return found


async def memory(folder: Path, *, rest: bool) -> Memory | None:
    """Return what the process holds, ``None`` where the system does not tell."""
    async with running(folder) as demo:
        if resident(demo.pid) is None:
            return None
        started = _held(demo.pid)
        visitor = await asyncio.to_thread(Visitor.sign_in, demo.port)
        await asyncio.to_thread(visitor.look_around)
        traffic = _held(demo.pid)
        chart = await asyncio.to_thread(visitor.first_chart)
        drawn = asyncio.create_task(asyncio.to_thread(visitor.get, chart))
        charting, child = await _peak(demo.pid, drawn)
        if not rest:
            return Memory(started, traffic, charting, child, None)
        await asyncio.sleep(REST)
        return Memory(started, traffic, charting, child, _held(demo.pid) + _held_by_children(demo))


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Running]:
    """Start a demo in ``folder`` and wait until it is ready; stop it afterwards."""
    command = (sys.executable, "-m", "bot", "demo", "--data", str(folder), "--port", "0")
    log = folder.with_name("demo.log")
    begun = perf_counter()
    with log.open("wb") as logging:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdout=asyncio.subprocess.PIPE,
            stderr=logging,
            env=_surroundings(folder),
        )
    try:
        async with asyncio.timeout(_PATIENCE):
            port = await _port(process)
            while await asyncio.to_thread(_health, port) != 200:
                await asyncio.sleep(0.005)
        yield Running(process.pid, port, perf_counter() - begun)
    except NotStarted as refused:
        logged = log.read_text(encoding="utf-8", errors="replace").splitlines()
        raise NotStarted(refused.what, logged[-1] if logged else "") from None
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()


def _surroundings(folder: Path) -> dict[str, str]:
    """As after an installation: compiled modules are kept from one start to the next."""
    kept = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    package = str(Path(__file__).parents[3])
    bytecode = str(folder.with_name("bytecode"))
    return {**kept, "PYTHONPATH": package, "PYTHONPYCACHEPREFIX": bytecode}


async def _port(process: asyncio.subprocess.Process) -> int:
    assert process.stdout is not None
    async for line in process.stdout:
        if found := _ADDRESS.search(line):
            return int(found[1])
    raise NotStarted("the demo ended before it was ready")


def _health(port: int) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError):
        connection.request("GET", "/health")
        return connection.getresponse().status
    return 0


@dataclass(frozen=True)
class Visitor:
    """Somebody who reads pages of the demo over HTTP."""

    port: int
    cookie: str

    @classmethod
    def sign_in(cls, port: int) -> "Visitor":
        """Sign in as the leader of it all."""
        body = urlencode({"person": "ledelse-1", "next": "/"})
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{port}",
        }
        connection.request("POST", "/sign-in", body, headers)
        response = connection.getresponse()
        response.read()
        return cls(port, (response.getheader("set-cookie") or "").partition(";")[0])

    def get(self, path: str) -> bytes:
        """Return what stands at the path. Raises ``NotStarted`` for any status but 200."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Cookie": self.cookie})
        response = connection.getresponse()
        found = response.read()
        if response.status != 200:
            raise NotStarted(f"{path}: {response.status}")
        return found

    def look_around(self) -> None:
        """Read every kind of page a few times."""
        for _ in range(20):
            for path in ("/me", "/results", "/team/dag", "/c/node%3Adag", "/help", "/privacy"):
                self.get(path)

    def first_chart(self) -> str:
        """Return the address of a picture in a team's channel."""
        page = self.get("/c/node%3Adag") + self.get("/c/node%3Aaften")
        found = re.search(rb'/chart/[^"?]+\.png\?theme=light', page)
        if found is None:
            raise NotStarted("the demo shows no picture")
        return found[0].decode()


async def _peak(pid: int, drawn: "asyncio.Task[bytes]") -> tuple[float, float]:
    """Return the most the bot and its children held while a picture was drawn."""
    bot = children = 0.0
    while not drawn.done():
        bot = max(bot, _held(pid))
        children = max(children, sum(_held(child) for child in children_of(pid)))
        await asyncio.sleep(0.02)
    await drawn
    return bot, children


def resident(pid: int) -> float | None:
    """Return the megabytes (of a million bytes) a process holds; ``None`` where nobody says."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / 1e6 if found else None


def children_of(pid: int) -> list[int]:
    """Return the processes a process has started and that still run."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in task.read_text(encoding="utf-8").split()]
    return found


def _held(pid: int) -> float:
    return resident(pid) or 0.0


def _held_by_children(demo: Running) -> float:
    return sum(_held(child) for child in children_of(demo.pid))
