"""A process that empties the outbox of a bot's folder and writes down what it sent.

Run as ``sending_process.py FOLDER FILE MINUTES [die]``. MINUTES after nine on a Tuesday is what its
clock says. It waits until the file ``go`` lies in FOLDER, so that several begin together; with
``die`` it kills itself after its first batch was sent and before that is noted.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from town import at

from bot.app import started
from bot.domain.chance import SystemChance
from bot.domain.clock import MovableClock
from bot.platforms.port import Nudge, Undelivered
from bot.settings import Settings
from bot.storage import outbox
from bot.storage.outbox import Delivery

START = at(3, 9)


class OnPaper:
    """A platform that notes each message on a line of its own; many processes may write."""

    def __init__(self, file: Path, die: bool) -> None:
        self._paper = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._die = die

    async def post(self, deliveries: Sequence[Delivery]) -> dict[str, Undelivered | None]:
        for one in deliveries:
            os.write(self._paper, f"{one.purpose} {one.recipient}\n".encode())
            await asyncio.sleep(0)
        if self._die:
            os.kill(os.getpid(), signal.SIGKILL)
        return dict.fromkeys((one.id for one in deliveries), None)

    async def nudge(self, nudges: Sequence[Nudge]) -> Mapping[Nudge, Undelivered]:
        for one in nudges:
            os.write(self._paper, f"{one.kind} person:{one.person}\n".encode())
            await asyncio.sleep(0)
        return {}


async def main() -> None:
    folder, file, minutes = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    clock = MovableClock(START + timedelta(minutes=minutes))
    paper = OnPaper(file, die="die" in sys.argv)
    settings = Settings(data=folder / "data")
    async with started(settings, clock=clock, chance=SystemChance(), platform=paper) as bot:
        while not (folder / "go").exists():
            await asyncio.sleep(0.005)
        for _ in range(1000):
            # A tenth of a batch at a time, so that two have to share.
            await bot.sender.send_due(clock.now(), 50)
            if not await bot.store.read(lambda tx: outbox.due(tx, clock.now(), 1)):
                return


if __name__ == "__main__":
    asyncio.run(main())
