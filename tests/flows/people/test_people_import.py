"""What a people file changes: new, changed, moved, leaving, roles, and the tree."""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Grant, Node, Person, Role, Tree
from bot.flows.people.file import PeopleFaults, read
from bot.flows.people.importing import compare
from bot.flows.people.plan import Plan, Standing
from bot.flows.people.report import report

TREE = Tree(
    [
        Node("r", "Region"),
        Node("h", "Hospital", "r"),
        Node("a", "Ward A", "h"),
        Node("b", "Ward B", "h"),
    ]
)
PEOPLE = (
    Person("1", "Anna", "a", "anna@example.org", "sv", checkins_off=True),
    Person("2", "Bo", "a", "bo@example.org"),
    Person("3", "Cia", "b"),
    Person("4", "Dan", "b"),
    Person("9", "Old", "b", "old@example.org", active=False),
)
GRANTS = (Grant("1", "a", Role.LEAD), Grant("1", "r", Role.ADMIN))
STANDING = Standing(TREE, PEOPLE, GRANTS)
NUMBERS = itertools.count(1)
SAME = """id,name,email,team
1,Anna,anna@example.org,Region / Hospital / Ward A
2,Bo,bo@example.org,Region / Hospital / Ward A
3,Cia,,Region / Hospital / Ward B
4,Dan,,Region / Hospital / Ward B
"""


def planned(text: str, standing: Standing = STANDING, *, keep_missing: bool = False) -> Plan:
    def new_id() -> str:
        return f"new-{next(NUMBERS)}"

    return compare(read(text.encode()), standing, new_id, keep_missing=keep_missing)


def faults(text: str, standing: Standing = STANDING, *, keep_missing: bool = False) -> list[str]:
    with pytest.raises(PeopleFaults) as caught:
        planned(text, standing, keep_missing=keep_missing)
    return [f"{fault.line}: {fault.text}" for fault in caught.value.faults]


def ids(people: Iterable[Person]) -> list[str]:
    return [person.id for person in people]


def test_the_same_file_changes_nothing() -> None:
    plan = planned(SAME)
    assert plan.empty
    assert list(report(plan, STANDING)) == ["Nothing changes."]


def test_the_first_import_makes_the_tree_and_everybody() -> None:
    plan = planned(SAME, Standing())
    assert [node.name for node in plan.new_nodes] == ["Region", "Hospital", "Ward A", "Ward B"]
    assert ids(plan.new) == ["1", "2", "3", "4"]
    assert plan.tree[plan.new[0].home].name == "Ward A"
    assert not plan.too_many_leave
    assert "Nobody would be administrator" in plan.warnings[0]


def test_new_changed_moved_and_leaving_are_told_apart() -> None:
    text = SAME.replace("2,Bo", "2,Bo Bentsen").replace(
        "3,Cia,,Region / Hospital / Ward B", "3,Cia,,Region / Hospital / Ward A"
    )
    text = text.replace("4,Dan", "5,Eva")
    plan = planned(text)
    assert ids(plan.new) == ["5"]
    assert [pair.after.name for pair in plan.changed] == ["Bo Bentsen"]
    assert [(pair.before.home, pair.after.home) for pair in plan.moved] == [("b", "a")]
    assert ids(plan.leaving) == ["4"]
    told = "\n".join(report(plan, STANDING))
    assert "Cia (3): Region / Hospital / Ward B → Region / Hospital / Ward A" in told
    assert "name Bo → Bo Bentsen" in told
    assert "Leaving: 1\n  Dan (4)" in told


def test_own_settings_are_left_alone_unless_the_file_speaks_of_them() -> None:
    assert planned(SAME).changed == ()
    with_column = SAME.replace("team\n", "team,language,working_days\n")
    assert planned(with_column).empty  # an empty cell says nothing
    spoken = with_column.replace(
        "1,Anna,anna@example.org,Region / Hospital / Ward A",
        "1,Anna,anna@example.org,Region / Hospital / Ward A,-,mon-wed",
    )
    (pair,) = planned(spoken).changed
    assert (pair.after.language, pair.after.working_days) == (None, frozenset({0, 1, 2}))
    assert pair.after.checkins_off  # "not for me" is nobody else's business


def test_a_file_without_addresses_takes_none_away() -> None:
    text = "\n".join(
        ",".join(cell for at, cell in enumerate(line.split(",")) if at != 2)
        for line in SAME.splitlines()
    )
    assert planned(text).empty


def test_roles_are_the_files_where_it_has_the_column_and_untouched_where_not() -> None:
    assert planned(SAME).roles == ()
    text = SAME.replace("team\n", "team,roles\n").replace("Ward A\n2", "Ward A,admin@Region\n2")
    text = text.replace("Ward B\n4", "Ward B,amr@ward a; leder\n4")
    plan = planned(text)
    after = {change.person.id: change.after for change in plan.roles}
    assert after == {
        "1": {Grant("1", "r", Role.ADMIN)},
        "3": {Grant("3", "a", Role.AMR), Grant("3", "b", Role.LEAD)},
    }
    told = "\n".join(report(plan, STANDING))
    assert "Anna (anna@example.org): - lead at Region / Hospital / Ward A" in told


def test_a_role_at_an_unknown_or_ambiguous_place_is_a_fault() -> None:
    text = (
        "id,name,team,roles\n1,Bo,R / A / X,amr@Y\n2,Ib,R / B / X,leder@X\n3,Ida,R / B / X,"
        "leder@R / B / X\n"
    )
    assert faults(text, Standing()) == [
        "2: a role at “Y”, but there is no such team",
        "3: 2 teams are called “X”; write the role's whole path",
    ]


def test_faults_of_the_file_and_of_the_tree_come_together() -> None:
    text = "id,name,team,roles\n1,,A,\n2,Ib,B,amr@C\n3,Bo,A / D,\n"
    assert faults(text, Standing()) == [
        "2: the name is missing",
        "3: a role at “C”, but there is no such team",
        "3: a second top, “B”: all paths begin with “A”",
    ]


def test_who_leaves_loses_his_roles_and_his_address_can_be_given_anew() -> None:
    text = SAME.replace("1,Anna,anna@example.org", "5,Ny Anna,old@example.org")
    text = text.replace("2,Bo,bo@example.org", "2,Bo,anna@example.org")
    plan = planned(text, Standing(TREE, PEOPLE[:4], GRANTS))
    assert ids(plan.leaving) == ["1"]
    assert [change.after.email for change in plan.released] == [None]
    assert {change.person.id: change.after for change in plan.roles} == {"1": frozenset()}


def test_two_people_may_swap_their_addresses() -> None:
    text = SAME.replace("1,Anna,anna@", "1,Anna,x@").replace("2,Bo,bo@", "2,Bo,anna@")
    plan = planned(text.replace("x@", "bo@"))
    assert [(pair.after.id, pair.after.email) for pair in plan.changed] == [
        ("1", "bo@example.org"),
        ("2", "anna@example.org"),
    ]


def test_somebody_who_left_comes_back() -> None:
    plan = planned(SAME + "9,Old,old@example.org,Region / Hospital / Ward B\n")
    assert [pair.after.active for pair in plan.returning] == [True]
    assert plan.new == ()


def test_a_person_is_known_by_his_address_where_the_file_has_no_ids() -> None:
    text = "email,name,team\nanna@example.org,Anna B,Region / Hospital / Ward A\n"
    text += "ny@example.org,Ny,Region / Hospital / Ward B\n"
    plan = planned(text)
    assert [pair.after.id for pair in plan.changed] == ["1"]
    assert [(one.id.startswith("new-"), one.email) for one in plan.new] == [
        (True, "ny@example.org")
    ]


def test_keep_missing_lets_people_and_teams_stand() -> None:
    plan = planned("id,name,team\n7,Ny,Region / Hospital / Ward C\n", keep_missing=True)
    assert ids(plan.new) == ["7"]
    assert plan.leaving == plan.removed_nodes == plan.roles == plan.kept_nodes == ()
    assert set(TREE) < set(plan.tree)


def test_keep_missing_refuses_another_top_and_an_address_in_use() -> None:
    assert faults("id,name,team\n7,Ny,Other / X\n", keep_missing=True) == [
        "2: the database's top is “Region”; with --keep-missing it stays"
    ]
    text = "id,name,email,team\n1,Anna,bo@example.org,Region / Hospital / Ward A\n"
    assert faults(text, keep_missing=True) == [
        "2: email “bo@example.org” is that of somebody who is not in the file"
    ]


def test_more_than_a_third_leaving_is_noticed() -> None:
    lines = SAME.splitlines(keepends=True)
    assert not planned("".join(lines[:4])).too_many_leave
    assert planned("".join(lines[:3])).too_many_leave


def test_a_renamed_team_keeps_its_id() -> None:
    plan = planned(SAME.replace("Ward B", "Night ward"))
    assert [(before.name, after.name) for before, after in plan.changed_nodes] == [
        ("Ward B", "Night ward")
    ]
    assert plan.new_nodes == plan.removed_nodes == plan.moved == ()


def test_a_renamed_top_keeps_the_whole_tree() -> None:
    plan = planned(SAME.replace("Region", "Region Øst"))
    assert [after.name for _, after in plan.changed_nodes] == ["Region Øst"]
    assert plan.new_nodes == plan.removed_nodes == ()


def test_a_level_put_on_top_moves_the_tree_below_it() -> None:
    plan = planned(SAME.replace("Region", "Danmark / Region"))
    assert [node.name for node in plan.new_nodes] == ["Danmark"]
    assert [after.id for _, after in plan.changed_nodes] == ["r"]
    assert plan.removed_nodes == plan.moved == ()


def test_a_team_whose_people_go_elsewhere_is_removed_with_no_stranger_in_its_place() -> None:
    text = SAME.replace("Ward B", "Ward A") + "7,Ny,,Region / Hospital / Ward C\n"
    plan = planned(text)
    assert [node.name for node in plan.removed_nodes] == ["Ward B"]
    assert [node.name for node in plan.new_nodes] == ["Ward C"]
    # Who left long ago had his home there; he is put one level up.
    assert [(one.before.id, one.after.home) for one in plan.released] == [("9", "h")]


def test_a_team_with_an_open_round_stays_until_it_is_over() -> None:
    text = SAME.replace("Ward B", "Ward A")
    plan = planned(text, Standing(TREE, PEOPLE, GRANTS, frozenset({"b"})))
    assert plan.removed_nodes == ()
    assert [node.id for node in plan.kept_nodes] == ["b"]


def test_capital_letters_do_not_make_another_team() -> None:
    text = SAME.replace("4,Dan,,Region / Hospital / Ward B", "4,Dan,,region / HOSPITAL / ward b")
    assert planned(text).empty


_NAMES = st.sampled_from(["A", "B", "C"])
_PATHS = st.lists(_NAMES, max_size=3).map(lambda rest: " / ".join(["Top", *rest]))
_FILES = st.dictionaries(st.integers(1, 9).map(str), _PATHS, min_size=1)


def _file(people: dict[str, str]) -> str:
    return "id,name,team\n" + "".join(f"{id_},N{id_},{path}\n" for id_, path in people.items())


@given(_FILES, _FILES)
def test_whatever_the_two_files_the_second_then_stands_and_changes_nothing_more(
    first: dict[str, str], second: dict[str, str]
) -> None:
    before = planned(_file(first), Standing())
    standing = Standing(before.tree, before.new)
    plan = planned(_file(second), standing)
    assert set(plan.tree) == (set(standing.tree or ()) | {n.id for n in plan.new_nodes}) - {
        node.id for node in plan.removed_nodes
    }
    known = {one.id: one for one in standing.people}
    for pair in (*plan.changed, *plan.moved, *plan.released):
        known[pair.after.id] = pair.after
    leaving = {one.id for one in plan.leaving}
    people = [one for one in (*known.values(), *plan.new) if one.id not in leaving]
    assert {one.id: len(plan.tree.above(one.home)) for one in people} == {
        id_: len(path.split(" / ")) for id_, path in second.items()
    }
    assert planned(_file(second), Standing(plan.tree, tuple(people))).empty
