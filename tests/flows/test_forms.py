"""Forms: the same values whatever a platform sends, and a kind word about each that is wrong."""

from datetime import date, time
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import (
    DateInput,
    Form,
    Input,
    NumberInput,
    SelectInput,
    TextInput,
    TimeInput,
    ToggleInput,
)
from bot.content.loader import load, shipped_folder
from bot.content.words import Words
from bot.flows.forms import read

TEXT = TextInput("it", "Navn", limit=10)
NUMBER = NumberInput("it", "Dage", 1, 20)
DATE = DateInput("it", "Dag")
TIME = TimeInput("it", "Klokken")
ONE = SelectInput("it", "Hvem", (("a", "A"), ("b", "B")))
MANY = SelectInput("it", "Dage", (("0", "ma"), ("1", "ti")), many=True)
TOGGLE = ToggleInput("it", "Kører")
ALL = (TEXT, NUMBER, DATE, TIME, ONE, MANY, TOGGLE)


@cache
def words() -> Words:
    return load(shipped_folder()).words("en")


def filled(one: Input, *raw: object) -> tuple[Any, str]:
    """Return the value and what is wrong; without ``raw`` the platform sent nothing."""
    form = Form("f", "t", (one,), "ok")
    got = read(form, {"it": raw[0]} if raw else {}, words())
    return got.values["it"], got.errors.get("it", "")


@pytest.mark.parametrize(
    ("one", "raw", "value"),
    [
        (TEXT, "  Anna ", "Anna"),
        (TEXT, "a\x00b", "ab"),
        (NUMBER, 5, 5),
        (NUMBER, "5", 5),
        (NUMBER, " 20 ", 20),
        (DATE, "2026-03-02", date(2026, 3, 2)),
        (DATE, "2026-03-02T00:00:00Z", date(2026, 3, 2)),
        (TIME, "09:30", time(9, 30)),
        (TIME, "09:30:00", time(9, 30)),
        (TIME, " 9.30 ", time(9, 30)),
        (TIME, "9:00", time(9)),
        (TIME, time(8), time(8)),
        (ONE, "a", ("a",)),
        (ONE, ["b"], ("b",)),
        (MANY, ["1", "0", "1"], ("1", "0")),
        (MANY, "1", ("1",)),
        (TOGGLE, True, True),
        (TOGGLE, "true", True),
        (TOGGLE, "on", True),
        (TOGGLE, "false", False),
        (TOGGLE, "", False),
    ],
)
def test_a_value_is_read_however_it_is_sent(one: Input, raw: object, value: object) -> None:
    assert filled(one, raw) == (value, "")


@pytest.mark.parametrize("one", [TEXT, NUMBER, DATE, TIME, ONE, MANY])
@pytest.mark.parametrize("raw", [(), (None,), ("",)])
def test_what_is_required_and_left_empty_is_said(one: Input, raw: tuple[object, ...]) -> None:
    assert filled(one, *raw)[1] == "Please fill this in."


def test_what_is_not_required_may_be_left_out() -> None:
    assert filled(TextInput("it", "", required=False)) == ("", "")
    assert filled(NumberInput("it", "", 1, 2, required=False)) == (None, "")
    assert filled(DateInput("it", "", required=False)) == (None, "")
    assert filled(SelectInput("it", "", (("a", "A"),), required=False)) == ((), "")
    assert filled(TOGGLE) == (False, "")


@pytest.mark.parametrize("raw", ["25:00", "9.3", "half past nine", "09:30:15", "-1:00", "9:60"])
def test_what_is_no_time_of_day_is_refused(raw: str) -> None:
    assert filled(TIME, raw) == (None, "Write a time such as 9:30.")


def test_too_long_a_text_is_told_and_not_cut() -> None:
    value, wrong = filled(TEXT, "x" * 11)
    assert value == "x" * 11
    assert wrong.startswith("That is 11 characters, and there is room for 10.")


@pytest.mark.parametrize(
    "raw", ["0", "21", "-1", "1.5", "five", "1_0", "9" * 5000, True, ["3"], {"a": 1}, "٣٠٠", "1e1"]
)
def test_a_number_out_of_range_or_no_number_is_refused(raw: object) -> None:
    assert filled(NUMBER, raw) == (None, "Write a whole number from 1 to 20.")


@pytest.mark.parametrize("raw", ["2026-13-01", "tomorrow", "02/03/2026", "2026", 7, ["x"], "0-0-0"])
def test_a_date_that_is_none_is_refused(raw: object) -> None:
    assert filled(DATE, raw) == (None, "Please choose a date.")


@pytest.mark.parametrize("raw", ["c", ["a", "c"], "a,b", ["a", "b"], [["a"]], {"a": 1}, 3])
def test_only_what_was_offered_can_be_chosen(raw: object) -> None:
    assert filled(ONE, raw) == ((), "Please choose one of the options.")


def test_all_errors_are_told_at_once() -> None:
    inputs = (
        TextInput("a", ""),
        NumberInput("b", "", 1, 2),
        DateInput("c", ""),
        SelectInput("d", "", (("x", "X"),)),
    )
    got = read(Form("f", "t", inputs, "ok"), {"b": "9", "c": "?", "d": "y"}, words())
    assert sorted(got.errors) == ["a", "b", "c", "d"]


def test_values_nobody_asked_for_are_left_out() -> None:
    got = read(Form("f", "t", (TEXT,), "ok"), {"it": "x", "admin": True}, words())
    assert got.values == {"it": "x"}


def test_what_was_typed_is_not_shown_when_it_is_printed() -> None:
    got = read(Form("f", "t", (TEXT,), "ok"), {"it": "secret"}, words())
    assert "secret" not in repr(got)


raws = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(st.sampled_from(ALL), raws)
def test_nothing_a_platform_sends_breaks_the_parser(one: Input, raw: object) -> None:
    value, wrong = filled(one, raw)
    if wrong:
        return
    match one:
        case NumberInput():
            assert 1 <= value <= 20
        case SelectInput(options=options):
            assert set(value) <= {key for key, _ in options}
        case TextInput(limit=limit):
            assert 0 < len(value) <= limit
            assert "\x00" not in value
        case DateInput():
            assert isinstance(value, date)
        case ToggleInput():
            assert isinstance(value, bool)
