"""The guides' pictures: all drawn by one command, all small, all shown somewhere."""

import io
from pathlib import Path
from typing import get_args

from PIL import Image

from bot.domain.languages import Language
from bot.rehearsal.pictures import PICTURES, QUESTIONS, small, web_files

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
DRAWN = {
    one.file(language)
    for one in (*PICTURES, QUESTIONS)
    for language in get_args(Language)
    if language in one.languages
} | {file for language in get_args(Language) for file in web_files(language).values()}


def test_each_is_kept_and_shown_in_a_guide() -> None:
    guides = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = "".join(guide.read_text("utf-8") for guide in guides)
    assert {one.name for one in FOLDER.iterdir()} == DRAWN
    assert [one for one in sorted(DRAWN) if f"pictures/{one}" not in shown] == []


def test_each_is_small() -> None:
    assert [one.name for one in FOLDER.glob("*.png") if one.stat().st_size > 150_000] == []


def test_a_picture_keeps_its_size_in_points() -> None:
    out = io.BytesIO()
    Image.effect_noise((300, 200), 64).save(out, "PNG")
    drawn = small(out.getvalue())
    assert len(drawn) < len(out.getvalue())
    assert Image.open(io.BytesIO(drawn)).size == (300, 200)
