"""The tick: whatever is due by now is done, in order. A plain coroutine with the time as argument.

``run`` has it called by one APScheduler job; the demo, ``simulate`` and tests move a clock and call
it for every due time on the way.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from bot.flows import rounds as running
from bot.flows.calendars import team_calendar
from bot.flows.env import Env
from bot.flows.opening import Wish
from bot.privacy.keys import KeyStoreUnusable
from bot.schedule.cadence import Cadence, catch_up, next_due
from bot.schedule.calendar import Calendar, NoWorkingDay
from bot.storage import outbox, people, rounds, schedules
from bot.storage.schedules import Schedule
from bot.storage.store import Store, Tx
from bot.storage.trouble import StorageTrouble

log = logging.getLogger(__name__)

LATE = timedelta(minutes=10)
"""Within this, a plan's time counts as now; later, it is caught up with."""
TRY_AGAIN = timedelta(minutes=5)
"""After this, what failed is tried again."""
LOOK_AGAIN = timedelta(days=7)
"""After this, a plan that met no working day (a pause without end) is looked at again."""

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
        return done + await self._send(now)

    async def next_at(self) -> datetime | None:
        """Return when there is something to do next."""

        def read(tx: Tx) -> list[datetime | None]:
            return [schedules.next_at(tx), rounds.next_at(tx), outbox.next_at(tx)]

        found = [*await self._store.read(read), self._env.laters.next_at()]
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
        try:
            wish = await self._store.read(lambda tx: self._wish(tx, plan, now))
            if wish is not None:
                await running.open_round(self._store, self._env, wish)
                return
        except NoWorkingDay:
            log.warning("TICK-3 no working day in sight for plan %s", plan.id)
        await self._store.write(lambda tx: self._move_on(tx, plan, now))

    def _wish(self, tx: Tx, plan: Schedule, now: datetime) -> Wish | None:
        """Return what to open for a plan whose time has come; ``None`` to leave it out."""
        assert plan.next_run_at is not None
        calendar = self._calendar(tx, plan, now)
        cadence = Cadence.from_dict(plan.cadence)
        opens_at: datetime | None = plan.next_run_at
        if now - plan.next_run_at > LATE:
            opens_at = self._late(plan, cadence, calendar, now)
        if opens_at is None or plan.nominal is None or not self._possible(tx, plan):
            return None
        due = next_due(cadence, calendar, now)
        return Wish(
            scope=plan.scope,
            instrument=plan.instrument,
            opens_at=opens_at,
            open_days=plan.open_days,
            questions=plan.questions,
            nominal=plan.nominal,
            schedule=plan,
            next_nominal=due.nominal,
            next_run_at=due.at,
        )

    def _late(
        self, plan: Schedule, cadence: Cadence, calendar: Calendar, now: datetime
    ) -> datetime | None:
        """Return when to open after downtime: still today, or as ``catch_up`` says."""
        assert plan.next_run_at is not None
        moment = calendar.next_moment(now)
        if calendar.local(moment).date() == calendar.local(plan.next_run_at).date():
            return moment
        return catch_up(plan.nominal, now, calendar, cadence) if plan.nominal else None

    def _possible(self, tx: Tx, plan: Schedule) -> bool:
        tree = people.tree(tx)
        return plan.instrument in self._env.pack.instruments and all(
            node in tree for node in plan.scope
        )

    def _calendar(self, tx: Tx, plan: Schedule, now: datetime) -> Calendar:
        tree = people.tree(tx)
        scope = tuple(node for node in plan.scope if node in tree) or (tree.root.id,)
        return team_calendar(tx, tree, self._env.defaults, scope, now.date())

    def _move_on(self, tx: Tx, plan: Schedule, now: datetime) -> None:
        """Go on to the next time; where none is in sight, look again (then without ``nominal``)."""
        calendar = self._calendar(tx, plan, now)
        try:
            due = next_due(Cadence.from_dict(plan.cadence), calendar, now)
        except NoWorkingDay:
            schedules.claim(tx, plan, None, now + LOOK_AGAIN)
            return
        schedules.claim(tx, plan, due.nominal, due.at)


def _anything_due(tx: Tx, now: datetime) -> bool:
    """Look into three indexes; an idle tick costs no more than this."""
    found = (schedules.next_at(tx), rounds.next_at(tx), outbox.next_at(tx))
    return any(at is not None and at <= now for at in found)
