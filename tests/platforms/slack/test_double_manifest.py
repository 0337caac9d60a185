"""The app is what its manifest makes it: scopes, events, commands, shortcuts and tabs."""

from typing import Any

import pytest
from double import App, ImpossibleError, SlackDouble
from slack_listener import Listener, refusal
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import MovableClock

Json = dict[str, Any]

MANIFEST: Json = {
    "display_information": {"name": "Trivselsbot"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": False},
        "bot_user": {"display_name": "trivselsbot"},
        "shortcuts": [{"name": "Dialog", "type": "global", "callback_id": "dialogue"}],
        "slash_commands": [{"command": "/trivsel", "description": "Trivsel"}],
    },
    "oauth_config": {
        "redirect_urls": ["https://bot.example/slack"],
        "scopes": {"bot": ["commands", "chat:write", "users:read"]},
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "user_change"]},
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": True,
        "token_rotation_enabled": True,
    },
}


def test_an_app_is_read_from_its_manifest() -> None:
    app = App.of_manifest(MANIFEST)
    assert app.scopes == {"commands", "chat:write", "users:read"}
    assert app.events == {"app_home_opened", "user_change"}
    assert app.commands == {"/trivsel"}
    assert app.shortcuts == frozenset({"dialogue"})
    assert app.redirect_urls == ("https://bot.example/slack",)
    assert (app.home_tab, app.messages_tab, app.token_rotation) == (True, False, True)


@pytest.mark.parametrize(
    ("scopes", "lacking"),
    [
        (["commands", "chat:write"], "user_change"),
        (["chat:write", "users:read"], "slash commands and shortcuts"),
    ],
)
def test_a_manifest_without_the_scopes_it_needs_is_refused(scopes: list[str], lacking: str) -> None:
    manifest = MANIFEST | {"oauth_config": {"scopes": {"bot": scopes}}}
    with pytest.raises(ValueError, match=lacking):
        App.of_manifest(manifest)


async def test_the_app_does_only_what_its_manifest_allows(clock: MovableClock) -> None:
    async with SlackDouble(clock, app=App.of_manifest(MANIFEST)) as slack:
        listener = Listener(slack.app.signing_secret)
        slack.speaks_http(listener.asgi)
        anna = slack.person("anna")
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        assert await refusal(client, "chat.postMessage", channel=anna.id, text="x") == (
            "messages_tab_disabled"
        )
        assert await refusal(client, "conversations.open", users=anna.id) == "missing_scope"
        slack.forgive("missing_scope")
        await anna.shortcut("dialogue")
        with pytest.raises(ImpossibleError):
            await anna.shortcut("something-else")
        assert await slack.person("bo").joins(slack.channel("care")) is None


async def test_without_interactivity_nothing_can_be_pressed(clock: MovableClock) -> None:
    async with SlackDouble(clock, app=App(interactivity=False)) as slack:
        with pytest.raises(ImpossibleError, match="no interactivity"):
            await slack.person("anna").shortcut("dialogue")


async def test_an_app_without_a_home_tab_publishes_none(clock: MovableClock) -> None:
    async with SlackDouble(clock, app=App(home_tab=False)) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        view = {"type": "home", "blocks": []}
        args = {"user_id": slack.person("anna").id, "view": view}
        assert await refusal(client, "views.publish", **args) == "not_enabled"
        slack.forgive("not_enabled")
