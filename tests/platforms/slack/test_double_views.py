"""Modals and homes: triggers, the stack of three, hashes, and what is typed meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from double import Person, SlackDouble
from slack_listener import Listener, refusal
from slack_pieces import Json, plain
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import MovableClock


def note(label: str = "Note", block: str = "note") -> Json:
    element = {"type": "plain_text_input", "action_id": "text"}
    return {"type": "input", "block_id": block, "label": plain(label), "element": element}


def modal(title: str = "Spørgsmål", *blocks: Json, **more: Any) -> Json:
    shown = list(blocks) or [note()]
    return {
        "type": "modal",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": shown,
        **more,
    }


def home(text: str = "Velkommen") -> Json:
    return {"type": "home", "blocks": [{"type": "section", "text": plain(text)}]}


@pytest.fixture
def anna(slack: SlackDouble) -> Person:
    slack.speaks_http(Listener(slack.app.signing_secret).asgi)
    return slack.person("anna")


def trigger(slack: SlackDouble, anna: Person, view: str = "") -> str:
    return slack.state.triggers.issue(slack.team.id, anna.id, view)


async def opened(slack: SlackDouble, client: AsyncWebClient, anna: Person, **more: Any) -> Json:
    said = await client.views_open(trigger_id=trigger(slack, anna), view=modal(**more))
    view: Json = said["view"]
    return view


async def test_a_trigger_opens_one_modal(
    slack: SlackDouble, client: AsyncWebClient, anna: Person
) -> None:
    view = await opened(slack, client, anna, private_metadata="r1")
    assert anna.modal.id == view["id"]
    assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)
    assert view["private_metadata"] == "r1"
    assert view["state"] == {
        "values": {"note": {"text": {"type": "plain_text_input", "value": None}}}
    }


async def test_a_trigger_works_once(
    slack: SlackDouble, client: AsyncWebClient, anna: Person
) -> None:
    one = trigger(slack, anna)
    await client.views_open(trigger_id=one, view=modal())
    assert await refusal(client, "views.open", trigger_id=one, view=modal()) == (
        "exchanged_trigger_id"
    )
    slack.forgive("exchanged_trigger_id")


async def test_a_trigger_lives_three_seconds(
    slack: SlackDouble, client: AsyncWebClient, anna: Person, clock: MovableClock
) -> None:
    late, in_time = trigger(slack, anna), trigger(slack, anna)
    clock.move_to(clock.now() + timedelta(seconds=3))
    await client.views_open(trigger_id=in_time, view=modal())
    clock.move_to(clock.now() + timedelta(milliseconds=1))
    assert await refusal(client, "views.open", trigger_id=late, view=modal()) == (
        "expired_trigger_id"
    )


async def test_a_trigger_nobody_gave_is_a_violation(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    wrong = await refusal(client, "views.open", trigger_id="1.2.abc", view=modal())
    assert wrong == "invalid_trigger_id"
    slack.forgive("invalid_trigger_id")


async def test_a_trigger_belongs_to_its_workspace(slack: SlackDouble, anna: Person) -> None:
    other = slack.admin.install(slack.workspace("Sydøst"))
    client = AsyncWebClient(other.bot_token, base_url=slack.api_url)
    wrong = await refusal(client, "views.open", trigger_id=trigger(slack, anna), view=modal())
    assert wrong == "invalid_trigger_id"
    slack.forgive("invalid_trigger_id")


async def test_two_workspaces_may_use_the_same_external_id(
    slack: SlackDouble, client: AsyncWebClient, anna: Person
) -> None:
    south = slack.workspace("Sydøst")
    eva, other = slack.person("eva", south), slack.admin.install(south)
    await opened(slack, client, anna, external_id="round-1")
    hers = AsyncWebClient(other.bot_token, base_url=slack.api_url)
    one = slack.state.triggers.issue(south.id, eva.id)
    await hers.views_open(trigger_id=one, view=modal(external_id="round-1"))
    assert len(eva.modals) == 1


async def test_three_modals_lie_on_each_other_and_no_more(
    slack: SlackDouble, client: AsyncWebClient, anna: Person
) -> None:
    first = await opened(slack, client, anna)
    for _ in range(2):
        inside = trigger(slack, anna, anna.modal.id)
        pushed = await client.views_push(trigger_id=inside, view=modal("Mere"))
    assert pushed["view"]["root_view_id"] == first["id"]
    inside = trigger(slack, anna, anna.modal.id)
    assert await refusal(client, "views.push", trigger_id=inside, view=modal()) == (
        "push_limit_reached"
    )
    slack.forgive("push_limit_reached")
    await anna.close_modal()
    assert len(anna.modals) == 2
    await anna.close_modal(all_of_them=True)
    assert anna.modals == []


async def test_a_push_comes_from_inside_a_modal(
    slack: SlackDouble, client: AsyncWebClient, anna: Person
) -> None:
    wrong = await refusal(client, "views.push", trigger_id=trigger(slack, anna), view=modal())
    assert wrong == "not_found"
    slack.forgive("not_found")


async def test_an_update_keeps_what_was_typed_where_the_ids_stay(
    slack: SlackDouble, client: AsyncWebClient, anna: Person
) -> None:
    view = await opened(slack, client, anna)
    anna.fill({"Note": "halvvejs"})
    blocks = [note("Din note"), note("Ny", "new")]
    await client.views_update(view_id=view["id"], view=modal("Spørgsmål", *blocks))
    assert anna.modal.state["note"]["text"]["value"] == "halvvejs"
    assert anna.modal.state["new"]["text"]["value"] is None


async def test_an_update_with_an_old_hash_changes_nothing(
    slack: SlackDouble, client: AsyncWebClient, anna: Person
) -> None:
    view = await opened(slack, client, anna)
    await client.views_update(view_id=view["id"], hash=view["hash"], view=modal("Anden"))
    args = {"view_id": view["id"], "hash": view["hash"], "view": modal("Tredje")}
    assert await refusal(client, "views.update", **args) == "hash_conflict"
    assert anna.modal.payload["title"]["text"] == "Anden"


async def test_a_closed_modal_cannot_be_updated(
    slack: SlackDouble, client: AsyncWebClient, anna: Person
) -> None:
    view = await opened(slack, client, anna)
    await anna.close_modal()
    assert await refusal(client, "views.update", view_id=view["id"], view=modal()) == "not_found"


async def test_an_external_id_names_one_view(
    slack: SlackDouble, client: AsyncWebClient, anna: Person
) -> None:
    await opened(slack, client, anna, external_id="round-1")
    await client.views_update(external_id="round-1", view=modal("Ny", external_id="round-1"))
    assert anna.modal.payload["title"]["text"] == "Ny"
    inside = trigger(slack, anna, anna.modal.id)
    wrong = await refusal(
        client, "views.push", trigger_id=inside, view=modal(external_id="round-1")
    )
    assert wrong == "duplicate_external_id"
    slack.forgive("duplicate_external_id")


@pytest.mark.parametrize(
    "view",
    [
        {"type": "modal", "blocks": [note()]},
        home(),
        modal("Titlen er alt for lang til en modal"),
        modal("x", *[note(block=str(n)) for n in range(101)]),
        modal("x", {"type": "image", "alt_text": "x", "slack_file": {"id": "F404"}}),
    ],
    ids=["no title", "a home", "long title", "many blocks", "no such picture"],
)
async def test_a_wrong_modal_is_refused_and_uses_the_trigger_up(
    slack: SlackDouble, client: AsyncWebClient, anna: Person, view: Json
) -> None:
    one = trigger(slack, anna)
    assert await refusal(client, "views.open", trigger_id=one, view=view) == "invalid_arguments"
    assert anna.modals == []
    slack.forgive("invalid_arguments")


async def test_a_home_is_published_and_replaced(
    slack: SlackDouble, client: AsyncWebClient, anna: Person
) -> None:
    assert anna.home is None
    first = (await client.views_publish(user_id=anna.id, view=home()))["view"]
    await client.views_publish(user_id=anna.id, view=home("Nyt"), hash=first["hash"])
    assert anna.home is not None
    assert anna.reads(anna.home) == "Nyt"
    args = {"user_id": anna.id, "view": home("Sent"), "hash": first["hash"]}
    assert await refusal(client, "views.publish", **args) == "hash_conflict"


async def test_a_home_belongs_to_somebody_who_is_there(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    for one in (slack.person("gone", deleted=True), slack.person("eva", role="stranger")):
        wrong = await refusal(client, "views.publish", user_id=one.id, view=home())
        assert wrong == "user_not_found"


async def test_a_view_over_250_kilobytes_is_too_large(
    slack: SlackDouble, client: AsyncWebClient, anna: Person
) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}}
    wrong = await refusal(
        client, "views.open", trigger_id=trigger(slack, anna), view=modal("x", *[section] * 99)
    )
    assert wrong == "view_too_large"
    slack.forgive("view_too_large")
