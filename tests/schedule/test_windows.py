from datetime import UTC, datetime

import pytest

from bot.schedule.calendar import Calendar
from bot.schedule.windows import reminder_at, window

COPENHAGEN = Calendar("Europe/Copenhagen", "DK")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_round_closes_at_the_same_local_time_working_days_later() -> None:
    opens = utc("2026-10-20T07:00")
    assert window(opens, COPENHAGEN, 5) == utc("2026-10-27T08:00"), "clock set back in between"
    over_christmas = window(utc("2026-12-22T08:00"), COPENHAGEN, 4)
    assert over_christmas == utc("2026-12-30T08:00")


def test_a_round_cannot_close_on_the_day_it_opens() -> None:
    with pytest.raises(ValueError, match="one working day or more"):
        window(utc("2026-10-20T07:00"), COPENHAGEN, 0)


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        ("2026-11-23T08:00", "2026-11-27T08:00", "2026-11-25T08:00"),
        ("2026-11-23T08:00", "2026-11-30T08:00", "2026-11-25T12:00"),
        ("2026-11-20T08:00", "2026-11-24T08:00", "2026-11-23T08:00"),
        ("2026-11-23T08:00", "2026-11-24T08:00", "2026-11-23T12:00"),
        ("2026-11-23T11:00", "2026-11-24T11:00", "2026-11-24T07:00"),
        ("2026-11-23T08:00", "2026-11-23T15:00", "2026-11-23T11:00"),
        ("2026-11-23T08:00", "2026-11-23T13:59", None),
        ("2026-11-21T08:00", "2026-11-22T15:00", None),
    ],
)
def test_the_reminder_comes_half_way_and_leaves_time_to_answer(
    opens: str, closes: str, expected: str | None
) -> None:
    found = reminder_at(utc(opens), utc(closes), COPENHAGEN)
    assert found == (utc(expected) if expected else None)
