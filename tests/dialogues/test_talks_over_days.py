"""A whole dialogue over some days as its leader lives it, in three languages.

As in ``test_dialogues``, the bot is stopped and started again between two replies.
"""

from pathlib import Path

import pytest
from talks import vote, write_all
from test_dialogues import as_it_stands
from town import Town, at
from transcript import Talk

from bot.domain.dialogues import Dialogue
from bot.domain.languages import LANGUAGES, Language
from bot.storage import dialogues

TOPIC = {"da": "overdragelsen", "sv": "överlämningen", "en": "the handover"}
BEST = {
    "da": "Alle ved hvad der er sket i nat",
    "sv": "Alla vet vad som har hänt i natt",
    "en": "Everybody knows what happened at night",
}
HOW = {
    "da": "Ti minutter sammen ved tavlen",
    "sv": "Tio minuter tillsammans vid tavlan",
    "en": "Ten minutes together at the board",
}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_dialogue_from_its_topic_to_what_became_of_it(
    tmp_path: Path, language: Language
) -> None:
    talk = Talk(tmp_path, "dag-1", language)
    async with talk.bot():
        pass
    talk.note("Monday 2 March, 9:00")
    await talk.type(f"dialog {TOPIC[language]}")
    await talk.fill_in(topic=TOPIC[language], way=["days"], naming=["anonymous"], days="3")
    one = await _running(talk)
    await talk.look()
    await talk.press("dialogue.who")
    await talk.look()
    await talk.press("ideas.write")
    await talk.fill_in(idea_1=BEST[language], mark_1=["health"])
    await talk.press("ideas.skip")
    await talk.press("ideas.show", "now")
    await talk.press("ideas.skip")
    await talk.press("ideas.write")
    await talk.fill_in(idea_1="x" * 201)
    await talk.fill_in(idea_1=HOW[language])
    await talk.press("ideas.review")
    async with talk.bot() as t:
        for n in range(3, 7):
            await write_all(t, f"dag-{n}", one, f"({n})")
    talk.note("Thursday: the time is up")
    await talk.travel(at(5))
    await talk.look("node:dag")
    await talk.visit(f"dialogue/{one.id}")
    await talk.press("dialogue.next")
    await talk.look()
    await talk.press("votes.cast")
    await talk.fill_in(groups=talk.options("groups")[:1])
    async with talk.bot() as t:
        await _vote_alike(t, one)
    talk.note("Monday: the vote is over")
    await talk.travel(at(9))
    await talk.visit(f"dialogue/{one.id}")
    await talk.press("dialogue.next")
    await talk.travel(at(9, 10))
    await talk.look("node:dag")
    as_it_stands(talk, f"dialogue.{language}.txt")


async def _running(talk: Talk) -> Dialogue:
    async with talk.bot() as t:
        (one,) = await t.bot.store.read(lambda tx: dialogues.running(tx, ["dag"]))
    return one


async def _vote_alike(t: Town, one: Dialogue) -> None:
    groups = await t.bot.store.read(lambda tx: dialogues.groups(tx, one.id))
    how = [group.id for group in groups if group.step.value == "how"]
    for n in range(3, 8):
        await vote(t, f"dag-{n}", one, how[1])
