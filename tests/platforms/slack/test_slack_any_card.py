"""Whatever a flow shows, Slack takes it, and nothing of it is lost without a sign."""

import json
from collections.abc import Iterable

import slack_oracle as oracle
from hypothesis import HealthCheck, Phase, given, settings
from slack_cards import FILE, rendering
from slack_strategies import forms, messages

from bot.cards import (
    Actions,
    Button,
    DateInput,
    Form,
    Link,
    Message,
    NumberInput,
    Part,
    SelectInput,
    Table,
    Text,
    TextInput,
    TimeInput,
    ToggleInput,
    Transient,
)
from bot.platforms.slack import blocks, folding, inbound, limits, selects, view_state, views
from bot.platforms.slack.buttons import LINK, OPEN
from bot.platforms.slack.escape import Block, clean, shorten, size
from bot.platforms.slack.told import Sent

ANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(ANY, max_examples=20, phases=[Phase.explicit, Phase.reuse, Phase.generate])
"""For what is slow: found, not made small."""
CONTEXT = rendering("da", fig1=FILE)


@ANY
@given(messages)
def test_any_message_is_within_all_limits(card: Message) -> None:
    drawn = blocks.message(card, context=CONTEXT)
    for page in (drawn.blocks, *drawn.more):
        assert page
        assert oracle.in_message(page) == []
    assert 0 < size(drawn.text) <= limits.MESSAGE_TEXT


@ANY
@given(messages)
def test_any_message_is_built_as_slacks_own_types_say(card: Message) -> None:
    drawn = blocks.message(card, context=CONTEXT)
    for page in (drawn.blocks, *drawn.more):
        assert oracle.in_structure(page) == []


@ANY
@given(messages)
def test_nothing_of_a_text_in_a_message_is_lost(card: Message) -> None:
    drawn = blocks.message(card, context=CONTEXT)
    shown = _letters(
        "".join(_texts([*drawn.blocks, *(one for page in drawn.more for one in page)]))
    )
    for part in card.children:
        if isinstance(part, Text) and part.text.strip():
            assert _letters(clean(part.text)) in shown


@ANY
@given(messages)
def test_every_button_of_a_message_says_what_it_does(card: Message) -> None:
    drawn = blocks.message(card, context=CONTEXT)
    pressed = [
        blocks.decode_action(one) for page in (drawn.blocks, *drawn.more) for one in _buttons(page)
    ]
    wanted = [did for part in map(_as_sent, card.children) for did in _done_by(part)]
    assert pressed == wanted


@ANY
@given(forms())
def test_any_form_is_a_modal_within_all_limits(form: Form) -> None:
    view = views.modal(form, context=CONTEXT, conversation="C1")
    assert oracle.in_view(view) == []
    assert views.origin(view) == (form.context, "C1")


@ANY
@given(forms())
def test_any_form_is_built_as_slacks_own_types_say(form: Form) -> None:
    view = views.modal(form, context=CONTEXT)
    assert oracle.in_structure(view["blocks"], view) == []


@ANY
@given(forms())
def test_a_form_sent_as_it_stood_comes_back_as_it_was(form: Form) -> None:
    view = views.modal(form, context=CONTEXT)
    values = view_state.values({**view, "state": _untouched(view)})
    for one in (*form.inputs, *form.more):
        match one:
            case TextInput():
                assert values[one.name] == shorten(one.value, limits.TYPED)
            case NumberInput() | DateInput():
                assert values[one.name] == ("" if one.value is None else str(one.value))
            case TimeInput():
                assert values[one.name] == (one.value.strftime("%H:%M") if one.value else "")
            case ToggleInput():
                assert values[one.name] is one.value
            case SelectInput() if not one.options:
                assert one.name not in values
            case SelectInput():
                given_ = values[one.name]
                assert isinstance(given_, list)
                chosen = selects.undone(one, given_)
                assert set(chosen) == set(one.value if one.many else chosen)
                assert set(chosen) <= set(one.value)
                assert bool(chosen) == bool(one.value)


@ANY
@given(forms())
def test_a_folded_form_is_within_all_limits_and_sends_its_rest_as_it_stood(form: Form) -> None:
    view = views.modal(form, context=CONTEXT, folded=True)
    whole = views.modal(form, context=CONTEXT)
    assert oracle.in_view(view) == []
    rest = {one.name for one in form.more}
    sent = _sent(view)
    if folding.unfolds(form) is not None:
        assert rest <= set(sent)
    for name, given_ in _sent(whole).items():
        one = next(each for each in (*form.inputs, *form.more) if each.name == name)
        told = sent[name]
        if isinstance(one, TextInput):
            assert shorten(str(told), limits.TYPED) == given_
        elif not isinstance(one, SelectInput):
            assert told == given_


@ANY
@given(forms())
def test_what_stood_in_a_form_stands_in_it_again_when_it_is_unfolded(form: Form) -> None:
    again = folding.filled(form, _sent(views.modal(form, context=CONTEXT, folded=True)))
    for before, after in zip((*form.inputs, *form.more), (*again.inputs, *again.more), strict=True):
        if isinstance(before, SelectInput) and isinstance(after, SelectInput):
            assert set(after.value) <= set(before.value)
        elif isinstance(before, NumberInput | DateInput | TimeInput | ToggleInput):
            assert after == before


@FEW
@given(messages, messages)
def test_any_home_and_any_question_fit_page_by_page(card: Message, other: Message) -> None:
    def at_home(page: int) -> Block:
        return views.home([card, other], context=CONTEXT, page=page)

    def asked(page: int) -> Block:
        return views.question(card, context=CONTEXT, page=page)

    for draw in (at_home, asked):
        page, more = 0, True
        while more:
            view = draw(page)
            assert view["blocks"]
            assert oracle.in_view(view) == []
            leaves = [blocks.decode_action(one) for one in _buttons(view["blocks"])]
            page += 1
            more = (views.PAGE, "", str(page)) in leaves


def _done_by(part: Part) -> list[tuple[str, str, str]]:
    """Return what the buttons of a part do, in order; a row of a table has one for each link."""
    if isinstance(part, Actions):
        return [
            (one.action, one.context, one.value) if isinstance(one, Button) else (LINK, "", "")
            for one in part.children
        ]
    if isinstance(part, Table):
        links = (cell for row in part.rows for cell in row if isinstance(cell, Link))
        return [(OPEN, "", one.path) for one in links]
    return []


def _as_sent(part: Part) -> Part:
    """Return what a message has of a part: of what is transient, the button that opens it."""
    return Actions((part.opens,)) if isinstance(part, Transient) else part


def _texts(part: object) -> Iterable[str]:
    """Yield what is to be read in blocks, in order."""
    if isinstance(part, dict):
        for key, one in part.items():
            if key in ("text", "fallback") and isinstance(one, str):
                yield one
            else:
                yield from _texts(one)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _texts(one)


def _sent(view: Block) -> dict[str, object]:
    """Return what comes back of a form that was sent as it was opened."""
    stack = {"id": "V1", "type": "modal", "hash": "1"}
    body = {
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "trigger_id": "1.2.3",
        "view": {**view, **stack, "state": _untouched(view)},
    }
    told = inbound.submission(body)
    assert isinstance(told, Sent)
    return dict(told.values)


def _letters(text: str) -> str:
    return "".join(text.split())


def _buttons(page: Iterable[Block]) -> list[Block]:
    inside = (one for block in page for one in [*block.get("elements", ()), block.get("accessory")])
    return [one for one in inside if isinstance(one, dict) and one.get("type") == "button"]


def _untouched(view: Block) -> Block:
    """Return the state Slack sends when a view is submitted as it was opened."""
    values: Block = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        field = {"type": element["type"]}
        match element["type"]:
            case "plain_text_input" | "number_input":
                field["value"] = element.get("initial_value")
            case "datepicker":
                field["selected_date"] = element.get("initial_date")
            case "timepicker":
                field["selected_time"] = element.get("initial_time")
            case "radio_buttons" | "static_select" | "external_select":
                field["selected_option"] = element.get("initial_option")
            case _:
                field["selected_options"] = element.get("initial_options", [])
        values[block["block_id"]] = {element["action_id"]: field}
    return {"values": json.loads(json.dumps(values))}
