"""How a chart looks: colours, sizes, and texts that fit. Where things stand is elsewhere.

Sizes are in points of a picture 360 points wide, a phone held upright, whatever its pixels.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.reports.chart_request import Theme

WIDTH = 360.0
MARGIN = 16.0


@dataclass(frozen=True)
class Font:
    """A size in points and a weight."""

    size: float
    bold: bool = False

    @property
    def line(self) -> float:
        """Return the distance from one line of text to the next."""
        return round(self.size * 1.3, 1)


TITLE = Font(14, bold=True)
LABEL = Font(12.5)
SCORE = Font(12.5, bold=True)
SMALL = Font(11)

Measure = Callable[[str, Font], float]
"""How wide a text is, in points."""


@dataclass(frozen=True)
class Colours:
    """One hue, for the bars; everything else is told apart by lightness alone."""

    paper: str
    ink: str
    quiet: str
    track: str
    bar: str


COLOURS: Mapping[Theme, Colours] = {
    "light": Colours("#ffffff", ink="#1d2733", quiet="#55616d", track="#e3e9ef", bar="#2d6cb0"),
    "dark": Colours("#1b1e23", ink="#eceff2", quiet="#a9b3bd", track="#343b44", bar="#5c9fdc"),
}

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_ELLIPSIS = "…"
_SHORTEST_PIECE = 3


def tidy(text: str, drawable: Callable[[str], bool]) -> str:
    """Return ``text`` on one line, of letters the font has.

    What is unseen (NUL, direction marks) goes, as do emoji the font lacks; a letter it lacks
    becomes a box, for it was part of a word.
    """
    spaced = "".join(" " if letter.isspace() else letter for letter in text)
    kept = []
    for letter in unicodedata.normalize("NFC", spaced):
        kind = unicodedata.category(letter)
        if kind in _UNSEEN:
            continue
        if drawable(letter):
            kept.append(letter)
        elif kind[0] not in "SM":
            kept.append("□")
    return " ".join("".join(kept).split())


def wrap(text: str, room: float, font: Font, measure: Measure, lines: int) -> tuple[str, ...]:
    """Break ``text`` into at most ``lines`` lines no wider than ``room``; "…" where some is left.

    Lines break at spaces, a word that is too wide alone inside it, with a hyphen.
    """
    found: list[str] = []
    left = text.split(" ") if text else []
    while left and len(found) < lines:
        line = left.pop(0)
        while left and measure(f"{line} {left[0]}", font) <= room:
            line = f"{line} {left.pop(0)}"
        if len(line) > 1 and measure(line, font) > room:
            line, rest = _broken(line, room, font, measure)
            left.insert(0, rest)
        found.append(line)
    if left:
        found[-1] = _shortened(found[-1], room, font, measure)
    return tuple(found)


def _broken(word: str, room: float, font: Font, measure: Measure) -> tuple[str, str]:
    cut = _longest(word, "-", room, font, measure)
    if len(word) - cut < _SHORTEST_PIECE < cut:
        cut -= _SHORTEST_PIECE - 1
    hyphen = "-" if word[cut - 1].isalpha() and word[cut].isalpha() else ""
    return word[:cut] + hyphen, word[cut:]


def _shortened(line: str, room: float, font: Font, measure: Measure) -> str:
    if measure(line + _ELLIPSIS, font) > room:
        line = line[: _longest(line, _ELLIPSIS, room, font, measure)]
    return line.rstrip(" -") + _ELLIPSIS


def _longest(text: str, end: str, room: float, font: Font, measure: Measure) -> int:
    """Return how many letters fit before ``end``; at least one, fewer than all."""
    low, high = 1, len(text) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle] + end, font) <= room:
            low = middle
        else:
            high = middle - 1
    return low
