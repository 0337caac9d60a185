"""Sending what is due: in batches, with backoff, with dead letters somebody is told about.

1. Rows whose time has come are claimed, the oldest first, so that no other process sends them too.
   Those of people who are off just now wait for their hours (``quiet``).
2. Private ones (invitations, reminders) are decided by looking at the slot at this moment. They are
   marked handled whether or not somebody is reached, so that their rows tell nothing; they count no
   attempts. Whom a passing trouble kept from them is told ``again``.
3. The others go to the platform; each is marked sent, put off with backoff, or given up. What is
   behind one that was put off comes right after it, and that counts as no attempt.

A crash between sending and marking sends again, when the claim has run out; by the delivery's id
that has one effect.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.delivery.again import NO_KEYS_WAIT, Again, Missed, backoff
from bot.delivery.quiet import not_now
from bot.domain.people import Role
from bot.flows.env import Env
from bot.flows.rounds.reminding import PRIVATE, to_reach
from bot.platforms.port import Nudge, Platform, Undelivered
from bot.privacy.keys import KeyStoreUnusable
from bot.storage import outbox, people, second_tries
from bot.storage.outbox import Delivery, Note, Outgoing
from bot.storage.store import Store, Tx
from bot.storage.trouble import StorageTrouble

log = logging.getLogger(__name__)

BATCH = 500
ATTEMPTS = 8
RIGHT_AFTER = timedelta(milliseconds=1)
"""How long after what was to be said before it something is due: the outbox sends by due time."""
UNREACHED_WAIT = 300.0
"""Seconds until invitations are tried again that the platform could not send to anybody."""


class Sender:
    """Empties the outbox as far as it is due."""

    def __init__(self, store: Store, env: Env, platform: Platform) -> None:
        self._store, self._env, self._platform = store, env, platform
        self.again = Again(store, env, platform)

    async def send_due(self, now: datetime, batch: int = BATCH) -> int:
        """Send what is due, ``batch`` rows at a time; return how many rows were handled."""
        handled = 0
        while await self._store.read(lambda tx: outbox.due(tx, now, 1)):
            rows = await self._store.write(lambda tx: outbox.claim(tx, now, batch))
            try:
                await self._handle(rows, now)
            except Exception:
                await self._give_back(rows, now)
                raise
            handled += len(rows)
            if len(rows) < batch:
                break
        return handled

    async def _give_back(self, rows: Sequence[Delivery], now: datetime) -> None:
        """Let all be tried at once that nothing was done about; else it waits for its lease."""
        await self._store.write(lambda tx: outbox.give_back(tx, rows, now))

    async def _handle(self, rows: Sequence[Delivery], now: datetime) -> None:
        kept_back = await self._keep_back(rows, now)
        awake = [row for row in rows if row.id not in kept_back]
        private = [row for row in awake if row.note.kind in PRIVATE]
        again = [row for row in awake if row.note.kind == second_tries.KIND]
        others = [row for row in awake if row.note.kind not in (*PRIVATE, second_tries.KIND)]
        if private:
            await self._nudge(private, now)
        for row in again:
            await self.again.go_on(row, now)
        if others:
            await self._post(others, now)

    async def _keep_back(self, rows: Sequence[Delivery], now: datetime) -> frozenset[str]:
        until = await self._store.read(lambda tx: not_now(tx, self._env, rows, now))
        if until:
            await self._store.write(lambda tx: outbox.put_off(tx, until))
        return frozenset(until)

    async def _nudge(self, rows: Sequence[Delivery], now: datetime) -> None:
        try:
            reach = await self._store.read(lambda tx: to_reach(tx, self._env, rows, now))
        except KeyStoreUnusable as trouble:
            log.error("SEND-2 invitations and reminders are put off: %s", trouble)
            await self._wait(rows, now + NO_KEYS_WAIT)
            return
        nudges = [
            Nudge(reach[row.id], row.note.kind, str(row.note.params["round"]), row.id)
            for row in rows
            if row.id in reach
        ]
        try:
            # Also with nobody: a row that waits must not tell that its person was to be reached.
            missed = Missed.of(await self._platform.nudge(nudges))
        except Undelivered as problem:
            log.error("SEND-2 invitations and reminders are put off: %s", problem.code)
            await self._wait(rows, now + timedelta(seconds=problem.again_in or UNREACHED_WAIT))
            return

        def note(tx: Tx) -> None:
            outbox.done(tx, [row.id for row in rows])
            self.again.note(tx, missed, now)

        await self._store.write(note)

    async def _wait(self, rows: Sequence[Delivery], until: datetime) -> None:
        later = dict.fromkeys((row.id for row in rows), until)
        await self._store.write(lambda tx: outbox.put_off(tx, later))

    async def _post(self, rows: Sequence[Delivery], now: datetime) -> None:
        outcomes = await self._outcomes(rows)
        sent = [row.id for row in rows if outcomes.get(row.id) is None]
        failed = [(row, problem) for row in rows if (problem := outcomes.get(row.id)) is not None]

        def note(tx: Tx) -> None:
            outbox.done(tx, sent)
            ends: dict[str, datetime] = {}
            for row, problem in failed:
                if problem.behind:
                    before = ends.get(row.recipient) or now + _asked(problem)
                    ends[row.recipient] = before + RIGHT_AFTER
                    outbox.put_off(tx, {row.id: ends[row.recipient]})
                elif (at := self._put_off(tx, row, problem, now)) is not None:
                    ends[row.recipient] = at

        await self._store.write(note)

    async def _outcomes(self, rows: Sequence[Delivery]) -> dict[str, Undelivered | None]:
        """Post the rows; where the platform breaks down over one of them, the others still go."""
        try:
            return await self._platform.post(rows)
        except StorageTrouble:
            raise  # nothing can be noted either; all of it stays due
        except Exception as fault:
            log.error("SEND-3 the platform failed: %s", type(fault).__name__)
            if len(rows) == 1:
                return {rows[0].id: Undelivered(f"SEND-3 {type(fault).__name__}")}
        found: dict[str, Undelivered | None] = {}
        for row in rows:
            found |= await self._outcomes([row])
        return found

    def _put_off(
        self, tx: Tx, row: Delivery, problem: Undelivered, now: datetime
    ) -> datetime | None:
        """Note a failure; return when it is tried again, ``None`` where it is given up."""
        attempts = row.attempts + 1
        if problem.final or attempts >= (problem.tries or ATTEMPTS):
            if outbox.failed(tx, row, problem.code, None):
                told = (attempts, row.id, problem.code)
                log.error("SEND-1 given up after %d attempts: %s (%s)", *told)
                self._tell_administrators(tx, row, problem, now)
            return None
        at = now + (_asked(problem) or backoff(self._env, row))
        outbox.failed(tx, row, problem.code, at)
        return at

    def _tell_administrators(
        self, tx: Tx, row: Delivery, problem: Undelivered, now: datetime
    ) -> None:
        if row.note.kind == "operations.dead":
            return  # no message about a message about a message
        note = Note("operations.dead", {"code": problem.code})
        admins = sorted({grant.person for grant in people.grants(tx, Role.ADMIN)})
        rows = [Outgoing(f"dead:{row.id}", f"person:{person}", note, now) for person in admins]
        outbox.add(tx, (self._env.chance.token() for _ in rows), rows)


def _asked(problem: Undelivered) -> timedelta:
    """Return how long the platform asked to wait; nothing where it did not."""
    return timedelta(seconds=problem.again_in or 0)
