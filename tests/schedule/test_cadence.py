import json
from datetime import date, time

import pytest

from bot.schedule.cadence import Cadence, CadenceError

EVERY_SECOND_TUESDAY = Cadence.weekly(1, time(9, 30), date(2026, 8, 31), every=2)
LAST_FRIDAY = Cadence.monthly(-1, 4, time(10))
QUARTERLY = Cadence.every_months(3, 1, 0, time(8), date(2026, 2, 17))


@pytest.mark.parametrize("rule", [EVERY_SECOND_TUESDAY, LAST_FRIDAY, QUARTERLY])
def test_a_rule_survives_being_written_down_and_read_again(rule: Cadence) -> None:
    assert Cadence.from_dict(json.loads(json.dumps(rule.to_dict()))) == rule
    assert Cadence.from_dict(rule.to_parts()) == rule


def test_a_rule_is_written_as_plain_data_and_as_the_values_of_a_form() -> None:
    assert QUARTERLY.to_dict() == {
        "kind": "months",
        "weekday": 0,
        "at": "08:00",
        "every": 3,
        "nth": 1,
        "anchor": "2026-02-17",
    }
    assert LAST_FRIDAY.to_parts() == {
        "kind": "monthly",
        "weekday": "4",
        "at": "10:00",
        "nth": "last",
    }


def test_a_form_may_leave_unused_fields_empty_and_write_the_time_the_danish_way() -> None:
    given = {"kind": "monthly", "nth": "last", "weekday": "4", "at": "10.00", "anchor": ""}
    assert Cadence.from_dict(given | {"every": None}) == LAST_FRIDAY


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"kind": ""}, {"kind": "missing", "nth": "missing"}),
        ({"kind": "daily"}, {"kind": "wrong", "nth": "missing"}),
        ({"weekday": 7}, {"weekday": "wrong"}),
        ({"weekday": "monday", "at": "25:00"}, {"weekday": "wrong", "at": "wrong"}),
        ({"at": None, "anchor": None}, {"at": "missing", "anchor": "missing"}),
        ({"anchor": "31/8"}, {"anchor": "wrong"}),
        ({"every": 0}, {"every": "wrong"}),
        ({"every": "53"}, {"every": "wrong"}),
        ({"every": True}, {"every": "wrong"}),
        ({"every": 1.5}, {"every": "wrong"}),
        ({"nth": 2}, {"nth": "unused"}),
        ({"colour": "red"}, {"colour": "unused"}),
        ({"kind": "months"}, {"nth": "missing"}),
        ({"kind": "months", "nth": 5}, {"nth": "wrong"}),
        ({"kind": "months", "nth": 1, "every": 25}, {"every": "wrong"}),
    ],
)
def test_a_rule_that_makes_no_sense_names_every_faulty_field(
    change: dict[str, object], faults: dict[str, str]
) -> None:
    with pytest.raises(CadenceError) as caught:
        Cadence.from_dict({**EVERY_SECOND_TUESDAY.to_dict(), **change})
    assert caught.value.faults == faults
    assert all(name in str(caught.value) for name in faults)


def test_a_rule_built_in_code_is_checked_as_well() -> None:
    with pytest.raises(CadenceError, match="at: wrong, allowed is a time of day in whole minutes"):
        Cadence.monthly(1, 0, time(9, 0, 30))
    with pytest.raises(CadenceError, match="nth: wrong"):
        Cadence.monthly(0, 0, time(9))
    with pytest.raises(CadenceError, match="every: wrong"):
        Cadence("monthly", 0, time(9), every=2, nth=1)
    with pytest.raises(CadenceError, match="anchor: missing"):
        Cadence("weekly", 0, time(9))
