"""A people file is read whatever its separator, letters or language; every fault has its line."""

import csv
import io

import pytest

from bot.domain.people import Grant, Node, Person, Role, Tree
from bot.flows.people.export import export
from bot.flows.people.file import PeopleFile, WantedRole, quoted, read
from bot.flows.people.words import split_path, split_roles, working_days


def faults(text: str | bytes) -> list[tuple[int, str]]:
    data = text.encode() if isinstance(text, str) else text
    return [(fault.line, fault.text) for fault in read(data).faults]


def sound(text: str | bytes) -> PeopleFile:
    found = read(text.encode() if isinstance(text, str) else text)
    assert found.faults == ()
    return found


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize(
    "headings",
    [
        ("id", "name", "email", "team"),
        ("Medarbejdernummer", "Navn", "E-mail", "Afdeling"),
        ("anställningsnummer", "NAMN", "e-post", "enhet"),
        ("Employee ID", "Full name", "mail", "Unit"),
    ],
)
def test_headings_in_three_languages_and_three_separators_mean_the_same(
    sign: str, headings: tuple[str, ...]
) -> None:
    lines = [sign.join(headings), sign.join(("7", "Åse Ørn", "Aase@Example.org", "A / B"))]
    (row,) = sound("\r\n".join(lines)).rows
    assert (row.id, row.name, row.email, row.path) == (
        "7",
        "Åse Ørn",
        "aase@example.org",
        ("A", "B"),
    )


def test_columns_may_stand_in_any_order_and_unknown_ones_are_told_and_left_out() -> None:
    found = sound("shoe size,team,name,id\n44,A,Bo,1\n")
    assert found.rows[0].name == "Bo"
    assert found.warnings == ("The column “shoe size” is not known and was left out.",)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_read_with_and_without_a_mark(coding: str) -> None:
    found = sound("id,name,team\n1,Åse Sjöö,Køkken\n".encode(coding))
    assert found.rows[0].name == "Åse Sjöö"
    assert found.warnings == ()


def test_a_windows_file_is_read_with_a_warning() -> None:
    found = sound("id,name,team\n1,Åse Sjöö,Køkken\n".encode("cp1252"))
    assert found.rows[0].path == ("Køkken",)
    assert "Windows-1252" in found.warnings[0]


def test_what_is_not_text_is_refused() -> None:
    assert faults(b"\x81\x8d\x00\xff,\x90") == [(0, "the file is not text")]


def test_an_empty_file_and_one_with_a_heading_only_are_refused() -> None:
    assert faults("") == [(0, "the file is empty")]
    assert faults("\ufeff\n \n") == [(0, "the file is empty")]
    assert faults("id,name,team\n") == [(0, "the file has a heading and no people")]


def test_every_fault_is_told_at_once_with_its_line() -> None:
    text = (
        "id,name,email,team,language,working_days,roles\n"
        "1,Bo,bo@example.org,A,,,\n"
        "1,Ib,BO@example.org,A,,,\n"
        "\n"
        '3,"",x,A,tysk,blåday,kejser\n'
        ",Ida,,A,,,\n"
        "5,Per,per@example.org,,,,\n"
    )
    assert faults(text) == [
        (5, "email “x” is not an address"),
        (5, "the name is missing"),
        (5, "unknown language “tysk”; write da, sv or en"),
        (5, "unknown working_days “blåday”; write like mon tue wed, or mon-fri"),
        (5, "unknown role “kejser”; there is lead, amg, amr, admin"),
        (6, "neither id nor email: one of them is needed"),
        (7, "the team is missing"),
        (3, "id “1” stands in line 2 already"),
        (3, "email “bo@example.org” stands in line 2 already"),
    ]


def test_a_line_number_is_that_of_the_file_also_after_a_cell_of_two_lines() -> None:
    assert faults('sep=,\nid,name,team\n1,"Bo\nBentsen",A\n2,,A\n') == [
        (5, "the name is missing"),
    ]


def test_missing_and_doubled_columns_are_told() -> None:
    assert faults("id,navn,namn\n1,2,3\n") == [
        (1, "the column name comes twice"),
        (1, "there is no column team"),
    ]
    assert faults("name,team\nBo,A\n") == [
        (1, "there is no column id and none email: one of them is needed")
    ]


def test_a_broken_quote_and_too_many_cells_have_their_line() -> None:
    assert faults('id,name,team\n1,Bo,A\n2,"Ib"x,A\n')[0][0] == 3
    assert faults("id,name,team\n1,Bo,A,B\n") == [
        (2, "more cells than headings (a separator in a value needs quotes)")
    ]


@pytest.mark.parametrize(
    "name", ["Bo\x00Bo", "Bo\x1b[31m", "\u202eoB", "B" * 121, "B" * 10_000], ids=repr
)
def test_hidden_signs_and_endless_names_are_refused_and_not_repeated(name: str) -> None:
    found = faults(f"id,name,team\n1,{name},A\n")
    assert [line for line, _ in found] == [2]
    assert all(len(text) < 100 and text.isprintable() for _, text in found)


def test_a_cell_no_reader_should_take_is_a_fault_not_a_crash() -> None:
    assert faults(f"id,name,team\n1,{'x' * 200_000},A\n")[0][0] == 2


def test_markup_formulas_and_mentions_stay_text() -> None:
    name = "<b>Bo</b> @channel =1+1"
    (row,) = sound(f"id,name,team\n1,{name},<i>A</i>\n").rows
    assert (row.name, row.path) == (name, ("<i>A</i>",))


def test_an_address_in_the_id_column_is_an_address() -> None:
    (row,) = sound("id,name,team\nBo@Example.org,Bo,A\n").rows
    assert (row.id, row.email) == (None, "bo@example.org")


@pytest.mark.parametrize("id_", ["=cmd", "a b", "a/b", "a,b", "x" * 65, "<x>"])
def test_an_id_is_a_short_plain_word(id_: str) -> None:
    assert "up to 64 letters" in faults(f'id,name,team\n"{id_}",Bo,A\n')[0][1]


def test_a_path_is_parted_by_a_sign_with_spaces() -> None:
    assert split_path("Region > Hospital / Aften/nat") == ("Region", "Hospital", "Aften/nat")
    assert split_path("  A  /  B ") == ("A", "B")
    assert split_path("A / ") == ("A", "")


def test_roles_are_read_in_three_languages_with_and_without_a_place() -> None:
    assert split_roles("leder; AMR@A / B|skyddsombud@C, nord, admin") == (
        ("leder", Role.LEAD, ()),
        ("AMR@A / B", Role.AMR, ("A", "B")),
        ("skyddsombud@C, nord", Role.AMR, ("C, nord",)),
        ("admin", Role.ADMIN, ()),
    )
    assert split_roles("") == ()
    assert split_roles("x@A") == (("x@A", None, ("A",)),)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("ma, ti, on", {0, 1, 2}),
        ("Mån Tis Lör", {0, 1, 5}),
        ("1 3 5", {0, 2, 4}),
        ("lør – søn", {5, 6}),
    ],
)
def test_working_days_are_read_as_people_write_them(text: str, days: set[int]) -> None:
    assert working_days(text) == days


@pytest.mark.parametrize("text", ["fri-mon", "8", "mon-x", "all"])
def test_days_that_are_none_are_not_guessed(text: str) -> None:
    assert working_days(text) is None


def test_what_is_quoted_in_a_fault_is_short_and_printable() -> None:
    assert quoted("a\x1b[0m") == "“a�[0m”"
    assert len(quoted("x" * 5000)) < 50


TREE = Tree([Node("r", "Region"), Node("a", "=A", "r"), Node("b", "B", "r")])


def test_an_export_reads_back_as_the_same_people() -> None:
    people = [
        Person("1", "Åse; Ørn", "b", "aase@example.org", "sv", None, frozenset({0, 2})),
        Person("2", "'t Hooft", "a"),
        Person("3", "'=x", "r"),
    ]
    grants = [Grant("1", "b", Role.LEAD), Grant("1", "r", Role.AMR)]
    one, two, three = sound(export(TREE, people, grants)).rows
    assert (one.name, one.email, one.path) == ("Åse; Ørn", "aase@example.org", ("Region", "B"))
    assert (one.language, one.days) == ("sv", frozenset({0, 2}))
    assert set(one.roles) == {WantedRole(Role.LEAD, ()), WantedRole(Role.AMR, ("Region",))}
    assert (two.name, two.path, three.name) == ("'t Hooft", ("Region", "=A"), "'=x")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1"])
def test_no_cell_of_an_export_is_a_formula(name: str) -> None:
    written = export(TREE, [Person("1", name, "r")], [])
    cells = [cell for row in csv.reader(io.StringIO(written)) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
