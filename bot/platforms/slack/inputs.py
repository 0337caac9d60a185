"""The inputs of a form: as blocks of a modal, and what was typed read back."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.cards import DateInput, Input, NumberInput, SelectInput, TextInput, ToggleInput
from bot.content.words import Words
from bot.platforms.slack import limits, rich
from bot.platforms.slack.escape import Block, clean, plain, shorten, size

FIELD = "in"
"""The ``action_id`` of every input; its block's id says which it is."""

_SHOWN = 6
"""Up to so many options one can choose one of are shown at once; more fold into a list."""
_BEGINNING = 45
"""Characters of a statement's beginning beside its radio button: a line on a phone."""
_END = 36
"""Characters of an option's label in the name of its group."""


def block_id(name: str) -> str:
    """Return the id of an input's block; Slack wants errors by it."""
    return f"in.{name}"


def block(one: Input, words: Words, stated: int | None = None) -> list[Block]:
    """Return an input, with what has to stand above it. Raises ``ValueError`` for too many options.

    An input that nothing can be chosen in is only told. Labels too long for options stand above,
    numbered: the first ``stated`` of them, else all.
    """
    if isinstance(one, SelectInput) and not one.options:
        return rich.block(rich.pair(one.label, one.hint))
    if isinstance(one, SelectInput) and any(
        size(label) > limits.OPTION for _, label in one.options
    ):
        return _stated(one, words, len(one.options) if stated is None else stated)
    return [_field(one, words)]


def _stated(one: SelectInput, words: Words, count: int) -> list[Block]:
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
    above += [line for label in whole[:count] for line in rich.lines(label)]
    below = replace(one, label=words("slack.your_choice"), options=short)
    return [*rich.block(above), _field(below, words)]


def _field(one: Input, words: Words) -> Block:
    drawn: Block = {
        "type": "input",
        "block_id": block_id(one.name),
        "label": plain(one.label, limits.INPUT_LABEL),
        "element": {"action_id": FIELD, **_element(one, words)},
        "optional": isinstance(one, ToggleInput) or not one.required,
    }
    if one.hint:
        drawn["hint"] = plain(one.hint, limits.INPUT_HINT)
    return drawn


def value(one: Input, values: Mapping[str, Any]) -> object:
    """Return what stands in an input, raw; ``None`` where it was not sent at all.

    ``values`` is a view's ``state.values``. Text, numbers and days come as ``str``, choices as a
    list of their values, a toggle as ``bool``.
    """
    block = values.get(block_id(one.name))
    field = block.get(FIELD) if isinstance(block, Mapping) else None
    if not isinstance(field, Mapping):
        return None
    match one:
        case TextInput() | NumberInput():
            return str(field.get("value") or "")
        case DateInput():
            return str(field.get("selected_date") or "")
        case SelectInput():
            known = {key(option): option for option, _ in one.options}
            return [known.get(chosen, chosen) for chosen in _chosen(field)]
        case ToggleInput():
            return bool(_chosen(field))


def long_values(inputs: Iterable[Input]) -> dict[str, str]:
    """Return the options' values that Slack cannot carry, by what it is given instead."""
    options = (
        option for one in inputs if isinstance(one, SelectInput) for option, _ in one.options
    )
    return {given: option for option in options if (given := key(option)) != option}


def _chosen(field: Mapping[str, Any]) -> list[str]:
    """Return the keys of the options that are chosen in a field."""
    several = field.get("selected_options")
    found = several if isinstance(several, Sequence) else [field.get("selected_option")]
    return [str(option.get("value", "")) for option in found if isinstance(option, Mapping)]


def _element(one: Input, words: Words) -> Block:
    match one:
        case TextInput():
            return _box(one)
        case NumberInput():
            return _number(one)
        case DateInput():
            shown = {"initial_date": one.value.isoformat()} if one.value else {}
            return {"type": "datepicker", **shown}
        case SelectInput():
            return _select(one)
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


def _select(one: SelectInput) -> Block:
    options = list(_options(one))
    keys = {key(value) for value in one.value}
    chosen = [option for option in options if option["value"] in keys]
    select = _offered(options)
    if one.many:
        few = len(options) <= limits.FEW_OPTIONS
        select["type"] = "checkboxes" if few else "multi_static_select"
    else:
        select["type"] = "radio_buttons" if len(options) <= _SHOWN else "static_select"
    if chosen:
        select |= {"initial_options": chosen} if one.many else {"initial_option": chosen[0]}
    return select


def _offered(options: Sequence[Block]) -> Block:
    """Return a list's options, in groups named by their ends where they are too many for one."""
    if len(options) <= limits.OPTIONS:
        return {"options": list(options)}
    if len(options) > limits.OPTIONS * limits.OPTION_GROUPS:
        raise ValueError(f"{len(options)} options; a list in Slack holds 10,000")
    groups = [
        list(options[start : start + limits.OPTIONS])
        for start in range(0, len(options), limits.OPTIONS)
    ]
    return {"option_groups": [{"label": _group_label(group), "options": group} for group in groups]}


def _group_label(group: Sequence[Block]) -> Block:
    ends = (shorten(one["text"]["text"], _END) for one in (group[0], group[-1]))
    return plain(" – ".join(ends), limits.OPTION)


def _options(one: SelectInput) -> Iterator[Block]:
    for option, label in one.options:
        yield {"text": plain(label, limits.OPTION), "value": key(option)}


def key(option: str) -> str:
    """Return what Slack is given for an option: its value, or a digest of one it cannot carry."""
    if 0 < size(option) <= limits.OPTION_VALUE and option == clean(option):
        return option
    return hashlib.sha256(option.encode()).hexdigest()
