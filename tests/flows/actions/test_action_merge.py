"""Two people's changes together, and a timetable as people type it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from closed_rounds import DA
from hypothesis import given
from hypothesis import strategies as st

from bot.content.loader import load, shipped_folder
from bot.domain.action_items import ActionItem, Milestone
from bot.domain.languages import LANGUAGES
from bot.flows.actions import dates as action_dates
from bot.flows.actions.merge import FIELDS, fields_of, merge
from bot.schedule.calendar import Calendar

TODAY = date(2026, 3, 2)
ITEM = ActionItem(
    id="a",
    node="dag",
    what="Kaffe",
    first_step="Køb",
    responsible="ann",
    due=date(2026, 3, 16),
    follow_up=date(2026, 3, 30),
    created_on=TODAY,
)
PACK = load(shipped_folder())
WORDS = {language: PACK.words(language) for language in LANGUAGES}
TEXTS = ("what", "first_step", "goal", "where", "how")
CHANGES = st.dictionaries(st.sampled_from(TEXTS), st.sampled_from(["Te", "Vand", "Saft"]))


@given(mine=CHANGES, theirs=CHANGES)
def test_nothing_anybody_wrote_is_lost(mine: dict[str, str], theirs: dict[str, str]) -> None:
    now = replace(ITEM, **theirs)  # type: ignore[arg-type]
    merged = merge(ITEM, fields_of(ITEM) | mine, now, ITEM)
    for name in TEXTS:
        kept = merged.values[name]
        if name in mine and name in theirs and mine[name] != theirs[name]:
            assert name in merged.disputed
            assert kept == mine[name]
        else:
            assert name not in merged.disputed
            assert kept == mine.get(name, theirs.get(name, getattr(ITEM, name)))


@given(mine=CHANGES, theirs=CHANGES)
def test_what_one_was_told_of_is_not_asked_about_again(
    mine: dict[str, str], theirs: dict[str, str]
) -> None:
    now = replace(ITEM, **theirs)  # type: ignore[arg-type]
    merged = merge(ITEM, fields_of(ITEM) | mine, now, now)
    assert merged.disputed == ()
    assert all(merged.values[name] == text for name, text in mine.items())


def test_a_form_of_one_field_changes_no_other() -> None:
    now = replace(ITEM, what="Te")
    merged = merge(ITEM, {"due": date(2026, 3, 20)}, now, ITEM)
    assert merged.values["what"] == "Te"
    assert merged.values["due"] == date(2026, 3, 20)


def test_every_field_a_form_changes_is_a_field_of_an_action() -> None:
    assert set(FIELDS) <= set(ActionItem.__dataclass_fields__)


LINE = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
MILESTONES = st.lists(
    st.builds(Milestone, st.dates(date(2000, 1, 1), date(2099, 1, 1)), LINE, st.booleans()),
    max_size=6,
)


@given(MILESTONES)
def test_a_timetable_is_read_back_as_it_is_written_in_every_language(
    milestones: list[Milestone],
) -> None:
    ordered = tuple(sorted(milestones, key=lambda one: one.day))
    for language in LANGUAGES:
        text = action_dates.written(WORDS[language], ordered)
        assert action_dates.read(text, TODAY) == (ordered, "")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("16.3. Prøv", date(2026, 3, 16)),
        ("16.3 Prøv", date(2026, 3, 16)),
        ("16/3 Prøv", date(2026, 3, 16)),
        ("16/3/2027 Prøv", date(2027, 3, 16)),
        ("16.3.2026: Prøv", date(2026, 3, 16)),
        ("2026-03-16 – Prøv", date(2026, 3, 16)),
        ("1.2. Prøv", date(2026, 2, 1)),
        ("20.12. Prøv", date(2026, 12, 20)),
    ],
)
def test_a_day_is_read_however_it_is_typed(typed: str, day: date) -> None:
    assert action_dates.read(typed, TODAY) == ((Milestone(day, "Prøv"),), "")


def test_a_day_without_a_year_late_in_the_year_is_the_next_one() -> None:
    found, _ = action_dates.read("16.1. Prøv", date(2026, 12, 20))
    assert found[0].day == date(2027, 1, 16)


def test_a_timetable_too_long_is_told_and_empty_lines_are_nothing() -> None:
    assert action_dates.read("\n \n", TODAY) == ((), "")
    _, wrong = action_dates.read("\n".join(["16.3. Prøv"] * 21), TODAY)
    assert wrong == "16.3. Prøv"


@given(st.text(max_size=200))
def test_whatever_is_typed_as_a_timetable_there_is_an_answer(text: str) -> None:
    found, wrong = action_dates.read(text, TODAY)
    assert wrong == "" or found == ()


@given(day=st.dates(date(2025, 1, 1), date(2030, 1, 1)))
def test_a_date_is_a_working_day_ahead_or_told_with_one_that_is(day: date) -> None:
    calendar = Calendar("Europe/Copenhagen", "DK")
    fault = action_dates.fault_of(DA, calendar, day, TODAY)
    good = TODAY <= day <= TODAY + action_dates.FURTHEST and calendar.is_working_day(day)
    assert (fault == "") == good
    better = action_dates.next_good(calendar, day, TODAY)
    assert calendar.is_working_day(better)
    assert better >= max(day, TODAY)


def test_where_nobody_ever_works_any_day_ahead_is_taken() -> None:
    never = Calendar("Europe/Copenhagen", working_days=frozenset())
    assert action_dates.fault_of(DA, never, TODAY + timedelta(days=5), TODAY) == ""
    assert action_dates.working_days_on(never, TODAY, 10) == TODAY + timedelta(days=10)
