"""Reads blocks as a person does: what stands there, what can be used, what is filled in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from double.shapes import Json

QUIET = ("image", "plain_text", "mrkdwn")
"""What stands among elements without being one a person can use."""

SEARCHES = ("external_select", "multi_external_select")
"""Elements whose options the app gives when somebody types."""
STATELESS = ("button", "overflow", "workflow_button")

VALUE_KEYS = {
    "static_select": ("initial_option", "selected_option"),
    "external_select": ("initial_option", "selected_option"),
    "radio_buttons": ("initial_option", "selected_option"),
    "checkboxes": ("initial_options", "selected_options"),
    "multi_static_select": ("initial_options", "selected_options"),
    "multi_external_select": ("initial_options", "selected_options"),
    "datepicker": ("initial_date", "selected_date"),
    "timepicker": ("initial_time", "selected_time"),
    "datetimepicker": ("initial_date_time", "selected_date_time"),
    "users_select": ("initial_user", "selected_user"),
    "multi_users_select": ("initial_users", "selected_users"),
    "conversations_select": ("initial_conversation", "selected_conversation"),
    "multi_conversations_select": ("initial_conversations", "selected_conversations"),
    "channels_select": ("initial_channel", "selected_channel"),
    "multi_channels_select": ("initial_channels", "selected_channels"),
}
"""For each element with a choice, where it starts from and where its state stands."""


@dataclass(frozen=True)
class Element:
    """Something a person can use, and the block it stands in."""

    block: Json
    body: Json

    @property
    def kind(self) -> str:
        """The type of the element."""
        return str(self.body["type"])

    @property
    def label(self) -> str:
        """What a person calls it: a button's own words, or its block's label."""
        own = self.body.get("text") or self.block.get("label") or self.block.get("text") or {}
        return str(own.get("text", ""))

    def named(self, name: str) -> bool:
        """Say whether ``name`` is its label, its action id (whole or before ``|``) or its block."""
        action = str(self.body.get("action_id", ""))
        mine = (self.label, action, action.partition("|")[0], str(self.block.get("block_id")))
        return name in mine


def held_elements(block: Json) -> list[Json]:
    """Return the elements of a block a person can use."""
    held = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
    if block["type"] not in ("section", "actions", "input"):
        return []
    return [one for one in held if isinstance(one, dict) and one.get("type") not in QUIET]


def elements(blocks: Iterable[Json]) -> Iterator[Element]:
    """Give everything that can be used, from top to bottom."""
    for block in blocks:
        for one in held_elements(block):
            yield Element(block, one)


def state_key(kind: str) -> str:
    """Return where an element of ``kind`` keeps its value in a state."""
    return VALUE_KEYS.get(kind, ("initial_value", "value"))[1]


def blank_state(blocks: Iterable[Json]) -> dict[str, dict[str, Json]]:
    """Return what fresh blocks hold: the values chosen beforehand, and nothing elsewhere."""
    held: dict[str, dict[str, Json]] = {}
    for one in elements(blocks):
        if one.kind in STATELESS:
            continue
        start, key = VALUE_KEYS.get(one.kind, ("initial_value", "value"))
        empty: object = [] if start.endswith("s") else None
        value = one.body.get(start, empty)
        block = held.setdefault(str(one.block["block_id"]), {})
        block[str(one.body["action_id"])] = {"type": one.kind, key: value}
    return held


def words(thing: Any) -> str:
    """Return everything that can be read in blocks or a view, a line a text."""
    return "\n".join(_texts(thing))


def _texts(thing: Any) -> Iterator[str]:
    if isinstance(thing, list):
        for one in thing:
            yield from _texts(one)
    elif isinstance(thing, dict):
        for key, one in thing.items():
            if key in ("text", "alt_text") and isinstance(one, str):
                yield one
            elif key not in ("private_metadata", "value", "state"):
                yield from _texts(one)
