"""Fills in an element as Slack's own client lets a person do it, and no further."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from double.reading import STATELESS, Element, elements, state_key
from double.shapes import ImpossibleError, Json
from double.world import View

MANY = ("checkboxes", "multi_static_select", "multi_external_select")
ONE = ("static_select", "external_select", "radio_buttons", "overflow")


def entry(element: Element, value: object, found: Sequence[Json] = ()) -> Json:
    """Return what a state holds once ``value`` is filled in; None empties it.

    Options go by value or by label; ``found`` are those a search has brought up.

    Raises:
        ImpossibleError: where a person could not do that.
    """
    kind, key = element.kind, state_key(element.kind)
    if value is None:
        return {"type": kind, key: [] if kind in MANY else None}
    if kind in MANY:
        return {"type": kind, key: [option(element, one, found) for one in _few(element, value)]}
    if kind in ONE:
        return {"type": kind, key: option(element, value, found)}
    if kind.startswith("multi_"):
        return {"type": kind, key: [_id(one) for one in _few(element, value)]}
    return {"type": kind, key: _plain(element, value)}


def option(element: Element, wanted: object, found: Sequence[Json] = ()) -> Json:
    """Return the option a person means."""
    groups = element.body.get("option_groups") or []
    offered: list[Json] = [*(element.body.get("options") or []), *found]
    offered += [one for group in groups for one in group["options"]]
    for one in offered:
        if wanted in (one.get("value"), one["text"]["text"]):
            return one
    known = [one["text"]["text"] for one in offered]
    raise ImpossibleError(f"{element.label}: {wanted!r} is not offered, only {known}")


def _few(element: Element, value: object) -> list[object]:
    """Return what is chosen as a list, no longer than the element lets it be."""
    if not isinstance(value, Iterable):
        raise ImpossibleError(f"{value!r} is not a list of choices")
    listed = [value] if isinstance(value, str) else list(value)
    most = element.body.get("max_selected_items", len(listed))
    if len(listed) > most:
        raise ImpossibleError(f"{element.label}: at most {most} can be chosen")
    return listed


def _id(value: object) -> str:
    return str(getattr(value, "id", value))


def _plain(element: Element, value: object) -> Any:
    kind, body, label = element.kind, element.body, element.label
    if kind == "datepicker":
        return (
            value.isoformat()
            if isinstance(value, date)
            else date.fromisoformat(str(value)).isoformat()
        )
    if kind == "datetimepicker":
        return int(value.timestamp()) if isinstance(value, datetime) else int(str(value))
    if kind == "timepicker" and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(value)):
        raise ImpossibleError(f"{label}: {value!r} is not a time")
    if kind in ("users_select", "conversations_select", "channels_select"):
        return _id(value)
    text = str(value)
    if kind == "plain_text_input":
        if not body.get("min_length", 0) <= len(text) <= body.get("max_length", 3_000):
            raise ImpossibleError(f"{label}: that many characters cannot be written")
        if "\n" in text and not body.get("multiline"):
            raise ImpossibleError(f"{label} has one line only")
    if kind == "number_input":
        _number(element, text)
    return text or None


def _number(element: Element, text: str) -> None:
    form = r"-?\d+([.,]\d+)?" if element.body.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(form, text):
        raise ImpossibleError(f"{element.label}: {text!r} is not a number that is taken")
    low, high = element.body.get("min_value"), element.body.get("max_value")
    number = float(text.replace(",", "."))
    if (low is not None and number < float(low)) or (high is not None and number > float(high)):
        raise ImpossibleError(f"{element.label}: {text} is out of bounds")


def missing(view: View) -> list[str]:
    """Return the labels of the inputs Slack's client does not let a person leave empty."""
    empty = []
    for one in elements(view.payload["blocks"]):
        if one.block["type"] != "input" or one.block.get("optional") or one.kind in STATELESS:
            continue
        held = view.state[one.block["block_id"]][one.body["action_id"]]
        if held.get(state_key(one.kind)) in (None, "", []):
            empty.append(one.label)
    return empty


def find(view: View, name: str) -> Element:
    """Return the element of a view that goes by ``name``: label, action id or block id."""
    found = [one for one in elements(view.payload["blocks"]) if one.named(name)]
    if not found:
        offered = [one.label for one in elements(view.payload["blocks"])]
        raise ImpossibleError(f"nothing is called {name!r} here, only {offered}")
    return found[0]
