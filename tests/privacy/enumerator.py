"""Tries every possible set of answers against a publication, as a curious colleague would.

The insider knows his own answer, how many answered, and everything that was published. He knows
the rules too. For each thing that could be published he lists every set of colleagues' answers that
could have led to it; when all of them give each colleague the same value, somebody is found out.

Colleagues cannot be told apart, so sets of answers are multisets and one colleague may have any
value that occurs in any of them. Any new scale or kind of figure passes here before it ships::

    leaks(publication, answered=7, scale=(1, 2, 3))
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

SKIPPED = None
DONT_KNOW = 0

Given = int | None
Multiset = tuple[Given, ...]
Publication = Callable[[Multiset], Iterable[Hashable]]
"""From a multiset of answers to everything that may come out of it with any chance at all."""


@dataclass(frozen=True)
class Leak:
    """An insider with the answer ``own`` who sees ``shown`` knows what all colleagues said."""

    answered: int
    own: Given
    shown: Hashable
    possible: frozenset[Given]


def leaks(
    publication: Publication,
    answered: int,
    scale: Sequence[int] = (1, 2, 3, 4, 5),
    others: Sequence[Given] = (SKIPPED, DONT_KNOW),
) -> list[Leak]:
    """Return every case in which a colleague has fewer than two values of the scale left.

    ``others`` are what one may give beside a value of the scale. Those do not count as a way out:
    "3 or skipped" is a leak, for whoever is known to have answered has then said 3.
    """
    domain = (*others, *scale)
    left: dict[tuple[Given, Hashable], set[Given]] = defaultdict(set)
    for held in combinations_with_replacement(range(len(domain)), answered):
        everybody = tuple(domain[at] for at in held)
        outcomes = set(publication(everybody))
        counts = Counter(everybody)
        for own in counts:
            colleagues = {given for given in counts if given != own or counts[own] > 1}
            for shown in outcomes:
                left[own, shown] |= colleagues
    return [
        Leak(answered, own, shown, frozenset(possible))
        for (own, shown), possible in left.items()
        if len(possible & set(scale)) < 2
    ]


def leaks_of_agreement(
    publication: Publication, answered: int, scale: Sequence[int] = (1, 2, 3, 4, 5)
) -> list[Leak]:
    """Return the same for groups too large to enumerate, when everybody gave a value.

    A leak means that all sets of answers left have all colleagues agreeing. So it is enough to
    look at those, and at the sets in which one colleague differs from the others.
    """
    found = []
    for own, common in product(scale, scale):
        agreeing = (own, *(common,) * (answered - 1))
        differing = [(*agreeing[:-1], value) for value in scale if value != common]
        reachable = {shown for given in differing for shown in publication(given)}
        found += [
            Leak(answered, own, shown, frozenset({common}))
            for shown in set(publication(agreeing)) - reachable
        ]
    return found


class EveryDraw(random.Random):
    """Stands for chance and can be made to take every course it could take.

    Only ``randrange(n)`` may be drawn; anything else would go round the enumeration.
    """

    def __init__(self) -> None:
        super().__init__(0)
        self._course: list[int] = []
        self._widths: list[int] = []
        self._at = 0

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        assert stop is None
        assert step == 1
        if self._at == len(self._course):
            self._course.append(0)
            self._widths.append(start)
        self._at += 1
        return self._course[self._at - 1]

    def random(self) -> float:
        raise AssertionError("only randrange can be enumerated")

    def getrandbits(self, k: int, /) -> int:
        raise AssertionError("only randrange can be enumerated")

    def courses(self) -> Iterator[None]:
        """Yield once for every course; the body draws anew each time."""
        while True:
            self._at = 0
            yield
            while self._course and self._course[-1] + 1 == self._widths[-1]:
                self._course.pop()
                self._widths.pop()
            if not self._course:
                return
            self._course[-1] += 1


def every_outcome(draw: Callable[[random.Random], T]) -> Counter[T]:
    """Return what ``draw`` can return, and in how many of the courses chance can take."""
    chance = EveryDraw()
    return Counter(draw(chance) for _ in chance.courses())
