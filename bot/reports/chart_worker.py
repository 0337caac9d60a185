"""The child process that draws: requests in, PNGs out, until its input ends.

The only module that imports matplotlib, and of that only fonts and the Agg renderer: without axes
the import is a third faster and 10 MB smaller, and no text is ever read as a formula. What stands
where is ``chart_layout``'s; who starts and ends this process is ``charts``.
"""

import os
import sys
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any, BinaryIO

import matplotlib
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D
from PIL import Image

from bot.cards import Bar
from bot.reports.chart_layout import MARK, Box, Line, Mark, Picture, lay_out
from bot.reports.chart_request import LENGTH, Drawing, decode
from bot.reports.chart_style import Font, tidy


def png(asked: Drawing) -> bytes:
    """Return the drawing as a PNG: the same bytes every time, and nothing but the picture."""
    scale = asked.width_px / 360
    picture = lay_out(_tidied(asked), lambda text, font: _width(text, font, scale))
    canvas = _Canvas(picture, scale)
    file = BytesIO()
    canvas.image().save(file, "PNG")
    return file.getvalue()


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer requests until there are no more; an error is answered with its name only."""
    while len(head := requests.read(LENGTH.size)) == LENGTH.size:
        request = requests.read(LENGTH.unpack(head)[0])
        try:
            reply = png(decode(request))
        except Exception as error:  # the next drawing may well succeed
            reply = type(error).__name__.encode()
        replies.write(LENGTH.pack(len(reply)) + reply)
        replies.flush()


def main() -> None:
    """Serve on the standard pipes; whatever a library prints must not get into the replies."""
    matplotlib.rcdefaults()  # a stray matplotlibrc must not change the picture
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, replies)


class _Canvas:
    """Agg's canvas; points from the upper left become pixels."""

    def __init__(self, picture: Picture, scale: float) -> None:
        self._scale = scale
        width, height = round(picture.width * scale), round(picture.height * scale)
        self._agg = _agg(width, height, scale)
        self._to_pixels = Affine2D().scale(scale, -scale).translate(0, height)
        self._box(Box(0, 0, picture.width, picture.height + 1, picture.paper))
        for shape in picture.shapes:
            match shape:
                case Box():
                    self._box(shape)
                case Mark():
                    self._mark(shape)
                case Line():
                    self._line(shape)

    def image(self) -> Image.Image:
        size = int(self._agg.width), int(self._agg.height)
        image = Image.frombytes("RGBA", size, bytes(self._agg.buffer_rgba())).convert("RGB")
        # A palette makes the file less than half as big; nobody sees the difference.
        return image.quantize(255, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)

    def _box(self, box: Box) -> None:
        right, bottom = box.x + box.width, box.y + box.height
        corners = [(box.x, box.y), (right, box.y), (right, bottom), (box.x, bottom)]
        self._fill(corners, box.colour)

    def _mark(self, mark: Mark) -> None:
        for reach, colour in ((MARK + 2, mark.edge), (MARK, mark.colour)):
            x, y = mark.x, mark.y
            corners = [(x - reach, y), (x, y - reach), (x + reach, y), (x, y + reach)]
            self._fill(corners, colour)

    def _fill(self, corners: list[tuple[float, float]], colour: str) -> None:
        pen = self._pen(colour)
        pen.set_linewidth(0)
        outline = Outline([*corners, corners[0]], closed=True)
        self._agg.draw_path(pen, outline, self._to_pixels, pen.get_rgb())

    def _line(self, line: Line) -> None:
        x, y = line.x * self._scale, line.y * self._scale
        self._agg.draw_text(self._pen(line.colour), x, y, line.text, _face(line.font), 0)

    def _pen(self, colour: str) -> Any:
        pen = self._agg.new_gc()
        pen.set_foreground(colour)
        return pen


def _file(bold: bool) -> str:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return os.path.join(matplotlib.get_data_path(), "fonts", "ttf", name)


@cache
def _face(font: Font) -> FontProperties:
    return FontProperties(fname=_file(font.bold), size=font.size)


def _agg(width: int, height: int, scale: float) -> Any:
    renderer: Any = RendererAgg  # which has no types
    return renderer(width, height, 72 * scale)


@cache
def _ruler(scale: float) -> Any:
    return _agg(1, 1, scale)


def _width(text: str, font: Font, scale: float) -> float:
    width, _, _ = _ruler(scale).get_text_width_height_descent(text, _face(font), ismath=False)
    return float(width) / scale


def _drawable(letter: str) -> bool:
    return all(get_font(_file(bold)).get_char_index(ord(letter)) for bold in (False, True))


def _tidied(asked: Drawing) -> Drawing:
    def tidied(text: str) -> str:
        return tidy(text, _drawable)

    bars = tuple(
        Bar(tidied(bar.label), bar.value, tidied(bar.words), bar.previous) for bar in asked.bars
    )
    return replace(
        asked,
        title=tidied(asked.title),
        bars=bars,
        low=tidied(asked.low),
        high=tidied(asked.high),
        before=tidied(asked.before),
    )


if __name__ == "__main__":
    main()
