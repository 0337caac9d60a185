"""A new action's form begins with what it takes; the rest is a press away, over both transports."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from double import SlackDouble
from slack_town import SlackTown, slack_town
from town import cast

from bot.domain.action_items import ActionItem
from bot.domain.clock import MovableClock
from bot.storage import actions

FOUR = {"what", "first_step", "responsible", "due"}
GIVEN = {"in.first_step": "Aftal et sted", "in.responsible": "dag-5", "in.due": "2026-03-16"}


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    people = cast(("dag", 11))
    async with slack_town(tmp_path, slack, clock, people, transport=request.param) as town:
        yield town


def asked(t: SlackTown) -> set[str]:
    blocks = t.somebody("dag-1").modal.payload["blocks"]
    return {one["block_id"].removeprefix("in.") for one in blocks if one["type"] == "input"}


async def kept(t: SlackTown) -> ActionItem:
    (one,) = await t.bot.store.read(lambda tx: actions.of_nodes(tx, ["dag"]))
    return one


async def test_four_things_make_an_action(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    await lead.command("/trivsel", "tiltag Kaffe sammen")
    assert asked(t) == FOUR
    assert await lead.submit(GIVEN) == "updated"
    one = await kept(t)
    assert (one.what, one.first_step, one.responsible) == (
        "Kaffe sammen", "Aftal et sted", "dag-5",
    )  # fmt: skip


async def test_the_rest_comes_with_what_was_typed_and_what_stood_there(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    await lead.command("/trivsel", "tiltag Kaffe sammen")
    view = lead.modal.id
    lead.fill(GIVEN)
    await lead.click("slack.more", on=lead.modal)
    await t.settled()
    assert lead.modal.id == view
    assert asked(t) > FOUR
    assert "Kaffe sammen" in str(lead.modal.payload["blocks"])
    assert "Aftal et sted" in str(lead.modal.payload["blocks"])
    assert await lead.submit({"in.where": "Gangen"}) == "updated"
    one = await kept(t)
    assert (one.what, one.where, one.responsible) == ("Kaffe sammen", "Gangen", "dag-5")


async def test_editing_the_four_leaves_the_rest_as_it_was(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    await lead.command("/trivsel", "tiltag Kaffe sammen")
    lead.fill(GIVEN)
    await lead.click("slack.more", on=lead.modal)
    await t.settled()
    await lead.submit({"in.where": "Gangen", "in.goal": "Ro"})
    await lead.click("action.edit", on=lead.modal)
    await t.settled()
    assert asked(t) == FOUR
    await lead.submit({"in.what": "Te sammen"})
    one = await kept(t)
    assert (one.what, one.where, one.goal) == ("Te sammen", "Gangen", "Ro")


async def test_a_form_that_is_not_for_him_any_more_stays_as_it_is(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    await lead.command("/trivsel", "tiltag Kaffe sammen")
    lead.modal.payload["private_metadata"] = '["ingen","person:dag-1"]'
    await lead.click("slack.more", on=lead.modal)
    await t.settled()
    assert "kunne ikke vise det" in lead.reads()
