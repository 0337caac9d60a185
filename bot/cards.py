"""What the bot can show and how people answer it, as plain data no platform is named in.

All strings are already in the reader's language. A payload (``action``, ``context``, ``value``)
names an action and an opaque id; state stays on the server. Renderers: ``bot.platforms``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Literal

from bot.domain.languages import Language

# --- Messages -----------------------------------------------------------------------------------


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


# --- Forms --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TextInput:
    """A line or, with ``lines`` over 1, a box of text."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    lines: int = 1
    limit: int = 300
    required: bool = True


@dataclass(frozen=True)
class NumberInput:
    """A whole number."""

    name: str
    label: str
    low: int
    high: int
    value: int | None = None
    hint: str = ""
    required: bool = True


@dataclass(frozen=True)
class DateInput:
    """A day."""

    name: str
    label: str
    value: date | None = None
    hint: str = ""
    required: bool = True


@dataclass(frozen=True)
class TimeInput:
    """A time of day, to the minute."""

    name: str
    label: str
    value: time | None = None
    hint: str = ""
    required: bool = True


@dataclass(frozen=True)
class SelectInput:
    """One (or, with ``many``, several) of some options, each a value and a label."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: tuple[str, ...] = ()
    hint: str = ""
    many: bool = False
    required: bool = True


@dataclass(frozen=True)
class ToggleInput:
    """Yes or no."""

    name: str
    label: str
    value: bool = False
    hint: str = ""


Input = TextInput | NumberInput | DateInput | TimeInput | SelectInput | ToggleInput


@dataclass(frozen=True)
class Form:
    """A form in a dialog. ``id`` names what its submission does; ``context`` comes back.

    ``more`` are inputs with good defaults that stand folded away under ``more_label``; ``foot`` are
    buttons below it all that do something else than send it.
    """

    id: str
    title: str
    inputs: tuple[Input, ...]
    submit: str
    context: str = ""
    intro: tuple[Text, ...] = ()
    more: tuple[Input, ...] = ()
    more_label: str = ""
    foot: tuple[Button, ...] = ()


# --- What comes in ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Command:
    """``/trivsel …`` as typed, without the slash word."""

    event: str
    person: str
    conversation: str
    text: str
    locale: str | None = None


@dataclass(frozen=True)
class Clicked:
    """A button was pressed. ``whole``: a short round is to be shown on one view, as a sheet."""

    event: str
    person: str
    conversation: str
    action: str
    context: str = ""
    value: str = field(default="", repr=False)
    locale: str | None = None
    whole: bool = False


@dataclass(frozen=True)
class Submitted:
    """A form was sent; ``values`` are raw, one entry an input that was touched."""

    event: str
    person: str
    conversation: str
    form: str
    context: str = ""
    values: Mapping[str, object] = field(default_factory=dict, repr=False)
    locale: str | None = None


Inbound = Command | Clicked | Submitted


# --- What goes back, to the person who asked and to nobody else ---------------------------------


@dataclass(frozen=True)
class Show:
    """Show a card in place of what was there, privately. ``done``: nothing more is expected.

    Also of a form: ``language`` is the one it is worded in, where the flow says so; ``common``
    that many are shown the very same, with nothing in it of what anybody has said or done, so
    that a platform may keep it drawn. ``aside``: it only explains; where the platform can, it is
    laid over what the person is doing, so that nothing he has typed there is lost.
    """

    message: Message
    done: bool = False
    language: Language | None = field(default=None, compare=False)
    common: bool = field(default=False, compare=False)
    aside: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Ask:
    """Open a form, or show it again with ``errors`` (input name to text) and what was typed."""

    form: Form
    errors: Mapping[str, str] = field(default_factory=dict)
    language: Language | None = field(default=None, compare=False)
    common: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Say:
    """A short remark; an open dialog closes.

    With ``failed`` nothing was saved: a dialog stays open with what was typed, to try again.
    """

    text: str
    failed: bool = False


Reply = Show | Ask | Say
