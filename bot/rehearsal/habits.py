"""How simulated people behave: drawn from seed, person and occasion, and from nothing else."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


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
