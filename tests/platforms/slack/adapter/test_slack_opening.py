"""What a list names opens from the list, over both transports: results, actions, wishes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import Person, SlackDouble
from slack_walk import Walk, blocks_of, filled, newest, send, walk
from town import at

from bot.domain.clock import MovableClock

WHAT, WISH = "Ti minutter sammen", "Vi mangler en afløser"


@pytest.fixture(params=["http", "socket"])
async def w(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[Walk]:
    async with walk(tmp_path, slack, clock, request.param) as found:
        yield found


async def agrees(w: Walk, what: str = WHAT) -> None:
    """Let the lead write an action of his team's down."""
    lead = w.who("dag-1")
    await lead.command("/trivsel", f"tiltag {what}")
    given = {"first_step": "Aftal et sted", "perspective": "promoting"}
    await send(lead, {**given, "responsible": "dag-5", "due": "2026-03-16"})
    await w.ticks()


async def answers(w: Walk) -> str:
    """Let the team answer a check-in, and its result be out; return its name in lists."""
    opened = await w.t.open("checkin")
    for n in range(3, 12):
        who = w.who(f"dag-{n}")
        await w.press_on(who, who.newest(who.dm), "slack.waiting")
        assert await who.submit(filled(who, 4)) == "updated"
    await w.t.travel(opened.publish_at + timedelta(minutes=5))
    return "Trivselstjek"


def opens(who: Person, name: str) -> str:
    """Return the page that the button beside ``name`` opens."""
    found = [
        one["accessory"]["value"]
        for one in blocks_of(who.modal)
        if one["type"] == "section" and "accessory" in one and name in one["text"]["text"]
    ]
    assert found, (name, who.reads())
    return str(found[0])


async def test_from_the_list_of_results_one_opens_an_older_result(w: Walk) -> None:
    await answers(w)
    lead = w.who("dag-1")
    await lead.command("/trivsel", "resultat")
    path = opens(lead, "Samlet")
    assert "results/" in path
    await w.press(lead, "slack.open", "results/")
    assert "svarede" in lead.reads()


async def test_from_the_board_one_opens_an_action(w: Walk) -> None:
    await agrees(w)
    await w.t.travel(at(9, 10))
    seven = w.who("dag-7")
    await w.press_on(seven, newest(seven, WHAT, w.team), "slack.open", "board/dag")
    assert "action/" in opens(seven, WHAT)
    await w.press(seven, "slack.open", "action/")
    assert "Aftal et sted" in seven.reads()
    assert "Ansvarlig" in seven.reads()


async def test_from_the_digest_one_opens_the_action_the_wish_and_the_result(w: Walk) -> None:
    await agrees(w)
    await answers(w)
    await w.t.travel(at(9, 10))
    lead, two = w.who("dag-1"), w.who("dag-2")
    await w.press_on(lead, newest(lead, WHAT, w.team), "action.show")
    await w.press(lead, "escalation.new")
    await send(lead, {"wish": WISH})
    await agrees(w, "Kaffe sammen")
    await w.t.travel(at(7, 10, month=4))
    told = newest(two, "Overblik", w.group)
    for kind, words in (
        ("action/", "Aftal et sted"), ("escalation/", WISH), ("results/", "svarede"),
    ):  # fmt: skip
        await w.press_on(two, told, "slack.open", kind)
        assert words in two.reads(), (kind, two.reads())
