"""Submissions over HTTP: what a modal sends, and what may be answered."""

from datetime import date
from typing import Any

import pytest
from double import ImpossibleError, Person, SlackDouble
from slack_listener import Listener
from slack_pieces import Json, button, invite, plain, row
from slack_sdk.web.async_client import AsyncWebClient

FIELDS: Json = {
    "note": {"type": "plain_text_input", "max_length": 20},
    "number": {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"},
    "day": {"type": "datepicker"},
    "time": {"type": "timepicker"},
    "pick": {"type": "static_select", "options": [{"text": plain("Ja"), "value": "y"}]},
    "tick": {"type": "checkboxes", "options": [{"text": plain("Nu"), "value": "n"}]},
    "who": {"type": "users_select"},
    "all": {"type": "multi_users_select"},
}


def asking(*names: str, **more: Any) -> Json:
    blocks = [
        {
            "type": "input",
            "block_id": name,
            "label": plain(name.title()),
            "element": FIELDS[name] | {"action_id": "in"},
        }
        for name in names
    ]
    return {
        "type": "modal",
        "title": plain("Form"),
        "submit": plain("Send"),
        "blocks": blocks,
        **more,
    }


async def open_modal(slack: SlackDouble, client: AsyncWebClient, anna: Person, view: Json) -> None:
    trigger = slack.state.triggers.issue(slack.team.id, anna.id)
    await client.views_open(trigger_id=trigger, view=view)


async def test_every_kind_of_input_is_sent_as_slack_sends_it(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await open_modal(slack, client, anna, asking(*FIELDS, private_metadata="r1"))
    values = {"Note": "hej", "Number": "3", "Day": date(2026, 9, 1), "Time": "08:30"}
    became = await anna.submit(values | {"pick": "Ja", "tick": ["n"], "who": anna, "all": [anna]})
    assert (became, anna.modals) == ("closed", [])
    view = app.heard[0]["view"]
    held = {block: one["in"] for block, one in view["state"]["values"].items()}  # type: ignore[index]
    assert held == {
        "note": {"type": "plain_text_input", "value": "hej"},
        "number": {"type": "number_input", "value": "3"},
        "day": {"type": "datepicker", "selected_date": "2026-09-01"},
        "time": {"type": "timepicker", "selected_time": "08:30"},
        "pick": {"type": "static_select", "selected_option": FIELDS["pick"]["options"][0]},
        "tick": {"type": "checkboxes", "selected_options": FIELDS["tick"]["options"]},
        "who": {"type": "users_select", "selected_user": anna.id},
        "all": {"type": "multi_users_select", "selected_users": [anna.id]},
    }
    assert view["private_metadata"] == "r1"  # type: ignore[index]


GOOD: Json = {"note": "hej", "number": "3", "time": "08:30", "pick": "Ja", "all": []}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"note": None}, "empty"),
        ({"note": "x" * 21}, "that many characters"),
        ({"note": "to\nlinjer"}, "one line only"),
        ({"number": "mange"}, "not a number"),
        ({"number": "0"}, "out of bounds"),
        ({"time": "25:00"}, "not a time"),
        ({"pick": "Måske"}, "not offered"),
        ({"all": ["U1", "U2", "U3"]}, "at most 2"),
        ({"unknown": "x"}, "nothing is called"),
    ],
)
async def test_slacks_client_does_not_send_what_does_not_fit(
    slack: SlackDouble,
    app: Listener,
    client: AsyncWebClient,
    anna: Person,
    wrong: Json,
    why: str,
) -> None:
    view = asking("note", "number", "time", "pick", "all")
    view["blocks"][4] |= {"optional": True}
    view["blocks"][4]["element"] |= {"max_selected_items": 2}
    await open_modal(slack, client, anna, view)
    with pytest.raises(ImpossibleError, match=why):
        await anna.submit(GOOD | wrong)
    assert app.heard == []
    assert await anna.submit(GOOD) == "closed"


async def test_errors_stand_under_their_inputs_and_keep_the_modal(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await open_modal(slack, client, anna, asking("note"))
    app.answer = lambda _: {"response_action": "errors", "errors": {"note": "For kort"}}
    assert await anna.submit({"note": "x"}) == "errors"
    assert anna.errors == {"note": "For kort"}
    assert anna.modal.state["note"]["in"]["value"] == "x"
    app.answer = lambda _: None
    assert await anna.submit() == "closed"
    assert anna.errors == {}


async def test_a_submission_can_update_push_and_clear(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await open_modal(slack, client, anna, asking("note"))
    answers: list[Json] = [
        {"response_action": "update", "view": asking("number")},
        {"response_action": "push", "view": asking("pick")},
        {"response_action": "clear"},
    ]
    app.answer = lambda _: answers.pop(0)
    old = anna.modal.hash
    assert await anna.submit({"note": "x"}) == "updated"
    assert anna.modal.hash != old
    assert await anna.submit({"number": "1"}) == "pushed"
    assert len(anna.modals) == 2
    assert await anna.submit({"pick": "y"}) == "cleared"
    assert anna.modals == []


@pytest.mark.parametrize(
    "wrong",
    [
        "tak",
        {"response_action": "explode"},
        {"ok": True},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "errors", "errors": {"note": ""}},
        {"response_action": "update", "view": {"type": "modal"}},
    ],
    ids=str,
)
async def test_a_wrong_answer_to_a_submission_is_trouble_and_a_violation(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person, wrong: object
) -> None:
    await open_modal(slack, client, anna, asking("note"))
    app.answer = lambda _: wrong
    assert await anna.submit({"note": "x"}) == "trouble"
    assert len(anna.modals) == 1
    assert slack.state.violations
    slack.state.violations.clear()


async def test_a_submission_can_come_twice(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await open_modal(slack, client, anna, asking("note"))
    await anna.submit({"note": "x"})
    await slack.redeliver()
    first, second = app.heard
    assert first == second


async def test_closing_is_told_where_it_was_asked_for(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await open_modal(slack, client, anna, asking("note"))
    await anna.close_modal()
    assert app.heard == []
    await open_modal(slack, client, anna, asking("note", notify_on_close=True))
    await anna.close_modal()
    assert (app.heard[0]["type"], app.heard[0]["is_cleared"]) == ("view_closed", False)


async def test_a_modal_may_take_those_under_it_along_when_it_closes(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    app.answer = lambda _: {"response_action": "push", "view": asking("note", clear_on_close=True)}
    await open_modal(slack, client, anna, asking("note", notify_on_close=True))
    await anna.submit({"note": "x"})
    app.answer = lambda _: None
    await anna.close_modal()
    assert anna.modals == []
    assert (app.heard[1]["type"], app.heard[1]["is_cleared"]) == ("view_closed", True)


async def test_a_modal_from_elsewhere_takes_the_place_of_what_was_open(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await open_modal(slack, client, anna, asking("note"))
    await open_modal(slack, client, anna, asking("number"))
    assert len(anna.modals) == 1


async def test_a_button_in_a_modal_gives_a_trigger_that_pushes(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    view = {"type": "modal", "title": plain("x"), "blocks": [row(button("Mere", "more"))]}
    await open_modal(slack, client, anna, view)
    await anna.click("Mere")
    await client.views_push(trigger_id=str(app.heard[0]["trigger_id"]), view=view)
    assert len(anna.modals) == 2


async def test_a_modal_hides_the_messages_under_it(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await invite(client, anna)
    await open_modal(slack, client, anna, asking("note"))
    with pytest.raises(ImpossibleError):
        await anna.click("Svar")
