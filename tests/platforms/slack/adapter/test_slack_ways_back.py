"""The way back inside a window, over both transports: forms lie over the page they belong to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from double import Person, SlackDouble
from slack_town import SlackTown, slack_town
from slack_walk import button, filled
from town import cast

from bot.domain.clock import MovableClock

GIVEN = {
    "in.what": "Kaffe sammen",
    "in.first_step": "Aftal et sted",
    "in.responsible": "dag-5",
    "in.due": "2026-03-16",
}


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    people = cast(("dag", 11))
    async with slack_town(tmp_path, slack, clock, people, transport=request.param) as town:
        yield town


async def press(t: SlackTown, who: Person, name: str, holding: str = "") -> None:
    found = button(who.modal, name, holding)
    assert found is not None, (name, who.reads())
    await who.click(found, on=who.modal)
    assert who.trouble == ""
    await t.settled()


async def on_the_board(t: SlackTown) -> Person:
    lead = t.somebody("dag-1")
    await lead.command("/trivsel")
    await press(t, lead, "slack.open", "team/dag")
    await press(t, lead, "slack.open", "board/dag")
    return lead


async def test_a_form_lies_over_its_page_and_who_closes_it_is_back(t: SlackTown) -> None:
    lead = await on_the_board(t)
    board = lead.modal.id
    await press(t, lead, "action.new")
    assert [one.id for one in lead.modals][:-1] == [board]
    lead.fill({"in.what": "Halvt skrevet"})
    await lead.close_modal()
    assert lead.modal.id == board
    assert "Nyt tiltag" in lead.reads()


async def test_what_a_form_changed_stands_on_the_page_under_it(t: SlackTown) -> None:
    lead = await on_the_board(t)
    board = lead.modal.id
    await press(t, lead, "action.new")
    await lead.submit(GIVEN)
    await t.settled()
    while lead.modal.id != board:
        assert "Kaffe sammen" in lead.reads()
        await lead.close_modal()
    assert "Kaffe sammen" in lead.reads()
    assert button(lead.modal, "slack.open", "action/") is not None


async def test_a_setting_saved_over_a_page_is_told_on_the_page_and_the_form_is_gone(
    t: SlackTown,
) -> None:
    anna = t.somebody("dag-3")
    await anna.command("/trivsel")
    await press(t, anna, "slack.open", '"me"')
    await press(t, anna, "slack.open", "preferences")
    page = anna.modal.id
    await press(t, anna, "me.away")
    assert anna.modal.id != page
    await anna.submit({"in.first": "2026-03-04", "in.last": "2026-03-06"})
    assert [one.id for one in anna.modals] == [page]
    assert "6. marts" in anna.reads()


async def test_a_page_slack_does_not_show_again_leaves_its_news_in_the_window(
    t: SlackTown,
) -> None:
    anna = t.somebody("dag-3")
    await anna.command("/trivsel")
    await press(t, anna, "slack.open", '"me"')
    await press(t, anna, "slack.open", "preferences")
    await press(t, anna, "me.away")
    t.double.fails("views.update", way="error", error="fatal_error")
    given = {"in.first": "2026-03-04", "in.last": "2026-03-06"}
    assert await anna.submit(given) == "updated"
    assert "6. marts" in anna.reads()


async def test_pages_lead_back_to_the_pages_one_came_by(t: SlackTown) -> None:
    lead = await on_the_board(t)
    await press(t, lead, "slack.open", "history/dag")
    await press(t, lead, "Tilbage")
    assert "Nyt tiltag" in lead.reads()
    assert len(lead.modals) == 1
    await press(t, lead, "Tilbage")
    assert button(lead.modal, "slack.open", "board/dag") is not None
    assert button(lead.modal, "Tilbage") is None


async def test_another_choice_on_the_same_page_is_no_step(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    await lead.command("/trivsel", "tiltag Kaffe sammen")
    assert await lead.submit(GIVEN) == "updated"
    await lead.close_modal(all_of_them=True)
    await on_the_board(t)
    await press(t, lead, "slack.open", "board/dag/")
    await press(t, lead, "Tilbage")
    assert button(lead.modal, "Tilbage") is None


async def test_questions_opened_from_a_page_are_answered_over_it(t: SlackTown) -> None:
    await t.open("checkin")
    anna = t.somebody("dag-3")
    await anna.command("/trivsel")
    await press(t, anna, "slack.open", '"me"')
    page = anna.modal.id
    await press(t, anna, "slack.waiting")
    assert await anna.submit(filled(anna, 4)) == "updated"
    assert "Tak" in anna.reads()
    await t.settled()
    await anna.close_modal()
    assert anna.modal.id == page
    assert button(anna.modal, "slack.waiting") is None
