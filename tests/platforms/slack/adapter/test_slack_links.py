"""Pages open from Slack for the one who pressed the button, once, within a minute."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from double import Person, SlackDouble
from slack_town import KEY, URL, SlackTown, slack_town
from town import cast

from bot.app import web
from bot.domain.clock import MovableClock
from bot.platforms.slack.links import TRIES
from bot.platforms.web.session import Sessions


@pytest.fixture
async def t(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[SlackTown]:
    given = {"slack_mode": "socket", "slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}
    async with slack_town(
        tmp_path, slack, clock, cast(("dag", 6)), sign_in="link", public_url=URL, **given
    ) as town:
        yield town


@pytest.fixture
async def browser(t: SlackTown) -> AsyncIterator[httpx.AsyncClient]:
    app = web(t.bot, Sessions(KEY))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as client:
        yield client


async def link(person: Person) -> str:
    """Open a page in Slack and return where its button leads, without pressing it."""
    await person.command("/trivsel")
    await person.click("slack.open", on=person.modal)
    _, element = person.find("Åbn i browseren", person.modal)
    return str(element.body["url"])


async def test_a_pressed_link_signs_its_person_in(t: SlackTown, browser: httpx.AsyncClient) -> None:
    anna = t.somebody("dag-3")
    url = await link(anna)
    await anna.click("Åbn i browseren", on=anna.modal)
    answer = await browser.get(url)
    assert answer.status_code == 200
    assert 'url=/me"' in answer.text
    page = await browser.get("/me")
    assert page.status_code == 200
    assert "Dag 3" in page.text


async def test_a_link_nobody_pressed_opens_nothing(
    t: SlackTown, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.slack.links.BETWEEN", 0.0)
    url = await link(t.somebody("dag-3"))
    answer = await browser.get(url)
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers
    assert (await browser.get("/me")).status_code == 401


async def test_a_link_works_once_and_not_for_long(t: SlackTown, clock: MovableClock) -> None:
    anna = t.somebody("dag-3")
    links = t.slack.links
    assert links is not None
    url = await link(anna)
    token = url.rpartition("/")[2]
    await anna.click("Åbn i browseren", on=anna.modal)
    assert await links.use(token) == ("dag-3", "me")
    assert await links.use(token) is None
    await anna.click("Åbn i browseren", on=anna.modal)
    clock.move_to(clock.now() + timedelta(seconds=61))
    assert await links.use(token) is None


async def test_somebody_elses_press_opens_nothing(t: SlackTown) -> None:
    links = t.slack.links
    assert links is not None
    url = links.address("dag-3", "me")
    await links.pressed(url, "dag-4")
    assert await links.use(url.rpartition("/")[2]) is None


async def test_a_forged_link_and_a_look_ahead_open_nothing(
    t: SlackTown, browser: httpx.AsyncClient
) -> None:
    anna = t.somebody("dag-3")
    url = await link(anna)
    await anna.click("Åbn i browseren", on=anna.modal)
    assert (await browser.get(url[:-2] + "xx")).status_code == 404
    assert (await browser.head(url)).status_code == 404
    assert (await browser.get(url)).status_code == 200
    assert TRIES > 1
