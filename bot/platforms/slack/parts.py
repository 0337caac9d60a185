"""The parts of a card, each as blocks. Which of them stand together on a page: ``blocks``."""

import re
from dataclasses import replace

from bot.cards import (
    Actions,
    Bar,
    Chart,
    Countdown,
    Divider,
    Fields,
    Message,
    Part,
    Table,
    Text,
    Transient,
    in_place,
)
from bot.platforms.slack import limits, rich
from bot.platforms.slack.buttons import Buttons, section
from bot.platforms.slack.escape import Block, plain, size, split
from bot.platforms.slack.paging import Chunk
from bot.platforms.slack.rendering import Rendering
from bot.platforms.slack.tables import table

BESIDE, A_LINE = 20, 250
"""Characters of a button that stands beside its line in a view, and of the line."""
_GAP = "\ufffc"
"""Stands for a time of day while the sentence around it is filled."""


class Parts:
    """Draws the parts of one message (``in_message``) or view."""

    def __init__(self, context: Rendering, *, in_message: bool) -> None:
        self._context = context
        self._in_message = in_message
        self._buttons = Buttons(context)

    def card(self, card: Message, *, titled: bool = True) -> list[Chunk]:
        """Return a whole card, never empty; what belongs together is together.

        A message stays as it was sent: what may have to go again is behind a button there.
        """
        card = _said_once(card if self._in_message else in_place(card))
        chunks: list[Chunk] = [heading(card.title)] if card.title and titled else []
        if card.progress and not _tells_progress(card):
            at, of = card.progress
            chunks.append([context_line(f"{at}/{of}")])
        belongs = bool(chunks)
        for before, part in zip((None, *card.children), card.children, strict=False):
            if not isinstance(before, Table) and self._stands_beside(chunks, part):
                continue
            for chunk in self.part(part):
                if chunks and (belongs or isinstance(part, Actions | Transient)):
                    chunks[-1] = [*chunks[-1], *chunk]
                else:
                    chunks.append(chunk)
                belongs = isinstance(part, Text) and part.style in ("question", "quiet")
        if all(one["type"] == "divider" for chunk in chunks for one in chunk):
            return [[section(piece) for piece in split(card.fallback, limits.TEXT)]]
        return [chunk for chunk in chunks if chunk]

    def _stands_beside(self, chunks: list[Chunk], part: Part) -> bool:
        """Draw one short button beside the short line it belongs to: half the height on a phone."""
        if self._in_message or not isinstance(part, Actions) or part.layout != "row":
            return False
        line = chunks[-1][-1] if chunks and chunks[-1] else {}
        if len(part.children) != 1 or size(part.children[0].label) > BESIDE:
            return False
        if line.get("type") != "section" or "accessory" in line or "text" not in line:
            return False
        if size(line["text"]["text"]) > A_LINE:
            return False
        (row,) = self._buttons.actions(part)
        chunks[-1] = [*chunks[-1][:-1], {**line, "accessory": row["elements"][0]}]
        return True

    def part(self, part: Part) -> list[Chunk]:
        """Return a part; a long table in pieces for pages of their own."""
        match part:
            case Text():
                return [text(part)]
            case Fields():
                lines = [one for pair in part.pairs for one in rich.pair(*pair)]
                return [rich.block(lines)]
            case Table():
                return table(part, self._context, self._buttons, in_message=self._in_message)
            case Chart():
                return [self._chart(part)]
            case Countdown():
                return [self._countdown(part)]
            case Divider():
                return [[{"type": "divider"}]]
            case Actions():
                return [self._buttons.actions(part)]
            case Transient():
                return [self._buttons.actions(Actions((part.opens,)))]

    def _chart(self, chart: Chart) -> list[Block]:
        """Return the picture where there is one, and always its figures in words."""
        file = self._context.files.get(chart.context) if chart.context else None
        words = self._context.words
        ends = context_line(words("slack.ends", low=chart.low, high=chart.high))
        figures = [one for bar in chart.bars for one in self._bar(bar, chart.before)]
        return [
            *(rich.bold(chart.title) if file is None else [picture(chart, file)]),
            *rich.bullets(figures),
            ends,
        ]

    def _bar(self, bar: Bar, before: str) -> list[Block]:
        told = bar.words
        if bar.previous is not None and before:
            number = self._context.words.formats.number(bar.previous)
            told = f"{told} ({before}: {number})"
        return rich.pair(bar.label, told)

    def _countdown(self, part: Countdown) -> list[Block]:
        """Return the words and, because no clock runs in Slack, the time at which it ends."""
        if part.until is None:
            return text(Text(part.words, "quiet"))
        words = self._context.words
        before, _, after = words("slack.until", time=_GAP).partition(_GAP)
        clock = rich.clock(part.until, words.formats.time(part.until))
        around = [rich.text(one) for one in (before, after) if one]
        end = rich.line(*around[:1], clock, *around[1:]) if before else rich.line(clock, *around)
        return rich.block([*rich.lines(part.words), end])


def heading(words: str) -> list[Block]:
    """Return a heading; one that Slack's cannot hold is written in bold."""
    if size(words) > limits.HEADER:
        return rich.bold(words)
    return [{"type": "header", "text": plain(words, limits.HEADER)}]


def context_line(words: str) -> Block:
    """Return a side remark; it must fit (``limits.TEXT``)."""
    return {"type": "context", "elements": [plain(words, limits.TEXT)]}


def text(part: Text) -> list[Block]:
    """Return a paragraph of any length."""
    match part.style:
        case "question":
            return rich.bold(part.text)
        case "quote":
            return rich.quote(part.text)
        case "quiet":
            return [context_line(piece) for piece in split(part.text, limits.TEXT)]
        case "body":
            return [section(piece) for piece in split(part.text, limits.TEXT)]


def picture(chart: Chart, file: str) -> Block:
    """Return a chart that was uploaded as ``file``."""
    return {
        "type": "image",
        "slack_file": {"id": file},
        "alt_text": plain(chart.alt, limits.ALT)["text"],
        "title": plain(chart.title, limits.IMAGE_TITLE),
    }


def is_progress(card: Message, part: Text) -> bool:
    """Tell whether a side remark of the card says which question of how many it is."""
    if card.progress is None or part.style != "quiet":
        return False
    return {str(number) for number in card.progress} <= set(re.findall(r"\d+", part.text))


def _said_once(card: Message) -> Message:
    """Take out the captions of tables that say what stands above the card already."""
    return replace(card, children=tuple(_under(card.title, part) for part in card.children))


def _under(title: str, part: Part) -> Part:
    return replace(part, caption="") if isinstance(part, Table) and part.caption == title else part


def _tells_progress(card: Message) -> bool:
    return any(is_progress(card, part) for part in card.children if isinstance(part, Text))
