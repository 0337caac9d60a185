"""The oracle finds what Slack refuses: without these its silence would say nothing."""

import re
from typing import Any

import pytest
import slack_oracle as oracle
from slack_pieces import plain
from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    HeaderBlock,
    ImageBlock,
    InputBlock,
    Option,
    SectionBlock,
)
from slack_sdk.models.views import View

from bot.platforms.slack import limits


def section(text: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": plain(text), **more}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("x"), "action_id": "a|1", **more}


WRONG = {
    "51 blocks": [section()] * 51,
    "a long section": [section("x" * 3001)],
    "an empty text": [section("")],
    "a long header": [{"type": "header", "text": plain("x" * 151)}],
    "26 buttons": [
        {"type": "actions", "elements": [button(action_id=f"a|{n}") for n in range(26)]}
    ],
    "a long label": [{"type": "actions", "elements": [button(text=plain("x" * 76))]}],
    "a long value": [{"type": "actions", "elements": [button(value="x" * 2001)]}],
    "one id twice": [section(accessory=button()), section(accessory=button())],
    "two tables": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2,
    "too much together": [section("å" * 2000)] * 4,
}
MALFORMED = {
    "an unknown field": section(colour="red"),
    "an unknown field deep inside": section(accessory=button(colour="red")),
    "an unknown block": {"type": "sektion", "text": plain("x")},
    "a missing field": {"type": "actions"},
    "a wrong type": {"type": "header", "text": "x"},
    "an element in the wrong place": {"type": "actions", "elements": [{"type": "number_input"}]},
    "a line that is no line": {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]},
}


@pytest.mark.parametrize("what", WRONG)
def test_the_oracle_finds(what: str) -> None:
    assert oracle.in_message(WRONG[what])


@pytest.mark.parametrize("what", MALFORMED)
def test_the_schema_finds(what: str) -> None:
    assert oracle.in_structure([MALFORMED[what]])


def test_the_oracle_finds_what_is_wrong_with_a_view() -> None:
    view = {"type": "modal", "title": plain("x" * 25), "blocks": [section()]}
    assert oracle.in_view(view)
    assert oracle.in_structure([], {**view, "colour": "red"})


def test_the_limits_are_those_of_slacks_own_sdk() -> None:
    assert limits.ID == SectionBlock.block_id_max_length == ButtonElement.action_id_max_length
    assert SectionBlock.text_max_length == limits.TEXT
    assert HeaderBlock.text_max_length == limits.HEADER
    assert ActionsBlock.elements_max_length == limits.ACTIONS
    assert ImageBlock.alt_text_max_length == limits.ALT
    assert ImageBlock.title_max_length == limits.IMAGE_TITLE
    assert InputBlock.label_max_length == limits.INPUT_LABEL
    assert InputBlock.hint_max_length == limits.INPUT_HINT
    assert ButtonElement.text_max_length == limits.BUTTON
    assert ButtonElement.value_max_length == limits.BUTTON_VALUE
    assert ButtonElement.url_max_length == limits.URL
    assert Option.label_max_length == limits.OPTION
    assert Option.value_max_length == limits.OPTION_VALUE
    assert View.blocks_max_length == limits.VIEW_BLOCKS
    assert limits.MODAL_TITLE == View.title_max_length == View.close_max_length
    assert View.private_metadata_max_length == limits.METADATA


SAID = [
    ("SectionBlock", "block_id", limits.ID),
    ("SectionBlock", "text", limits.TEXT),
    ("HeaderBlock", "text", limits.HEADER),
    ("ActionsBlock", "elements", limits.ACTIONS),
    ("ImageBlock", "alt_text", limits.ALT),
    ("ImageBlock", "title", limits.IMAGE_TITLE),
    ("InputBlock", "label", limits.INPUT_LABEL),
    ("InputBlock", "hint", limits.INPUT_HINT),
    ("TableBlock", "rows", limits.TABLE_ROWS),
    ("TableBlock", "rows", limits.TABLE_COLUMNS),
    ("Button", "text", limits.BUTTON),
    ("Button", "value", limits.BUTTON_VALUE),
    ("Button", "url", limits.URL),
    ("RadioButtons", "options", limits.FEW_OPTIONS),
    ("Checkboxes", "options", limits.FEW_OPTIONS),
    ("StaticSelect", "options", limits.OPTIONS),
    ("PlainTextOption", "text", limits.OPTION),
    ("PlainTextOption", "description", limits.OPTION_DESCRIPTION),
    ("ExternalSelect", "placeholder", limits.PLACEHOLDER),
    ("MultiExternalSelect", "placeholder", limits.PLACEHOLDER),
    ("PlainTextElement", "text", limits.TEXT),
    ("Modal", "title", limits.MODAL_TITLE),
    ("Modal", "private_metadata", limits.METADATA),
]


@pytest.mark.parametrize(("name", "field", "limit"), SAID)
def test_the_limits_are_those_slacks_types_tell_of(name: str, field: str, limit: int) -> None:
    assert str(limit) in re.findall(r"\d+", oracle.descriptions(name)[field])
