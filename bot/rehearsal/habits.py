"""How simulated people behave: drawn from seed, person and occasion, and from nothing else."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.action_items import Effect, Verdict


class Deed(StrEnum):
    """What somebody does when he has been asked."""

    ANSWER = "answer"
    BEGIN = "begin"
    """Answers one question, and never comes back to the others."""
    LATER = "later"
    OFF = "off"
    """Not for me, until he takes it back."""
    NOTHING = "nothing"


@dataclass(frozen=True)
class Reaction:
    """What somebody does, and how long after he was asked."""

    deed: Deed
    after: timedelta


def willing(rng: random.Random) -> float:
    """Return how likely somebody is to answer when asked: most often, a few hardly ever."""
    return 0.15 if rng.random() < 0.12 else rng.uniform(0.55, 0.95)


def reaction(rng: random.Random, will: float, *, again: bool) -> Reaction:
    """Return what somebody does who is asked; ``again``: he has postponed it, or is reminded."""
    after = timedelta(minutes=10 * round(rng.expovariate(1 / (3 if again else 9))))
    chance = rng.random()
    if not again and chance < 0.08:
        return Reaction(Deed.LATER, after)
    if chance < 0.083:
        return Reaction(Deed.OFF, after)
    if chance < 0.1:
        return Reaction(Deed.BEGIN, after)
    answers = rng.random() < (will * 0.5 if again else will)
    return Reaction(Deed.ANSWER if answers else Deed.NOTHING, after)


def shift(rng: random.Random) -> tuple[int, ...] | None:
    """Return the weekdays of somebody who works part-time or in shifts; ``None``: as the team."""
    if rng.random() > 0.15:
        return None
    return tuple(sorted(rng.sample(range(5), rng.choice((3, 4)))))


def days_off(rng: random.Random, month: date) -> tuple[date, date] | None:
    """Return when somebody is away in the month that begins on ``month``, if he is."""
    if rng.random() > (0.85 if month.month == 7 else 0.12):
        return None
    first = month + timedelta(days=rng.randint(0, 12))
    days = rng.choice((13, 20)) if month.month == 7 else rng.choice((0, 1, 4, 6, 13))
    return first, first + timedelta(days=days)


class Move(StrEnum):
    """What a responsible does with an action he is reminded of."""

    START = "start"
    DONE = "done"
    DATE = "date"
    SNOOZE = "snooze"
    HELP = "help"
    DROP = "drop"
    NOTHING = "nothing"


_MOVES: dict[str, tuple[float, ...]] = {
    "yours": (0.45, 0, 0, 0, 0, 0, 0.55),
    "first": (0.6, 0.1, 0, 0.08, 0.05, 0, 0.17),
    "soon": (0.1, 0.45, 0.1, 0.05, 0.08, 0.02, 0.2),
    "late": (0.05, 0.45, 0.15, 0.05, 0.12, 0.06, 0.12),
    "again": (0.2, 0.5, 0.1, 0, 0.05, 0.05, 0.1),
    "stalled": (0.35, 0.2, 0, 0, 0.15, 0.2, 0.1),
}
"""How likely each move is, by what reminds; people forget, and are reminded again."""


def move(rng: random.Random, reminder: str) -> Move:
    """Return what somebody does who is reminded of an action."""
    return rng.choices(tuple(Move), _MOVES[reminder])[0]


def talks(rng: random.Random, *, few: bool) -> bool:
    """Tell whether a lead starts a dialogue after a result; sooner where there is no figure."""
    return rng.random() < (0.3 if few else 0.22)


def works(rng: random.Random) -> Effect:
    """Return what somebody thinks of an action: half of them work."""
    return rng.choices(tuple(Effect), (0.5, 0.3, 0.2))[0]


def verdict(rng: random.Random, proposed: Sequence[Verdict]) -> Verdict:
    """Return what a lead decides: what is proposed, but for one in eight."""
    if proposed and rng.random() < 0.87:
        return rng.choice(proposed)
    return rng.choice((Verdict.KEEP, Verdict.ADJUST, Verdict.DROP))
