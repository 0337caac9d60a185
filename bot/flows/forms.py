"""Reading what came back from a form, the same for every platform.

Platforms differ in what they send: untouched inputs are left out, numbers and toggles may come as
text. Ranges are checked here, never trusted to the platform.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot.cards import (
    Ask,
    Clicked,
    DateInput,
    Form,
    Input,
    NumberInput,
    SelectInput,
    Submitted,
    TextInput,
    TimeInput,
    ToggleInput,
)
from bot.content.words import Words
from bot.schedule.calendar import local_time

YES = frozenset({"true", "on", "1", "yes"})


class Unchosen(Mapping[str, object]):
    """What never comes back from a form: under every name something that no choice offers.

    Whoever reads a form with a choice against it finds it wrong, and shows the form.
    """

    def __getitem__(self, name: str) -> object:
        return ["\x00"]

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@dataclass(frozen=True)
class Filled:
    """A form's values as Python knows them, and what is wrong, by input name."""

    values: Mapping[str, Any]
    errors: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Filled(errors={sorted(self.errors)})"


def read(form: Form, raw: Mapping[str, object], words: Words) -> Filled:
    """Read raw values against the form: text, ``int``, ``date``, ``time``, options, ``bool``.

    An input left empty gives ``""``, ``None`` or ``()``; required ones are then in ``errors``.
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for one in (*form.inputs, *form.more):
        value, problem = _read(one, raw.get(one.name), words)
        values[one.name] = value
        if problem:
            errors[one.name] = problem
    return Filled(values, errors)


def taken(form: Form, request: Clicked | Submitted, words: Words) -> Mapping[str, Any] | Ask:
    """Return what a sent form says; to a click, or where something in it is wrong, the form."""
    if isinstance(request, Clicked):
        return Ask(form)
    found = read(form, request.values, words)
    return Ask(form, found.errors) if found.errors else found.values


def _read(one: Input, raw: object, words: Words) -> tuple[Any, str]:
    match one:
        case TextInput():
            return _text(one, raw, words)
        case NumberInput():
            return _number(one, raw, words)
        case DateInput():
            return _date(one, raw, words)
        case TimeInput():
            return _time(one, raw, words)
        case SelectInput():
            return _select(one, raw, words)
        case ToggleInput():
            return raw is True or str(raw).lower() in YES, ""


def _text(one: TextInput, raw: object, words: Words) -> tuple[str, str]:
    text = str(raw or "").replace("\x00", "").strip()
    if not text and one.required:
        return "", words("form.required")
    if len(text) > one.limit:
        return text, words("form.too_long", length=len(text), limit=one.limit)
    return text, ""


def _number(one: NumberInput, raw: object, words: Words) -> tuple[int | None, str]:
    if raw in (None, ""):
        return None, words("form.required") if one.required else ""
    text = str(raw).strip()
    try:
        number = int(text) if text.lstrip("-").isdigit() else None  # int() also reads "1_0"
    except ValueError:
        number = None
    if number is None:
        return None, words("form.number", low=one.low, high=one.high)
    if not one.low <= number <= one.high:
        return None, words("form.number", low=one.low, high=one.high)
    return number, ""


def _date(one: DateInput, raw: object, words: Words) -> tuple[date | None, str]:
    if raw in (None, ""):
        return None, words("form.required") if one.required else ""
    try:
        return date.fromisoformat(str(raw).strip()[:10]), ""
    except ValueError:
        return None, words("form.date")


def _time(one: TimeInput, raw: object, words: Words) -> tuple[time | None, str]:
    if raw in (None, ""):
        return None, words("form.required") if one.required else ""
    try:
        return local_time(str(raw).strip().removesuffix(":00")), ""  # some send seconds
    except ValueError:
        return None, words("form.at_wrong")


def _select(one: SelectInput, raw: object, words: Words) -> tuple[tuple[str, ...], str]:
    given = raw if isinstance(raw, list | tuple) else [] if raw in (None, "") else [raw]
    known = {value for value, _ in one.options}
    chosen = tuple(dict.fromkeys(str(value) for value in given))
    if any(value not in known for value in chosen) or (len(chosen) > 1 and not one.many):
        return (), words("form.choose")
    if not chosen and one.required:
        return (), words("form.required")
    return chosen, ""
