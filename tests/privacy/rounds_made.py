"""Rounds for these tests: an ordinary one, with what a test is about put in its place."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.domain.rounds import AskedQuestion, Round, RoundState

ORDINARY = Round(
    id="0123456789abcdef0123456789abcdef",
    scope=("n0",),
    instrument="checkin",
    questions=(AskedQuestion("calm"), AskedQuestion("pressure", "low")),
    comments=True,
    threshold=5,
    comment_answers=10,
    zone="Europe/Copenhagen",
    local_date=date(2026, 3, 2),
    opens_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    remind_at=None,
    closes_at=datetime(2026, 3, 6, 11, tzinfo=UTC),
    publish_at=datetime(2026, 3, 10, 8, tzinfo=UTC),
    state=RoundState.CLOSING,
    nodes={"n0": ("Department", None)},
)


def a_round(**changes: Any) -> Round:
    """Return the ordinary round with some of its fields changed."""
    return replace(ORDINARY, **changes)
