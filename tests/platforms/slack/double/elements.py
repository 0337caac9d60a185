"""The rules of what stands inside blocks: texts, options, confirmations and elements."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from double.grammar import (
    Check,
    Shape,
    anything,
    boolean,
    both,
    many,
    one_of,
    string,
    text,
    unlike,
    whole,
    word,
)

ID = 255
URL = 3_000
IDS = many(string(ID, 1), 100, low=0)

CONFIRM = Shape(
    {
        "title": text(100, "plain_text"),
        "text": text(300),
        "confirm": text(30, "plain_text"),
        "deny": text(30, "plain_text"),
    },
    {"style": word("primary", "danger")},
)


def option(*kinds: str) -> Shape:
    """Return the rule of one option, whose label may be of ``kinds``."""
    return Shape(
        {"text": text(75, *kinds), "value": string(150, 1)},
        {"description": text(75, *kinds), "url": string(URL)},
    )


def distinct(value: Any, path: str) -> Iterator[str]:
    """Give a fault where two options bear the same value."""
    if isinstance(value, list):
        values = [str(one.get("value")) for one in value if isinstance(one, dict)]
        yield from unlike(values, path, "value")


def options(limit: int, *kinds: str, low: int = 1) -> Check:
    """Return the rule of a list of options."""
    return both(many(option(*kinds), limit, low), distinct)


def initial_is_offered(value: Any, path: str) -> Iterator[str]:
    """Give a fault where what is chosen beforehand is not, word for word, one of the options."""
    groups = [group.get("options", []) for group in value.get("option_groups") or []]
    offered = [*(value.get("options") or []), *(one for group in groups for one in group)]
    chosen = list(value.get("initial_options") or [])
    if value.get("initial_option"):
        chosen.append(value["initial_option"])
    if any(one not in offered for one in chosen):
        yield f"{path}: what is chosen beforehand is not one of the options"
    yield from something_chosen(value, path)


def something_chosen(value: Any, path: str) -> Iterator[str]:
    """Give a fault where nothing is said to be chosen beforehand."""
    if "initial_options" in value and not value["initial_options"]:
        yield f"{path}.initial_options is empty: leave it out"


def options_somewhere(value: Any, path: str) -> Iterator[str]:
    """Give a fault unless options stand there either plain or in groups."""
    if bool(value.get("options")) == bool(value.get("option_groups")):
        yield f"{path} needs either options or option_groups"


def day(value: Any, path: str) -> Iterator[str]:
    """Accept a day as YYYY-MM-DD."""
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        yield f"{path} must be a day as YYYY-MM-DD"


def clock_time(value: Any, path: str) -> Iterator[str]:
    """Accept a time of day as HH:mm."""
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        yield f"{path} must be a time as HH:mm"


def lengths(value: Any, path: str) -> Iterator[str]:
    """Give a fault where the least length is over the greatest, or the start breaks them."""
    low, high = value.get("min_length", 0), value.get("max_length", 3_000)
    if not 0 <= low <= high <= 3_000 or high < 1:
        yield f"{path}: min_length and max_length do not fit"
    if len(value.get("initial_value") or "") > high:
        yield f"{path}.initial_value is longer than max_length"


HELD: dict[str, Check] = {"action_id": string(ID, 1), "confirm": CONFIRM, "focus_on_load": boolean}
HINTED: dict[str, Check] = HELD | {"placeholder": text(150, "plain_text")}
WRITTEN: dict[str, Check] = {
    "action_id": string(ID, 1),
    "placeholder": text(150, "plain_text"),
    "focus_on_load": boolean,
    "dispatch_action_config": Shape(
        {"trigger_actions_on": many(word("on_enter_pressed", "on_character_entered"), 2)}
    ),
}
GROUPS = many(
    Shape({"label": text(75, "plain_text"), "options": options(100, "plain_text")}), limit=100
)
CHOSEN: dict[str, Check] = {"options": options(100, "plain_text"), "option_groups": GROUPS}
OVER: dict[str, Check] = {"max_selected_items": whole}
SEARCHED: dict[str, Check] = HINTED | {"min_query_length": whole}
FOUND: dict[str, Check] = {
    "options": options(100, "plain_text", low=0),
    "option_groups": many(
        Shape({"label": text(75, "plain_text"), "options": options(100, "plain_text")}), 100, 0
    ),
}


def suggested(value: Any, path: str) -> Iterator[str]:
    """Give the faults of what an app offers to somebody who searches."""
    yield from Shape({}, FOUND)(value, path)
    if isinstance(value, dict) and ("options" in value) == ("option_groups" in value):
        yield f"{path} needs either options or option_groups"


IMAGE = Shape(
    {"alt_text": string(2_000, 1)},
    {
        "image_url": string(URL, 1),
        "slack_file": Shape(may={"id": string(ID, 1), "url": string(URL)}),
    },
)


def picture(value: Any, path: str) -> Iterator[str]:
    """Give a fault unless a picture comes from one place."""
    if isinstance(value, dict) and bool(value.get("image_url")) == bool(value.get("slack_file")):
        yield f"{path} needs either image_url or slack_file"


def _button(value: Any, path: str) -> Iterator[str]:
    yield from Shape(
        {"text": text(75, "plain_text")},
        {
            "action_id": string(ID, 1),
            "url": string(URL, 1),
            "value": string(2_000),
            "style": word("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    )(value, path)


def _chooser(plural: bool) -> Check:
    initial: dict[str, Check] = (
        {"initial_options": options(100, "plain_text", low=0), **OVER}
        if plural
        else {"initial_option": option("plain_text")}
    )
    return both(Shape({}, HINTED | CHOSEN | initial), options_somewhere, initial_is_offered)


def _of_the_workspace(what: str) -> dict[str, Check]:
    more: dict[str, Check] = {
        "response_url_enabled": boolean,
        "default_to_current_conversation": boolean,
        "filter": anything,
    }
    return {
        f"{what}s_select": Shape({}, HINTED | {f"initial_{what}": string(ID, 1)} | more),
        f"multi_{what}s_select": Shape({}, HINTED | {f"initial_{what}s": IDS} | OVER | more),
    }


ELEMENTS: dict[str, Check] = {
    "button": _button,
    "image": both(IMAGE, picture),
    "static_select": _chooser(plural=False),
    "multi_static_select": _chooser(plural=True),
    "external_select": Shape({}, SEARCHED | {"initial_option": option("plain_text")}),
    "multi_external_select": both(
        Shape({}, SEARCHED | {"initial_options": options(100, "plain_text", low=0)} | OVER),
        something_chosen,
    ),
    "overflow": Shape({"options": options(5, "plain_text")}, HELD),
    "checkboxes": both(
        Shape({"options": options(10)}, HELD | {"initial_options": options(10, low=0)}),
        initial_is_offered,
    ),
    "radio_buttons": both(
        Shape({"options": options(10)}, HELD | {"initial_option": option()}), initial_is_offered
    ),
    "datepicker": Shape({}, HINTED | {"initial_date": day}),
    "timepicker": Shape({}, HINTED | {"initial_time": clock_time, "timezone": string(50)}),
    "datetimepicker": Shape({}, HELD | {"initial_date_time": whole}),
    "plain_text_input": both(
        Shape(
            {},
            WRITTEN
            | {
                "initial_value": string(3_000),
                "multiline": boolean,
                "min_length": whole,
                "max_length": whole,
            },
        ),
        lengths,
    ),
    "number_input": Shape(
        {"is_decimal_allowed": boolean},
        WRITTEN | dict.fromkeys(("initial_value", "min_value", "max_value"), string(16)),
    ),
    "email_text_input": Shape({}, WRITTEN | {"initial_value": string(3_000)}),
    "url_text_input": Shape({}, WRITTEN | {"initial_value": string(3_000)}),
    "rich_text_input": Shape({}, WRITTEN | {"initial_value": anything}),
    "file_input": Shape({}, {"action_id": string(ID, 1), "filetypes": IDS, "max_files": whole}),
    "workflow_button": Shape({"text": text(75, "plain_text"), "workflow": anything}, closed=False),
    **_of_the_workspace("user"),
    **_of_the_workspace("conversation"),
    **_of_the_workspace("channel"),
}

CHOOSERS = tuple(kind for kind in ELEMENTS if kind.endswith("_select"))
PICKERS = ("datepicker", "timepicker")
BOXES = ("checkboxes", "radio_buttons")
WRITERS = tuple(kind for kind in ELEMENTS if kind.endswith("_input"))
IN_SECTION = ("button", "image", "overflow", "workflow_button", *CHOOSERS, *PICKERS, *BOXES)
IN_ACTIONS = (
    "button", "overflow", "workflow_button", "datetimepicker", "rich_text_input",
    *CHOOSERS, *PICKERS, *BOXES,
)  # fmt: skip
IN_INPUT = ("datetimepicker", *CHOOSERS, *PICKERS, *BOXES, *WRITERS)


def element(*types: str) -> Check:
    """Return the rule of an element of one of ``types``."""
    return one_of(ELEMENTS, *types)
