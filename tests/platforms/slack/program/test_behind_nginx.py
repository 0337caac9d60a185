"""The shipped proxy, run for real: Slack gets through unsigned-in and unchanged, nobody else."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from double import App, Person, SlackDouble
from double.lines import HttpLine
from nginx_proxy import CONF, HOST, SECRET, proxied, without_header_lines, without_pages
from served import Served
from slack_program import ROOT, Program
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from town import MONDAY, shipped

from bot.domain.clock import MovableClock
from bot.platforms.slack.edge import EVENTS
from bot.platforms.slack.manifest import manifest

URL = f"https://{HOST}"
FORM = "application/x-www-form-urlencoded"
NONE: Mapping[str, str] = {}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@dataclass(frozen=True)
class Behind:
    """A program, and who comes to it through the proxy: browsers, and Slack."""

    program: Program
    browser: httpx.AsyncClient
    slack: HttpLine


@asynccontextmanager
async def behind(
    folder: Path, conf: str, sign_in: str = "http://127.0.0.1:9", more: Mapping[str, str] = NONE
) -> AsyncIterator[Behind]:
    """Run the program with Slack and people coming to it through the proxy alone."""
    clock = MovableClock(MONDAY)
    app = App.of_manifest(manifest(shipped().words("da"), "http", URL))
    async with SlackDouble(clock, app=app) as double:
        double.state.rates.enforced = False
        settings = {"public_url": URL, "hosts": HOST, **more}
        program = Program(folder, double, clock, "http", settings)
        try:
            await program.start()
            async with proxied(folder / "proxy", program.port, sign_in, conf) as browser:
                line = double.speaks_http(url=str(browser.base_url.join(EVENTS)))
                yield Behind(program, browser, line)
                await line.client.aclose()
        finally:
            await program.close()


async def team_of(program: Program) -> list[Person]:
    """Have the bot brought into a channel, set up there, and everybody be welcomed."""
    double = program.double
    folk = [double.person(name) for name in ("anna", "bo", "cia")]
    channel = double.channel("plejen", *folk, bot=False, private=True)
    await folk[0].invites_bot(channel)
    await program.until(lambda: any(one.app for one in double.messages(channel)))
    await folk[0].click("slack.setup")
    assert await folk[0].submit({"in.name": "Plejen"}) == "updated"
    await program.until(lambda: all(one.sees(one.dm) for one in folk))
    return folk


@pytest.fixture
async def signing_in() -> AsyncIterator[Served]:
    """What oauth2-proxy is to the proxy: it knows people by a cookie of its own."""

    async def knows(request: Request) -> Response:
        who = request.cookies.get("who", "")
        return Response(status_code=202, headers={"X-Auth-Request-Email": who}) if who else OUT

    async def asks(_: Request) -> Response:
        return PlainTextResponse("Who are you?")

    served = Served(
        Starlette(routes=[Route("/oauth2/auth", knows), Route("/oauth2/sign_in", asks)])
    )
    served.start()
    yield served
    served.stop()


OUT = Response(status_code=401)


async def test_with_header_people_are_who_the_sign_in_says_and_slack_needs_none(
    tmp_path: Path, signing_in: Served
) -> None:
    header = {"sign_in": "header", "sign_in_secret": SECRET}
    async with behind(tmp_path, CONF, signing_in.url, header) as here:
        program, browser = here.program, here.browser
        anna, bo, _ = await team_of(program)
        domain = program.double.team.domain
        for path in ("/", "/me", "/health"):
            assert (await browser.get(path)).text == "Who are you?"
        lies = {"X-Forwarded-Email": f"anna@{domain}.example", "X-Trivselsbot-Secret": SECRET}
        mine = {"Cookie": f"who=bo@{domain}.example"}
        page = (await browser.get("/me", headers={**mine, **lies})).text
        assert bo.user.real_name in page
        assert anna.user.real_name not in page
        for path in ("/slack/../me", "/slack/me", "/open/../me", "/open/x", EVENTS):
            answer = await browser.get(path, headers=lies)
            assert anna.user.real_name not in answer.text
        async with browser.stream("GET", "/live", headers=mine) as live:
            assert live.status_code == 200
            assert "event-stream" in live.headers["content-type"]
        said = await browser.post("/me", headers={**mine, "Origin": "https://elsewhere.example"})
        assert said.status_code == 403


async def test_what_slack_sends_is_passed_on_unchanged_and_what_somebody_else_sends_is_refused(
    tmp_path: Path,
) -> None:
    async with behind(tmp_path, without_pages(CONF)) as here:
        program, browser, line = here.program, here.browser, here.slack
        await team_of(program)
        body, kind = b"payload=%7B%22a%22%3A%22%C3%A6+%2B%20%22%7D", FORM
        assert (await line.post(body, kind)).status_code == 400  # signed, and understood as wrong
        assert (await line.post(body, kind, secret="forged")).status_code == 401
        assert (await line.post(body, kind, age=400)).status_code == 401
        assert (await line.post(b"a" * 1_100_000, kind)).status_code == 413
        assert await line.verify()
        for path in ("/", "/me", "/health", "/static/x/y"):
            assert (await browser.get(path)).status_code == 404
        assert "SLACK-9" in program.said


async def test_with_link_a_page_opens_from_slack_in_a_session_of_https_alone(
    tmp_path: Path,
) -> None:
    conf = without_header_lines(CONF)
    async with behind(tmp_path, conf, more={"sign_in": "link"}) as here:
        program, browser = here.program, here.browser
        anna, *_ = await team_of(program)
        assert (await browser.get("/me")).status_code == 401
        await anna.command("/trivsel")
        await program.until(lambda: anna.modals)
        await anna.click("slack.open", on=anna.modal)
        await program.until(lambda: "Åbn i browseren" in anna.reads())
        path = anna.link("Åbn i browseren", anna.modal).removeprefix(URL)
        await anna.click("Åbn i browseren", on=anna.modal)
        opened = await browser.get(path)
        assert opened.status_code == 200
        cookie = opened.headers["set-cookie"].lower()
        assert "secure" in cookie
        assert "httponly" in cookie
        page = (await browser.get("/me")).text
        assert anna.user.real_name in page
        browser.cookies.clear()
        assert (await browser.get(path)).status_code == 404  # once


def test_the_file_says_what_to_take_out() -> None:
    assert (ROOT / "deploy" / "nginx.conf").read_text().count("# header") == 5
    assert "auth_request" not in without_header_lines(CONF)
    assert "location / {" not in without_pages(CONF)
    assert "location /slack/ {" in without_pages(CONF)
