"""Invitations and reminders that a passing trouble kept from somebody: told again, with no list.

People's rows are handled once, reached or not, so that they stay alike. Whom to tell again is
remembered by this process alone; in the outbox one row stands for the whole round and says when
(``second_tries``). Where nobody remembers, after a restart or in another process, everybody of the
round who still may be told is looked up on the platform first, so that nobody is told twice.

Nobody is told who has answered meanwhile, who is off, or when the round is over: that is decided
anew each time, by looking at the slot. What can never arrive is let be.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.delivery.quiet import not_now
from bot.domain.people import PersonId
from bot.domain.rounds import RoundId
from bot.flows.env import Env
from bot.flows.rounds.reminding import INVITE, to_reach
from bot.platforms.port import Nudge, Platform, Undelivered
from bot.privacy.keys import KeyStoreUnusable
from bot.storage import rounds, second_tries
from bot.storage.outbox import Delivery
from bot.storage.store import Store, Tx

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
MOST_DOUBLINGS = 10
"""From here on it is the longest wait."""
NO_KEYS_WAIT = timedelta(minutes=5)

Whom = Mapping[PersonId, bool]
"""Who was missed, and whether he may have been told all the same."""
About = tuple[str, RoundId]
"""Invitations or reminders, and of which round."""


@dataclass
class Missed:
    """Who was not told for a passing reason, by what about, and how soon to try again."""

    whom: dict[About, dict[PersonId, bool]] = field(default_factory=dict)
    wait: timedelta | None = None
    code: str = ""

    @classmethod
    def of(cls, outcome: Mapping[Nudge, Undelivered]) -> "Missed":
        """Sort what did not arrive; what never will is left out."""
        found = cls()
        for one, problem in outcome.items():
            if problem.final:
                continue
            found.whom.setdefault((one.kind, one.round), {})[one.person] = problem.unsure
            found.wait = min(filter(None, (_asked(problem), found.wait)), default=None)
            found.code = problem.code
        return found


@dataclass(frozen=True)
class _Standing:
    """How a round stands at a second try."""

    closes_at: datetime
    reach: tuple[Delivery, ...]
    off: tuple[Delivery, ...]
    next_at: datetime | None
    """When the first who is off may be told."""


class Again:
    """Tells again."""

    def __init__(self, store: Store, env: Env, platform: Platform) -> None:
        self._store, self._env, self._platform = store, env, platform
        self._remembered: dict[str, dict[PersonId, bool]] = {}

    def note(self, tx: Tx, missed: Missed, now: datetime) -> None:
        """Have those told again who were missed; in the transaction that ends their turn."""
        for (kind, round_id), whom in missed.whom.items():
            at = now + (missed.wait or FIRST_WAIT)
            known: dict[PersonId, bool] | None = dict(whom)
            before = second_tries.waiting(tx, kind, round_id)
            if before is not None:
                earlier = self._remembered.get(second_tries.pass_of(before))
                known = None if earlier is None else earlier | whom
                at = min(at, before.due_at or at)
            pass_ = self._env.chance.token()
            second_tries.plan(tx, self._env.chance.token(), kind, round_id, at, pass_)
            self._remember(tx, pass_, known)

    async def woken(self, who: Iterable[PersonId], now: datetime) -> None:
        """Tell those who asked to be asked again; who is missed waits with those of his rounds."""
        outcome = await self._platform.nudge([Nudge(person, INVITE, "") for person in who])
        told = Missed.of({one: why for one, why in outcome.items() if not why.unsure})
        people = tuple(told.whom.get((INVITE, ""), ()))

        def note(tx: Tx) -> None:
            by_round = replace(told, whom={})
            for person in people:
                for one in rounds.open_for(tx, person):
                    by_round.whom.setdefault((INVITE, one.id), {})[person] = False
            self.note(tx, by_round, now)

        if people:
            await self._store.write(note)

    async def go_on(self, row: Delivery, now: datetime) -> None:
        """Tell those who were missed, and plan the next try for those who are again."""
        known = self._remembered.pop(second_tries.pass_of(row), None)
        kind, round_id = second_tries.about(row)
        try:
            standing = await self._store.read(lambda tx: self._look(tx, row, known, now))
        except KeyStoreUnusable as trouble:
            log.error("SEND-2 invitations and reminders are put off: %s", trouble)
            await self._next(row, known, now + NO_KEYS_WAIT, None)
            return
        if standing is None:
            await self._store.write(lambda tx: second_tries.over(tx, row))
            if known:
                log.warning("SEND-4 a round closed before everybody could be told of it")
            return
        nudges = [
            Nudge(who(one), kind, round_id, one.id, again=known is None or known[who(one)])
            for one in standing.reach
        ]
        try:
            missed = Missed.of(await self._platform.nudge(nudges))
        except Undelivered as problem:
            log.error("SEND-2 invitations and reminders are put off: %s", problem.code)
            wait = _asked(problem) or backoff(self._env, row)
            await self._next(row, known, now + wait, problem.code)
            return
        left = {who(one): known is None or known[who(one)] for one in standing.off}
        again = {
            person: unsure or known is None or known[person]  # who was in doubt stays so
            for person, unsure in missed.whom.get((kind, round_id), {}).items()
        }
        soon = [standing.next_at] if standing.next_at else []
        if again:
            soon.append(now + (missed.wait or backoff(self._env, row)))
        await self._next(row, left | again, min(soon, default=None), missed.code or None)

    def _look(self, tx: Tx, row: Delivery, known: Whom | None, now: datetime) -> _Standing | None:
        """Return whom to tell now and later; ``None`` when the round is over."""
        kind, round_id = second_tries.about(row)
        one = rounds.get(tx, round_id)
        if one is None or not one.state.takes_answers or now >= one.closes_at:
            return None
        rows = [
            row
            for row in second_tries.handled(tx, kind, round_id)
            if known is None or who(row) in known
        ]
        later = not_now(tx, self._env, rows, now)
        awake = [row for row in rows if row.id not in later]
        reach = to_reach(tx, self._env, awake, now)
        return _Standing(
            one.closes_at,
            tuple(row for row in awake if row.id in reach),
            tuple(row for row in rows if row.id in later),
            min(later.values(), default=None),
        )

    async def _next(
        self, row: Delivery, known: Whom | None, at: datetime | None, problem: str | None
    ) -> None:
        """Plan the next try, or let the round be where nobody is left."""
        pass_ = self._env.chance.token()

        def note(tx: Tx) -> None:
            if at is None:
                second_tries.over(tx, row)
            elif second_tries.go_on(tx, row, at, pass_, problem):
                self._remember(tx, pass_, known)

        await self._store.write(note)

    def _remember(self, tx: Tx, pass_: str, known: Whom | None) -> None:
        if known is not None:
            kept = dict(known)
            tx.after_commit(lambda: self._remembered.__setitem__(pass_, kept))


def backoff(env: Env, row: Delivery) -> timedelta:
    """Double each time, with jitter, so that many failures do not come back at once."""
    wait = min(FIRST_WAIT * 2 ** min(row.attempts, MOST_DOUBLINGS), LONGEST_WAIT)
    jitter = env.chance.generator("backoff", row.id).uniform(0.5, 1.0)
    return timedelta(seconds=wait.total_seconds() * jitter)


def _asked(problem: Undelivered) -> timedelta | None:
    return timedelta(seconds=problem.again_in) if problem.again_in else None


def who(row: Delivery) -> PersonId:
    """Return whose a private row is."""
    return row.recipient.partition(":")[2]
