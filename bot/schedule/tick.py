"""The tick: whatever is due by now is done, in order. A plain coroutine with the time as argument.

``run`` has it called by one APScheduler job; the demo, ``simulate`` and tests move a clock and call
it for every due time on the way.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from bot.flows.actions import agenda_tick
from bot.flows.dialogues import run as dialogue_run
from bot.flows.env import Env
from bot.flows.programmes import registry as programmes
from bot.flows.programmes import resting
from bot.flows.programmes.registry import PROGRAMMES
from bot.flows.programmes.times import Occasion, occasion
from bot.flows.rounds import running
from bot.flows.rounds.opening import Wish
from bot.privacy.keys import KeyStoreUnusable
from bot.storage import actions, dialogues, outbox, rounds, schedules
from bot.storage.schedules import Schedule
from bot.storage.store import Store, Tx
from bot.storage.trouble import StorageTrouble

log = logging.getLogger(__name__)

TRY_AGAIN = timedelta(minutes=5)
"""After this, what failed is tried again."""

Send = Callable[[datetime], Awaitable[int]]
Wake = Callable[[tuple[str, ...]], Awaitable[None]]


class Tick:
    """Does what is due. One at a time: callers wait for one tick before they start the next."""

    def __init__(self, store: Store, env: Env, send: Send, wake: Wake) -> None:
        self._store, self._env, self._send, self._wake = store, env, send, wake
        self._not_before: dict[str, datetime] = {}

    async def __call__(self, now: datetime) -> int:
        """Do everything due by ``now``; return how many things were done."""
        due = await self._store.read(lambda tx: _anything_due(tx, now))
        done = await self._wake_laters(now)
        if not due:
            return done
        for plan in await self._store.read(lambda tx: schedules.due(tx, now)):
            done += await self._guarded(plan.id, now, partial(self._open, plan, now))
        for one in await self._store.read(lambda tx: rounds.due(tx, now)):
            go_on = partial(running.go_on, self._store, self._env, one, now)
            done += await self._guarded(one.round, now, go_on)
        for item in await self._store.read(lambda tx: actions.due(tx, now)):
            say = partial(agenda_tick.go_on, self._store, self._env, item, now)
            done += await self._guarded(item.id, now, say)
        for talk in await self._store.read(lambda tx: dialogues.due(tx, now)):
            move = partial(dialogue_run.go_on, self._store, self._env, talk, now)
            done += await self._guarded(talk.id, now, move)
        return done + await self._send(now)

    async def next_at(self) -> datetime | None:
        """Return when there is something to do next."""
        found = [*await self._store.read(_next_times), self._env.laters.next_at()]
        return min((at for at in found if at is not None), default=None)

    async def _wake_laters(self, now: datetime) -> int:
        woken = await running.wake_laters(self._store, self._env, now)
        if woken:
            await self._wake(woken)
        return len(woken)

    async def _guarded(self, what: str, now: datetime, work: Callable[[], Awaitable[None]]) -> int:
        """Do one thing; that it fails does not stop the others.

        It stays due and is tried again in a while, or at once after a restart.
        """
        if self._not_before.get(what, now) > now:
            return 0
        try:
            await work()
        except (KeyStoreUnusable, StorageTrouble) as trouble:
            log.error("TICK-1 put off: %s", trouble)  # the text carries a code and what to do
        except Exception as fault:
            log.error("TICK-2 put off: %s", type(fault).__name__)
        else:
            self._not_before.pop(what, None)
            return 1
        self._not_before[what] = now + TRY_AGAIN
        return 0

    async def _open(self, plan: Schedule, now: datetime) -> None:
        """Open a plan's round, or do what its programme does; then it is due another time."""
        if await self._store.read(lambda tx: resting.orphaned(tx, plan)):
            await self._store.write(lambda tx: resting.lay_to_rest(tx, self._env, plan, now))
            return
        if plan.instrument in PROGRAMMES:
            await self._store.write(lambda tx: programmes.run(tx, self._env, plan, now))
            return
        met = await self._store.read(lambda tx: occasion(tx, self._env, plan, now))
        wish = self._wish(plan, met)
        if wish is not None:
            await running.open_round(self._store, self._env, wish)
            return
        await self._store.write(
            lambda tx: schedules.claim(tx, plan, met.next_nominal, met.next_run_at)
        )

    def _wish(self, plan: Schedule, met: Occasion) -> Wish | None:
        """Return what to open for a plan whose time has come; ``None`` to leave it out."""
        if met.at is None:
            return None
        if plan.instrument not in self._env.pack.instruments:
            log.error("TICK-5 plan %s is left out: no content %s", plan.id, plan.instrument)
            return None
        return Wish(
            scope=plan.scope,
            instrument=plan.instrument,
            opens_at=met.at,
            open_days=plan.open_days,
            questions=plan.questions,
            nominal=plan.nominal,
            schedule=plan,
            next_nominal=met.next_nominal,
            next_run_at=met.next_run_at,
        )


def _anything_due(tx: Tx, now: datetime) -> bool:
    """Look into a few indexes; an idle tick costs no more than this."""
    return any(at is not None and at <= now for at in _next_times(tx))


def _next_times(tx: Tx) -> list[datetime | None]:
    return [module.next_at(tx) for module in (schedules, rounds, actions, dialogues, outbox)]
