"""The inputs of a form as blocks of a modal; ``view_state`` reads what was typed."""

from dataclasses import dataclass, replace

from bot.cards import (
    DateInput,
    Input,
    NumberInput,
    SelectInput,
    TextInput,
    TimeInput,
    ToggleInput,
)
from bot.content.words import Words
from bot.platforms.slack import limits, rich, selects
from bot.platforms.slack.escape import Block, clean, plain, shorten, size

FIELD = "in"
"""The ``action_id`` of every input; its block's id says which it is."""

_FIRST, _FURTHER = "in.", "~"
"""What a block's id begins with, and what stands before the number of an input's further blocks."""
_BEGINNING = 28
"""Characters of a statement's beginning beside its radio button: its number and a few words, never
more than a line on a phone 375 pixels wide. The statement itself stands whole above."""


@dataclass(frozen=True)
class Drawing:
    """How closely inputs are drawn: lists hold ``listed`` options and more are searched; of a
    statement that stands above its list ``said`` characters are shown, or all.
    """

    listed: int = limits.OPTIONS
    said: int | None = None


def block_id(name: str, part: int = 0) -> str:
    """Return the id of an input's block; Slack wants errors by it."""
    return f"{_FIRST}{name}{_FURTHER}{part + 1}" if part else f"{_FIRST}{name}"


def name_of(block: str) -> str | None:
    """Return the input a block belongs to; ``None`` for a block that is none."""
    return block.removeprefix(_FIRST).split(_FURTHER)[0] if block.startswith(_FIRST) else None


def block(
    one: Input, words: Words, how: Drawing | None = None, stated: int | None = None
) -> list[Block]:
    """Return an input, with what has to stand above it.

    An input that nothing can be chosen in is only told. Labels too long for options stand above,
    numbered: the first ``stated`` of them, else all.
    """
    how = how or Drawing()
    if not isinstance(one, SelectInput):
        return [_field(one, _element(one, words))]
    if not one.options:
        return rich.block(rich.pair(one.label, one.hint))
    long = any(size(label) > limits.OPTION for _, label in one.options)
    if long and len(one.options) <= how.listed:
        return _stated(one, words, len(one.options) if stated is None else stated, how)
    return _choice(one, words, how)


def _choice(one: SelectInput, words: Words, how: Drawing) -> list[Block]:
    """Return a choice; a further block of it can be left alone."""
    first, *others = selects.elements(one, words, how.listed)
    further = replace(one, hint="", required=False)
    return [
        _field(one, first),
        *(_field(further, other, part) for part, other in enumerate(others, 1)),
    ]


def _stated(one: SelectInput, words: Words, count: int, how: Drawing) -> list[Block]:
    """Return a choice among statements: what is asked, the statements, and then the options."""
    whole = [
        f"{number}. {clean(label)}" if number <= count else label
        for number, (_, label) in enumerate(one.options, 1)
    ]
    most = [_BEGINNING if number <= count else limits.OPTION for number in range(1, len(whole) + 1)]
    short = tuple(
        (option, shorten(label, length))
        for (option, _), label, length in zip(one.options, whole, most, strict=True)
    )
    above = [*rich.lines(one.label, bold=True)]
    for label in whole[:count]:
        above += rich.lines(label if how.said is None else shorten(label, how.said))
    below = replace(one, label=words("slack.your_choice"), options=short)
    return [*rich.block(above), *_choice(below, words, how)]


def _field(one: Input, element: Block, part: int = 0) -> Block:
    drawn: Block = {
        "type": "input",
        "block_id": block_id(one.name, part),
        "label": plain(one.label, limits.INPUT_LABEL),
        "element": {"action_id": FIELD, **element},
        "optional": isinstance(one, ToggleInput) or not one.required,
    }
    if one.hint:
        drawn["hint"] = plain(one.hint, limits.INPUT_HINT)
    return drawn


def _element(
    one: TextInput | NumberInput | DateInput | TimeInput | ToggleInput, words: Words
) -> Block:
    match one:
        case TextInput():
            return _box(one)
        case NumberInput():
            return _number(one)
        case DateInput():
            shown = {"initial_date": one.value.isoformat()} if one.value else {}
            return {"type": "datepicker", **shown}
        case TimeInput():
            at = {"initial_time": one.value.strftime("%H:%M")} if one.value else {}
            return {"type": "timepicker", **at}
        case ToggleInput():
            yes = {"text": plain(words("slack.yes"), limits.OPTION), "value": "true"}
            initial = {"initial_options": [yes]} if one.value else {}
            return {"type": "checkboxes", "options": [yes], **initial}


def _box(one: TextInput) -> Block:
    """Return a box that holds at least what stands in it; what is too long is refused later."""
    box: Block = {"type": "plain_text_input", "multiline": one.lines > 1}
    shown = shorten(one.value, limits.TYPED)
    most = max(one.limit, size(shown), 1)
    box["max_length"] = min(most, limits.TYPED)
    return box | {"initial_value": shown} if shown else box


def _number(one: NumberInput) -> Block:
    """Return a box for a number; bounds give way to what stands in it, and are checked later."""
    low, high = (one.low, one.high) if one.low <= one.high else (one.high, one.low)
    box: Block = {"type": "number_input", "is_decimal_allowed": False}
    if one.value is not None:
        low, high = min(low, one.value), max(high, one.value)
        box["initial_value"] = str(one.value)
    return box | {"min_value": str(low), "max_value": str(high)}
