"""An action plan as a file: a spreadsheet or a Word document, in the form an APV plan has.

Pure, but for the library that writes Word, which is loaded with the first document. What stands in
the plan and who may have it is decided in ``flows.actions.export``.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document as DocumentObject

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How a cell begins that a spreadsheet would reckon with instead of showing it."""
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_NAMES = re.compile(r"[^\w]+")
_LONGEST_NAME = 80
_WIDTHS_CM = (4.6, 7.0, 3.2, 2.6, 2.6, 2.2, 3.5)


@dataclass(frozen=True)
class Plan:
    """A plan in words: headings, and a row of as many cells for each action.

    ``organisation`` and ``made_at`` become the document's author and date.
    """

    title: str
    made: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    organisation: str
    made_at: datetime
    none: str = ""
    """What a document says when there are no rows."""


def as_csv(plan: Plan, separator: str) -> bytes:
    """Return a spreadsheet's text as Excel opens it: UTF-8 with a mark; no cell is a formula."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator)
    writer.writerow([_no_formula(cell) for cell in plan.columns])
    writer.writerows([_no_formula(cell) for cell in row] for row in plan.rows)
    return written.getvalue().encode("utf-8-sig", errors="replace")


def as_docx(plan: Plan) -> bytes:
    """Return a Word document on a page lying down, its headings repeated on every page."""
    from docx import Document  # kept out of the start: it takes some 15 MB
    from docx.enum.section import WD_ORIENT
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    document = Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    about = document.core_properties
    about.title, about.author = _plain(plan.title), _plain(plan.organisation)
    about.created = about.modified = plan.made_at.replace(tzinfo=None)
    about.comments = about.last_modified_by = ""
    document.add_heading(_plain(plan.title), level=1)
    document.add_paragraph(_plain(plan.made if plan.rows else f"{plan.made}\n{plan.none}"))
    if not plan.rows:
        return _bytes(document)
    table = document.add_table(rows=1, cols=len(plan.columns), style="Table Grid")
    table.autofit = False
    for cells in (plan.columns, *plan.rows):
        row = table.rows[0] if cells is plan.columns else table.add_row()
        for cell, text, width in zip(row.cells, cells, _WIDTHS_CM, strict=True):
            cell.width = Cm(width)
            run = cell.paragraphs[0].add_run(_plain(text))
            run.font.size, run.bold = Pt(9), cells is plan.columns
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return _bytes(document)


def file_name(name: str, ending: str) -> str:
    """Return a name any system takes, whatever a team is called: words with hyphens between."""
    words = _NOT_IN_NAMES.sub("-", name.casefold()).strip("-")[:_LONGEST_NAME].strip("-")
    return f"{words or 'plan'}.{ending}"


def _no_formula(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _plain(text: str) -> str:
    """Return the text without what cannot stand in a document at all."""
    return _NOT_IN_XML.sub("", text)


def _bytes(document: "DocumentObject") -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()
