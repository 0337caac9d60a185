"""The real drawing process, looked at from outside: its PNGs and what it does to hostile text."""

import asyncio
import hashlib
import io
import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from chart_examples import CHECKIN, RealWorker, chart
from PIL import Image

from bot.cards import Bar, Chart
from bot.reports.chart_request import PNG_SIGNATURE, Theme, drawing
from bot.reports.chart_style import COLOURS
from bot.reports.charts import Charts

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def worker() -> Iterator[RealWorker]:
    one = RealWorker()
    yield one
    assert one.end() == 0


def picture(worker: RealWorker, drawn: Chart, theme: Theme = "light", width: int = 720) -> bytes:
    png = worker.draw(drawing(drawn, theme, width))
    assert png.startswith(PNG_SIGNATURE), png[:80]
    return png


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


@pytest.mark.parametrize("width", [240, 360, 720, 1440])
def test_a_picture_is_as_wide_as_asked_and_in_proportion(worker: RealWorker, width: int) -> None:
    image = opened(picture(worker, CHECKIN, width=width))
    assert image.size[0] == width
    assert 0.5 < image.size[1] / width < 0.75


def test_every_bar_makes_the_picture_higher(worker: RealWorker) -> None:
    heights = [
        opened(picture(worker, chart(*[Bar("Tid nok", 3, "3")] * bars))).size[1]
        for bars in range(1, 13)
    ]
    steps = {later - earlier for earlier, later in pairwise(heights)}
    assert min(steps) > 50
    assert max(steps) - min(steps) <= 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_paper_reaches_every_edge(worker: RealWorker, theme: Theme) -> None:
    image = opened(picture(worker, CHECKIN, theme)).convert("RGB")
    width, height = image.size
    border = {image.getpixel((x, y)) for x in range(width) for y in (0, height - 1)}
    border |= {image.getpixel((x, y)) for y in range(height) for x in (0, width - 1)}
    paper = COLOURS[theme].paper
    assert border == {tuple(bytes.fromhex(paper[1:]))}


def test_the_file_tells_nothing_but_the_picture(worker: RealWorker) -> None:
    png = picture(worker, CHECKIN)
    chunks, at = [], 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        chunks.append(png[at + 4 : at + 8])
        at += length + 12
    assert set(chunks) <= {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
    assert opened(png).info == {}


def test_two_processes_draw_the_same_bytes(worker: RealWorker) -> None:
    other = RealWorker()
    picture(worker, chart(Bar("noget andet", 2, "2")))
    assert picture(worker, CHECKIN) == picture(other, CHECKIN)
    assert other.end() == 0


def test_settings_that_lie_about_for_matplotlib_change_nothing(
    worker: RealWorker, tmp_path: Path
) -> None:
    (tmp_path / "matplotlibrc").write_text("text.hinting: none\ntext.antialiased: False\n")
    other = RealWorker(tmp_path)
    assert picture(other, CHECKIN) == picture(worker, CHECKIN)
    assert other.end() == 0


def label_width(worker: RealWorker, label: str) -> int:
    """Return how many pixels a short label's ink is wide."""
    image = opened(picture(worker, chart(Bar(label, 3, "3")))).convert("L")
    ink = image.crop((0, 0, 190, image.size[1] // 2)).point(lambda grey: 255 - grey).getbbox()
    assert ink is not None
    return ink[2] - ink[0]


def test_dollars_are_drawn_and_make_no_formula(worker: RealWorker) -> None:
    assert label_width(worker, "$x$") > 2.5 * label_width(worker, "x")
    assert label_width(worker, r"\$") > 1.5 * label_width(worker, "$")
    assert picture(worker, chart(Bar(r"$\frac{1}{$ $\nosuch$", 3, r"$\x$")))


def test_danish_and_swedish_letters_are_drawn_as_themselves(worker: RealWorker) -> None:
    seen = {picture(worker, chart(Bar(letter, 3, "3"))) for letter in "æøåäöÆØÅÄÖ□½"}
    assert len(seen) == 12


def test_a_letter_written_in_two_parts_is_the_same_letter(worker: RealWorker) -> None:
    assert picture(worker, chart(Bar("a\u030a", 3, "3"))) == picture(
        worker, chart(Bar("å", 3, "3"))
    )


HOSTILE = {
    "very long": "A" * 10_000,
    "many words": "ord " * 2_500,
    "wide": "W" * 10_000,
    "right to left": "شكرا جزيلا \u202e gnol \u202b\u2066",
    "emoji": "🎉👩‍👩‍👧‍👦🇩🇰👍🏽",
    "nul": "a\0b\0",
    "line breaks": "a\nb\r\nc\u2028d",
    "half a pair": "a\ud800b",
    "no such letter": "漢字\U000e0001\ufffe\U0010ffff",
    "marks upon marks": "Z" + "\u0300\u0301\u0302" * 3_000,
    "nothing": "",
    "blank": " \t ",
    "formula": r"$\frac{1}{2}$ $$ \$",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_drawn_within_the_picture(worker: RealWorker, text: str) -> None:
    hostile = Chart(text, (Bar(text, 5, text, 1), Bar(text, 1, text)), text, text, text)
    image = opened(picture(worker, replace(hostile, before=text), width=360)).convert("RGB")
    assert image.size[0] == 360
    assert image.size[1] < 500
    border = {image.getpixel((x, y)) for y in range(image.size[1]) for x in (0, 1, 358, 359)}
    assert border == {(255, 255, 255)}


def test_nonsense_is_answered_with_an_errors_name_and_the_next_is_drawn(
    worker: RealWorker,
) -> None:
    for nonsense in (b"", b"{", b"[]", b"\xff", json.dumps({"title": 1}).encode()):
        assert worker.ask(nonsense).decode().endswith(("Error", "Exception"))
    assert picture(worker, CHECKIN)


def test_the_last_rounds_mark_is_drawn_only_where_it_has_a_name(worker: RealWorker) -> None:
    unnamed = replace(CHECKIN, before="")
    without = replace(unnamed, bars=tuple(replace(bar, previous=None) for bar in CHECKIN.bars))
    nothing_to_name = replace(without, before="Sidste runde")
    assert picture(worker, unnamed) == picture(worker, without) == picture(worker, nothing_to_name)
    assert picture(worker, CHECKIN) != picture(worker, without)


async def test_charts_draw_with_the_real_process() -> None:
    charts = Charts()
    light, dark = await asyncio.gather(charts.draw(CHECKIN), charts.draw(CHECKIN, theme="dark"))
    await charts.close()
    assert opened(light).size == opened(dark).size
    assert hashlib.sha256(light).digest() != hashlib.sha256(dark).digest()


PARENT = """
    import asyncio, os, sys
    from bot.reports.charts import Charts
    assert "matplotlib" not in sys.modules
    from bot.cards import Bar, Chart

    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    async def main():
        charts = Charts()
        bars = tuple(Bar(f"Spørgsmål {n}", 3.5, "3,5", 2.0) for n in range(10))
        before = resident()
        for number in range(20):
            chart = Chart(f"Runde {number}", bars, "lav", "høj", "", before="Sidste runde")
            assert (await charts.draw(chart)).startswith(b"\\x89PNG")
        print(resident() - before)
        await charts.close()

    asyncio.run(main())
    for heavy in ("matplotlib", "numpy", "PIL"):
        assert heavy not in sys.modules, heavy
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_bot_stays_small_and_free_of_matplotlib_over_twenty_charts() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(PARENT)],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) < 4_000_000
