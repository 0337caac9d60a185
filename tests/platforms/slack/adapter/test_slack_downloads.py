"""The action plan as a file, from the board in Slack: by a link, else in one's own conversation."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from double import SlackDouble
from slack_town import KEY, URL, SlackTown, slack_town
from slack_walk import button
from town import cast

from bot.app import web
from bot.domain.clock import MovableClock
from bot.platforms.web.session import Sessions

WHAT = "Ti minutter sammen"


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    people = cast(("dag", 11), ("aften", 8))
    async with slack_town(
        tmp_path, slack, clock, people, transport=request.param, pages=False
    ) as found:
        yield found


async def on_the_board(t: SlackTown, person: str = "dag-1") -> None:
    """Open the board of a team with one action."""
    who = t.somebody(person)
    await who.command("/trivsel", f"tiltag {WHAT}")
    given = {"first_step": "Aftal et sted", "responsible": "dag-5", "due": "2026-03-16"}
    assert await who.submit({f"in.{name}": value for name, value in given.items()}) == "updated"
    board = button(who.modal, "slack.open", "board/dag")
    assert board is not None
    await who.click(board, on=who.modal)
    await t.settled()
    assert "Regneark" in who.reads()


async def test_a_file_is_sent_after_a_word_on_what_is_in_it(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    await on_the_board(t)
    before = len(lead.sees())
    await lead.click("Regneark (CSV)", on=lead.modal)
    await t.settled()
    assert "Filen nævner dem der er ansvarlige, ved navn" in lead.reads()
    assert len(lead.sees()) == before
    await lead.click("Send mig filen", on=lead.modal)
    await t.settled()
    told = lead.newest(lead.dm)
    (file,) = [t.double.state.files[one] for one in told.files]
    assert (file.shared_in, file.name[-4:]) == ([lead.dm.id], ".csv")
    assert WHAT in file.body.decode("utf-8-sig")
    assert "navne" in told.text
    assert "på vej" in lead.reads()
    await lead.close_modal()
    assert WHAT in lead.reads()  # the board is still under it


async def test_who_may_not_see_a_plan_gets_no_file_of_it(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    await on_the_board(t)
    await lead.click("Word", on=lead.modal)
    await t.settled()
    said = json.dumps(lead.modal.payload)
    forged = said.replace("dag.docx", "aften.docx")
    assert forged != said
    lead.modal.payload = json.loads(forged)
    await lead.click("Send mig filen", on=lead.modal)
    await t.settled()
    assert "ikke for dig" in lead.reads()
    assert not t.double.state.files


async def test_a_file_slack_does_not_take_is_told_of(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    await on_the_board(t)
    await lead.click("Word", on=lead.modal)
    await t.settled()
    t.double.fails("files.completeUploadExternal", way="error", error="fatal_error")
    await lead.click("Send mig filen", on=lead.modal)
    await t.settled()
    assert "kunne ikke sendes" in lead.newest(lead.dm).text


async def test_where_pages_are_on_a_file_is_a_link_of_ones_own(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    given = {"slack_mode": "socket", "slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}
    async with slack_town(
        tmp_path, slack, clock, cast(("dag", 11)), sign_in="link", public_url=URL, **given
    ) as t:
        lead = t.somebody("dag-1")
        await on_the_board(t)
        url = lead.link("Regneark (CSV)", on=lead.modal)
        app = httpx.ASGITransport(app=web(t.bot, Sessions(KEY)))
        async with httpx.AsyncClient(transport=app, base_url=URL) as browser:
            await lead.click("Regneark (CSV)", on=lead.modal)
            answer = await browser.get(url)
            assert "url=/export/dag.csv" in answer.text
            file = await browser.get("/export/dag.csv")
        assert WHAT in file.text
