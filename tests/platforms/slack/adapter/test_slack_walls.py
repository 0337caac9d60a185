"""With Slack on nobody can choose who he is: without a link there are no pages at all."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from double import SlackDouble
from slack_town import KEY, URL, SlackTown, slack_town
from starlette.requests import Request
from starlette.responses import Response
from town import cast, shipped

from bot.app import started, web
from bot.domain.clock import MovableClock
from bot.platforms.web.session import COOKIE, Sessions
from bot.settings import Settings

ADDRESS = "http://127.0.0.1:8710"
"""Under this name a request comes that the proxy sends on without the name it was asked for."""
SAME_SITE = {"sec-fetch-site": "same-origin"}
TOKENS = {
    "socket": {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"},
    "http": {"slack_bot_token": "xoxb-1", "slack_signing_secret": "s"},
}
EVERYWHERE = ("/", "/me", "/sign-in", "/live", "/c/node:dag", "/operations", "/open/x")


@pytest.fixture(params=["socket", "http"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    people, mode = cast(("dag", 6)), request.param
    given = {"slack_mode": mode, "public_url": URL, **TOKENS[mode]}
    async with slack_town(tmp_path, slack, clock, people, transport=mode, **given) as town:
        yield town


@pytest.fixture
async def browser(t: SlackTown) -> AsyncIterator[httpx.AsyncClient]:
    app = web(t.bot, Sessions(KEY))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client:
        yield client


def signed_in_before(person: str) -> dict[str, str]:
    """Return the cookie somebody had when sign-in was still local."""
    response = Response()
    scope = {"type": "http", "scheme": "http", "headers": [], "server": None, "path": "/"}
    Sessions(KEY).begin(Request(scope), response, person)
    return {COOKIE: response.headers["set-cookie"].partition("=")[2].partition(";")[0]}


async def test_nobody_can_choose_who_he_is(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/sign-in")).status_code == 404
    chosen = await browser.post("/sign-in", data={"person": "dag-3"}, headers=SAME_SITE)
    assert chosen.status_code == 404
    assert "set-cookie" not in chosen.headers


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_there_are_no_pages_also_not_for_who_was_signed_in_before(
    browser: httpx.AsyncClient, path: str
) -> None:
    browser.cookies.update(signed_in_before("dag-3"))
    answer = await browser.get(path)
    assert answer.status_code == 404
    assert "Dag 3" not in answer.text


@pytest.mark.parametrize("path", ["/act", "/submit", "/say", "/sign-out"])
async def test_nothing_can_be_done_from_a_browser(browser: httpx.AsyncClient, path: str) -> None:
    browser.cookies.update(signed_in_before("dag-3"))
    assert (await browser.post(path, data={}, headers=SAME_SITE)).status_code == 404


async def test_health_is_told_and_over_http_slack_gets_in(
    t: SlackTown, browser: httpx.AsyncClient
) -> None:
    assert (await browser.get("/health")).status_code == 200
    over_http = t.bot.settings.slack_mode == "http"
    answer = await browser.post("/slack/events")
    assert answer.status_code == (401 if over_http else 403)  # not signed; nobody takes it


@pytest.mark.parametrize("sign_in", ["none", "link"])
async def test_links_to_pages_are_given_only_where_there_are_pages(
    tmp_path: Path, sign_in: str
) -> None:
    settings = Settings(
        data=tmp_path / "data", slack_mode="http", sign_in=sign_in, public_url=URL, **TOKENS["http"]
    )
    async with started(settings, pack=shipped()) as bot:
        assert bot.slack is not None
        assert (bot.slack.links is not None) is (sign_in == "link")
