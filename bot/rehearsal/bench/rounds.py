"""Closing a large round, phase by phase, and a tick that finds nothing to do."""

from dataclasses import dataclass
from datetime import time, timedelta
from itertools import pairwise
from statistics import median
from time import perf_counter

from bot.domain.chance import SystemChance
from bot.domain.rounds import Round, RoundState
from bot.flows.rounds import closing
from bot.privacy.ballots import Ballot, BallotBox
from bot.rehearsal.bench.village import MONDAY, Village
from bot.rehearsal.organisation import fortnightly
from bot.storage import rounds, schedules, slots
from bot.storage.rounds import Due
from bot.storage.schedules import Schedule
from bot.storage.store import Tx


@dataclass(frozen=True)
class Closing:
    """Seconds each step of a close took."""

    fix: float
    read: float
    count: float
    keep: float
    bury: float

    @property
    def total(self) -> float:
        """Seconds from the first step to the last."""
        return self.fix + self.read + self.count + self.keep + self.bury


async def fill(village: Village) -> None:
    """Let everybody who has not answered do so, straight into the slots: only the close counts."""
    one, env = village.round, village.bot.env
    box = BallotBox.of(one, env.keys.load(one.id))

    def write(tx: Tx) -> None:
        for number, person in enumerate(village.people):
            values = {q.id: 1 + (number + at) % 5 for at, q in enumerate(one.questions)}
            comment = "Vi hjælper hinanden." if number % 4 == 0 and one.comments else None
            sealed = box.seal(person, Ballot(9, values, comment, comment_done=True))
            slots.write(tx, one.id, sealed.slot, sealed.ciphertext)

    await village.bot.store.write(write)


async def close(village: Village) -> Closing:
    """Close the round as the tick does, and time each step."""
    store, env, round_id = village.bot.store, village.bot.env, village.round.id
    now = village.round.closes_at
    village.clock.move_to(now)
    at = [perf_counter()]

    def passed() -> None:
        at.append(perf_counter())

    await store.write(lambda tx: _fix(tx, round_id))
    passed()
    found = await store.read(lambda tx: closing.sealed_ballots(tx, round_id))
    assert found is not None
    passed()
    one, members, sealed = found
    published = closing.count_ballots(env, one, members, sealed)
    passed()
    await store.write(lambda tx: closing.finish(tx, env, one, published, now))
    passed()
    closing.bury(env, one)
    await store.checkpoint()
    passed()
    return Closing(*(after - before for before, after in pairwise(at)))


def _fix(tx: Tx, round_id: str) -> None:
    one: Round | None = rounds.get(tx, round_id)
    assert one is not None
    at = rounds.next_at(tx)
    assert at is not None
    assert closing.begin(tx, Due(one.id, RoundState.OPEN, at), at)


async def idle_tick(village: Village, plans: int, ticks: int) -> float:
    """Return the median seconds of a tick that finds nothing due among ``plans`` schedules."""
    chance, often = SystemChance(), fortnightly(0, time(9), MONDAY.date()).to_dict()
    later = MONDAY + timedelta(days=30)

    def write(tx: Tx) -> None:
        for number in range(plans):
            scope = (f"imagined-{number}",)
            due = later + timedelta(seconds=number)
            schedules.insert_new(
                tx, Schedule(chance.token(), scope, "checkin", often, 3, next_run_at=due)
            )

    await village.bot.store.write(write)
    now = village.clock.now()
    while await village.bot.tick(now):
        pass  # what is due is done first
    taken = []
    for _ in range(ticks):
        begun = perf_counter()
        await village.bot.tick(now)
        taken.append(perf_counter() - begun)
    return median(taken)
