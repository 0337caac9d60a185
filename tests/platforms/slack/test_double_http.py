"""Over HTTP: signed requests, three seconds, retries, and what people do and see."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from double import App, Channel, ImpossibleError, Person, SlackDouble
from slack_listener import Listener, Payload
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import MovableClock

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(label: str, action: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(label), "action_id": action, **more}


def row(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


@pytest.fixture
def app(slack: SlackDouble) -> Listener:
    listener = Listener(slack.app.signing_secret)
    slack.speaks_http(listener.asgi)
    return listener


@pytest.fixture
def anna(slack: SlackDouble) -> Person:
    return slack.person("anna")


@pytest.fixture
def care(slack: SlackDouble, anna: Person) -> Channel:
    return slack.channel("care", anna)


async def invite(client: AsyncWebClient, anna: Person, *elements: Json) -> str:
    blocks = [row(*elements or (button("Svar", "answer|0", value='["r1","3"]'),))]
    said = await client.chat_postMessage(channel=anna.id, text="Tid til svar", blocks=blocks)
    return str(said["ts"])


# --- The wire ---------------------------------------------------------------------------------


async def test_a_command_comes_signed_and_as_a_form(
    slack: SlackDouble, app: Listener, anna: Person, care: Channel
) -> None:
    app.answer = lambda _: "Javel"
    shown = await anna.command("/trivsel", "tjek nu & her", where=care)
    (heard,) = app.heard
    assert (heard["command"], heard["text"]) == ("/trivsel", "tjek nu & her")
    assert (heard["channel_id"], heard["channel_name"]) == (care.id, "care")
    assert shown is not None
    assert (shown.text, shown.only_for) == ("Javel", anna.id)


async def test_a_private_channels_name_stays_private(
    slack: SlackDouble, app: Listener, anna: Person
) -> None:
    await anna.command("/trivsel", where=slack.channel("secret", anna, private=True))
    await anna.command("/trivsel")
    assert [one["channel_name"] for one in app.heard] == ["privategroup", "directmessage"]


async def test_a_forged_and_an_old_signature_can_be_sent(slack: SlackDouble) -> None:
    listener = Listener(slack.app.signing_secret)
    line = slack.speaks_http(listener.asgi)
    form = "application/x-www-form-urlencoded"
    good = await line.post(b"command=%2Ftrivsel", form)
    forged = await line.post(b"command=%2Ftrivsel", form, secret="guess")
    old = await line.post(b"command=%2Ftrivsel", form, age=301)
    assert [one.status_code for one in (good, forged, old)] == [200, 401, 401]


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_a_refused_command_is_trouble_and_a_violation(
    slack: SlackDouble, app: Listener, anna: Person, status: int
) -> None:
    app.answer = lambda _: status
    assert await anna.command("/trivsel") is None
    assert anna.trouble == "refused"
    slack.forgive("refused_acknowledgement")


async def test_an_answer_after_three_seconds_is_too_late(
    slack: SlackDouble, app: Listener, anna: Person, clock: MovableClock
) -> None:
    def dawdle(_: Payload) -> object:
        clock.move_to(clock.now() + timedelta(seconds=4))
        return "Endelig"

    app.answer = dawdle
    assert await anna.command("/trivsel") is None
    assert anna.trouble == "late"
    assert anna.sees() == []
    slack.forgive("late_acknowledgement")


async def test_an_app_that_is_down_is_nobodys_violation(slack: SlackDouble, anna: Person) -> None:
    slack.speaks_http(url="http://127.0.0.1:9/slack/events")
    assert await anna.command("/trivsel") is None
    assert anna.trouble == "unconnected"


async def test_an_app_that_never_answers_is_one(
    slack: SlackDouble, anna: Person, clock: MovableClock
) -> None:
    def timeout(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("silent", request=request)

    line = slack.speaks_http()
    await line.client.aclose()
    line.client = httpx.AsyncClient(transport=httpx.MockTransport(timeout))
    assert await anna.command("/trivsel") is None
    assert anna.trouble == "silent"
    slack.forgive("silent_acknowledgement")


async def test_an_event_is_tried_again_at_once_then_after_one_and_after_five_minutes(
    slack: SlackDouble, app: Listener, anna: Person, care: Channel, clock: MovableClock
) -> None:
    app.answer = lambda _: 503
    bo = slack.person("bo")
    await bo.joins(care)
    assert app.retries == [(None, None), ("1", "http_error")]
    for minutes in (1, 4, 1, 60):
        clock.move_to(clock.now() + timedelta(minutes=minutes))
        await slack.deliver_due()
    assert app.retries[2:] == [("2", "http_error"), ("3", "http_error")]
    assert len({str(one["event_id"]) for one in app.heard}) == 1
    slack.forgive("refused_acknowledgement")


async def test_an_app_can_ask_not_to_be_tried_again(
    slack: SlackDouble, app: Listener, care: Channel
) -> None:
    app.answer, app.headers = lambda _: 503, {"X-Slack-No-Retry": "1"}
    await slack.person("bo").joins(care)
    assert (len(app.heard), slack.post.waiting) == (1, [])
    slack.forgive("refused_acknowledgement")


async def test_the_same_event_can_come_twice(
    slack: SlackDouble, app: Listener, care: Channel
) -> None:
    await slack.person("bo").joins(care)
    await slack.redeliver()
    first, second = app.heard
    assert first == second
    assert app.retries[1] == ("1", "http_timeout")


# --- Events -----------------------------------------------------------------------------------


async def test_coming_and_going_is_told_where_the_bot_is(
    slack: SlackDouble, app: Listener, anna: Person, care: Channel
) -> None:
    bo, quiet = slack.person("bo"), slack.channel("quiet", bot=False)
    await bo.joins(quiet)
    await bo.joins(care)
    await bo.leaves(care)
    await anna.removes_bot(care)
    await anna.invites_bot(care)
    told = [(one["event"]["type"], one["event"].get("user")) for one in app.heard]  # type: ignore[index, union-attr]
    bot = slack.installation().bot_user
    assert told == [
        ("member_joined_channel", bo.id),
        ("member_left_channel", bo.id),
        ("channel_left", None),  # who went is the app itself
        ("member_joined_channel", bot),
    ]
    with pytest.raises(ImpossibleError):
        await anna.joins(care)


async def test_what_happens_to_a_channel_is_told(
    slack: SlackDouble, app: Listener, anna: Person, care: Channel
) -> None:
    secret = slack.channel("secret", anna, private=True)
    await slack.admin.rename(care, "omsorg")
    await slack.admin.archive(care, by=anna)
    await slack.admin.unarchive(care, by=anna)
    await slack.admin.archive(secret, by=anna)
    south = slack.workspace("Sydøst")
    await slack.admin.share(care, south)
    await slack.admin.unshare(care, south)
    await slack.admin.share(care, south)
    slack.admin.make_private(care)
    told = [one["event"]["type"] for one in app.heard]  # type: ignore[index]
    assert told == [
        "channel_rename",
        "channel_archive",
        "channel_unarchive",
        "group_archive",
        "channel_shared",
        "channel_unshared",
        "channel_shared",
    ]
    assert [one["is_ext_shared_channel"] for one in app.heard][-1] is True


async def test_people_change_and_leave(
    slack: SlackDouble, app: Listener, anna: Person, care: Channel
) -> None:
    await slack.admin.admit(anna)
    await anna.changes(locale="en-GB")
    await slack.admin.deactivate(anna)
    users = [one["event"]["user"] for one in app.heard]  # type: ignore[index]
    assert [one["deleted"] for one in users] == [False, False, True]
    assert users[1]["locale"] == "en-GB"
    assert anna.id not in care.members


async def test_what_is_said_is_heard_where_the_scopes_allow(
    slack: SlackDouble, app: Listener, anna: Person, care: Channel
) -> None:
    bot = slack.installation().bot_user
    await anna.says("hej", care)
    await anna.says("hej", slack.channel("quiet", anna, bot=False))
    await anna.says(f"<@{bot}> hjælp", care)
    await anna.says("kun til dig")
    told = [(one["event"]["type"], one["event"].get("channel_type")) for one in app.heard]  # type: ignore[index,attr-defined]
    assert told == [
        ("message", "channel"),
        ("message", "channel"),
        ("app_mention", None),
        ("message", "im"),
    ]
    app.heard.clear()
    slack.installation().scopes.discard("im:history")
    await anna.says("hører du mig")
    assert app.heard == []


async def test_an_event_nobody_subscribed_to_is_not_sent(clock: MovableClock) -> None:
    async with SlackDouble(clock, app=App(events=frozenset())) as slack:
        listener = Listener(slack.app.signing_secret)
        slack.speaks_http(listener.asgi)
        assert await slack.person("anna").opens_home() is None
        assert listener.heard == []


async def test_opening_the_home_is_told_with_what_stands_there(
    app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await anna.opens_home()
    await client.views_publish(
        user_id=anna.id, view={"type": "home", "blocks": [{"type": "divider"}]}
    )
    await anna.opens_home()
    await anna.opens_messages()
    first, second, third = [one["event"] for one in app.heard]
    assert "view" not in first  # type: ignore[operator]
    assert second["view"]["type"] == "home"  # type: ignore[index]
    assert third["tab"] == "messages"  # type: ignore[index]
    assert "view" not in third  # type: ignore[operator]


async def test_an_organisations_events_name_workspace_and_organisation(
    slack: SlackDouble, app: Listener
) -> None:
    nordic = slack.enterprise("Norden")
    north = slack.workspace("Nord", nordic)
    slack.admin.install_in(nordic, north)
    eva = slack.person("eva", north)
    await eva.joins(slack.channel("fælles", team=north))
    await eva.command("/trivsel")
    event, command = app.heard
    assert (event["team_id"], event["enterprise_id"]) == (north.id, nordic.id)
    assert event["authorizations"][0]["is_enterprise_install"] is True  # type: ignore[index]
    assert (command["is_enterprise_install"], command["enterprise_id"]) == ("true", nordic.id)


# --- Clicks -----------------------------------------------------------------------------------


async def test_a_button_is_pressed_by_label_or_action(
    app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    ts = await invite(client, anna)
    for name in ("Svar", "answer|0", "answer"):
        await anna.click(name)
    assert len(app.heard) == 3
    action = app.heard[0]["actions"][0]  # type: ignore[index]
    assert (action["action_id"], action["value"]) == ("answer|0", '["r1","3"]')
    assert app.heard[0]["message"]["ts"] == ts  # type: ignore[index]
    assert app.heard[0]["channel"] == {"id": anna.dm.id, "name": "directmessage"}


async def test_nobody_presses_what_is_not_there(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await invite(client, anna)
    with pytest.raises(ImpossibleError, match="sees nothing called 'Slet'"):
        await anna.click("Slet")
    with pytest.raises(ImpossibleError):
        await slack.person("bo").click("Svar")


async def test_a_button_may_ask_first(app: Listener, client: AsyncWebClient, anna: Person) -> None:
    sure = {"title": plain("?"), "text": plain("Sikker?"), "confirm": plain("Ja")}
    await invite(client, anna, button("Slet", "erase", confirm=sure | {"deny": plain("Nej")}))
    assert await anna.click("Slet", confirms=False) is None
    assert app.heard == []


async def test_an_ephemeral_message_does_not_come_along_with_a_click(
    app: Listener, client: AsyncWebClient, anna: Person, care: Channel
) -> None:
    blocks = [row(button("Svar", "answer"))]
    await client.chat_postEphemeral(channel=care.id, user=anna.id, text="x", blocks=blocks)
    await anna.click("Svar")
    assert "message" not in app.heard[0]
    assert app.heard[0]["container"]["is_ephemeral"] is True  # type: ignore[index]


async def test_choosing_keeps_the_choice_in_the_messages_state(
    app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    options = [
        {"text": plain(label), "value": value} for label, value in (("Ja", "y"), ("Nej", "n"))
    ]
    boxes = {"type": "radio_buttons", "action_id": "choice", "options": options}
    await invite(client, anna, boxes, button("Videre", "go"))
    await anna.choose("choice", "Nej")
    await anna.click("Videre")
    assert app.heard[0]["actions"][0]["selected_option"]["value"] == "n"  # type: ignore[index]
    held = app.heard[1]["state"]["values"]["row"]["choice"]  # type: ignore[index]
    assert held["selected_option"]["value"] == "n"


async def test_a_click_answered_with_something_is_a_violation(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await invite(client, anna)
    app.answer = lambda _: {"text": "tak"}
    await anna.click("Svar")
    slack.forgive("unwanted_answer")


async def test_shortcuts_bring_a_trigger_and_the_message(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person, care: Channel
) -> None:
    await client.chat_postMessage(channel=care.id, text="Vi mangler stole")
    await anna.shortcut("start-dialogue")
    await anna.message_shortcut("make-action", anna.newest(care))
    everywhere, on_message = app.heard
    assert (everywhere["type"], everywhere["callback_id"]) == ("shortcut", "start-dialogue")
    assert on_message["message"]["text"] == "Vi mangler stole"  # type: ignore[index]
    view = {"type": "modal", "title": plain("x"), "blocks": [{"type": "divider"}]}
    await client.views_open(trigger_id=str(on_message["trigger_id"]), view=view)
    assert anna.modal.payload["title"]["text"] == "x"


# --- Submissions ------------------------------------------------------------------------------

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


# --- Response URLs ----------------------------------------------------------------------------


async def respond(url: object, **body: Any) -> tuple[int, str]:
    async with httpx.AsyncClient(trust_env=False, verify=False) as plain_client:
        answer = await plain_client.post(str(url), json=body)
    return answer.status_code, answer.text


async def test_a_response_url_answers_privately_or_to_all(
    slack: SlackDouble, app: Listener, anna: Person, care: Channel
) -> None:
    await anna.command("/trivsel", where=care)
    url = app.heard[0]["response_url"]
    assert await respond(url, text="Kun dig") == (200, "ok")
    assert await respond(url, text="Alle", response_type="in_channel") == (200, "ok")
    assert [one.text for one in anna.sees(care)] == ["Kun dig", "Alle"]
    assert [one.text for one in slack.messages(care)] == ["Alle"]


async def test_a_response_url_replaces_and_deletes_its_message(
    slack: SlackDouble, app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await invite(client, anna)
    await anna.click("Svar")
    url = app.heard[0]["response_url"]
    await respond(url, text="Tak", replace_original=True)
    assert [one.text for one in anna.sees()] == ["Tak"]
    await respond(url, delete_original=True)
    assert anna.sees() == []


async def test_a_response_url_works_five_times_for_half_an_hour(
    slack: SlackDouble, app: Listener, anna: Person, clock: MovableClock
) -> None:
    for _ in range(2):
        await anna.command("/trivsel")
    first, second = [one["response_url"] for one in app.heard]
    found = [(await respond(first, text="x"))[0] for _ in range(6)]
    assert found == [200] * 5 + [404]
    clock.move_to(clock.now() + timedelta(minutes=31))
    status, text = await respond(second, text="x")
    assert (status, "expired_url" in text) == (404, True)


async def test_a_wrong_answer_at_a_response_url_is_refused(
    slack: SlackDouble, app: Listener, anna: Person
) -> None:
    await anna.command("/trivsel")
    url = app.heard[0]["response_url"]
    assert (await respond(url, text="x", colour="red"))[0] == 400
    assert (await respond(url))[0] == 400
    assert (await respond(url, blocks=[{"type": "marquee"}]))[0] == 400
    assert (await respond(f"{slack.state.address}/respond/R0", text="x"))[0] == 404
    for code in ("invalid_payload", "no_text", "invalid_blocks", "invalid_url"):
        slack.forgive(code)


async def test_a_response_url_can_be_made_to_fail(
    slack: SlackDouble, app: Listener, anna: Person
) -> None:
    await anna.command("/trivsel")
    slack.fails("response_url", way="status", status=500)
    assert (await respond(app.heard[0]["response_url"], text="x"))[0] == 500


async def test_a_wrong_direct_answer_to_a_command_is_a_violation(
    slack: SlackDouble, app: Listener, anna: Person
) -> None:
    app.answer = lambda _: {"text": "x", "blocks": [{"type": "marquee"}]}
    assert await anna.command("/trivsel") is None
    slack.forgive("invalid_blocks")


async def test_a_command_the_app_has_not_cannot_be_typed(app: Listener, anna: Person) -> None:
    with pytest.raises(ImpossibleError):
        await anna.command("/karma")


async def test_a_link_is_followed_by_its_button(
    app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await invite(client, anna, button("Tavle", "board", url="https://bot.example/p/1"))
    assert anna.link("Tavle") == "https://bot.example/p/1"
    with pytest.raises(ImpossibleError):
        anna.link("Svar")


async def test_a_request_url_is_verified_once(slack: SlackDouble, app: Listener) -> None:
    line = slack.speaks_http(app.asgi)
    assert not await line.verify()
    app.answer = lambda payload: payload["challenge"]
    assert await line.verify()
