"""Searches in a modal: what Slack asks the app, and what it takes for an answer.

After docs.slack.dev: the ``block_suggestion`` payload, and selects with an external data source.
"""

from datetime import timedelta
from typing import Any

import pytest
from double import App, ImpossibleError, Person, SlackDouble
from slack_listener import Listener
from slack_pieces import Json, plain
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import MovableClock


def options(*names: str) -> list[Json]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def search(kind: str = "external_select", **more: Any) -> Json:
    element = {"type": kind, "action_id": "in", "min_query_length": 1, **more}
    return {"type": "input", "block_id": "who", "label": plain("Hvem?"), "element": element}


class Offering(Listener):
    """An app that offers what a test says."""

    offer: object = None

    def __init__(self, slack: SlackDouble) -> None:
        super().__init__(slack.app.signing_secret)
        self.answer = lambda told: self.offer if told["type"] == "block_suggestion" else None


@pytest.fixture
def app(slack: SlackDouble) -> Offering:
    one = Offering(slack)
    slack.speaks_http(one.asgi)
    return one


async def opened(slack: SlackDouble, client: AsyncWebClient, block: Json) -> Person:
    anna = slack.person("anna")
    view = {"type": "modal", "title": plain("Hvem"), "submit": plain("Gem"), "blocks": [block]}
    view |= {"callback_id": "who.form", "private_metadata": "n1"}
    await client.views_open(
        trigger_id=slack.state.triggers.issue(slack.team.id, anna.id, ""), view=view
    )
    return anna


async def test_what_is_typed_goes_to_the_app_with_its_view_and_without_a_trigger(
    slack: SlackDouble, client: AsyncWebClient, app: Offering
) -> None:
    anna = await opened(slack, client, search())
    app.offer = {"options": options("Åse", "Asta")}
    assert await anna.types("Hvem?", "as") == ["Åse", "Asta"]
    told: Any = app.heard[-1]
    assert told["type"] == "block_suggestion"
    assert (told["block_id"], told["action_id"], told["value"]) == ("who", "in", "as")
    assert told["container"] == {"type": "view", "view_id": anna.modal.id}
    assert (told["view"]["callback_id"], told["view"]["private_metadata"]) == ("who.form", "n1")
    assert told["user"]["id"] == anna.id
    assert "trigger_id" not in told


async def test_only_what_was_found_can_be_chosen_and_it_is_sent(
    slack: SlackDouble, client: AsyncWebClient, app: Offering
) -> None:
    anna = await opened(slack, client, search())
    with pytest.raises(ImpossibleError, match="is not offered"):
        anna.fill({"Hvem?": "asta"})
    app.offer = {"option_groups": [{"label": plain("De første"), "options": options("Asta")}]}
    await anna.types("Hvem?", "a")
    assert await anna.submit({"Hvem?": "Asta"}) == "closed"
    sent: Any = app.heard[-1]
    chosen = sent["view"]["state"]["values"]["who"]["in"]
    assert chosen == {"type": "external_select", "selected_option": options("Asta")[0]}


async def test_what_was_chosen_stays_while_something_else_is_searched_for(
    slack: SlackDouble, client: AsyncWebClient, app: Offering
) -> None:
    block = search("multi_external_select", initial_options=options("Bo"))
    anna = await opened(slack, client, block)
    app.offer = {"options": options("Asta")}
    await anna.types("Hvem?", "a")
    anna.fill({"Hvem?": ["bo", "asta"]})
    with pytest.raises(ImpossibleError, match="is not offered"):
        anna.fill({"Hvem?": ["carl"]})


async def test_slack_does_not_ask_before_enough_is_typed(
    slack: SlackDouble, client: AsyncWebClient, app: Offering
) -> None:
    anna = await opened(slack, client, search(min_query_length=2))
    with pytest.raises(ImpossibleError, match="does not ask yet"):
        await anna.types("Hvem?", "a")
    element = search()["element"]
    del element["min_query_length"]  # then it is three
    await anna.close_modal()
    anna = await opened(slack, client, search() | {"element": element})
    with pytest.raises(ImpossibleError, match="does not ask yet"):
        await anna.types("Hvem?", "as")
    assert [one for one in app.heard if one["type"] == "block_suggestion"] == []


async def test_an_app_without_an_address_for_options_is_not_asked_over_http(
    slack: SlackDouble, client: AsyncWebClient, app: Offering
) -> None:
    slack.state.app.options_url = False
    anna = await opened(slack, client, search())
    with pytest.raises(ImpossibleError, match="no address to ask for options"):
        await anna.types("Hvem?", "a")


@pytest.mark.parametrize(
    ("settings", "known"),
    [
        ({"socket_mode_enabled": True}, True),
        ({"interactivity": {"message_menu_options_url": "https://a.example/slack"}}, True),
        ({"interactivity": {"is_enabled": True, "request_url": "https://a.example"}}, False),
    ],
)
def test_the_manifest_says_where_options_are_asked_for(settings: Json, known: bool) -> None:
    assert App.of_manifest({"settings": settings}).options_url is known


@pytest.mark.parametrize(
    "offer",
    [
        None,
        "Asta",
        {},
        {"options": options(*map(str, range(101)))},
        {"options": options("x" * 76)},
        {"options": [{"text": plain("Asta"), "value": "x" * 151}]},
        {"options": [{"text": {"type": "mrkdwn", "text": "*Asta*"}, "value": "a"}]},
        {"options": options("Asta", "Asta")},
        {"options": options("Asta"), "option_groups": []},
        {"option_groups": [{"label": plain("x" * 76), "options": options("Asta")}]},
        {"option_groups": [{"label": plain("Ingen"), "options": []}]},
        {"options": options("Asta"), "text": ""},
    ],
    ids=lambda offer: str(offer)[:60],
)
async def test_a_wrong_offer_is_a_violation_and_shows_nothing(
    slack: SlackDouble, client: AsyncWebClient, app: Offering, offer: object
) -> None:
    anna = await opened(slack, client, search())
    app.offer = offer
    assert await anna.types("Hvem?", "a") == []
    assert {one.code for one in slack.state.violations} == {"invalid_suggestions"}
    slack.state.violations.clear()


async def test_an_offer_of_nothing_is_an_offer(
    slack: SlackDouble, client: AsyncWebClient, app: Offering
) -> None:
    anna = await opened(slack, client, search())
    app.offer = {"options": []}
    assert await anna.types("Hvem?", "qq") == []


async def test_an_offer_after_three_seconds_comes_too_late(
    slack: SlackDouble, client: AsyncWebClient, app: Offering, clock: MovableClock
) -> None:
    anna = await opened(slack, client, search())

    def late(_: object) -> object:
        clock.move_to(clock.now() + timedelta(seconds=3.1))
        return {"options": options("Asta")}

    app.answer = late
    assert await anna.types("Hvem?", "a") == []
    assert anna.trouble == "late"
    slack.forgive("late_acknowledgement")
