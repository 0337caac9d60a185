"""Starting and planning a round, where the team has changed since its form was opened."""

from pathlib import Path

import pytest
from town import Town, cast, town

from bot.cards import Ask, Reply, Say
from bot.storage.people_bulk import make_inactive

TEAM = cast(("dag", 6), ("aften", 6))


async def sent_by_too_few(t: Town, form: str) -> Reply:
    """Open the form, let most of the team leave, and send it as it stood."""
    asked = await t.click("dag-1", form, "dag:checkin")
    assert isinstance(asked, Ask)
    gone = ("dag-3", "dag-4", "dag-5")
    await t.bot.store.write(lambda tx: make_inactive(tx, gone))
    values = {one.name: one.value for one in asked.form.inputs}
    return await t.submit("dag-1", form, "dag:checkin", **values)


@pytest.mark.parametrize("form", ["team.start", "team.plan"])
async def test_a_lead_whose_team_has_become_too_small_meanwhile_is_told_so(
    tmp_path: Path, form: str
) -> None:
    async with town(tmp_path, TEAM) as t:
        words, threshold = t.bot.front.words("da"), t.bot.settings.threshold
        told = Say(words("team.too_small", team="Dag", threshold=threshold))
        assert await sent_by_too_few(t, form) == told
