"""Words the whole double shares: JSON, a refusal as Slack gives it, a violation of its rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Violation:
    """Something a correct app never does. ``code`` names it, ``what`` says it in words."""

    code: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.code}: {self.what}"


class WrongUseError(AssertionError):
    """Raised at the end of a test for all violations at once."""

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__("Slack was used wrongly:\n" + "\n".join(f"- {one}" for one in violations))


class ImpossibleError(AssertionError):
    """A test asked a person for something nobody could do, as clicking what is not shown."""


@dataclass
class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault of the double
    """Slack's refusal of one call. With ``wrong`` it is a violation as well."""

    error: str
    wrong: str = ""
    messages: tuple[str, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> Json:
        """Return the body Slack answers with."""
        answer: Json = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": [f"[ERROR] {one}" for one in self.messages]}
        return answer


@dataclass(frozen=True)
class Oracle:
    """A second opinion on blocks and views that the double's own rules find well."""

    message: Callable[[list[Json]], list[str]]
    view: Callable[[Json], list[str]]
