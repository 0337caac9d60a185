"""The manifest, and the check of tokens, scopes and channels."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
from double import App, SlackDouble
from slack_town import slack_town
from town import cast, shipped

from bot.domain.clock import MovableClock
from bot.domain.languages import LANGUAGES, Language
from bot.platforms.slack.manifest import EVENTS, SCOPES, Mode, manifest
from bot.platforms.slack.online import faults
from bot.storage import slack_channels

SCHEMA = Path(__file__).parents[1] / "reference" / "manifest.schema.2.0.0.json"
OPERATOR = (Path(__file__).parents[4] / "docs" / "operator.md").read_text()
URL = "https://trivsel.example.org"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("mode", "many"), [("socket", False), ("http", False), ("http", True)])
def test_the_manifest_fits_slacks_schema(language: Language, mode: Mode, many: bool) -> None:
    found = manifest(shipped().words(language), mode, URL, many=many)
    validator = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text()))
    assert [error.message for error in validator.iter_errors(found)] == []


def test_slack_would_take_the_manifest() -> None:
    app = App.of_manifest(manifest(shipped().words("da"), "http", URL))
    assert app.scopes == set(SCOPES)
    assert app.events == set(EVENTS)


def test_socket_mode_needs_no_address() -> None:
    assert "http" not in json.dumps(manifest(shipped().words("en"), "socket"))


@pytest.mark.parametrize("scope", SCOPES)
def test_every_scope_is_explained_to_the_operator(scope: str) -> None:
    assert f"| `{scope}` |" in OPERATOR


async def test_all_is_well(slack: SlackDouble) -> None:
    assert await faults(slack.bot_token, slack.app.app_token, (), slack.api_url) == ()


async def test_a_wrong_token_is_told_with_what_to_do(slack: SlackDouble) -> None:
    (line,) = await faults("xoxb-nej", None, (), slack.api_url)
    assert "invalid_auth" in line
    assert "slack_bot_token" in line
    assert "xoxb-nej" not in line


async def test_a_wrong_app_token_is_told(slack: SlackDouble) -> None:
    (line,) = await faults(slack.bot_token, "xapp-nej", (), slack.api_url)
    assert "slack_app_token" in line


async def test_a_missing_scope_is_told_with_what_it_is_for(
    slack: SlackDouble,
) -> None:
    slack.installation().scopes = slack.installation().scopes - {"files:write"}
    (line,) = await faults(slack.bot_token, None, (), slack.api_url)
    assert "files:write" in line
    assert "charts" in line


async def test_a_channel_that_cannot_be_posted_in_is_told(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 6))) as t:
        channel = slack.channel("dagholdet", t.somebody("dag-1"))
        await t.bind(channel, "node:dag")
        channel.archived = True
        bound = await t.bot.store.read(slack_channels.all_bound)
        (line,) = await faults(slack.bot_token, None, bound, slack.api_url)
        assert "#dagholdet" in line
        assert "archived" in line
