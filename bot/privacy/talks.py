"""What may leave the ballots of a dialogue: ideas without authors, and an order without counts.

When a round closes, and what is stored of it, is the closing flow's.
"""

import random
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from bot.privacy.ballots import Entry

VOTES = 3
"""The most votes anybody has."""


def gathered(
    contributions: Iterable[Sequence[Entry]], threshold: int, rng: random.Random
) -> tuple[Entry, ...]:
    """Return all ideas, shuffled; none at all unless ``threshold`` people have contributed.

    How many that were is told to nobody: fewer than enough look like none.
    """
    written = [entries for entries in contributions if entries]
    if len(written) < threshold:
        return ()
    ideas = sorted(entry for entries in written for entry in entries)
    rng.shuffle(ideas)
    return tuple(ideas)


def votes_each(groups: int) -> int:
    """Return how many votes each has: at most three, never more than half of the groups."""
    return max(1, min(VOTES, groups // 2))


def ranked(
    groups: Sequence[str], ballots: Iterable[Collection[str]], threshold: int, rng: random.Random
) -> tuple[tuple[str, ...], int] | None:
    """Return the groups, the one with most votes first, and how many voted; ``None``: too few.

    Among groups with as many votes chance decides, so that nobody can tell a tie from a lead. A
    ballot with more votes than one has is no vote. The counts go no further than this function.
    """
    most, known = votes_each(len(groups)), set(groups)
    valid = [set(chosen) for chosen in ballots if 0 < len(chosen) <= most and known >= set(chosen)]
    if len(valid) < threshold:
        return None
    counts = Counter(group for chosen in valid for group in chosen)
    order = sorted(groups)
    rng.shuffle(order)
    return tuple(sorted(order, key=lambda group: -counts[group])), len(valid)
