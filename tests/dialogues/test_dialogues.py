"""Whole conversations in three languages, as they stand in the text files beside this one.

Between two replies the bot is stopped and started again, so every line proves that a restart there
loses nothing. ``WRITE_TRANSCRIPTS=1`` writes the files anew; read them before they are kept.
"""

import os
from pathlib import Path

import pytest
from town import Town, at
from transcript import Talk

from bot.domain.languages import LANGUAGES, Language

HERE = Path(__file__).parent
LONG = {"da": "Vi hjælper hinanden. ", "sv": "Vi hjälper varandra. ", "en": "We help each other. "}
SHORT = {
    "da": "Morgenmødet hjælper <b>mig</b>",
    "sv": "Morgonmötet hjälper <b>mig</b>",
    "en": "The morning meeting helps <b>me</b>",
}


def as_it_stands(talk: Talk, name: str) -> None:
    """Compare with the file, or write it."""
    file = HERE / name
    if os.environ.get("WRITE_TRANSCRIPTS"):
        file.write_text(talk.text, encoding="utf-8")
    assert talk.text == file.read_text(encoding="utf-8")


async def colleagues_answer(t: Town, round_id: str, *, words: bool) -> None:
    for n, value in zip((2, 4, 5, 6, 7, 8, 9, 10, 11), (4, 5, 4, 3, 5, 4, 4, 2, 4), strict=True):
        told = f"Kommentar {n}" if words and n in (4, 5) else None
        await t.answer(f"dag-{n}", round_id, value, told)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_checkin_from_the_first_question_to_the_result(
    tmp_path: Path, language: Language
) -> None:
    talk = Talk(tmp_path, "dag-3", language)
    async with talk.bot() as t:
        opened = await t.open("checkin", ("dag",), questions=3)
    talk.note("Monday 2 March, 9:00")
    await talk.look()
    late = talk.on_screen("ask.skip")
    await talk.press("ask.later")
    talk.note("noon")
    await talk.travel(at(2, 12))
    await talk.look()
    await talk.press("ask.answer", ":4")
    await talk.press("ask.back")
    await talk.press("ask.answer", ":5")
    await talk.press_again(late)
    await talk.press("ask.answer", ":0")
    await talk.press("ask.skip")
    await talk.fill_in(comment=LONG[language] * 40)
    await talk.fill_in(comment=SHORT[language])
    await talk.press("ask.review")
    await talk.press("ask.show", opened.questions[2].id)
    await talk.press("ask.answer", ":3")
    async with talk.bot() as t:
        await colleagues_answer(t, opened.id, words=True)
    talk.note("the round closes, and the day after the team has the result")
    await talk.travel(opened.closes_at)
    await talk.press_again(late)
    await talk.travel(opened.publish_at)
    await talk.press_again(late)
    await talk.look("node:dag")
    as_it_stands(talk, f"checkin.{language}.txt")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_maturity_tool_from_the_first_topic_to_the_result(
    tmp_path: Path, language: Language
) -> None:
    talk = Talk(tmp_path, "dag-3", language)
    async with talk.bot() as t:
        opened = await t.open("maturity", ("dag",), open_days=10)
    await talk.look()
    for value in (":4", ":3", ":0"):
        await talk.press("ask.answer", value)
    await talk.press("ask.skip")
    await talk.press("ask.back")
    for value in (":2", ":4", ":4", ":5", ":3", ":4", ":4"):
        await talk.press("ask.answer", value)
    async with talk.bot() as t:
        await colleagues_answer(t, opened.id, words=False)
    talk.note("the round closes, and the day after the team has the result")
    await talk.travel(opened.publish_at)
    await talk.look("node:dag")
    as_it_stands(talk, f"maturity.{language}.txt")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_typed_is_answered_helpfully(tmp_path: Path, language: Language) -> None:
    talk = Talk(tmp_path, "dag-3", language)
    for typed in ("", "hjalp", "modenhd", "checkin", "plam", "<script>"):
        await talk.type(typed)
    as_it_stands(talk, f"typed.{language}.txt")
