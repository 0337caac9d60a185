"""Who may do what: the whole matrix, written out once more and compared with the code.

The expectation is the requirement in words, not the code's own table: a lead starts and plans, the
elected representative reads comments, an administrator looks after people and machines, and nobody
has any say above the place where his role is.
"""

from dataclasses import replace
from itertools import product

import pytest

from bot.domain.people import Grant, Node, Person, Role, Tree
from bot.domain.permissions import Action, Standing, Who, allowed, standings

TREE = Tree(
    [
        Node("org", "Org"),
        Node("care", "Care", "org"),
        Node("day", "Day", "care"),
        Node("night", "Night", "care"),
        Node("kitchen", "Kitchen", "org"),
    ]
)

EVERYBODY_THERE = {"member", "lead", "amg", "amr", "admin"}
REQUIRED = {
    Action.SEE_TEAM: {"lead", "amg", "amr", "admin"},
    Action.SEE_RESULTS: EVERYBODY_THERE,
    Action.SEE_RESULTS_EARLY: {"lead"},
    Action.REVIEW_COMMENTS: {"amr"},
    Action.SEE_BIT: {"lead"},
    Action.START_ROUND: {"lead"},
    Action.CHANGE_SCHEDULE: {"lead", "admin"},
    Action.PAUSE_TEAM: {"lead", "admin"},
    Action.CHANGE_TEAM_RULES: {"lead", "admin"},
    Action.IMPORT_PEOPLE: {"admin"},
    Action.SEE_OPERATIONS: {"admin"},
    Action.POST_IN_CHANNEL: {"member", "lead", "amg", "amr"},
    Action.SEE_ACTIONS: {"member", "lead", "amg", "amr"},
    Action.ADD_ACTION: {"lead", "amg", "amr"},
    Action.CHANGE_ACTION: {"lead", "amg", "amr"},
    Action.DECIDE_ACTION: {"lead"},
    Action.START_DIALOGUE: {"lead", "amr"},
    Action.ESCALATE: {"lead", "amg", "amr"},
    Action.ANSWER_ESCALATION: {"lead", "amg"},
    Action.SEE_DIGEST: {"amg", "amr"},
    Action.PLAN_DIGEST: {"lead", "amg", "amr"},
}
ROLES = {role.value: role for role in Role}


def who(role: str, at: str, home: str = "kitchen", *, active: bool = True) -> Who:
    """Return somebody with a role at a node; a member is at home there."""
    person = Person("p", "P", at if role == "member" else home, active=active)
    grants = () if role == "member" else (Grant("p", at, ROLES[role]),)
    return Who(person, grants)


def test_the_matrix_here_names_every_action_and_every_standing() -> None:
    assert set(REQUIRED) == set(Action)
    assert {standing.value for standing in Standing} == EVERYBODY_THERE


@pytest.mark.parametrize(("action", "role"), list(product(Action, sorted(EVERYBODY_THERE))))
def test_a_role_at_the_node_itself(action: Action, role: str) -> None:
    assert allowed(who(role, "day"), action, "day", TREE) == (role in REQUIRED[action])


@pytest.mark.parametrize(("action", "role"), list(product(Action, sorted(ROLES))))
def test_a_role_above_holds_for_everything_below(action: Action, role: str) -> None:
    for above in ("care", "org"):
        assert allowed(who(role, above), action, "day", TREE) == (role in REQUIRED[action])


@pytest.mark.parametrize(("action", "role"), list(product(Action, sorted(ROLES))))
def test_a_role_below_or_elsewhere_gives_nothing(action: Action, role: str) -> None:
    for at, node in (("day", "care"), ("day", "night"), ("night", "day"), ("care", "org")):
        assert not allowed(who(role, at, home="elsewhere"), action, node, TREE)


@pytest.mark.parametrize("action", Action)
def test_a_member_of_a_team_belongs_to_the_nodes_above_and_not_to_its_neighbours(
    action: Action,
) -> None:
    someone = who("member", "day")
    for node in ("day", "care", "org"):
        assert allowed(someone, action, node, TREE) == ("member" in REQUIRED[action])
    for node in ("night", "kitchen"):
        assert not allowed(someone, action, node, TREE)


@pytest.mark.parametrize("action", Action)
def test_an_outsider_and_somebody_who_has_left_may_do_nothing(action: Action) -> None:
    assert not allowed(Who(Person("o", "O", "kitchen"), ()), action, "day", TREE)
    assert not allowed(Who(Person("o", "O", "gone"), ()), action, "day", TREE)
    for role in EVERYBODY_THERE:
        assert not allowed(who(role, "day", active=False), action, "day", TREE)


@pytest.mark.parametrize("action", Action)
def test_no_node_an_unknown_node_and_one_node_too_many_are_refused(action: Action) -> None:
    everything = Who(Person("e", "E", "day"), tuple(Grant("e", "day", role) for role in Role))
    assert allowed(everything, action, "day", TREE)
    assert not allowed(everything, action, (), TREE)
    assert not allowed(everything, action, "nowhere", TREE)
    assert not allowed(everything, action, ("day", "night"), TREE)


def test_a_role_at_a_node_that_is_gone_gives_nothing() -> None:
    lead = who("lead", "closed-down")
    assert standings(lead, "day", TREE) == frozenset()


def test_several_roles_add_up() -> None:
    both = Who(
        Person("b", "B", "day"), (Grant("b", "day", Role.AMR), Grant("b", "care", Role.LEAD))
    )
    assert standings(both, "day", TREE) == {Standing.MEMBER, Standing.AMR, Standing.LEAD}
    assert standings(both, "night", TREE) == {Standing.LEAD}


def test_who_has_which_role_where() -> None:
    both = Who(
        Person("b", "B", "day"), (Grant("b", "day", Role.AMR), Grant("b", "care", Role.LEAD))
    )
    assert both.nodes(Role.LEAD, Role.AMR) == ("day", "care")
    assert both.has(Role.AMR)
    assert not replace(both, grants=()).has(Role.AMR)
