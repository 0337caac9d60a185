"""A people file: bytes in, sound rows and all faults out. Pure.

The words it may use are in ``people.words``; what a file changes is decided in
``people.importing``.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.domain.languages import Language
from bot.domain.people import Role
from bot.flows.people import words

SEPARATORS = (",", ";", "\t")
LONGEST_ID, LONGEST_NAME, LONGEST_EMAIL, DEEPEST = 64, 120, 254, 12
AS_TEAM = "-"
"""In a cell of one's own settings: as the team has it. An empty cell leaves what is."""

_ID = re.compile(r"\w[\w.+-]*")
_EMAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"']+")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file. ``line`` counts from 1; 0 is the file as a whole."""

    line: int
    text: str


class PeopleFaults(Exception):  # noqa: N818 - plural: every fault at once
    """The file cannot be used; nothing was changed."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults), key=lambda fault: (fault.line, fault.text)))
        super().__init__("\n".join(f"line {fault.line}: {fault.text}" for fault in self.faults))


@dataclass(frozen=True)
class WantedRole:
    """A role as written; an empty ``place`` is the person's own team."""

    role: Role
    place: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One person as the file has him. ``language`` and ``days``: the value, ``-`` or ``None``."""

    line: int
    id: str | None
    name: str
    email: str | None
    path: tuple[str, ...]
    language: Language | str | None = None
    days: frozenset[int] | str | None = None
    roles: tuple[WantedRole, ...] = ()


@dataclass(frozen=True)
class PeopleFile:
    """What was read: sound rows, and every fault of the others."""

    columns: frozenset[str] = frozenset()
    rows: tuple[Row, ...] = ()
    paths: tuple[tuple[int, tuple[str, ...]], ...] = ()
    """Line and path of every row that has one, also where the rest of the row is not sound."""
    faults: tuple[Fault, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass
class _Reading:
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    paths: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)

    def fault(self, line: int, text: str) -> None:
        self.faults.append(Fault(line, text))


def read(data: bytes) -> PeopleFile:
    """Read a CSV file: UTF-8 (also UTF-16 or Windows-1252), parted by comma, semicolon or tab."""
    reading = _Reading()
    text = _decoded(data, reading)
    if text is None or not text.strip():
        reading.fault(0, "the file is empty" if text is not None else "the file is not text")
        return PeopleFile(faults=tuple(reading.faults))
    lines = list(_cells(text, reading))
    if not lines:
        return PeopleFile(faults=tuple(reading.faults))
    columns = _columns(lines[0], reading)
    if reading.faults:
        return PeopleFile(faults=tuple(reading.faults))
    if len(lines) == 1:
        reading.fault(0, "the file has a heading and no people")
    rows = [_row(line, cells, columns, reading) for line, cells in lines[1:]]
    _refuse_doubles([row for row in rows if row], reading)
    return PeopleFile(
        columns=frozenset(columns) - {""},
        rows=tuple(row for row in rows if row),
        paths=tuple(reading.paths),
        faults=tuple(reading.faults),
        warnings=tuple(reading.warnings),
    )


def _decoded(data: bytes, reading: _Reading) -> str | None:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    reading.warnings.append(
        "The file is not UTF-8; it was read as Windows-1252. Look at the names before you apply it."
    )
    return text


def _cells(text: str, reading: _Reading) -> Iterator[tuple[int, list[str]]]:
    """Yield first line and cells of every row that holds something."""
    skipped = 0
    if text[:4].lower() == "sep=":
        text, skipped = text.partition("\n")[2], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line + skipped, cells
            line = reader.line_num + 1
    except csv.Error as error:
        reading.fault(line + skipped, f"this line cannot be read as CSV: {error}")


def _separator(text: str) -> str:
    """Return the sign between the cells: the one that finds most headings in the first row."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def headings(sign: str) -> int:
        return sum(words.heading(cell.strip('" ')) is not None for cell in first.split(sign))

    return max(SEPARATORS, key=headings)


def _columns(first: tuple[int, list[str]], reading: _Reading) -> list[str]:
    line, cells = first
    found: list[str] = []
    for cell in cells:
        column = words.heading(cell) or ""
        if column and column in found:
            reading.fault(line, f"the column {column} comes twice")
        if not column and cell.strip():
            reading.warnings.append(f"The column {quoted(cell)} is not known and was left out.")
        found.append(column)
    for needed in ("name", "team"):
        if needed not in found:
            reading.fault(line, f"there is no column {needed}")
    if "id" not in found and "email" not in found:
        reading.fault(line, "there is no column id and none email: one of them is needed")
    return found


def _row(line: int, cells: list[str], columns: list[str], reading: _Reading) -> Row | None:
    before = len(reading.faults)
    if any(cell.strip() for cell in cells[len(columns) :]):
        reading.fault(line, "more cells than headings (a separator in a value needs quotes)")
    got = {column: _clean(cell) for column, cell in zip(columns, cells, strict=False) if column}
    for column, cell in got.items():
        if not cell.isprintable() and any(_hidden(sign) for sign in cell):
            reading.fault(line, f"{column} holds control characters")
    id_, email = got.get("id", ""), got.get("email", "").lower()
    if "@" in id_:
        id_, email = "", email or id_.lower()
    name, path = got.get("name", ""), words.split_path(got.get("team", ""))
    _check_person(line, id_, name, email, reading)
    if _sound_path(line, path, reading):
        reading.paths.append((line, path))
    language = _own(line, got.get("language", ""), words.language, "language", reading)
    days = _own(line, got.get("working_days", ""), words.working_days, "working_days", reading)
    roles = _roles(line, got.get("roles", ""), reading)
    if len(reading.faults) > before:
        return None
    return Row(line, id_ or None, name, email or None, path, language, days, roles)


def _hidden(sign: str) -> bool:
    return unicodedata.category(sign) == "Cc" or sign in _BIDI


def _clean(cell: str) -> str:
    """Return the cell in one spelling, without the mark an export puts before a formula's sign."""
    text = " ".join(unicodedata.normalize("NFC", cell).split())
    return text[1:] if re.match(r"'+[=+\-@]", text) else text


def _check_person(line: int, id_: str, name: str, email: str, reading: _Reading) -> None:
    if not id_ and not email:
        reading.fault(line, "neither id nor email: one of them is needed")
    if id_ and (len(id_) > LONGEST_ID or not _ID.fullmatch(id_)):
        reading.fault(
            line,
            f"id {quoted(id_)}: up to {LONGEST_ID} letters, digits and . _ + - (no spaces)",
        )
    if email and (len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email)):
        reading.fault(line, f"email {quoted(email)} is not an address")
    if not name:
        reading.fault(line, "the name is missing")
    if len(name) > LONGEST_NAME:
        reading.fault(line, f"the name has {len(name)} characters; {LONGEST_NAME} is the most")


def _sound_path(line: int, path: tuple[str, ...], reading: _Reading) -> bool:
    before = len(reading.faults)
    if path == ("",):
        reading.fault(line, "the team is missing")
    elif "" in path:
        reading.fault(line, "the team's path has an empty name")
    if len(path) > DEEPEST:
        reading.fault(line, f"the team's path has {len(path)} levels; {DEEPEST} is the most")
    for name in path:
        if len(name) > LONGEST_NAME:
            text = f"a team's name has {len(name)} characters; {LONGEST_NAME} is the most"
            reading.fault(line, text)
    return len(reading.faults) == before


def _own(line: int, cell: str, meaning: object, column: str, reading: _Reading) -> "str | None":
    if cell in ("", AS_TEAM):
        return cell or None
    assert callable(meaning)
    found = meaning(cell)
    if found is None:
        known = "da, sv or en" if column == "language" else "like mon tue wed, or mon-fri"
        reading.fault(line, f"unknown {column} {quoted(cell)}; write {known}")
    return found  # type: ignore[no-any-return]


def _roles(line: int, cell: str, reading: _Reading) -> tuple[WantedRole, ...]:
    found = []
    for written, role, place in words.split_roles(cell):
        if role is None or "" in place:
            known = ", ".join(one.value for one in Role)
            reading.fault(line, f"unknown role {quoted(written)}; there is {known}")
        else:
            found.append(WantedRole(role, place))
    return tuple(found)


def _refuse_doubles(rows: Iterable[Row], reading: _Reading) -> None:
    ids: dict[str, int] = {}
    emails: dict[str, int] = {}
    for row in rows:
        for seen, what, value in ((ids, "id", row.id), (emails, "email", row.email)):
            if value is None:
                continue
            first = seen.setdefault(value.casefold(), row.line)
            if first != row.line:
                text = f"{what} {quoted(value)} stands in line {first} already"
                reading.fault(row.line, text)


def quoted(value: str) -> str:
    """Return a value as it may stand in a line on a terminal: short, and nothing but signs."""
    safe = "".join(sign if sign.isprintable() else "�" for sign in value)
    return f"“{safe[:40]}…”" if len(safe) > 40 else f"“{safe}”"
