"""Forms in a dialog: their inputs, and what stands around them."""

from dataclasses import dataclass
from datetime import date, time

from bot.cards.messages import Button, Text


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
