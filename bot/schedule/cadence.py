"""Recurring rules: what one is, which make no sense, and how one is written down. Pure.

When a rule's rounds are due lives in ``occurrences``, how long one is open in ``windows``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, time
from types import MappingProxyType
from typing import Literal, cast, get_args

from bot.schedule.calendar import local_time

Kind = Literal["weekly", "monthly", "months"]
Fault = Literal["missing", "wrong", "unused"]

_USED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "weekly": frozenset({"kind", "weekday", "at", "every", "anchor"}),
        "monthly": frozenset({"kind", "weekday", "at", "nth"}),
        "months": frozenset({"kind", "weekday", "at", "every", "nth", "anchor"}),
    }
)
_ALLOWED: Mapping[str, str] = MappingProxyType(
    {
        "kind": "one of weekly, monthly, months",
        "weekday": "0 (Monday) to 6 (Sunday)",
        "at": "a time of day in whole minutes, such as 09:30",
        "every": "a whole number of weeks from 1 to 52 or of months from 1 to 24",
        "nth": "1 to 4, or -1 (last)",
        "anchor": "a date such as 2026-08-31",
    }
)


class CadenceError(ValueError):
    """A rule that makes no sense; ``faults`` has a code for each field, for a form to put in words.

    ``missing``: the kind needs it. ``wrong``: not a value it can have. ``unused``: the kind does
    not have it.
    """

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        self.faults = dict(faults)
        said = (
            f"{name}: {fault}, allowed is {_ALLOWED.get(name, 'nothing of that name')}"
            for name, fault in sorted(faults.items())
        )
        super().__init__("; ".join(said))


@dataclass(frozen=True)
class Cadence:
    """A recurring rule in local time; build it with ``weekly``, ``monthly`` or ``every_months``.

    ``anchor`` sets the rhythm, not the beginning: its week (from Monday), or its month, is one of
    those that have an occurrence, and the rule runs both ways from there. Raises ``CadenceError``.
    """

    kind: Kind
    weekday: int
    """Monday is 0."""
    at: time
    """Local time, whole minutes."""
    every: int = 1
    """Weeks or months from one to the next."""
    nth: int | None = None
    """Which of the month's such weekdays: 1 to 4, or -1 for the last."""
    anchor: date | None = None

    def __post_init__(self) -> None:
        faults = _faults(self)
        if faults:
            raise CadenceError(faults)

    @classmethod
    def weekly(cls, weekday: int, at: time, anchor: date, every: int = 1) -> "Cadence":
        """Return the rule: every ``every`` weeks on ``weekday``, counted from the anchor's week."""
        return cls("weekly", weekday, at, every=every, anchor=anchor)

    @classmethod
    def monthly(cls, nth: int, weekday: int, at: time) -> "Cadence":
        """Return the rule: every month, on its ``nth`` ``weekday``."""
        return cls("monthly", weekday, at, nth=nth)

    @classmethod
    def every_months(cls, every: int, nth: int, weekday: int, at: time, anchor: date) -> "Cadence":
        """Return the rule: every ``every`` months from the anchor's, on the ``nth`` ``weekday``."""
        return cls("months", weekday, at, every=every, nth=nth, anchor=anchor)

    def to_dict(self) -> dict[str, str | int]:
        """Return the rule as plain data, ready for JSON: only the fields that its kind uses."""
        found: dict[str, str | int] = {"kind": self.kind, "weekday": self.weekday}
        found["at"] = self.at.strftime("%H:%M")
        if self.kind != "monthly":
            found["every"] = self.every
        if self.nth is not None:
            found["nth"] = self.nth
        if self.anchor is not None:
            found["anchor"] = self.anchor.isoformat()
        return found

    def to_parts(self) -> dict[str, str]:
        """Return the rule as a form's values: all strings, and ``last`` for an ``nth`` of -1."""
        parts = {name: str(value) for name, value in self.to_dict().items()}
        return parts | ({"nth": "last"} if self.nth == -1 else {})

    @classmethod
    def from_dict(cls, given: Mapping[str, object]) -> "Cadence":
        """Read what ``to_dict`` or ``to_parts`` wrote, or what somebody put into a form.

        Empty values count as not given. Raises ``CadenceError`` with every fault at once.
        """
        values = {key: value for key, value in given.items() if value not in (None, "")}
        faults: dict[str, Fault] = {}
        known = {field.name for field in fields(cls)}
        used = _USED.get(str(values.get("kind")), known)
        for name in used - values.keys():
            faults[name] = "missing"
        read: dict[str, object] = {}
        for name, value in values.items():
            if name not in used:
                faults[name] = "unused"
                continue
            try:
                read[name] = _read(name, value)
            except ValueError:
                faults[name] = "wrong"
        if faults:
            raise CadenceError(faults)
        return cls(**read)  # type: ignore[arg-type]  # _read gives each field its type


def _read(name: str, value: object) -> object:
    text = str(value).strip()
    if name == "kind":
        if text not in get_args(Kind):
            raise ValueError(text)
        return cast("Kind", text)
    if name == "at":
        return local_time(text)
    if name == "anchor":
        return date.fromisoformat(text)
    return -1 if name == "nth" and text == "last" else int(text)


def _faults(rule: Cadence) -> dict[str, Fault]:
    if rule.kind not in _USED:
        return {"kind": "wrong"}
    used = _USED[rule.kind]
    faults: dict[str, Fault] = {}
    for name, value in (("nth", rule.nth), ("anchor", rule.anchor)):
        if value is None and name in used:
            faults[name] = "missing"
        elif value is not None and name not in used:
            faults[name] = "unused"
    if rule.weekday not in range(7):
        faults["weekday"] = "wrong"
    if rule.nth is not None and rule.nth not in (1, 2, 3, 4, -1):
        faults.setdefault("nth", "wrong")
    if rule.every not in range(1, {"weekly": 53, "monthly": 2, "months": 25}[rule.kind]):
        faults["every"] = "wrong"
    if rule.at.tzinfo or rule.at.second or rule.at.microsecond:
        faults["at"] = "wrong"
    return faults
