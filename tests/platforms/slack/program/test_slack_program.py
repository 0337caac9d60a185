"""``trivselsbot run`` with only tokens in its settings: from the first invitation to the result.

On the way it is asked to stop while people answer, and killed right after an acknowledgement.
"""

import asyncio
import re
import signal
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from double import Channel, Message, Person
from double.reading import elements
from slack_program import Program

NAMES = ("anna", "bo", "cia", "dan", "eva", "finn", "gry", "hans")


@dataclass(frozen=True)
class Team:
    """Eight people in a channel of their own."""

    folk: list[Person]
    channel: Channel


async def set_up(program: Program) -> Team:
    """Begin with nothing: bring the bot into a channel, and press the button of its welcome."""
    double = program.double
    folk = [double.person(name) for name in NAMES]
    channel = double.channel("plejen", *folk, bot=False, private=True)
    await folk[0].invites_bot(channel)
    await program.until(
        lambda: any(has_button(one.blocks, "slack.setup") for one in double.messages(channel))
    )
    await folk[0].click("slack.setup")
    assert await folk[0].submit({"in.name": "Plejen"}) == "updated"
    await program.until(lambda: all(one.sees(one.dm) for one in folk))
    return Team(folk, channel)


async def begin(program: Program, team: Team) -> None:
    """Have the lead start a check-in, and wait until everybody is invited."""
    lead = team.folk[0]
    await lead.command("/trivsel", "tjek")
    await program.until(lambda: lead.modals)
    assert await lead.submit() == "updated", lead.errors
    await program.until(lambda: all(invitations(one) for one in team.folk))


def invitations(person: Person) -> list[Message]:
    """Return what he got that opens the questions."""
    return [one for one in person.sees(person.dm) if has_button(one.blocks, "slack.waiting")]


def has_button(blocks: list[dict[str, Any]], name: str) -> bool:
    return any(one.kind == "button" and one.named(name) for one in elements(blocks))


async def opens(program: Program, person: Person) -> None:
    """Open the questions from the invitation."""
    if person.modals:
        await person.close_modal(all_of_them=True)
    await person.click("slack.waiting", on=invitations(person)[0])
    await program.until(lambda: person.modals)


def choices(person: Person) -> dict[str, str]:
    """Return the fourth answer of each question in the open modal, by its block."""
    asked = [b for b in person.modal.payload["blocks"] if b["type"] == "input"]
    rated = [b for b in asked if b["element"]["type"] in ("radio_buttons", "static_select")]
    return {one["block_id"]: one["element"]["options"][3]["value"] for one in rated}


async def first_answer(person: Person) -> str:
    """Answer the first question alone, and send."""
    block, value = next(iter(choices(person).items()))
    return await person.submit({block: value})


async def answers(program: Program, person: Person) -> None:
    """Answer everything there is."""
    await opens(program, person)
    while chosen := choices(person):
        assert await person.submit(dict(chosen)) == "updated", person.errors
    if person.modal.payload.get("submit"):
        assert await person.submit() == "updated"


async def results(program: Program, channel: Channel) -> list[Message]:
    """Let days go by until the result and its picture stand in the channel; return all there."""
    for _ in range(10):
        program.move_by(timedelta(days=1))
        with suppress(TimeoutError):
            await program.double.until(lambda: pictures(program.double.messages(channel)), 5)
            return program.double.messages(channel)
    raise AssertionError(program.said)


def pictures(messages: list[Message]) -> set[str]:
    """Return the uploaded files that messages show."""
    blocks = [block for one in messages for block in one.blocks if block["type"] == "image"]
    return {block["slack_file"]["id"] for block in blocks}


def said_by_bot(messages: list[Message]) -> Counter[str]:
    """Count what the bot has said in one place; each thing is said once."""
    return Counter(f"{one.text} {one.blocks}" for one in messages if one.app)


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_check_in_goes_from_nothing_to_its_result_through_a_stop_and_a_kill(
    program: Program,
) -> None:
    await program.start()
    team = await set_up(program)
    await begin(program, team)
    whole, caught, last = team.folk[:5], team.folk[5:7], team.folk[7]
    for one in whole[:3]:
        await answers(program, one)

    for one in caught:
        await opens(program, one)
    *became, code = await asyncio.gather(*map(first_answer, caught), program.stop(signal.SIGTERM))
    assert code == 0, program.said
    assert program.said.rstrip().endswith("stopped")
    assert set(became) <= {"updated", "trouble"}

    await program.start()
    for one, what in zip(caught, became, strict=True):
        if what == "trouble":  # it was not acknowledged: he does it again
            await opens(program, one)
            assert await first_answer(one) == "updated"
    await opens(program, last)
    assert await first_answer(last) == "updated"
    assert await program.stop(signal.SIGKILL) < 0

    await program.start()
    for one in whole[3:]:
        await answers(program, one)
    posted = await results(program, team.channel)
    said = "\n".join(team.folk[0].reads(one) for one in posted)
    assert "7 af 7 svarede" in said  # all but the lead, whom it is told to
    (file,) = pictures(posted)
    shown = program.double.state.files[file]
    assert shown.body.startswith(b"\x89PNG")
    assert shown.alt_text
    for seen in (posted, *(one.sees(one.dm) for one in team.folk)):
        assert not [what for what, times in said_by_bot(seen).items() if times > 1]
    assert not re.search(r"ERROR|Traceback|SLACK-|SEND-", program.said), program.said
