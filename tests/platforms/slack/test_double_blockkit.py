"""Block Kit's limits: what just fits is taken, one more is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from double import Oracle, SlackDouble
from double.blockkit import faults, too_large, view_faults
from double.elements import ELEMENTS
from slack_listener import refusal
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]
Make = Callable[[int], Json]


def plain(length: int = 3) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int = 3) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def button(length: int = 3, **more: Any) -> Json:
    return {"type": "button", "action_id": "a", "text": plain(length), **more}


def buttons(count: int) -> Json:
    held = [button() | {"action_id": f"a{n}"} for n in range(count)]
    return {"type": "actions", "elements": held}


def acting(element: Json) -> Json:
    return {"type": "actions", "elements": [element]}


def option(length: int = 3, value: str = "v") -> Json:
    return {"text": plain(length), "value": value}


def options(count: int) -> list[Json]:
    return [option(value=f"v{n}") for n in range(count)]


def chooser(kind: str, count: int) -> Json:
    return acting({"type": kind, "action_id": "a", "options": options(count)})


def confirm(**lengths: int) -> Json:
    parts = {"title": 3, "text": 3, "confirm": 3, "deny": 3} | lengths
    return acting(button(confirm={name: plain(length) for name, length in parts.items()}))


def table(rows: int, cells: int) -> Json:
    row = [{"type": "raw_text", "text": "x"}] * cells
    return {"type": "table", "rows": [row] * rows}


def asking(element: Json, label: int = 3) -> Json:
    return {"type": "input", "label": plain(label), "element": element}


LIMITS: list[tuple[str, int, Make]] = [
    ("section text", 3_000, lambda n: {"type": "section", "text": mrkdwn(n)}),
    ("section field", 2_000, lambda n: {"type": "section", "fields": [mrkdwn(n)]}),
    ("section fields", 10, lambda n: {"type": "section", "fields": [mrkdwn()] * n}),
    ("header", 150, lambda n: {"type": "header", "text": plain(n)}),
    ("context", 10, lambda n: {"type": "context", "elements": [mrkdwn()] * n}),
    ("actions", 25, buttons),
    ("block_id", 255, lambda n: {"type": "divider", "block_id": "b" * n}),
    ("action_id", 255, lambda n: acting(button(action_id="a" * n))),
    ("button text", 75, lambda n: acting(button(n))),
    ("button value", 2_000, lambda n: acting(button(value="v" * n))),
    ("button url", 3_000, lambda n: acting(button(url="u" * n))),
    ("confirm title", 100, lambda n: confirm(title=n)),
    ("confirm text", 300, lambda n: confirm(text=n)),
    ("confirm yes", 30, lambda n: confirm(confirm=n)),
    ("confirm no", 30, lambda n: confirm(deny=n)),
    ("select options", 100, lambda n: chooser("static_select", n)),
    ("multi select options", 100, lambda n: chooser("multi_static_select", n)),
    ("checkboxes", 10, lambda n: chooser("checkboxes", n)),
    ("radio buttons", 10, lambda n: chooser("radio_buttons", n)),
    ("overflow", 5, lambda n: chooser("overflow", n)),
    (
        "option text",
        75,
        lambda n: acting({"type": "static_select", "action_id": "a", "options": [option(n)]}),
    ),
    (
        "option value",
        150,
        lambda n: acting(
            {"type": "static_select", "action_id": "a", "options": [option(value="v" * n)]}
        ),
    ),
    ("table rows", 100, lambda n: table(n, 1)),
    ("table cells", 20, lambda n: table(1, n)),
    ("markdown", 12_000, lambda n: {"type": "markdown", "text": "x" * n}),
    (
        "image alt",
        2_000,
        lambda n: {"type": "image", "image_url": "https://a.example/b.png", "alt_text": "x" * n},
    ),
    ("input label", 2_000, lambda n: asking({"type": "plain_text_input", "action_id": "a"}, n)),
    (
        "placeholder",
        150,
        lambda n: asking({"type": "plain_text_input", "action_id": "a", "placeholder": plain(n)}),
    ),
    ("visualization title", 50, lambda n: {"type": "data_visualization", "title": "x" * n}),
    ("visualization series", 12, lambda n: {"type": "data_visualization", "series": [{}] * n}),
]


@pytest.mark.parametrize(("limit", "make"), [row[1:] for row in LIMITS], ids=[r[0] for r in LIMITS])
def test_what_just_fits_is_taken_and_one_more_is_refused(limit: int, make: Make) -> None:
    assert faults([make(limit)]) == []
    assert faults([make(limit + 1)]) != []


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_a_surface_holds_so_many_blocks(surface: str, most: int) -> None:
    assert faults([{"type": "divider"}] * most, surface) == []
    assert faults([{"type": "divider"}] * (most + 1), surface) == [
        f"{most + 1} blocks, allowed are {most}"
    ]


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": [{"type": "divider"}], **more}


@pytest.mark.parametrize(
    ("key", "limit", "make"),
    [
        ("title", 24, plain),
        ("submit", 24, plain),
        ("close", 24, plain),
        ("private_metadata", 3_000, "x".__mul__),
        ("callback_id", 255, "x".__mul__),
        ("external_id", 255, "x".__mul__),
    ],
)
def test_a_modal_has_its_own_limits(key: str, limit: int, make: Callable[[int], Any]) -> None:
    assert view_faults(modal(**{key: make(limit)})) == []
    assert view_faults(modal(**{key: make(limit + 1)})) != []


@pytest.mark.parametrize(
    "wrong",
    [
        "no list",
        [{"type": "marquee"}],
        ["text"],
        [{"type": "section"}],
        [{"type": "section", "text": mrkdwn(0)}],
        [{"type": "section", "text": "bare"}],
        [{"type": "section", "text": {"type": "html", "text": "x"}}],
        [{"type": "section", "text": plain(), "colour": "red"}],
        [{"type": "header", "text": mrkdwn()}],
        [{"type": "context", "elements": []}],
        [{"type": "context", "elements": [button()]}],
        [{"type": "actions", "elements": [{"type": "plain_text_input", "action_id": "a"}]}],
        [acting(button(style="green"))],
        [{"type": "actions", "elements": [button(), button()]}],
        [{"type": "divider", "block_id": "b"}, {"type": "divider", "block_id": "b"}],
        [chooser("static_select", 0)],
        [acting({"type": "radio_buttons", "action_id": "a", "options": [option(), option()]})],
        [
            acting(
                {"type": "radio_buttons", "action_id": "a", "options": options(2)}
                | {"initial_option": option(4)}
            )
        ],
        [
            acting(
                {"type": "checkboxes", "action_id": "a", "options": options(2)}
                | {"initial_options": []}
            )
        ],
        [acting({"type": "datepicker", "action_id": "a", "initial_date": "1/9/2026"})],
        [asking({"type": "number_input", "action_id": "a"})],
        [asking({"type": "plain_text_input", "action_id": "a", "max_length": 3_001})],
        [asking({"type": "plain_text_input", "max_length": 2, "initial_value": "abc"})],
        [asking({"type": "plain_text_input", "min_length": 5, "max_length": 2})],
        [asking(button())],
        [{"type": "image", "alt_text": "x"}],
        [{"type": "image", "image_url": "https://a.example/b.png"}],
        [table(1, 1), table(1, 1)],
        [{"type": "data_visualization"}] * 3,
        [{"type": "markdown", "text": "x" * 7_000}] * 2,
        [{"type": "data_visualization", "series": [{"data": [0] * 21}]}],
        [
            asking({"type": "plain_text_input", "focus_on_load": True}),
            asking({"type": "number_input", "is_decimal_allowed": False, "focus_on_load": True}),
        ],
    ],
    ids=str,
)
def test_what_slack_refuses_is_a_fault(wrong: object) -> None:
    assert faults(wrong) != []


def test_a_fault_never_quotes_what_is_written() -> None:
    secret = "s3cret" * 600
    wrong = [{"type": "section", "text": {"type": "plain_text", "text": secret}}]
    assert faults(wrong)
    assert "s3cret" not in str(faults(wrong))


@pytest.mark.parametrize("kind", ["table", "markdown"])
def test_some_blocks_stand_in_messages_only(kind: str) -> None:
    block = table(1, 1) if kind == "table" else {"type": "markdown", "text": "x"}
    assert faults([block]) == []
    assert faults([block], "home") == [f"blocks[0]: {kind} stands in messages only"]


def test_a_modal_with_inputs_needs_a_submit_button() -> None:
    wrong = modal(blocks=[asking({"type": "plain_text_input", "action_id": "a"})])
    assert view_faults(wrong) == ["view.submit is missing, and there are inputs"]
    assert view_faults(wrong | {"submit": plain()}) == []


def test_a_home_has_no_title() -> None:
    home: Json = {"type": "home", "blocks": []}
    assert view_faults(home) == []
    assert view_faults(home | {"title": plain()}) == ["view.title is not a property of home"]


def test_a_view_is_too_large_over_250_kilobytes() -> None:
    section = {"type": "section", "text": mrkdwn(2_900)}
    assert not too_large(modal(blocks=[section] * 80))
    assert too_large(modal(blocks=[section] * 100))


def test_every_element_is_known_with_what_it_needs() -> None:
    needs: dict[str, Json] = {
        "button": button(),
        "image": {"image_url": "https://a.example/b.png", "alt_text": "x"},
        "number_input": {"is_decimal_allowed": False},
        "workflow_button": {"text": plain(), "workflow": {}},
    }
    chooses = {"overflow", "checkboxes", "radio_buttons", "static_select", "multi_static_select"}
    for kind, rule in ELEMENTS.items():
        made = {"type": kind, **needs.get(kind, {})}
        if kind in chooses:
            made["options"] = options(2)
        assert list(rule(made, kind)) == []
        assert list(rule(made | {"colour": "red"}, kind)) or kind == "workflow_button"


async def test_a_second_opinion_is_heard(slack: SlackDouble, client: AsyncWebClient) -> None:
    room = slack.channel("care")
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    slack.state.oracle = Oracle(lambda _: ["not like this"], lambda _: ["nor like this"])
    args = {"channel": room.id, "text": "x", "blocks": [{"type": "divider"}]}
    assert await refusal(client, "chat.postMessage", **args) == "invalid_blocks"
    user = slack.person("anna").id
    assert await refusal(client, "views.publish", user_id=user, view=view) == "invalid_arguments"
    told = [one.what for one in slack.state.violations]
    assert told == ["not like this", "nor like this"]
    slack.state.violations.clear()
