"""Runs commands: in this process where that is enough, in one of their own where it is not."""

import os
import re
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.err.splitlines()


@dataclass
class Terminal:
    """A folder, its environment, and the commands typed in it."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def set(self, **settings: object) -> None:
        for name, value in settings.items():
            self.monkeypatch.setenv(PREFIX + name.upper(), str(value))

    def run(self, *arguments: object) -> Ran:
        """Run ``trivselsbot ARGUMENTS``."""
        self.capsys.readouterr()
        self.monkeypatch.setattr(sys, "argv", ["trivselsbot", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self.capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0 if code is None else 1, out, err)

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path

    @property
    def settings(self) -> Settings:
        return Settings(data=self.folder / "data")


class Process:
    """``trivselsbot ARGUMENTS`` as a process of its own."""

    def __init__(self, folder: Path, *arguments: object, **settings: object) -> None:
        told = {PREFIX + name.upper(): str(value) for name, value in settings.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "bot", *map(str, arguments)],
            cwd=folder,
            env={**kept, **told, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
        )
        self.said = ""

    def wait_for(self, text: str, seconds: float = 60) -> str:
        """Wait until it has printed something that matches; return the match's first group."""
        assert self._process.stdout is not None
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = re.search(text, self.said)
            if found:
                return found[1] if found.groups() else found[0]
            if select.select([self._process.stdout], [], [], 0.2)[0]:
                chunk = os.read(self._process.stdout.fileno(), 65536)
                assert chunk, f"ended without {text}:\n{self.said}"
                self.said += chunk.decode()
        raise AssertionError(f"never said {text}:\n{self.said}")

    def stop(self, signal: int) -> tuple[int, float]:
        """Send a signal; return the exit code and how long it took."""
        begun = time.monotonic()
        self._process.send_signal(signal)
        return self.end(), time.monotonic() - begun

    def end(self) -> int:
        """Wait for the end and return the exit code."""
        rest, _ = self._process.communicate(timeout=60)
        self.said += rest.decode()
        return self._process.returncode

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *failure: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()
