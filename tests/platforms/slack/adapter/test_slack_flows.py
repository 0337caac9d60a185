"""Whole flows in Slack, over both transports: what people press and send, and what comes of it."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from double import Person, SlackDouble
from slack_town import SlackTown, slack_town
from slack_walk import filled
from town import cast

from bot.domain.clock import MovableClock
from bot.domain.rounds import Round
from bot.storage import dialogues

CANARY = "kanariefuglen synger"


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    people = cast(("dag", 11))
    async with slack_town(tmp_path, slack, clock, people, transport=request.param) as town:
        for n in range(1, 12):
            town.somebody(f"dag-{n}")
        await town.bot.tick(clock.now())
        await town.travel(clock.now() + timedelta(minutes=5))
        yield town


async def answers(person: Person, value: int = 4, comment: str = "") -> None:
    """Open what waits from the invitation and answer it to the end."""
    await person.click("slack.waiting", on=person.newest(person.dm))
    if person.modal.payload["callback_id"] == "ask.sheet":
        assert await person.submit(filled(person, value, comment)) == "updated"
        return
    for _ in range(30):
        view = person.modal.payload
        if view.get("callback_id") != "slack.questions":
            break
        block = next(one for one in view["blocks"] if one["type"] == "input")
        wanted = next(
            one["value"]
            for one in block["element"]["options"]
            if json.loads(one["value"])[2].endswith(f":{value}")
        )
        assert await person.submit({block["block_id"]: wanted}) == "updated"
    if view.get("callback_id") == "ask.comment":
        await person.submit({"in.comment": comment} if comment else {})


def dump(t: SlackTown) -> dict[str, list[object]]:
    """Return every table of the database but the slots."""
    with closing(sqlite3.connect(t.bot.settings.database)) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
        return {name: sorted(map(repr, db.execute(f'SELECT * FROM "{name}"'))) for name in names}


@pytest.mark.parametrize("instrument", ["checkin", "maturity"])
async def test_an_instrument_goes_from_invitation_to_result(t: SlackTown, instrument: str) -> None:
    channel = t.double.channel("dagholdet", t.somebody("dag-1"), private=True)
    await t.bind(channel, "node:dag")
    opened = await t.open(instrument)
    for n in range(1, 12):
        await answers(t.somebody(f"dag-{n}"))
        assert "Tak" in t.somebody(f"dag-{n}").reads()
    await t.travel(opened.publish_at + timedelta(days=3))
    posted = t.double.messages(channel)
    assert posted
    assert any(one.metadata for one in posted)


async def test_answering_changes_one_slot_and_no_conversation(t: SlackTown) -> None:
    await t.open("checkin")
    anna = t.somebody("dag-3")
    before, seen = dump(t), len(anna.sees())
    await answers(anna, comment=CANARY)
    after = dump(t)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"slot"}
    assert len(anna.sees()) == seen
    assert CANARY not in str([one.blocks for one in anna.sees()])
    assert CANARY not in str([call.args for call in t.double.state.calls])


async def test_one_goes_back_and_on_again_and_skips(t: SlackTown) -> None:
    opened: Round = await t.open("maturity")
    anna = t.somebody("dag-3")
    await anna.click("slack.waiting", on=anna.newest(anna.dm))
    assert await anna.submit() == "updated"  # nothing chosen: skipped
    assert len(opened.questions) > 1
    await anna.click("Tilbage", on=anna.modal)
    await t.settled()
    assert anna.modal.payload["callback_id"] == "slack.questions"


async def test_a_walk_says_how_far_one_has_come_and_may_be_broken_off_at_each_topic(
    t: SlackTown,
) -> None:
    await t.open("maturity")
    anna = t.somebody("dag-3")
    await anna.click("slack.waiting", on=anna.newest(anna.dm))
    for number in range(1, 11):
        assert f"{number} af 10" in anna.reads()
        assert "Vælg intet for at springe over." in anna.reads()
        assert anna.modal.payload["submit"]["text"] == ("Send svar" if number == 10 else "Næste")
        assert ("Resten senere" in anna.reads()) == (number > 1)
        if number < 10:
            await anna.submit()
    await anna.click("Resten senere", on=anna.modal)
    await t.settled()
    assert "Dine svar er gemt. Jeg spørger om resten mandag den 2. marts" in anna.reads()


async def test_later_is_a_button_below_the_question(t: SlackTown) -> None:
    await t.open("checkin")
    anna = t.somebody("dag-3")
    await anna.click("slack.waiting", on=anna.newest(anna.dm))
    await anna.click("ask.later", on=anna.modal)
    await t.settled()
    assert "submit" not in anna.modal.payload or anna.modal.payload["callback_id"] != "ask.comment"
    assert "Send svar" not in str(anna.modal.payload)


async def test_an_action_is_made_and_stands_on_the_board(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    await lead.command("/trivsel", "tiltag Ti minutter sammen hver morgen")
    given = {
        "in.first_step": "Aftal et sted",
        "in.responsible": "dag-5",
        "in.due": "2026-03-16",
        "in.perspective": "promoting",
    }
    fields = {one.get("block_id") for one in lead.modal.payload["blocks"]}
    result = await lead.submit({name: v for name, v in given.items() if name in fields})
    assert result == "updated", lead.errors
    page = await t.bot.front.page("dag-1", "board/dag")
    assert page is not None
    assert "Ti minutter sammen hver morgen" in repr(page.cards)


async def test_a_dialogue_is_begun_and_an_idea_is_written(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    await lead.command("/trivsel", "dialog Samarbejde")
    assert await lead.submit({"in.way": "days", "in.naming": "anonymous"}) == "updated", lead.errors
    await t.bot.tick(t.clock.now())
    (one,) = await t.bot.store.read(lambda tx: dialogues.running(tx, ["dag"]))
    assert one.topic == "Samarbejde"
    anna = t.somebody("dag-3")
    await anna.click("slack.waiting", on=anna.newest(anna.dm))
    await anna.click("ideas.write", on=anna.modal)
    await t.settled()
    assert await anna.submit({"in.idea_1": CANARY}) == "updated"
    assert CANARY not in str([m.blocks for m in anna.sees()])


async def test_a_round_survives_a_socket_that_closes_in_the_middle_of_a_modal(
    t: SlackTown,
) -> None:
    await t.open("checkin")
    anna = t.somebody("dag-3")
    await anna.click("slack.waiting", on=anna.newest(anna.dm))
    if t.double.socket.connections:
        for connection in list(t.double.socket.connections):
            await connection.close()
        await t.double.until(lambda: t.double.socket.connections)
    assert await anna.submit(filled(anna, 3)) == "updated"
    assert "Tak" in anna.reads()


@pytest.mark.parametrize("way", ["garbage", "dropped", "status"])
async def test_when_slack_is_in_trouble_nothing_is_lost_and_everybody_is_acknowledged(
    t: SlackTown, way: str
) -> None:
    anna = t.somebody("dag-3")
    t.double.fails("views.open", way=way)
    await anna.command("/trivsel", "væk")
    await t.settled()
    assert anna.trouble == ""
    assert "Slack kunne ikke vise det" in anna.newest().text
    await anna.command("/trivsel", "væk")
    assert anna.modals
