"""What the bot and the child process that draws say to each other. Pure data, no pipes.

A frame is four bytes of length, big end first, and as many bytes. A request's is JSON; a reply's is
a PNG or, where nothing could be drawn, the name of the error.
"""

import json
import math
import struct
from dataclasses import asdict, dataclass
from typing import Literal

from bot.cards import Bar, Chart

Theme = Literal["light", "dark"]

LENGTH = struct.Struct(">I")
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_BARS = 12
MOST_LETTERS = 300
"""Of each text; the lines in the picture hold fewer."""
WIDTHS = range(240, 1441)
"""Pixels a picture may be wide."""


@dataclass(frozen=True)
class Drawing:
    """A chart to draw, as seen: ``alt`` and ``context`` do not change the picture."""

    title: str
    bars: tuple[Bar, ...]
    low: str
    high: str
    before: str
    theme: Theme
    width_px: int


def drawing(chart: Chart, theme: Theme, width_px: int) -> Drawing:
    """Return what is to be drawn. Raises ``ValueError`` where that makes no picture."""
    if not 1 <= len(chart.bars) <= MOST_BARS:
        raise ValueError(f"a chart has 1 to {MOST_BARS} bars, this one has {len(chart.bars)}")
    if width_px not in WIDTHS:
        raise ValueError(f"a picture is {WIDTHS[0]} to {WIDTHS[-1]} pixels wide, not {width_px}")
    if theme not in ("light", "dark"):
        raise ValueError("a theme is light or dark")
    return Drawing(
        title=_cut(chart.title),
        bars=tuple(_bar(bar) for bar in chart.bars),
        low=_cut(chart.low),
        high=_cut(chart.high),
        before=_cut(chart.before),
        theme=theme,
        width_px=width_px,
    )


def encode(asked: Drawing) -> bytes:
    """Return the request's bytes; equal drawings have equal bytes."""
    return json.dumps(asdict(asked), sort_keys=True, allow_nan=False).encode()


def decode(request: bytes) -> Drawing:
    """Return the drawing that ``encode`` wrote."""
    read = json.loads(request)
    return Drawing(**{**read, "bars": tuple(Bar(**bar) for bar in read["bars"])})


def _bar(bar: Bar) -> Bar:
    previous = None if bar.previous is None else _score(bar.previous)
    return Bar(_cut(bar.label), _score(bar.value), _cut(bar.words), previous)


def _cut(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"


def _score(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("a score is a number")
    return min(5.0, max(1.0, float(value)))
