"""Buttons and links: how they are laid out, what they carry and how it is read again.

A payload is an action, an opaque context and a value; it is never trusted when it comes back.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from bot.cards import Actions, Button, Link
from bot.platforms.slack import limits
from bot.platforms.slack.escape import Block, clean, plain, size, split
from bot.platforms.slack.paging import grouped
from bot.platforms.slack.rendering import Rendering

LINK = "slack.link"
"""The action of a button that only leads to a page; Slack tells of it all the same."""

OPEN = "slack.open"
"""The action of a button that shows a page of the bot's in Slack; the value is its path."""

_CHOSEN = "✓ "
_STATEMENT = 1_000
"""Characters of a statement beside its button."""
_STYLES = {"primary": "primary", "danger": "danger"}


def decode_action(action: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return a pressed button's action, context and value. Raises ``ValueError`` for another's."""
    name, mark, number = str(action.get("action_id", "")).rpartition("|")
    if not mark or not number.isdecimal():
        raise ValueError("not a button of this bot's")
    if name == LINK:
        return LINK, "", str(action.get("value") or "")
    context, value = unpack(action.get("value"), 2)
    return name, context, value


def option_value(button: Button) -> str:
    """Return what an option carries that does what the button does.

    Raises ``ValueError`` where no option can; a button carries more.
    """
    packed = pack(button.action, button.context, button.value)
    if size(packed) > limits.OPTION_VALUE or packed != clean(packed):
        raise ValueError(f"{button.action}: more than an option can carry")
    return packed


def decode_option(value: object) -> tuple[str, str, str]:
    """Return the action, context and value of a chosen option. Raises ``ValueError``."""
    action, context, chosen = unpack(value, 3)
    return action, context, chosen


def pack(*texts: str) -> str:
    """Return texts as one."""
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"))


def unpack(packed: object, wanted: int | None = None) -> list[str]:
    """Return the ``wanted`` texts that ``pack`` made one of (``None``: any number).

    Raises ``ValueError``.
    """
    try:
        found = json.loads(packed) if isinstance(packed, str) else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or wanted not in (None, len(found)):
        raise ValueError("not a payload of this bot's")
    if not all(isinstance(one, str) for one in found):
        raise ValueError("not a payload of this bot's")
    return found


def opening(one: Button | Link) -> Button | Link:
    """Return a link to a page of the bot's as a button that opens it in Slack for who presses."""
    if isinstance(one, Button) or one.path.startswith("http"):
        return one
    return Button(OPEN, one.label, value=one.path, opens_form=True, chosen=one.chosen)


class Buttons:
    """Draws the buttons of one message or view; each gets an id of its own there."""

    def __init__(self, context: Rendering) -> None:
        self._context = context
        self._numbers = count(1)

    def actions(self, part: Actions) -> list[Block]:
        """Return a group of buttons: side by side, or each beside its statement."""
        if part.layout != "row" and any(_is_long(one) for one in part.children):
            return list(self._statements(part.children))
        if part.layout == "statements":
            return list(self._statements(part.children))
        return self._rows([self._button(one) for one in part.children])

    def beside(self, one: Button | Link, label: str) -> Block:
        """Return a button to stand beside what it is about; a screen reader says both."""
        return self._button(one, label)

    def _rows(self, buttons: Sequence[Block]) -> list[Block]:
        return [
            {"type": "actions", "elements": group} for group in grouped(buttons, limits.ACTIONS)
        ]

    def _statements(self, children: Sequence[Button | Link]) -> Iterator[Block]:
        """Yield each statement as text with a numbered button; no label holds a statement."""
        for number, one in enumerate(children, 1):
            *before, last = split(one.label, _STATEMENT)
            for piece in before:
                yield section(piece)
            yield {**section(last), "accessory": self._button(one, str(number))}

    def _button(self, one: Button | Link, label: str = "") -> Block:
        shown = f"{_CHOSEN}{clean(label or one.label)}" if one.chosen else label or one.label
        drawn: Block = {"type": "button", "text": plain(shown, limits.BUTTON)}
        if label:  # a number alone says nothing to somebody who cannot see what stands beside it
            drawn["accessibility_label"] = plain(f"{shown}: {one.label}", limits.BUTTON)["text"]
        if isinstance(one, Link):
            url = self._context.page_url(one.path)
            link = drawn | {"action_id": self._id(LINK), "url": url}
            return link | {"value": url} if url == one.path else link
        drawn |= {"action_id": self._id(one.action), "value": _value(one)}
        if one.confirm:
            drawn["confirm"] = self._confirm(one)
        style = "primary" if one.chosen else _STYLES.get(one.style)
        return drawn | {"style": style} if style else drawn

    def _confirm(self, one: Button) -> Block:
        """Return what Slack asks before it tells of the press."""
        return {
            "title": plain(one.label, limits.CONFIRM_TITLE),
            "text": plain(one.confirm, limits.CONFIRM_TEXT),
            "confirm": plain(one.label, limits.CONFIRM_BUTTON),
            "deny": plain(self._context.words("slack.cancel"), limits.CONFIRM_BUTTON),
            **({"style": "danger"} if one.style == "danger" else {}),
        }

    def _id(self, action: str) -> str:
        return f"{action}|{next(self._numbers)}"


def section(text: str) -> Block:
    """Return a paragraph; it must fit (``limits.TEXT``)."""
    return {"type": "section", "text": plain(text, limits.TEXT)}


def _is_long(one: Button | Link) -> bool:
    return size(_CHOSEN + one.label) > limits.BUTTON


def _value(button: Button) -> str:
    packed = pack(button.context, button.value)
    if size(packed) > limits.BUTTON_VALUE:
        raise ValueError(f"{button.action}: more than a button can carry")
    return packed
