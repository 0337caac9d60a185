"""What is found by what somebody types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.searching import found

PEOPLE = tuple(
    (name, name)
    for name in (
        "Hans Åsegård",
        "Åse Møller",
        "Aase Holm",
        "Jørgen Lund-Hansen",
        "Sören Ek",
        "Zoë D'Arcy",
        "Anna-Maria Æbelø",
        "Bo",
    )
)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("bo", ["Bo"]),
        ("BO ", ["Bo"]),
        ("åse", ["Hans Åsegård", "Åse Møller", "Aase Holm"]),
        ("aase", ["Hans Åsegård", "Åse Møller", "Aase Holm"]),
        ("ase m", ["Åse Møller", "Aase Holm"]),
        ("moller", ["Åse Møller"]),
        ("jorgen", ["Jørgen Lund-Hansen"]),
        ("Joergen", ["Jørgen Lund-Hansen"]),
        ("sören", ["Sören Ek"]),
        ("søren", ["Sören Ek"]),
        ("zoe", ["Zoë D'Arcy"]),
        ("d'ar", ["Zoë D'Arcy", "Hans Åsegård"]),
        ("æbel", ["Anna-Maria Æbelø"]),
        ("äbel", ["Anna-Maria Æbelø"]),
        ("maria anna", ["Anna-Maria Æbelø"]),
        ("lund-h", ["Jørgen Lund-Hansen"]),
        ("hans", ["Hans Åsegård", "Jørgen Lund-Hansen"]),
        ("xyz", []),
        ("?", []),
    ],
)
def test_case_accents_and_spelling_make_no_difference(typed: str, names: list[str]) -> None:
    assert [label for _, label in found(PEOPLE, typed)] == names


def test_the_beginning_of_a_word_comes_before_its_middle() -> None:
    options = (("1", "Hanne"), ("2", "Lis Annas"), ("3", "Johanna"), ("4", "Anna"))
    assert [value for value, _ in found(options, "ann")] == ["2", "4", "1", "3"]


def test_of_equals_the_order_stays_and_nothing_typed_finds_all() -> None:
    assert found(PEOPLE, "") == list(PEOPLE)
    assert found(PEOPLE, "  ") == list(PEOPLE)


def test_a_sign_finds_the_label_it_stands_in() -> None:
    assert found((("1", "Løn & vilkår"), ("2", "Ro")), "&") == [("1", "Løn & vilkår")]


@given(st.text(min_size=1, max_size=30), st.integers(0, 30), st.integers(1, 30))
def test_whatever_part_of_a_label_is_typed_finds_it(label: str, start: int, size: int) -> None:
    part = label[start : start + size]
    assert found((("1", label),), part.swapcase()) or part.swapcase().casefold() != part.casefold()
