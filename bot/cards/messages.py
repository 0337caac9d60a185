"""Cards: what a message, a page and a view are made of, from a paragraph to a chart."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Text:
    """A paragraph. ``quiet`` is for side remarks, ``question`` for what is asked."""

    text: str
    style: Literal["body", "quiet", "question", "quote"] = "body"


@dataclass(frozen=True)
class Fields:
    """Short facts, each a name and a value."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Bar:
    """One line of a chart: a published label, what it says in words, and the last round's."""

    label: str
    value: float
    words: str
    previous: float | None = None


@dataclass(frozen=True)
class Chart:
    """Scores 1 to 5 as bars. ``alt`` says the same in words for those who cannot see it."""

    title: str
    bars: tuple[Bar, ...]
    low: str
    high: str
    alt: str
    context: str = ""
    """The figure it shows; a platform that draws pictures later asks for it by this id."""
    before: str = ""
    """What the mark of the last round is called; without a name it is not drawn."""


@dataclass(frozen=True)
class Divider:
    """A line between two thoughts."""


@dataclass(frozen=True)
class Button:
    """A button: ``action`` and ``context`` say what it does, ``value`` what was chosen.

    ``opens_form`` must be true when the answer to a click is a form: some platforms have to know
    when they draw it. ``chosen`` marks what was chosen before. ``confirm`` is what is said before
    it does what cannot be taken back; it is done only when that was agreed to.
    """

    action: str
    label: str
    context: str = ""
    value: str = ""
    style: Literal["plain", "primary", "danger", "choice", "quiet"] = "plain"
    opens_form: bool = False
    chosen: bool = False
    confirm: str = ""


@dataclass(frozen=True)
class Link:
    """A way to a page of the bot's own. ``chosen`` marks the one that is shown already."""

    label: str
    path: str
    chosen: bool = False


@dataclass(frozen=True)
class Countdown:
    """A clock that runs down to ``until``, or stands still at ``seconds_left`` while paused.

    ``words`` says the same for those who see no clock running.
    """

    words: str
    until: datetime | None = None
    seconds_left: int | None = None


@dataclass(frozen=True)
class Table:
    """Rows of cells under column headings; the first cell names the row, and may lead on."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | Link, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Actions:
    """Buttons and links side by side; ``choices`` are the answers to one question."""

    children: tuple[Button | Link, ...]
    layout: Literal["row", "choices", "statements"] = "row"


@dataclass(frozen=True)
class Transient:
    """What is shown only as it is now: later it may be held back, or forgotten.

    Where cards are drawn anew for whoever looks, ``children`` stand in place. A message that stays
    as it was sent has only ``opens``, a button that shows them as they are when it is pressed.
    """

    opens: Button
    children: tuple["Part", ...]


Part = Text | Fields | Table | Chart | Countdown | Divider | Actions | Transient


@dataclass(frozen=True)
class Message:
    """A card. ``fallback`` is the one line shown where the card cannot be (a notification)."""

    fallback: str
    children: tuple[Part, ...]
    title: str = ""
    progress: tuple[int, int] | None = None
    """Which question of how many."""


def in_place(card: Message) -> Message:
    """Return a card as it is where it is drawn anew each time: what is transient stands in it."""
    parts: list[Part] = []
    for part in card.children:
        parts += part.children if isinstance(part, Transient) else (part,)
    return replace(card, children=tuple(parts))
