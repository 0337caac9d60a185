"""An action plan as real files: what a spreadsheet and Word find in them."""

import csv
import io
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from bot.reports.action_plan import Plan, as_csv, as_docx, file_name

PLAN = Plan(
    title="Handlingsplan: Børn & Unge",
    made="Organisationen, 16. marts 2026",
    columns=("Problem", "Løsning", "Ansvarlig", "Dato", "Opfølgning", "Status", "Effekt"),
    rows=(
        ("Støj", "Ro\nFørste skridt: Find et sted", "Åse", "2026-03-09", "2026-03-16", "Gjort", ""),
        ("", 'Sig "tak"; også til Bo, ja', "Bo", "2026-04-01", "2026-04-15", "Aftalt", "Virker"),
    ),
    organisation="Organisationen",
    made_at=datetime(2026, 3, 16, 9, tzinfo=UTC),
    none="Ingen tiltag endnu.",
)


def read(body: bytes, separator: str) -> list[list[str]]:
    text = body.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


@pytest.mark.parametrize("separator", [";", ","])
def test_a_spreadsheet_finds_every_cell_as_it_was(separator: str) -> None:
    found = read(as_csv(PLAN, separator), separator)
    assert found == [list(PLAN.columns), *(list(row) for row in PLAN.rows)]


def test_excel_is_told_that_it_is_utf_8() -> None:
    assert as_csv(PLAN, ";").startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    "begin", ["=", "+", "-", "@", "\t", "\r", "\n", "'=", "''@", "＝", "＋", "－", "＠"]
)
def test_no_cell_is_a_formula(begin: str) -> None:
    evil = f'{begin}HYPERLINK("http://x";"y")'
    plan = replace(PLAN, rows=((evil,) * 7,), columns=(evil,) * 7)
    for row in read(as_csv(plan, ";"), ";"):
        assert row == [f"'{evil}"] * 7


def test_a_word_or_a_number_is_left_as_it_is() -> None:
    for harmless in ("Ro", "3-4 gange", "'s morgens", "a=b", "", " = "):
        plan = replace(PLAN, rows=((harmless,) * 7,))
        assert read(as_csv(plan, ";"), ";")[1] == [harmless] * 7


def test_half_a_character_does_not_stop_the_file() -> None:
    plan = replace(PLAN, rows=(("\ud83d",) * 7,))
    assert read(as_csv(plan, ";"), ";")[1] == ["?"] * 7
    assert docx.Document(io.BytesIO(as_docx(plan))).tables[0].cell(1, 0).text == ""


def test_word_opens_the_plan_with_its_table() -> None:
    found = docx.Document(io.BytesIO(as_docx(PLAN)))
    assert found.paragraphs[0].text == PLAN.title
    assert PLAN.made in [one.text for one in found.paragraphs]
    (table,) = found.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        list(PLAN.columns),
        *(list(row) for row in PLAN.rows),
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    page = found.sections[0]
    assert page.orientation == WD_ORIENT.LANDSCAPE
    assert page.page_width > page.page_height


def test_the_document_says_where_it_comes_from_and_nothing_of_what_made_it() -> None:
    about = docx.Document(io.BytesIO(as_docx(PLAN))).core_properties
    assert (about.title, about.author) == (PLAN.title, PLAN.organisation)
    assert about.created == about.modified
    assert about.created.replace(tzinfo=UTC) == PLAN.made_at
    assert (about.comments, about.last_modified_by) == ("", "")


def test_what_cannot_stand_in_a_document_is_left_out() -> None:
    plan = replace(PLAN, rows=(("a\x00b\x0bc\x1f\ufffed", *("",) * 6),), title="T\x07")
    found = docx.Document(io.BytesIO(as_docx(plan)))
    assert found.tables[0].cell(1, 0).text == "abcd"


def test_a_plan_without_actions_says_so() -> None:
    empty = replace(PLAN, rows=())
    found = docx.Document(io.BytesIO(as_docx(empty)))
    assert found.tables == []
    assert PLAN.none in "\n".join(one.text for one in found.paragraphs)
    assert read(as_csv(empty, ";"), ";") == [list(PLAN.columns)]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("handlingsplan Børn & Unge 2026-03-16", "handlingsplan-børn-unge-2026-03-16.csv"),
        ("../../etc/passwd", "etc-passwd.csv"),
        ('a"b\r\nc:d|e', "a-b-c-d-e.csv"),
        ("...", "plan.csv"),
        ("x" * 200, "x" * 80 + ".csv"),
    ],
)
def test_a_files_name_is_one_any_system_takes(name: str, file: str) -> None:
    assert file_name(name, "csv") == file


def test_word_is_not_loaded_before_a_document_is_asked_for() -> None:
    code = "import sys, bot.app; sys.exit('docx' in sys.modules or 'lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
