"""What can be said of a message template without filling it: the nouns.

Who finds it out: ``quick_study`` for the plain many, ``templates`` for all others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.content.faults import Code


class Use(StrEnum):
    """What a template takes a value for."""

    DATE = "a date"
    LIST = "a list"
    NUMBER = "a number"
    TEXT = "text"


FILTER_USES: Mapping[str, Use] = {
    "day": Use.DATE,
    "date": Use.DATE,
    "clock": Use.DATE,
    "time": Use.DATE,
    "week": Use.DATE,
    "number": Use.NUMBER,
    "percent": Use.NUMBER,
    "names": Use.LIST,
    "join": Use.LIST,
}


@dataclass
class Study:
    """What a template was found to do.

    ``uses`` says what each value is taken for, ``choices`` the texts it is compared with, and
    ``outputs`` what may be written out, as (value, filter), beside ``literal`` characters of text.
    ``loops``: it repeats something, so that its length is not the sum of its parts.
    """

    problems: list[tuple[Code, str]] = field(default_factory=list)
    uses: dict[str, set[Use]] = field(default_factory=dict)
    choices: dict[str, set[str]] = field(default_factory=dict)
    outputs: list[tuple[str, str | None]] = field(default_factory=list)
    literal: int = 0
    loops: bool = False

    def take(self, name: str, use: Use) -> None:
        """Note one use of a value."""
        self.uses.setdefault(name, set()).add(use)

    def write(self, name: str, filter_name: str | None) -> None:
        """Note that a value is written out."""
        self.outputs.append((name, filter_name))
        self.take(name, FILTER_USES[filter_name] if filter_name else Use.TEXT)
