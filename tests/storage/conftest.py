from collections.abc import Iterator
from pathlib import Path

import pytest
from store_sandbox import opened

from bot.storage.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "sandbox.db"


@pytest.fixture
def sandbox(path: Path) -> Iterator[Store]:
    """An open store with the throw-away tables of ``store_sandbox``."""
    with opened(path) as store:
        yield store
