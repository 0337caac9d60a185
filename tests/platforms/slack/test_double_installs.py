"""Installs: consent, exchange, rotation, revocation, uninstalling, and whole organisations."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from double import App, SlackDouble, Team
from double.shapes import Refused
from slack_listener import Listener, refusal
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.clock import MovableClock

REDIRECT = "https://bot.example/slack/oauth_redirect"


def link(slack: SlackDouble, **other: str) -> str:
    query = {
        "client_id": slack.app.client_id,
        "scope": "chat:write,commands",
        "state": "s1",
        "redirect_uri": REDIRECT,
    }
    return f"{slack.authorize_url}?{urlencode(query | other)}"


async def exchange(slack: SlackDouble, **args: str) -> AsyncSlackResponse:
    client = AsyncWebClient(base_url=slack.api_url)
    known = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
    return await client.oauth_v2_access(**known | args)


async def refused(slack: SlackDouble, **args: str) -> str:
    with pytest.raises(SlackApiError) as error:
        await exchange(slack, **args)
    return str(error.value.response["error"])


@pytest.fixture
def elsewhere(slack: SlackDouble) -> Team:
    return slack.workspace("Sydøst")


async def test_consent_leads_back_with_a_code_that_becomes_a_token(
    slack: SlackDouble, elsewhere: Team
) -> None:
    eva = slack.person("eva", elsewhere, role="admin")
    back = slack.admin.consents(link(slack), eva, elsewhere)
    query = parse_qs(urlsplit(back).query)
    assert query["state"] == ["s1"]
    said = await exchange(slack, code=query["code"][0], redirect_uri=REDIRECT)
    assert said["team"] == {"id": elsewhere.id, "name": "Sydøst"}
    assert said["scope"] == "chat:write,commands"
    assert said["authed_user"] == {"id": eva.id}
    client = AsyncWebClient(said["access_token"], base_url=slack.api_url)
    assert (await client.auth_test())["team_id"] == elsewhere.id


async def test_a_browser_can_consent_too(slack: SlackDouble, elsewhere: Team) -> None:
    slack.consenting = (slack.person("eva", elsewhere), elsewhere)
    async with httpx.AsyncClient(trust_env=False, verify=False) as browser:
        answer = await browser.get(link(slack))
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(f"{REDIRECT}?code=")


async def test_a_code_works_once_for_ten_minutes_and_with_its_redirect(
    slack: SlackDouble, elsewhere: Team, clock: MovableClock
) -> None:
    eva = slack.person("eva", elsewhere)

    def code() -> str:
        back = slack.admin.consents(link(slack), eva, elsewhere)
        return parse_qs(urlsplit(back).query)["code"][0]

    used, old, other = code(), code(), code()
    await exchange(slack, code=used, redirect_uri=REDIRECT)
    assert await refused(slack, code=used, redirect_uri=REDIRECT) == "invalid_code"
    assert await refused(slack, code=other, redirect_uri="https://evil.example") == (
        "bad_redirect_uri"
    )
    slack.forgive("bad_redirect_uri")
    clock.move_to(clock.now() + timedelta(minutes=11))
    assert await refused(slack, code=old, redirect_uri=REDIRECT) == "invalid_code"


async def test_only_the_app_itself_can_exchange(slack: SlackDouble) -> None:
    assert await refused(slack, client_id="other", code="C1") == "invalid_client_id"
    assert await refused(slack, client_secret="guess", code="C1") == "bad_client_secret"
    assert await refused(slack, grant_type="password") == "invalid_grant_type"
    slack.forgive("invalid_grant_type")


@pytest.mark.parametrize(
    "wrong", [{"state": ""}, {"client_id": "other"}, {"scope": "chat:write,admin"}]
)
def test_a_wrong_link_to_slack_is_a_violation(slack: SlackDouble, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused):
        slack.admin.consents(link(slack, **wrong), slack.person("anna"), slack.team)
    slack.forgive("invalid_authorization")


async def test_a_redirect_must_be_one_of_the_manifest(clock: MovableClock) -> None:
    app = App(redirect_urls=("https://bot.example/slack",))
    async with SlackDouble(clock, app=app) as slack:
        anna = slack.person("anna")
        assert slack.admin.consents(link(slack), anna, slack.team)
        with pytest.raises(Refused):
            slack.admin.consents(link(slack, redirect_uri="https://evil.example"), anna)
        slack.forgive("invalid_authorization")


async def test_a_rotating_token_ends_after_twelve_hours(clock: MovableClock) -> None:
    async with SlackDouble(clock, app=App(token_rotation=True)) as slack:
        old = slack.installation()
        token, refresh = old.bot_token, old.refresh_token
        said = await exchange(slack, grant_type="refresh_token", refresh_token=refresh)
        assert said["expires_in"] == 43_200
        both = [token, said["access_token"]]
        clients = [AsyncWebClient(one, base_url=slack.api_url) for one in both]
        assert [await refusal(one, "auth.test") for one in clients] == ["", ""]
        again = await refused(slack, grant_type="refresh_token", refresh_token=refresh)
        assert again == "invalid_refresh_token"
        clock.move_to(clock.now() + timedelta(hours=12))
        assert await refusal(clients[0], "auth.test") == "token_expired"


async def test_a_revoked_token_stops_working_and_the_app_hears_of_it(slack: SlackDouble) -> None:
    app = Listener(slack.app.signing_secret)
    slack.speaks_http(app.asgi)
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    await slack.admin.revoke(slack.team)
    assert await refusal(client, "auth.test") == "token_revoked"
    assert [one["event"]["type"] for one in app.heard] == ["tokens_revoked"]  # type: ignore[index]


async def test_an_uninstalled_app_is_told_and_may_do_nothing(slack: SlackDouble) -> None:
    app = Listener(slack.app.signing_secret)
    slack.speaks_http(app.asgi)
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    await slack.admin.uninstall(slack.team)
    assert await refusal(client, "auth.test") == "account_inactive"
    told = [one["event"]["type"] for one in app.heard]  # type: ignore[index]
    assert told == ["tokens_revoked", "app_uninstalled"]


async def test_the_app_can_revoke_and_uninstall_itself(
    slack: SlackDouble, client: AsyncWebClient, elsewhere: Team
) -> None:
    other = AsyncWebClient(slack.admin.install(elsewhere).bot_token, base_url=slack.api_url)
    secrets = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
    assert (await client.auth_revoke(test=True))["revoked"] is False
    assert (await client.auth_revoke())["revoked"] is True
    assert await refusal(client, "auth.test") == "token_revoked"
    await other.apps_uninstall(**secrets)
    assert await refusal(other, "auth.test") == "account_inactive"


async def test_installing_again_mends_a_revoked_token(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    await client.auth_revoke()
    slack.admin.install(slack.team)
    assert await refusal(client, "auth.test") == ""


async def test_installing_again_keeps_the_bot_and_adds_scopes(slack: SlackDouble) -> None:
    first = slack.installation()
    first.scopes.discard("chat:write")
    again = slack.admin.install(slack.team)
    assert again is first
    assert "chat:write" in again.scopes


async def test_an_organisation_installs_for_several_workspaces(slack: SlackDouble) -> None:
    nordic = slack.enterprise("Norden")
    north, south = slack.workspace("Nord", nordic), slack.workspace("Syd", nordic)
    outside = slack.workspace("Udenfor", nordic)
    made = slack.admin.install_in(nordic, north, south)
    client = AsyncWebClient(made.bot_token, base_url=slack.api_url)
    test = await client.auth_test()
    assert (test["is_enterprise_install"], test["enterprise_id"]) == (True, nordic.id)
    teams = (await client.auth_teams_list())["teams"]
    assert [one["id"] for one in teams] == [north.id, south.id]
    for team in (north, south):
        anna = slack.person(f"anna-{team.name}", team)
        assert await refusal(client, "users.info", user=anna.id) == ""
    stranger = slack.person("stranger", outside)
    assert await refusal(client, "users.info", user=stranger.id) == "user_not_found"


async def test_an_organisations_token_must_name_the_workspace_it_lists(
    slack: SlackDouble,
) -> None:
    nordic = slack.enterprise("Norden")
    north = slack.workspace("Nord", nordic)
    client = AsyncWebClient(slack.admin.install_in(nordic, north).bot_token, base_url=slack.api_url)
    assert await refusal(client, "users.list") == "missing_argument"
    slack.forgive("missing_argument")
    assert (await client.users_list(team_id=north.id))["ok"]


async def test_a_token_does_not_reach_into_another_workspace(
    slack: SlackDouble, client: AsyncWebClient, elsewhere: Team
) -> None:
    assert await refusal(client, "auth.test", team_id=slack.team.id) == ""
    assert await refusal(client, "auth.test", team_id=elsewhere.id) == "team_access_not_granted"
    slack.forgive("team_access_not_granted")


async def test_an_organisation_consents_for_all_its_workspaces(slack: SlackDouble) -> None:
    nordic = slack.enterprise("Norden")
    north = slack.workspace("Nord", nordic)
    back = slack.admin.consents(link(slack), slack.person("eva", north), None)
    code = parse_qs(urlsplit(back).query)["code"][0]
    said = await exchange(slack, code=code, redirect_uri=REDIRECT)
    assert (said["team"], said["is_enterprise_install"]) == (None, True)
    assert said["enterprise"] == {"id": nordic.id, "name": "Norden"}


async def test_a_token_nobody_gave_is_no_token(slack: SlackDouble) -> None:
    client = AsyncWebClient("xoxb-guess", base_url=slack.api_url)
    assert await refusal(client, "auth.test") == "invalid_auth"


async def test_the_app_level_token_opens_connections_and_nothing_else(slack: SlackDouble) -> None:
    app_level = AsyncWebClient(slack.app.app_token, base_url=slack.api_url)
    bot = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    assert await refusal(app_level, "auth.test") == "not_allowed_token_type"
    assert await refusal(bot, "apps.connections.open") == "not_allowed_token_type"
    slack.forgive("not_allowed_token_type")
    guess = AsyncWebClient("xapp-guess", base_url=slack.api_url)
    assert await refusal(guess, "apps.connections.open") == "invalid_auth"
