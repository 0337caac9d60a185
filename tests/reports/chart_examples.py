"""Charts the tests draw, and a pipe to one real drawing process."""

import subprocess
import sys
from pathlib import Path

import bot
from bot.cards import Bar, Chart
from bot.reports.chart_request import LENGTH, Drawing, encode

CHECKIN = Chart(
    title="Trivselstjek, Team Syd",
    bars=(
        Bar("Klare mål", 4.0, "mindst 4", 3.5),
        Bar("Hjælp til at prioritere", 3.5, "3,5", 2.5),
        Bar("Ro til at arbejde", 2.0, "højst 2", 3.0),
    ),
    low="lav",
    high="høj",
    alt="Klare mål: mindst 4.",
    before="Sidste runde",
)


def chart(*bars: Bar, title: str = "", before: str = "") -> Chart:
    return Chart(title, bars, "lav", "høj", "", before=before)


def plain(number: int) -> Chart:
    """Return one of many different charts."""
    return chart(Bar(f"Spørgsmål {number}", 3.0, "3"))


class RealWorker:
    """The drawing process, spoken to without ``charts``."""

    def __init__(self, folder: Path | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "bot.reports.chart_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"PYTHONPATH": str(Path(bot.__file__).parent.parent)},
        )

    def ask(self, request: bytes) -> bytes:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(LENGTH.pack(len(request)) + request)
        self._process.stdin.flush()
        (length,) = LENGTH.unpack(self._process.stdout.read(LENGTH.size))
        return self._process.stdout.read(length)

    def draw(self, asked: Drawing) -> bytes:
        return self.ask(encode(asked))

    def end(self) -> int:
        """Close its input and return its exit code."""
        self._process.communicate(timeout=20)
        return self._process.returncode
