"""The command line as an operator uses it, in an empty folder of its own."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import Terminal

from bot.settings import PREFIX


@pytest.fixture
def terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Terminal]:
    """Return a terminal in an empty folder, with no setting in the environment."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    level = logging.getLogger().level
    yield Terminal(tmp_path, monkeypatch, capsys)
    logging.getLogger().setLevel(level)
