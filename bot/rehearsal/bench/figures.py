"""What a measured figure is, and how it is shown: both sides of every comparison, and the aim."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured figure. ``against`` is the other side, where there is one to compare with.

    ``most`` is the aim: the figure, or its ``ratio`` to the other side, is to stay at or below it.
    """

    name: str
    value: float
    unit: str
    against: float | None = None
    against_name: str = ""
    ratio: float | None = None
    most: float | None = None

    @property
    def met(self) -> bool | None:
        """Tell whether the aim was met; ``None`` where there is no aim."""
        if self.most is None:
            return None
        return (self.value if self.ratio is None else self.ratio) <= self.most

    def as_plain(self) -> dict[str, Any]:
        """Return the figure as plain data."""
        found: dict[str, Any] = {"name": self.name, "value": _short(self.value), "unit": self.unit}
        if self.against is not None:
            found |= {"against": _short(self.against), "against_name": self.against_name}
        if self.ratio is not None:
            found["ratio"] = _short(self.ratio)
        if self.most is not None:
            found |= {"most": self.most, "met": self.met}
        return found


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a table."""
    head = ("", "measured", "", "beside it", "ratio", "aim", "")
    rows = [head, *(_row(one) for one in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    return "\n".join(_line(row, widths).rstrip() for row in rows)


def _row(one: Figure) -> tuple[str, ...]:
    beside = "" if one.against is None else f"{_said(one.against)} {one.against_name}"
    ratio = "" if one.ratio is None else f"{one.ratio:.1f}×"
    aim = "" if one.most is None else f"≤ {one.most:g}{'×' if one.ratio is not None else ''}"
    verdict = {True: "met", False: "not met", None: ""}[one.met]
    return (one.name, _said(one.value), one.unit, beside, ratio, aim, verdict)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    right = {1, 4}
    cells = (
        cell.rjust(width) if at in right else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells)


def _said(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _short(value: float) -> float:
    return float(f"{value:.4g}")
