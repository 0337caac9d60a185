"""Pictures of the browser: the real pages, signed in to as the people who read them."""

import asyncio
import io
import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from PIL import Image

from bot.content.loader import load
from bot.rehearsal import chromium
from bot.rehearsal.chromium import CannotDraw
from bot.rehearsal.web_pictures import LAPTOP, PHONE, Screen, drawn


def pictures(names: Iterable[str]) -> dict[str, Image.Image]:
    found = asyncio.run(drawn(load(), "sv", names))
    return {name: Image.open(io.BytesIO(png)) for name, png in found.items()}


def pixels(screen: Screen) -> tuple[int, int]:
    return int(screen.width * screen.sharp), int(screen.height * screen.sharp)


@pytest.mark.browser
def test_each_is_as_large_as_its_screen_and_a_part_of_a_page_is_less() -> None:
    if lack := chromium.missing():
        if os.environ.get("CI"):
            pytest.fail(lack)
        pytest.skip(lack)
    seen = pictures(["question", "team", "loop"])
    assert seen["question"].size == pixels(PHONE)
    assert seen["team"].size == pixels(LAPTOP)
    assert seen["loop"].size[0] < pixels(LAPTOP)[0]


def test_without_a_browser_it_says_which_would_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotDraw, match="install one of chromium"):
        pictures(["question"])
