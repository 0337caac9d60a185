"""Figures are drawn once: every page, channel, picture and language shows the stored ones."""

import re
from datetime import timedelta

import pytest
from town import Town, cast, town
from whole_bot import all_the_way, dump, said

from bot.cards import Show
from bot.domain.chance import SystemChance
from bot.domain.languages import LANGUAGES
from bot.domain.people import Grant, Role
from bot.domain.rounds import Round
from bot.privacy import labels
from bot.storage import figures, people

TEAM = cast(("dag", 13), ("aften", 8), ("nat", 4))
_FIGURE = re.compile(r"value=([0-9.]+)")
_NUMBER = re.compile(r"\b\d(?:[.,]\d)?\b")


async def _round(t: Town) -> Round:
    one = await t.open("maturity", ("org",))
    for n, person in enumerate(TEAM.people):
        await all_the_way(t, person.id, one, n % 5 + 1, said(n) if n % 2 else "")
    return one


async def _ways_out(t: Town, one: Round, person: str) -> dict[str, str]:
    """Return everything somebody can be shown of a round's result, by way."""
    found = {}
    for place in (f"person:{person}", "node:dag", "node:org"):
        seen = await t.bot.front.conversation(person, place)
        if seen is not None:
            found[place] = repr([item.card for item in seen.items])
    for page in ("results", "team/dag"):
        found[page] = repr(await t.bot.front.page(person, page))
    for kept in await t.bot.store.read(lambda tx: figures.of_round(tx, one.id)):
        found[f"results/{kept.id}"] = repr(await t.bot.front.page(person, f"results/{kept.id}"))
        found[f"chart/{kept.id}"] = repr(await t.bot.front.chart(person, kept.id))
    return found


@pytest.mark.slow
async def test_reading_again_never_draws_again(tmp_path, monkeypatch):
    async with town(tmp_path, TEAM) as t:
        one = await _round(t)
        await t.travel(one.publish_at + timedelta(hours=1))
        stored = dump(t.bot.settings.database)["figure"]
        for name in ("draw_label", "figure"):
            monkeypatch.setattr(labels, name, _never)
        monkeypatch.setattr(SystemChance, "generator", _never)
        monkeypatch.setattr(t.bot.env.chance, "generator", _never)
        for person in ("dag-1", "dag-3", "boss", "aften-2"):
            first = await _ways_out(t, one, person)
            for _ in range(3):
                assert await _ways_out(t, one, person) == first
        assert dump(t.bot.settings.database)["figure"] == stored


def _never(*_: object, **__: object) -> None:
    raise AssertionError("a figure was drawn again")


async def test_every_language_and_every_way_shows_the_same_figures(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await _round(t)
        await t.travel(one.publish_at + timedelta(hours=1))
        pictures, tables = set(), set()
        (mine,) = [
            kept
            for kept in await t.bot.store.read(lambda tx: figures.of_round(tx, one.id))
            if kept.figure.at == "dag"
        ]
        for language in LANGUAGES:
            await t.bot.store.write(
                lambda tx, language=language: people.set_language(tx, "dag-3", language)
            )
            chart = await t.bot.front.chart("dag-3", mine.id)
            assert chart is not None
            pictures.add(tuple(bar.value for bar in chart.bars))
            page = await t.bot.front.page("dag-3", f"results/{mine.id}")
            assert page is not None
            numbers = [
                re.sub(",", ".", found) for row in _rows(page) for found in _NUMBER.findall(row)
            ]
            tables.add(tuple(numbers))
        assert len(pictures) == len(tables) == 1
        stored = [asked.label.value for asked in mine.figure.questions if asked.label]
        assert pictures == {tuple(stored)}


def _rows(page: object) -> list[str]:
    """Return the second column of the page's table of figures."""
    return re.findall(r"\('[^']*', '([^']*)', '[^']*', '[^']*'\)", repr(page))


async def test_the_lead_sees_early_what_the_team_sees_later_but_for_the_comments(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await _round(t)
        await t.travel(one.closes_at)
        assert (await t.round(one.id)).publish_at > t.clock.now()
        kept = await t.bot.store.read(lambda tx: figures.of_round(tx, one.id))
        (mine,) = [found for found in kept if found.figure.at == "dag"]
        early = await t.bot.front.chart("dag-1", mine.id)
        assert early is not None
        assert await t.bot.front.chart("dag-3", mine.id) is None
        assert await t.bot.front.page("dag-3", f"results/{mine.id}") is None
        assert "Kanariefuglen" not in repr(await t.bot.front.page("dag-1", f"results/{mine.id}"))
        await t.travel(one.publish_at)
        assert await t.bot.front.chart("dag-3", mine.id) == early


async def test_a_group_of_too_few_is_shown_nowhere_and_to_nobody(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        for n in range(2, 6):
            await all_the_way(t, f"dag-{n}", one, 1, said(n))
        await t.travel(one.publish_at + timedelta(hours=1))
        assert await t.bot.store.read(lambda tx: figures.of_round(tx, one.id)) == ()
        assert dump(t.bot.settings.database)["comment"] == []
        for person in ("dag-1", "dag-3", "boss"):
            for way in (await _ways_out(t, one, person)).values():
                assert "Chart(" not in way
                assert "Kanariefuglen" not in way
            shown = await t.type(person, "resultat")
            assert isinstance(shown, Show)


@pytest.mark.parametrize("person", ["aften-1", "nat-2"])
async def test_another_team_sees_neither_figures_nor_comments(tmp_path, person):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("maturity", ("dag",))
        for n in range(1, 14):
            await all_the_way(t, f"dag-{n}", one, 2, said(n))
        await t.travel(one.publish_at + timedelta(hours=1))
        kept = await t.bot.store.read(lambda tx: figures.of_round(tx, one.id))
        assert kept
        for found in kept:
            assert await t.bot.front.chart(person, found.id) is None
            assert await t.bot.front.page(person, f"results/{found.id}") is None
        assert await t.bot.front.conversation(person, "node:dag") is None
        assert await t.bot.front.conversation(person, "person:dag-2") is None


async def test_an_amr_reads_only_the_comments_of_the_groups_he_is_elected_for(tmp_path):
    teams = cast(("dag", 13), ("aften", 13))
    mine = (*teams.grants, Grant("aften-3", "aften", Role.AMR))
    async with town(tmp_path, type(teams)(teams.nodes, teams.people, mine)) as t:
        one = await t.open("maturity", ("org",))
        for team in ("dag", "aften"):
            for n in range(2, 14):
                await all_the_way(t, f"{team}-{n}", one, 3, f"Kanariefuglen hos {team} {n}")
        await t.travel(one.closes_at + timedelta(hours=1))
        card = repr(await t.shown("aften-3", "person:aften-3"))
        assert "Kanariefuglen hos aften" in card
        assert "Kanariefuglen hos dag" not in card
        both = repr(await t.shown("dag-2", "person:dag-2"))
        assert "Kanariefuglen hos aften" in both
        assert "Kanariefuglen hos dag" in both
