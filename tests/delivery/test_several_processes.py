"""Several real processes on one database: every message goes out once, also when one is killed."""

import asyncio
import sys
from asyncio.subprocess import Process
from collections import Counter
from pathlib import Path

import pytest
from town import Town, at, cast, town

from bot.storage import outbox
from bot.storage.outbox import LEASE, Note, Outgoing
from bot.storage.store import Store, Tx

MESSAGES = 400
MEMBERS = 40
DRIVER = Path(__file__).with_name("sending_process.py")
WANTED = Counter(
    [f"hello node:dag-{n}" for n in range(MESSAGES)]
    + [f"round.invite person:dag-{n}" for n in range(1, MEMBERS + 1)]
)


async def prepare(folder: Path) -> None:
    """Leave an outbox in which messages and a round's invitations are due tomorrow at eight."""
    async with town(folder, cast(("dag", MEMBERS))) as t:
        await t.bot.sender.send_due(t.clock.now())
        await t.open("checkin", ("dag",), opens_at=at(3, 8))
        await _write(t)


async def _write(t: Town) -> None:
    note = Note("typed", {"text": "hello"})
    rows = [Outgoing("hello", f"node:dag-{n}", note, at(3, 8)) for n in range(MESSAGES)]

    def add(tx: Tx) -> None:
        outbox.add(tx, (t.bot.env.chance.token() for _ in rows), rows)

    await t.bot.store.write(add)


async def start(folder: Path, file: Path, minutes: int, *more: str) -> Process:
    command = [str(DRIVER), str(folder), str(file), str(minutes), *more]
    return await asyncio.create_subprocess_exec(sys.executable, *command)


def sent(file: Path) -> Counter[str]:
    return Counter(file.read_text().splitlines())


def states(folder: Path) -> dict[str, int]:
    with Store.open(folder / "data" / "trivselsbot.db") as store:
        return store.read_now(outbox.counts)


@pytest.mark.slow
async def test_two_processes_share_the_outbox_and_send_nothing_twice(tmp_path: Path) -> None:
    await prepare(tmp_path)
    papers = [tmp_path / "first", tmp_path / "second"]
    running = [await start(tmp_path, paper, 0) for paper in papers]
    (tmp_path / "go").touch()
    assert [await one.wait() for one in running] == [0, 0]
    assert sum((sent(paper) for paper in papers), Counter()) == WANTED
    assert states(tmp_path).keys() == {outbox.SENT}


@pytest.mark.slow
async def test_what_a_killed_process_held_goes_out_when_its_lease_is_over(tmp_path: Path) -> None:
    await prepare(tmp_path)
    (tmp_path / "go").touch()
    papers = [tmp_path / name for name in ("killed", "beside", "after")]
    killed = await start(tmp_path, papers[0], 0, "die")
    assert await killed.wait() < 0
    beside = await start(tmp_path, papers[1], 1)
    assert await beside.wait() == 0
    assert not sent(papers[0]) & sent(papers[1])
    assert sum((sent(paper) for paper in papers[:2]), Counter()) == WANTED
    # Nobody can know whether what it held was sent: it is tried again, once, under the same id.
    after = await start(tmp_path, papers[2], 1 + int(LEASE.total_seconds() // 60))
    assert await after.wait() == 0
    assert {line for line in sent(papers[2]) if line.startswith("hello")} <= set(sent(papers[0]))
    assert set(sent(papers[0]).values()) == {1}
    assert states(tmp_path).keys() == {outbox.SENT}
