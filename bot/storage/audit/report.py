"""What an audit says: what can be linked, and what there is to know besides."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """Something that can be linked, or a rule of publication that was broken.

    ``code`` is stable, for alarms. ``table`` may also name a file. The words carry ids of rounds
    and names of columns, never a person, an answer or a comment.
    """

    code: str
    why: str
    table: str
    column: str = ""
    round: str = ""

    def __str__(self) -> str:
        place = ".".join(part for part in (self.table, self.column) if part)
        about = f" (round {self.round})" if self.round else ""
        return f"{self.code} {place}{about}: {self.why}"


@dataclass(frozen=True)
class Report:
    """All findings and notes; ``looked_at`` says how much there was to look at."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    looked_at: dict[str, int]

    @property
    def clean(self) -> bool:
        """Tell whether nothing can be linked."""
        return not self.findings

    def as_plain(self) -> dict[str, Any]:
        """Return the report as plain values, for JSON."""
        return {
            "clean": self.clean,
            "findings": [asdict(one) for one in self.findings],
            "notes": list(self.notes),
            "looked_at": self.looked_at,
        }
