"""Where everything in a chart stands. Pure; puts no pixel anywhere, ``chart_worker`` does that.

From the top: the title, one row a bar (label, bar, words), the axis, the legend. The words have a
column of their own at the bars' end, so that neither the bar nor the last round's mark meets them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.cards import Bar
from bot.reports.chart_request import Drawing
from bot.reports.chart_style import (
    COLOURS,
    LABEL,
    MARGIN,
    SCORE,
    SMALL,
    TITLE,
    WIDTH,
    Colours,
    Font,
    Measure,
    wrap,
)

BAR = 16.0
"""How thick a bar is."""
MARK = 5.0
"""From the middle of a mark to its corners."""

_ROW_GAP = 13.0
_TITLE_GAP = 16.0
_GAP = 10.0
_LABELS = (72.0, 146.0)
"""The least and the most room for the labels, and below for the words."""
_WORDS = (30.0, 84.0)
_BARS = 96.0
"""The least room for the bars; long words take it from the labels."""
_STUB = 3.0
"""What is seen of a bar at 1."""
_CAPTION = 124.0
_LOW, _HIGH = 1, 5


@dataclass(frozen=True)
class Box:
    """A filled rectangle; x and y are its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Mark:
    """The last round's value: a diamond with an edge that shows on the bar and beside it."""

    x: float
    y: float
    colour: str
    edge: str


@dataclass(frozen=True)
class Line:
    """A line of text; x is where it begins, y its base line."""

    x: float
    y: float
    text: str
    font: Font
    colour: str


Shape = Box | Mark | Line


@dataclass(frozen=True)
class Picture:
    """Everything to draw, in this order, in points from the upper left corner."""

    height: float
    paper: str
    shapes: tuple[Shape, ...]
    width: float = WIDTH


def lay_out(asked: Drawing, measure: Measure) -> Picture:
    """Return the chart's picture; its texts must be tidy."""
    return _Layout(asked, measure).picture()


@dataclass(frozen=True)
class _Columns:
    """Where the bars begin and end and where the words begin."""

    left: float
    right: float
    words: float

    def at(self, score: float) -> float:
        return self.left + (self.right - self.left) * (score - _LOW) / (_HIGH - _LOW)


class _Layout:
    def __init__(self, asked: Drawing, measure: Measure) -> None:
        self._asked = asked
        self._measure = measure
        self._colours: Colours = COLOURS[asked.theme]
        self._columns = self._room()
        self._marked = bool(asked.before) and any(b.previous is not None for b in asked.bars)
        self._y = MARGIN

    def picture(self) -> Picture:
        shapes: list[Shape] = [*self._title()]
        for bar in self._asked.bars:
            shapes += self._row(bar)
        shapes += [*self._axis(), *self._legend()]
        return Picture(self._y + MARGIN, self._colours.paper, tuple(shapes))

    def _room(self) -> _Columns:
        bars = self._asked.bars
        words = self._widest([bar.words for bar in bars], SCORE, *_WORDS)
        spare = WIDTH - 2 * MARGIN - 2 * _GAP - _BARS - words
        labels = self._widest(
            [bar.label for bar in bars], LABEL, _LABELS[0], min(_LABELS[1], spare)
        )
        column = WIDTH - MARGIN - words
        return _Columns(MARGIN + labels + _GAP, column - _GAP, column)

    def _widest(self, texts: list[str], font: Font, least: float, most: float) -> float:
        lines = [line for text in texts for line in wrap(text, most, font, self._measure, 4)]
        return max([least, *(min(most, self._measure(line, font)) for line in lines)])

    def _title(self) -> Iterator[Line]:
        lines = wrap(self._asked.title, WIDTH - 2 * MARGIN, TITLE, self._measure, 3)
        yield from self._lines(lines, MARGIN, self._y, TITLE, self._colours.ink)
        if lines:
            self._y += len(lines) * TITLE.line + _TITLE_GAP

    def _row(self, bar: Bar) -> Iterator[Shape]:
        columns, colours = self._columns, self._colours
        label = wrap(bar.label, columns.left - _GAP - MARGIN, LABEL, self._measure, 4)
        words = wrap(bar.words, WIDTH - MARGIN - columns.words, SCORE, self._measure, 4)
        height = max(BAR, len(label) * LABEL.line, len(words) * SCORE.line)
        middle = self._y + height / 2
        top = middle - BAR / 2
        yield Box(columns.left, top, columns.right - columns.left, BAR, colours.track)
        length = max(_STUB, columns.at(bar.value) - columns.left)
        yield Box(columns.left, top, length, BAR, colours.bar)
        for score in range(_LOW + 1, _HIGH):
            yield Box(columns.at(score) - 0.5, top, 1, BAR, colours.paper)
        if self._marked and bar.previous is not None:
            yield Mark(columns.at(bar.previous), middle, colours.ink, colours.paper)
        for lines, x, font in ((label, MARGIN, LABEL), (words, columns.words, SCORE)):
            start = middle - len(lines) * font.line / 2
            yield from self._lines(lines, x, start, font, colours.ink)
        self._y += height + _ROW_GAP

    def _axis(self) -> Iterator[Line]:
        """Draw the numbers 1 to 5 under the bars and what the ends mean, each under its number."""
        columns = self._columns
        top = self._y - _ROW_GAP + 5
        for score in range(_LOW, _HIGH + 1):
            yield from self._centred((str(score),), columns.at(score), top)
        low = wrap(self._asked.low, _CAPTION, SMALL, self._measure, 3)
        high = wrap(self._asked.high, _CAPTION, SMALL, self._measure, 3)
        middle = columns.at((_LOW + _HIGH) / 2)
        under = top + SMALL.line
        yield from self._centred(low, columns.at(_LOW), under, right=middle - _GAP / 2)
        yield from self._centred(high, columns.at(_HIGH), under, left=middle + _GAP / 2)
        self._y = under + max(len(low), len(high)) * SMALL.line

    def _legend(self) -> Iterator[Shape]:
        if not self._marked:
            return
        self._y += _GAP
        x = MARGIN + MARK
        yield Mark(x, self._y + SMALL.line / 2, self._colours.ink, self._colours.paper)
        room = WIDTH - MARGIN - x - 2 * MARK
        lines = wrap(self._asked.before, room, SMALL, self._measure, 2)
        yield from self._lines(lines, x + 2 * MARK, self._y, SMALL, self._colours.quiet)
        self._y += len(lines) * SMALL.line

    def _lines(
        self, lines: tuple[str, ...], x: float, top: float, font: Font, colour: str
    ) -> Iterator[Line]:
        for number, line in enumerate(lines):
            # Capitals are 0.73 of DejaVu's size: this centres them in their line.
            base = top + number * font.line + (font.line + 0.73 * font.size) / 2
            yield Line(x, base, line, font, colour)

    def _centred(
        self,
        lines: tuple[str, ...],
        x: float,
        top: float,
        left: float = MARGIN,
        right: float = WIDTH - MARGIN,
    ) -> Iterator[Line]:
        """Centre a caption at ``x``, or as near as ``left`` and ``right`` let it come."""
        width = max([0.0, *(self._measure(line, SMALL) for line in lines)])
        middle = min(max(x, left + width / 2), right - width / 2)
        for number, line in enumerate(lines):
            start = middle - self._measure(line, SMALL) / 2
            y = top + number * SMALL.line
            yield from self._lines((line,), start, y, SMALL, self._colours.quiet)
