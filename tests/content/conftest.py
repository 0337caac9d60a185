from pathlib import Path

import pytest
from small_pack import SmallPack, write_small_pack


@pytest.fixture
def pack(tmp_path: Path) -> SmallPack:
    return write_small_pack(tmp_path / "shipped")


@pytest.fixture
def own(tmp_path: Path) -> SmallPack:
    """An organisation's own folder, still empty."""
    return SmallPack(tmp_path / "own")
