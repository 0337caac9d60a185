import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rounds_made import a_round

from bot.domain.chance import SeededChance, SystemChance
from bot.domain.people import NodeId
from bot.domain.results import (
    AtomFigure,
    Audience,
    Bound,
    Label,
    ParentFigure,
    Published,
    QuestionFigure,
)
from bot.domain.rounds import Invited
from bot.privacy.ballots import Ballot
from bot.privacy.labels import mean_label, overall, weight
from bot.privacy.publish import count, threshold_reached

Cast = list[tuple[Invited, Ballot]]

DEPARTMENT = a_round(
    nodes={
        "n0": ("Department", None),
        "a": ("Alfa", "n0"),
        "b": ("Bravo", "n0"),
        "c": ("Charlie", "n0"),
    }
)
CHANCE = SeededChance(7)


def cast(node: NodeId, ballots: Sequence[Ballot], silent: int = 0, lead: bool = False) -> Cast:
    """Invited people of one node with their ballots, and some who never answered."""
    everybody = [*ballots, *[Ballot.empty()] * silent]
    side = "lead" if lead else "employee"
    return [
        (Invited(f"{node}-{side}-{at}", node, lead), ballot) for at, ballot in enumerate(everybody)
    ]


def said(value: int | None, comment: str | None = None, **others: int | None) -> Ballot:
    return Ballot(1, {"calm": value, "pressure": 3, **others}, comment)


def label_of(published: Published, at: NodeId, question: str = "calm") -> Label | None:
    (atom,) = [one for one in published.atoms if one.at == at]
    return next(one.label for one in atom.questions if one.question == question)


def test_a_team_of_five_is_shown_with_its_participation() -> None:
    published = count(a_round(), cast("n0", [said(3)] * 5, silent=2), CHANCE)
    three = Label(3.0)
    (atom,) = published.atoms
    assert (atom.at, atom.nodes, atom.answered, atom.invited) == ("n0", ("n0",), 5, 7)
    assert [one.label for one in atom.questions] == [three, three]
    assert atom.overall == three
    assert published.parents == ()
    assert published.too_few == ()


def test_a_team_of_four_is_not_shown_and_is_named_as_too_few() -> None:
    published = count(a_round(), cast("n0", [said(3)] * 4, silent=9), CHANCE)
    assert published == Published((), (), (), ("n0",))


def test_who_only_skipped_or_wished_for_later_has_not_answered() -> None:
    skipped = Ballot(2, {"calm": None, "pressure": None})
    later = Ballot(1, later=a_round().closes_at)
    published = count(a_round(), cast("n0", [*[said(3)] * 4, skipped, later]), CHANCE)
    assert published.atoms == ()


def test_the_threshold_is_counted_per_question_in_answers_with_a_value() -> None:
    ballots = [*[said(3)] * 4, said(None), said(0)]
    (atom,) = count(a_round(), cast("n0", ballots), CHANCE).atoms
    assert atom.answered == 6
    assert atom.questions[0] == QuestionFigure("calm")
    assert atom.questions[1].label == Label(3.0)
    assert atom.overall == Label(3.0)


def test_a_question_put_the_other_way_round_is_turned() -> None:
    ballots = [Ballot(1, {"pressure": 1}) for _ in range(5)]
    (atom,) = count(a_round(), cast("n0", ballots), CHANCE).atoms
    assert atom.questions[1].label == Label(4.0, Bound.AT_LEAST)


def test_leads_and_employees_are_counted_apart_and_never_together() -> None:
    people = [*cast("n0", [said(2)] * 5), *cast("n0", [said(4)] * 5, lead=True)]
    published = count(a_round(), people, CHANCE)
    labels = {atom.audience: atom.questions[0].label for atom in published.atoms}
    assert labels == {
        Audience.EMPLOYEES: Label(2.0, Bound.AT_MOST),
        Audience.LEADS: Label(4.0, Bound.AT_LEAST),
    }
    assert published.parents == ()


def test_a_lead_does_not_lift_a_team_over_the_threshold() -> None:
    people = [*cast("n0", [said(2)] * 4), *cast("n0", [said(4)], lead=True)]
    assert count(a_round(), people, CHANCE) == Published((), (), (), ("n0",))


def test_small_teams_are_counted_with_their_department() -> None:
    people = [
        *cast("a", [said(3)] * 6),
        *cast("b", [said(2)] * 3, silent=2),
        *cast("c", [said(2)] * 2, silent=4),
    ]
    published = count(DEPARTMENT, people, CHANCE)
    assert [(one.at, one.nodes, one.answered, one.invited) for one in published.atoms] == [
        ("a", ("a",), 6, 6),
        ("n0", ("b", "c"), 5, 11),
    ]
    (parent,) = published.parents
    assert (parent.at, parent.answered, parent.invited) == ("n0", 11, 17)
    assert parent.questions[0] == QuestionFigure("calm", Label(2.5))


def test_a_department_tells_the_same_whatever_its_unpublished_team_said() -> None:
    def figures(value: int) -> Published:
        people = [
            *cast("a", [said(3)] * 5),
            *cast("b", [said(3)] * 5),
            *cast("c", [said(value)] * 4),
        ]
        return count(DEPARTMENT, people, CHANCE)

    assert figures(1) == figures(5)
    assert figures(1).too_few == ("c",)


def test_a_department_weighs_its_teams_by_answers_rounded_to_fives() -> None:
    people = [*cast("a", [said(3)] * 17), *cast("b", [said(4)] * 13)]
    (parent,) = count(DEPARTMENT, people, CHANCE).parents
    assert parent.questions[0].label == Label(3.5)  # by the exact numbers it would be 3.4


def test_paired_teams_are_one_atom_with_both_names() -> None:
    paired = replace(DEPARTMENT, units=(("a", "b"),))
    people = [*cast("a", [said(3)] * 3), *cast("b", [said(3)] * 2)]
    (atom,) = count(paired, people, CHANCE).atoms
    assert (atom.at, atom.nodes) == ("a", ("a", "b"))


def test_somebody_whose_home_is_outside_the_round_is_refused() -> None:
    with pytest.raises(ValueError, match="outside the round"):
        count(a_round(), cast("elsewhere", [said(3)] * 5), CHANCE)


values = st.one_of(st.none(), st.integers(0, 5))
answered_ballots = st.builds(lambda a, b: Ballot(1, {"calm": a, "pressure": b}), values, values)


@st.composite
def departments(draw: st.DrawFn) -> Cast:
    ballots = st.lists(answered_ballots, max_size=9)
    return [
        one
        for node in ("n0", "a", "b", "c")
        for lead in (False, True)
        for one in cast(node, draw(ballots), draw(st.integers(0, 2)), lead)
    ]


@settings(max_examples=50)
@given(departments(), st.randoms(use_true_random=False))
def test_the_order_in_which_ballots_come_changes_nothing(people: Cast, rng: random.Random) -> None:
    shuffled = list(people)
    rng.shuffle(shuffled)
    assert count(DEPARTMENT, people, CHANCE) == count(DEPARTMENT, shuffled, CHANCE)


@settings(max_examples=50)
@given(departments(), st.integers(1, 5))
def test_which_atoms_exist_depends_on_counts_and_never_on_answers(people: Cast, value: int) -> None:
    def shape(published: Published) -> object:
        groups = [(a.at, a.nodes, a.audience, a.answered, a.invited) for a in published.atoms]
        return groups, [(p.at, p.audience, p.answered) for p in published.parents]

    others = [(who, said(value) if ballot.answered else ballot) for who, ballot in people]
    assert shape(count(DEPARTMENT, people, CHANCE)) == shape(count(DEPARTMENT, others, CHANCE))


@settings(max_examples=50)
@given(departments())
def test_a_parent_is_a_pure_function_of_published_labels_and_weights(people: Cast) -> None:
    published = count(DEPARTMENT, people, SystemChance())
    for parent in published.parents:
        below = [one for one in published.atoms if one.audience is parent.audience]
        assert parent == parent_from(below, parent)


def parent_from(atoms: Sequence[AtomFigure], parent: ParentFigure) -> ParentFigure:
    """Work a parent's figure out from nothing but what is published of its atoms."""
    answered = sum(atom.answered for atom in atoms)
    questions = []
    for at, question in enumerate(parent.questions):
        labels = [(atom.questions[at].label, weight(atom.answered)) for atom in atoms]
        known = [(label, share) for label, share in labels if label is not None]
        questions.append(QuestionFigure(question.question, mean_label(known, answered)))
    return replace(
        parent,
        answered=answered,
        invited=sum(atom.invited for atom in atoms),
        questions=tuple(questions),
        overall=overall(questions, answered),
    )


def test_each_figure_has_a_draw_of_its_own() -> None:
    class Watched(SeededChance):
        def __init__(self) -> None:
            super().__init__(1)
            self.asked: list[tuple[str, ...]] = []

        def generator(self, *name: str) -> random.Random:
            self.asked.append(name)
            return super().generator(*name)

    watched = Watched()
    people = [*cast("a", [said(2)] * 5), *cast("a", [said(4)] * 5, lead=True)]
    count(DEPARTMENT, people, watched)
    assert sorted(watched.asked) == sorted(
        (DEPARTMENT.id, atom, question)
        for atom in ("employees:a", "leads:a")
        for question in ("calm", "pressure")
    )


def comments_of(people: Cast, comments: bool = True) -> list[tuple[NodeId, list[str]]]:
    published = count(replace(DEPARTMENT, comments=comments), people, CHANCE)
    return [(group.at, sorted(group.texts)) for group in published.comments]


def test_comments_are_shown_when_ten_have_answered_and_three_have_written() -> None:
    people = cast("a", [*[said(3)] * 7, *[said(3, text) for text in "xyz"]])
    assert comments_of(people) == [("a", ["x", "y", "z"])]


def test_two_comments_or_nine_answers_show_no_comment() -> None:
    assert comments_of(cast("a", [*[said(3)] * 9, said(3, "x"), said(3, "y")])) == []
    assert comments_of(cast("a", [*[said(3)] * 6, *[said(3, t) for t in "xyz"]])) == []


def test_comments_bubble_up_and_are_shown_at_one_level_only() -> None:
    people = [
        *cast("a", [*[said(3)] * 7, *[said(3, text) for text in "xyz"]]),
        *cast("b", [*[said(3)] * 8, *[said(3, text) for text in "pq"]]),
        *cast("c", [said(3, "r")]),
    ]
    assert comments_of(people) == [("a", ["x", "y", "z"]), ("n0", ["p", "q", "r"])]


def test_a_comment_that_is_not_shown_is_nowhere_in_what_is_kept() -> None:
    people = cast("a", [*[said(3)] * 6, *[said(3, "canary")] * 2])
    published = count(DEPARTMENT, people, CHANCE)
    assert published.atoms
    assert published.comments == ()


def test_a_lead_s_comment_is_not_put_among_the_employees() -> None:
    people = [
        *cast("a", [*[said(3)] * 7, *[said(3, text) for text in "xyz"]]),
        *cast("a", [said(3, "from the lead")], lead=True),
    ]
    assert comments_of(people) == [("a", ["x", "y", "z"])]


def test_no_comment_is_shown_from_a_round_without_a_comment_box() -> None:
    people = cast("a", [*[said(3)] * 7, *[said(3, text) for text in "xyz"]])
    assert comments_of(people, comments=False) == []


def test_comments_come_in_an_order_that_is_not_that_of_the_people() -> None:
    people = cast("a", [said(3, f"{at:02}") for at in range(12)])
    shown = {count(DEPARTMENT, people, SeededChance(seed)).comments[0].texts for seed in range(20)}
    assert len(shown) > 15


def test_the_order_of_the_people_is_not_in_the_order_of_their_comments() -> None:
    people = cast("a", [said(3, f"{at:02}") for at in range(12)])
    assert count(DEPARTMENT, people, CHANCE) == count(DEPARTMENT, people[::-1], CHANCE)


def test_nothing_kept_shows_a_comment_by_accident() -> None:
    people = cast("a", [said(3, f"canary {at}") for at in range(12)])
    assert "canary" not in repr(count(DEPARTMENT, people, CHANCE))


@settings(max_examples=50)
@given(departments())
def test_the_one_bit_says_whether_a_group_of_employees_could_be_counted(people: Cast) -> None:
    answered = sum(ballot.answered for who, ballot in people if not who.lead)
    atoms = count(DEPARTMENT, people, CHANCE).atoms
    shown = any(atom.audience is Audience.EMPLOYEES for atom in atoms)
    assert threshold_reached(answered, DEPARTMENT.threshold) == shown


def test_labels_come_from_the_draws_and_not_from_the_exact_mean() -> None:
    people = cast("n0", [*[said(3)] * 4, said(4)])
    drawn = {label_of(count(a_round(), people, SeededChance(seed)), "n0") for seed in range(40)}
    assert drawn == {Label(3.0), Label(3.5)}
