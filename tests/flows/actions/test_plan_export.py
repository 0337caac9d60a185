"""A team's action plan to be downloaded: who may, in which language, and what stands in it."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from effect_town import LEAD, agree, item
from town import Town, cast, town

from bot.cards import Actions, Link
from bot.domain.action_items import ActionState, Effect, Source, Verdict
from bot.flows.views import Download
from bot.storage import people
from bot.storage.store import Tx

TEAM = cast(("dag", 11), ("aften", 8))


async def file(t: Town, person: str, name: str) -> Download:
    found = await t.bot.front.download(person, name)
    assert found is not None
    return found


async def rows(t: Town, person: str, name: str, separator: str) -> list[list[str]]:
    text = (await file(t, person, name)).body.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


async def speak(t: Town, person: str, language: str) -> None:
    def work(tx: Tx) -> None:
        people.set_language(tx, person, language)  # type: ignore[arg-type]

    await t.bot.store.write(work)


async def agreed(t: Town) -> None:
    await agree(t, item(problem="Støj i gangen", how="Uden telefon", state=ActionState.OPEN))
    done = item(
        id="b" * 32,
        what="=SUM(A1)",
        node="org",
        due=date(2026, 3, 4),
        state=ActionState.DONE,
        effect=Effect.WORKS,
        said=Effect.NOT_YET,
        verdict=Verdict.KEEP,
        source=Source("dialogue", "d" * 32, "Overlevering"),
    )
    await agree(t, done)


async def test_the_plan_has_what_a_workplace_assessments_plan_has(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await agreed(t)
        assert await rows(t, "dag-5", "dag.csv", ";") == [
            ["Problem", "Løsning", "Ansvarlig", "Dato", "Opfølgning", "Status", "Effekt"],
            [
                "Støj i gangen",
                "Ti minutters ro hver morgen\nFørste skridt: Find et sted uden telefon\n"
                "Uden telefon",
                "Dag 3",
                "2026-03-09",
                "2026-03-16",
                "Aftalt",
                "",
            ],
        ]


async def test_a_department_has_its_own_and_those_below_the_soonest_first(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await agreed(t)
        _, first, second = await rows(t, "boss", "org.csv", ";")
        assert first[0] == "Overlevering"
        assert first[1].startswith("'=SUM(A1)\n")
        assert first[6] == "Virker\nBehold det"
        assert second[0] == "Støj i gangen"


@pytest.mark.parametrize(
    ("language", "separator", "heading", "name"),
    [
        ("da", ";", "Løsning", "handlingsplan-dag-2026-03-02.csv"),
        ("sv", ";", "Åtgärd", "handlingsplan-dag-2026-03-02.csv"),
        ("en", ",", "Solution", "action-plan-dag-2026-03-02.csv"),
    ],
)
async def test_everybody_gets_it_in_his_own_language_as_his_spreadsheet_reads_it(
    tmp_path: Path, language: str, separator: str, heading: str, name: str
) -> None:
    async with town(tmp_path, TEAM) as t:
        await agreed(t)
        await speak(t, "dag-5", language)
        assert (await rows(t, "dag-5", "dag.csv", separator))[0][1] == heading
        assert (await file(t, "dag-5", "dag.csv")).name == name


async def test_the_word_document_says_the_same(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await agreed(t)
        found = await file(t, LEAD, "dag.docx")
        assert found.name == "handlingsplan-dag-2026-03-02.docx"
        (table,) = docx.Document(io.BytesIO(found.body)).tables
        read = [[cell.text for cell in row.cells] for row in table.rows]
        assert read == await rows(t, LEAD, "dag.csv", ";")


async def test_who_may_not_see_the_actions_gets_no_file(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await agreed(t)
        for person in ("aften-1", "aften-3", "nobody"):
            for name in ("dag.csv", "dag.docx"):
                assert await t.bot.front.download(person, name) is None
        for name in ("dag", "dag.pdf", ".csv", "nowhere.csv", "../dag.csv", "dag.csv/", ""):
            assert await t.bot.front.download("dag-5", name) is None


async def test_somebody_who_has_left_is_still_named(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await agreed(t)

        def leave(tx: Tx) -> None:
            one = people.get(tx, "dag-3")
            assert one is not None
            people.put_person(tx, replace(one, active=False))

        await t.bot.store.write(leave)
        assert (await rows(t, "dag-5", "dag.csv", ";"))[1][2] == "Dag 3"


async def test_the_board_and_the_story_offer_both_files(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        for path in ("board/dag", "history/dag"):
            page = await t.bot.front.page("dag-5", path)
            assert page is not None
            links = [
                one.path
                for card in page.cards
                for part in card.children
                if isinstance(part, Actions)
                for one in part.children
                if isinstance(one, Link)
            ]
            assert {"export/dag.csv", "export/dag.docx"} <= set(links)
