"""What answers to "does it work?" come to, and what may be proposed after them. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.action_items import ActionItem, ActionState, Effect, Verdict
from bot.domain.people import PersonId
from bot.domain.results import Bound, Label

_WORKS_FROM, _NOT_YET_TO = 3.5, 2.0

_PROPOSED: dict[Effect, tuple[Verdict, ...]] = {
    Effect.WORKS: (Verdict.SCALE, Verdict.KEEP),
    Effect.PARTLY: (Verdict.ADJUST,),
    Effect.NOT_YET: (Verdict.DROP, Verdict.ADJUST),
}


def effect_of(label: Label | None) -> Effect | None:
    """Return what a published label says of an action, of the label alone; ``None`` without one.

    The scale runs from 1 (no effect yet) over 3 (partly) to 5 (works). "At most" never says that
    something works, nor "at least" that it does not.
    """
    if label is None:
        return None
    if label.value >= _WORKS_FROM and label.bound is not Bound.AT_MOST:
        return Effect.WORKS
    if label.value <= _NOT_YET_TO and label.bound is not Bound.AT_LEAST:
        return Effect.NOT_YET
    return Effect.PARTLY


def known(item: ActionItem) -> Effect | None:
    """Return what is known of this turn: what the team says, else what its responsible says."""
    return item.effect or item.said


def proposed(item: ActionItem) -> tuple[Verdict, ...]:
    """Return what to propose, the best first; nothing where nothing is known: talk about it."""
    found = known(item)
    return _PROPOSED[found] if found else ()


def can_be_judged(item: ActionItem) -> bool:
    """Tell whether an action of this turn can still be asked about and decided on."""
    over = item.state in (ActionState.DROPPED, ActionState.ESCALATED)
    return not over and item.verdict is None


def can_be_shared(item: ActionItem) -> bool:
    """Tell whether others can learn from it: it worked, and the lead wishes to go on with it."""
    return item.verdict in (Verdict.SCALE, Verdict.KEEP) and known(item) is Effect.WORKS


@dataclass(frozen=True)
class Circle:
    """Who is asked about one action, and from when on."""

    action: str
    opens_at: datetime
    people: frozenset[PersonId]


AT_ONCE = 2
"""The most actions one circle is asked about within five working days."""


def first_free(
    mine: Circle, others: Iterable[Circle], later: Callable[[datetime], datetime]
) -> datetime:
    """Return from when on ``mine`` may be asked; ``later`` is a moment five working days on.

    Within those days the same people may be asked about two actions, not about more: whoever made
    ten of one thing would have its label drawn ten times. A circle that shares some people and not
    others waits: with one person more in the one, the two figures would tell his answer by
    subtraction. Nor is anybody asked about one action twice.
    """
    at, touching = mine.opens_at, [one for one in others if one.people & mine.people]
    while True:
        near = [one for one in touching if at < later(one.opens_at) and one.opens_at < later(at)]
        apart = [
            one.opens_at for one in near if one.people != mine.people or one.action == mine.action
        ]
        if apart:
            at = later(max(apart))
        elif len(near) >= AT_ONCE:
            at = later(min(one.opens_at for one in near))
        else:
            return at
