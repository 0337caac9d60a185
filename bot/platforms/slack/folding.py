"""Forms that begin with what has to be filled in; the rest stands behind a button. Pure.

What stands in the rest meanwhile is carried by that button, in the very view: it is sent with the
form as if it had been there, and nothing has to be remembered. Where no button can carry it the
form is shown whole.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time

from bot.cards import (
    Ask,
    Button,
    DateInput,
    Form,
    Input,
    NumberInput,
    SelectInput,
    TextInput,
    TimeInput,
    ToggleInput,
)
from bot.platforms.slack import limits, selects
from bot.platforms.slack.buttons import pack
from bot.platforms.slack.escape import size

MORE = "slack.more"
"""The action of the button that shows the rest of a form; the context is the form, the value what
stands in the rest."""


@dataclass(frozen=True)
class Unfolded(Ask):
    """A form to be shown whole."""


def unfolds(form: Form) -> Button | None:
    """Return the button that stands for the rest of a form; ``None`` where it is shown whole."""
    choices = (one for one in (*form.inputs, *form.more) if isinstance(one, SelectInput))
    if not form.more or not any(one.options for one in choices):
        return None  # a form without a choice cannot be asked for again (``Front.form``)
    held = {one.name: _raw(one) for one in form.more}
    value = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    fits = size(pack(form.id, value)) <= limits.BUTTON_VALUE
    return Button(MORE, form.more_label, form.id, value) if fits else None


def held(value: str) -> dict[str, object]:
    """Return what stands in the rest, raw. Raises ``ValueError`` for what is not the bot's."""
    try:
        found = json.loads(value)
    except RecursionError:
        found = None
    if not isinstance(found, dict):
        raise ValueError("not the rest of a form of this bot's")
    return found


def filled(form: Form, raw: Mapping[str, object]) -> Form:
    """Return a form with what stood in it; what cannot be shown in an input is left out."""

    def each(one: Input) -> Input:
        return _with(one, raw[one.name]) if one.name in raw else one

    return replace(form, inputs=tuple(map(each, form.inputs)), more=tuple(map(each, form.more)))


def _raw(one: Input) -> object:
    """Return what would be sent for an input as it stands."""
    match one:
        case SelectInput():
            return list(one.value)
        case ToggleInput():
            return one.value
        case TimeInput():
            return one.value.strftime("%H:%M") if one.value else ""
        case _:
            return "" if one.value is None else str(one.value)


def _with(one: Input, given: object) -> Input:
    match one:
        case TextInput():
            return replace(one, value=str(given))
        case NumberInput():
            number = str(given)
            return replace(one, value=int(number) if number.lstrip("-").isdecimal() else None)
        case DateInput():
            return replace(one, value=_day(str(given)))
        case TimeInput():
            return replace(one, value=_time(str(given)))
        case SelectInput():
            chosen = selects.undone(one, given if isinstance(given, list) else ())
            known = {option for option, _ in one.options}
            return replace(one, value=tuple(value for value in chosen if value in known))
        case ToggleInput():
            return replace(one, value=given is True)


def _time(given: str) -> time | None:
    try:
        return time.fromisoformat(given)
    except ValueError:
        return None


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None
