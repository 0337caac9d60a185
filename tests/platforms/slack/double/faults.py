"""Faults a test orders beforehand: errors, bad gateways, lost answers, silence."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from double.reference import methods
from double.shapes import Json

Way = Literal["error", "status", "garbage", "dropped", "answer lost", "silence"]
Which = Callable[[Json], bool]


def whatever(_: Json) -> bool:
    """Match every call."""
    return True


@dataclass
class Fault:
    """What happens to the next ``times`` calls of a method that ``which`` picks out.

    ``error``: a declared error. ``status``: an HTTP status. ``garbage``: a page of HTML.
    ``dropped``: the connection closes before anything is done. ``answer lost``: it is done, and
    then the connection closes. ``silence``: nothing until the double is told to go on.
    """

    method: str
    way: Way
    error: str = ""
    status: int = 503
    retry_after: int | None = None
    times: int = 1
    which: Which = whatever


@dataclass
class Faults:
    """The faults that are still to come."""

    planned: list[Fault] = field(default_factory=list)

    def plan(self, fault: Fault) -> None:
        """Order a fault. An error the method does not declare is a mistake of the test."""
        known = methods().get(fault.method)
        if fault.error and known is not None and fault.error not in known.errors:
            raise ValueError(f"{fault.method} declares no error {fault.error}")
        self.planned.append(fault)

    def strike(self, method: str, args: Json) -> Fault | None:
        """Return the fault for this call, counted down; none where all is well."""
        for one in self.planned:
            if one.method == method and one.times > 0 and one.which(args):
                one.times -= 1
                return one
        return None
