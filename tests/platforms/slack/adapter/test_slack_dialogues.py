"""A dialogue over days in Slack, over both transports: from the first idea to an agreed action."""

from pathlib import Path

import pytest
from double import SlackDouble
from slack_walk import Walk, choices, newest, send, walk
from town import at

from bot.domain.clock import MovableClock
from bot.domain.dialogues import Dialogue, Phase
from bot.storage import dialogues, ideas

WRITERS = [f"dag-{n}" for n in range(3, 9)]
STEPS = ("best", "now", "how")


async def standing(w: Walk) -> Dialogue:
    (one,) = await w.t.bot.store.read(lambda tx: dialogues.running(tx, ["dag"]))
    return one


async def begin(w: Walk, naming: str) -> None:
    lead = w.who("dag-1")
    await lead.command("/trivsel", "dialog Samarbejde")
    await send(lead, {"way": "days", "naming": naming, "days": "3"})
    await w.ticks()


async def write(w: Walk) -> None:
    """Let six people write an idea to each of the three questions, from what they were sent."""
    for person in WRITERS:
        who = w.who(person)
        asked = who.newest(who.dm)
        way_in = "slack.waiting" if "Se spørgsmålene" in who.reads(asked) else "ideas.show"
        await w.press_on(who, asked, way_in)
        for step in STEPS:
            await w.press(who, "ideas.write", step)
            await send(who, {"idea_1": f"{step} fra {person}"})
        assert "Dine 3 idéer er gemt" in who.reads()


async def group(w: Walk) -> None:
    """Let the lead put three of the last question's ideas together and go on to the vote."""
    lead = w.who("dag-1")
    called = newest(lead, "Samarbejde", lead.dm)
    await w.press_on(lead, called, "slack.open", "dialogue/")
    await w.press(lead, "dialogue.group", ":how:")
    first = list(choices(lead, "ideas").values())[:3]
    await send(lead, {"ideas": first, "name": "Mandagsmøde"})
    assert "3 idéer står nu under “Mandagsmøde”" in lead.reads()
    await w.press(lead, "dialogue.next")
    await w.ticks()


async def vote(w: Walk) -> None:
    for person in WRITERS:
        who = w.who(person)
        await w.press_on(who, newest(who, "Se spørgsmålene", who.dm), "slack.waiting")
        await w.press(who, "votes.cast")
        await send(who, {"groups": [choices(who, "groups")["Mandagsmøde"]]})
        assert "Du har givet 1 stemme" in who.reads()


@pytest.mark.parametrize("transport", ["http", "socket"])
@pytest.mark.parametrize("naming", ["named", "anonymous"])
async def test_a_dialogue_goes_from_ideas_in_modals_to_an_action(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, naming: str, transport: str
) -> None:
    async with walk(tmp_path, slack, clock, transport) as w:
        lead, colleague = w.who("dag-1"), w.who("dag-9")
        await begin(w, naming)
        assert "dialog om Samarbejde" in colleague.reads(colleague.newest(w.team))
        await write(w)
        await w.t.travel(at(5, 10))
        assert "Idéerne er klar" in colleague.reads(colleague.newest(w.team))
        one = await standing(w)
        written = await w.t.bot.store.read(lambda tx: ideas.of_dialogue(tx, one.id))
        by = set(WRITERS) if naming == "named" else {None}
        assert {idea.author for idea in written} == by
        await group(w)
        assert (await standing(w)).phase is Phase.VOTING
        await vote(w)
        await w.t.travel(at(9, 12))
        assert "1. Mandagsmøde" in colleague.reads(colleague.newest(w.team))
        await w.press_on(lead, newest(lead, "Nu kan idéerne blive til tiltag"), "slack.open")
        await w.press(lead, "action.new")
        step = {"first_step": "Sæt mødet i kalenderen", "responsible": "dag-5"}
        await send(lead, {**step, "perspective": "promoting"})
        assert "Tiltaget er gemt" in lead.reads()
        await w.press_on(lead, newest(lead, "Nu kan idéerne blive til tiltag"), "slack.open")
        await w.press(lead, "dialogue.next")
        await w.ticks()
        ended = colleague.newest(w.team)
        await w.press_on(colleague, ended, "slack.open", "action/")
        assert "Sæt mødet i kalenderen" in colleague.reads()


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_an_idea_without_a_name_is_in_no_call_and_no_conversation_before_the_close(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, transport: str
) -> None:
    async with walk(tmp_path, slack, clock, transport) as w:
        await begin(w, "anonymous")
        before = len(slack.state.calls)
        who = w.who("dag-3")
        await w.press_on(who, who.newest(who.dm), "slack.waiting")
        await w.press(who, "ideas.write", "best")
        await send(who, {"idea_1": "kanariefuglen synger"})
        assert "kanariefuglen" not in str([one.args for one in slack.state.calls[before:]])
        assert "kanariefuglen" not in str([m.blocks for m in who.sees()])
