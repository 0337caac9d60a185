"""Whatever a choice carries, it arrives whole, also in a process that has never drawn it."""

import json
from collections.abc import Iterator
from string import ascii_lowercase
from typing import Any

import slack_oracle as oracle
from hypothesis import HealthCheck, Phase, assume, example, given, settings
from hypothesis import strategies as st
from slack_cards import rendering
from slack_strategies import forms

from bot.cards import Actions, Button, Form, Message, Reply, SelectInput, Show, Text
from bot.content.words import Words
from bot.flows import forms as reading
from bot.platforms.slack import inbound, limits, searching, selects, views
from bot.platforms.slack.choices import Choices
from bot.platforms.slack.escape import Block
from bot.platforms.slack.screens import screen
from bot.platforms.slack.told import Pressed, Sent

ANY = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
"""Found, not made small: that would take minutes."""
CONTEXT = rendering("da")
WHO = {"team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": "1.2.3"}


class Known:
    """A process that gives one form whenever it is asked for it, and has drawn nothing."""

    def __init__(self, form: Form) -> None:
        self._form = form

    async def person(self, team: str, user: str) -> str:
        return f"{team}/{user}"

    async def language(self, _: str) -> str:
        return "da"

    def words(self, _: str) -> Words:
        return CONTEXT.words

    async def form(self, person: str, conversation: str, form: str, context: str) -> Form | None:
        asked = (person, conversation, form, context)
        return self._form if asked == ("T1/U1", "C1", self._form.id, self._form.context) else None


def sent(view: Block, chosen: dict[str, list[Block]]) -> Sent | Pressed:
    """Return what arrives when options are chosen in a view, by block, and it is sent."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input" or block["block_id"] not in chosen:
            continue
        picked, kind = chosen[block["block_id"]], block["element"]["type"]
        one: dict[str, Any] = {"type": kind}
        if kind.startswith("multi_") or kind == "checkboxes":
            one["selected_options"] = picked
        else:
            one["selected_option"] = picked[0] if picked else None
        values[block["block_id"]] = {"in": one}
    body = {**WHO, "view": {**view, "id": "V1", "state": {"values": values}}}
    return inbound.submission(json.loads(json.dumps(body)))


def offered(form: Form, block: Block) -> list[Block]:
    """Return what can be chosen in an input, also by searching for it."""
    element = block["element"]
    if "options" in element:
        return list(element["options"])
    name = block["block_id"].removeprefix("in.").partition("~")[0]
    one = next(one for one in (*form.inputs, *form.more) if one.name == name)
    assert isinstance(one, SelectInput)
    return list(selects.options(searching.found(one.options, "")))


@ANY
@given(forms(), st.data())
async def test_any_options_of_any_form_arrive_whole(form: Form, data: st.DataObject) -> None:
    view = views.modal(form, context=CONTEXT, conversation="C1")
    choices = {one.name: one for one in (*form.inputs, *form.more) if isinstance(one, SelectInput)}
    picked: dict[str, list[Block]] = {}
    wanted: dict[str, list[str]] = {}
    for block in view["blocks"]:
        name = str(block.get("block_id", "")).removeprefix("in.").partition("~")[0]
        if block["type"] != "input" or name not in choices:
            continue
        at = data.draw(st.lists(st.sampled_from(offered(form, block)), max_size=3))
        if not choices[name].many:
            at = at[:1]
        picked[block["block_id"]] = at
        labels = {selects.key(value): value for value, _ in choices[name].options}
        wanted.setdefault(name, []).extend(labels[one["value"]] for one in at)
    told = sent(view, picked)
    assert isinstance(told, Sent)
    known: Any = Known(form)
    arrived = await Choices(known, known, {}).whole(told)
    assert {name: arrived.values.get(name) for name in wanted} == wanted
    read = reading.read(form, arrived.values, CONTEXT.words)
    for name, values in wanted.items():
        assert read.values[name] == tuple(dict.fromkeys(values))


SIGNS = st.text(max_size=3) | st.sampled_from(['"', "\\", "å", "🙂", "\x7f", "p" * 20])
CARRIED = st.builds(lambda text, times: text * times, SIGNS, st.integers(0, 120))
NAMES = st.text(ascii_lowercase + "._", min_size=1, max_size=20)


@st.composite
def questions(draw: st.DrawFn) -> Message:
    """Return a card that asks one thing, with answers and buttons that carry any payload."""

    def buttons(least: int, most: int) -> tuple[Button, ...]:
        one = st.builds(Button, NAMES, st.text(max_size=90), CARRIED, CARRIED)
        return tuple(draw(st.lists(one, min_size=least, max_size=most)))

    row = list(buttons(0, 3))
    if draw(st.booleans()):
        row.append(Button("ask.skip", "Spring over", draw(CARRIED), draw(CARRIED)))
    answers = Actions(buttons(1, draw(st.sampled_from([5, 5, 130]))), "choices")
    asked = Text("Hvad?", "question")
    return Message("Hvad?", (asked, answers, Actions(tuple(row))), title="Hvad?")


def what(button: Button) -> tuple[str, str, str]:
    return button.action, button.context, button.value


def pressed(told: object) -> tuple[str, str, str]:
    assert isinstance(told, Pressed)
    return told.action, told.context, told.value


def reachable(reply: Reply) -> list[tuple[str, str, str]]:
    """Return what every answer and button of a card does, on whatever page of it it stands."""
    does: list[tuple[str, str, str]] = []
    page, more = 0, True
    while more:
        view = screen(reply, context=CONTEXT, conversation="C1", page=page)
        assert oracle.in_view(view) == []
        told = [*_answered(view), *_clicked(view)]
        does += [one for one in told if one[0] != views.PAGE]
        page += 1
        more = (views.PAGE, "", str(page)) in told
    return does


def _answered(view: Block) -> Iterator[tuple[str, str, str]]:
    """Yield what comes of each answer that can be sent, and of sending none."""
    for block in view["blocks"]:
        if block["type"] == "input":
            for option in block["element"]["options"]:
                yield pressed(sent(view, {block["block_id"]: [option]}))
    if view.get("callback_id") == views.QUESTIONS:
        told = sent(view, {})
        if isinstance(told, Pressed):
            yield pressed(told)


def _clicked(view: Block) -> Iterator[tuple[str, str, str]]:
    for block in view["blocks"]:
        for one in [*block.get("elements", ()), block.get("accessory")]:
            if isinstance(one, dict) and one.get("type") == "button":
                action = json.loads(json.dumps(one))
                yield pressed(
                    inbound.click({**WHO, "actions": [action], "view": {**view, "id": "V1"}})
                )


@ANY
@given(questions())
@example(
    Message("x", (Actions((Button("a", "Ja", "r" * 1_900, '"'), Button("a", "Nej")), "choices"),))
)
def test_any_answer_to_any_question_does_what_its_button_does(card: Message) -> None:
    groups = [one for one in card.children if isinstance(one, Actions)]
    wanted = [one for group in groups for one in group.children if isinstance(one, Button)]
    short = all(len(json.dumps(what(one))) < limits.BUTTON_VALUE for one in wanted)
    assume(short)
    assert set(reachable(Show(card))) == {what(one) for one in wanted}
