"""The bot's pages by their paths: none leads to itself."""

from datetime import timedelta
from pathlib import Path

from acting import made
from closed_rounds import answered, team
from town import Town, town

from bot.cards import Actions, Link


async def ways(t: Town, person: str, path: str) -> list[str]:
    found = await t.bot.front.page(person, path)
    assert found is not None, path
    rows = [part for card in found.cards for part in card.children if isinstance(part, Actions)]
    every = [one for row in rows for one in row.children if isinstance(one, Link)]
    return [one.path for one in every if not one.chosen]


async def test_an_actions_page_and_a_results_page_have_no_way_to_themselves(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        item = await made(t)
        opened = await t.open()
        await answered(t, opened, team("dag", range(1, 9)))
        await t.travel(opened.publish_at + timedelta(hours=1))
        card = (await t.shown("dag-3", "node:dag"))[-1]
        rows = [part for part in card.children if isinstance(part, Actions)]
        (result,) = {
            one.path
            for row in rows
            for one in row.children
            if isinstance(one, Link) and one.path.startswith("results/")
        }
        for path in (f"action/{item.id}", result):
            assert path not in await ways(t, "dag-3", path)
        assert "board/dag" in await ways(t, "dag-3", f"action/{item.id}")
