"""The whole loop as people live it, in three languages: best, now, how, a vote, an action, its
reminders, the follow-up, and the digest.

As in ``test_dialogues``, the bot is stopped and started again between two replies.
"""

from pathlib import Path

import pytest
from talks import vote, write_all
from test_dialogues import as_it_stands
from town import Town, at
from transcript import Talk

from bot.domain.action_items import ActionItem
from bot.domain.dialogues import Dialogue
from bot.domain.languages import LANGUAGES, Language
from bot.domain.rounds import EFFECT, Round
from bot.storage import actions, dialogues, rounds

LEAD, AMR = "dag-1", "dag-2"
WRITTEN = {
    "da": ("overdragelsen", "Alle er med", "Vi løber forbi hinanden", "Ti minutter ved tavlen"),
    "sv": ("överlämningen", "Alla är med", "Vi springer förbi varandra", "Tio minuter vid tavlan"),
    "en": ("the handover", "Everybody is there", "We rush past", "Ten minutes at the board"),
}
STEP = {
    "da": "Find et tidspunkt på mandag",
    "sv": "Hitta en tid på måndag",
    "en": "Find a time on Monday",
}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_loop_from_a_talk_to_the_digest(tmp_path: Path, language: Language) -> None:
    talk = Talk(tmp_path, LEAD, language)
    async with talk.bot():
        pass
    talk.note("Monday 2 March, 9:00")
    one = await _talk_about(talk, language)
    await _vote_on_it(talk, one)
    item = await _agree(talk, one, language)
    await _get_it_done(talk)
    await _judge(talk, item)
    talk.note("Tuesday 5 May: the work-environment group has its digest")
    await talk.hand_over(AMR)
    await talk.travel(at(5, 12, month=5))
    await talk.look("amg:org")
    as_it_stands(talk, f"loop.{language}.txt")


async def _talk_about(talk: Talk, language: Language) -> Dialogue:
    topic, *texts = WRITTEN[language]
    await talk.type(f"dialog {topic}")
    await talk.send()
    async with talk.bot() as t:
        (one,) = await t.bot.store.read(lambda tx: dialogues.running(tx, ["dag"]))
    await talk.look()
    for text in texts:
        await talk.press("ideas.write")
        await talk.send(idea_1=text, mark_1=["none"])
    async with talk.bot() as t:
        for n in range(3, 8):
            await write_all(t, f"dag-{n}", one, f"({n})")
    return one


async def _vote_on_it(talk: Talk, one: Dialogue) -> None:
    talk.note("Thursday: the time is up")
    await talk.travel(at(5))
    await talk.look("node:dag")
    await talk.visit(f"dialogue/{one.id}")
    await talk.press("dialogue.next")
    await talk.look()
    await talk.press("votes.cast")
    async with talk.bot() as t:
        mine = await _mine(t, one)
    await talk.send(groups=[mine])
    async with talk.bot() as t:
        for n in range(3, 9):
            await vote(t, f"dag-{n}", one, mine)


async def _mine(t: Town, one: Dialogue) -> str:
    """Return the group of the idea that no colleague wrote."""
    groups = await t.bot.store.read(lambda tx: dialogues.groups(tx, one.id))
    return next(each.id for each in groups if each.step.value == "how" and "(" not in each.name)


async def _agree(talk: Talk, one: Dialogue, language: Language) -> ActionItem:
    talk.note("Monday: the vote is over")
    await talk.travel(at(9))
    await talk.visit(f"dialogue/{one.id}")
    await talk.press("action.new")
    await talk.send()  # without a first step
    await talk.send(first_step=STEP[language])
    await talk.visit(f"dialogue/{one.id}")
    await talk.press("dialogue.next")
    async with talk.bot() as t:
        (item,) = await t.bot.store.read(lambda tx: actions.of_nodes(tx, ["dag"]))
    return item


async def _get_it_done(talk: Talk) -> None:
    talk.note("Wednesday: the first step")
    await talk.travel(at(11, 12))
    await talk.look()
    await talk.press("action.start")
    talk.note("Thursday 19 March: the date comes near")
    await talk.travel(at(19, 12))
    await talk.look()
    await talk.press("action.done")
    talk.note("Monday 23 March: the team's own reminder")
    await talk.travel(at(23, 12))
    await talk.look("node:dag")


async def _judge(talk: Talk, item: ActionItem) -> None:
    async with talk.bot() as t:
        now = await t.bot.store.read(lambda tx: actions.get(tx, item.id))
    assert now is not None
    day = now.follow_up
    talk.note("the follow-up")
    await talk.travel(at(day.day, 12, month=day.month))
    await talk.look()
    await talk.press("effect.say", "works")
    async with talk.bot() as t:
        asked = await t.bot.store.read(lambda tx: rounds.about(tx, EFFECT, item.id))
        await _colleagues_answer(t, asked[0])
    talk.note("the team has answered")
    await talk.travel(asked[0].publish_at)
    await talk.look("node:dag")
    await talk.look()
    await talk.press("effect.keep", "scale")


async def _colleagues_answer(t: Town, one: Round) -> None:
    members = await t.bot.store.read(lambda tx: rounds.members(tx, one.id))
    for member, value in zip(members, (5, 5, 3, 5, 5, 3, 5), strict=False):
        await t.answer(member.person, one.id, value)
