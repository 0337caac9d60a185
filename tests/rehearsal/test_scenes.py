"""What people meet, by name: each in every language and for everybody it is for."""

from pathlib import Path

import pytest
from town import shipped

from bot.domain.languages import LANGUAGES, Language
from bot.rehearsal.in_words import in_words
from bot.rehearsal.scenes import SCENES, world
from bot.rehearsal.slack_scenes import drawn

pytestmark = pytest.mark.slow

GUIDES = Path(__file__).parents[2] / "docs"
ORDER = sorted(SCENES, key=lambda name: (name == "action", name == "dialogue"))
"""A dialogue is begun for its scene, and an action's reminder comes days later."""


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_scene_is_there_for_everybody_it_is_for(language: Language) -> None:
    async with world(shipped(), language) as there:
        unknown = there.words("note.unknown")
        for name in ORDER:
            for role in SCENES[name].roles:
                seen = await there.see(name, role)
                text = in_words(seen)
                assert "[" in text, name  # something to press
                assert unknown not in text
                assert there.words("error.not_understood") not in text
                assert there.words("error.not_allowed") not in text
                assert (await drawn(seen, there.words, there.bot.charts)).surfaces


async def test_an_invention_is_the_same_each_time() -> None:
    found = []
    for _ in range(2):
        async with world(shipped(), "da") as there:
            found.append([in_words(await there.see(name)) for name in ORDER])
    assert found[0] == found[1]


async def test_a_lead_is_shown_what_only_leads_have() -> None:
    async with world(shipped(), "en") as there:
        lead, employee = [in_words(await there.see("menu", one)) for one in ("lead", "employee")]
        early = in_words(await there.see("result", "lead"))
        assert there.words("menu.team") in lead
        assert there.words("menu.team") not in employee
        assert len(early) > len(in_words(await there.see("result")))
