"""The one thread that writes. It takes what has queued up and commits it as a group.

A job is durable before its caller is told. Each job of a group has a savepoint of its own, so one
that fails rolls back alone; if the commit fails, nothing of the group is saved and all are told.
Who may ask, and from where, stands in ``store``.
"""

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from sqlite3 import Connection as Driver
from typing import Any

from sqlalchemy import Connection, Engine

from bot.storage.engine import code_of, driver_of
from bot.storage.trouble import Code, NotSaved, StorageTrouble
from bot.storage.tx import Tx

GROUP_LIMIT = 200
"""The most jobs in one commit: bounds how long the first waits for the last."""

log = logging.getLogger(__name__)

Work = Callable[[Tx], Any]
Chore = Callable[[Connection], Any]


@dataclass(slots=True, eq=False)
class Job:
    """One write that somebody waits for: on an event loop, or in a thread (``loop`` is ``None``).

    ``done`` says only that it is over; what came of it stands in ``value`` and ``error``.
    """

    done: "asyncio.Future[None] | concurrent.futures.Future[None]"
    loop: asyncio.AbstractEventLoop | None = None
    work: Work | None = None
    chore: Chore | None = None
    """Instead of ``work``: something that must run outside any transaction, such as VACUUM."""
    value: Any = None
    error: BaseException | None = None
    after: list[Callable[[], object]] = field(default_factory=list)

    def call_after(self) -> None:
        """Call what was to be called after the commit, if there was one."""
        for call in self.after if self.error is None else ():
            try:
                call()
            except Exception as error:
                # The write stands, whatever happens here; the error's text could carry a value.
                log.error("a call after commit failed: %s", type(error).__name__)

    def result(self) -> Any:
        """Return what the work returned, or raise why it was not saved."""
        if self.error is not None:
            raise self.error
        return self.value


class Writer:
    """A thread with the only connection that writes; ends when ``close`` has drained the queue."""

    def __init__(self, engine: Engine, wrote: Callable[[], object] = lambda: None) -> None:
        self._engine, self._wrote = engine, wrote
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._held: Job | None = None
        self._stopping = False
        self.commits = 0
        """Groups carried out so far."""
        # A daemon, so that a forgotten close cannot keep the process alive; what it has not
        # committed by then was never confirmed.
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Queue a job; raise ``NotSaved`` after ``close``."""
        with self._gate:
            if self._closed:
                raise NotSaved(Code.CLOSED, "the store is closed")
            self._queue.put(job)

    def is_current_thread(self) -> bool:
        """Tell whether the caller is the writer's thread, which can wait for nothing but itself."""
        return threading.current_thread() is self._thread

    def close(self) -> None:
        """Let everything that is queued be committed, then end the thread. May be called twice."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping:
            group = self._take()
            if not group:
                continue
            try:
                with self._engine.connect() as connection:
                    _carry_out(connection, group)
                self.commits += 1
                self._wrote()
            except BaseException as error:
                _nothing_saved(group, error)
            _tell(group)

    def _take(self) -> list[Job]:
        """Wait for a job; return it with all that has queued up behind it. A chore stays alone."""
        group: list[Job] = []
        job = self._held or self._queue.get()
        self._held = None
        while job is not None:
            if job.chore and group:
                self._held = job
                return group
            group.append(job)
            if job.chore or len(group) == GROUP_LIMIT:
                return group
            try:
                job = self._queue.get_nowait()
            except Empty:
                return group
        self._stopping = True
        return group


def _carry_out(connection: Connection, group: list[Job]) -> None:
    """Carry out a group: one chore, or work that is committed together."""
    first = group[0]
    if first.chore:
        first.value = first.chore(connection)
        return
    driver = driver_of(connection)
    with connection.begin() as transaction:
        if len(group) == 1:
            _attempt(connection, driver, first)
        else:
            for job in group:
                _attempt_in_savepoint(connection, driver, job)
        if all(job.error for job in group):
            transaction.rollback()


def _attempt_in_savepoint(connection: Connection, driver: Driver, job: Job) -> None:
    driver.execute("SAVEPOINT job")  # a tenth of what SQLAlchemy's own savepoint costs
    _attempt(connection, driver, job)
    if job.error:
        driver.execute("ROLLBACK TO SAVEPOINT job")
    driver.execute("RELEASE SAVEPOINT job")


def _attempt(connection: Connection, driver: Driver, job: Job) -> None:
    """Run one job; what it raises is kept for its caller."""
    assert job.work is not None
    tx = Tx(connection, job.after)
    try:
        job.value = job.work(tx)
    except BaseException as error:
        code = code_of(error)
        job.error = error if code is None else NotSaved(code, type(error).__name__)
    finally:
        tx.end()
    if not driver.in_transaction:
        # SQLite does so on its own when the disk is full, for one; the group is lost with it, and
        # whatever was sent from here on would stand outside any transaction.
        if isinstance(job.error, NotSaved):
            raise NotSaved(job.error.code, job.error.fact)
        raise NotSaved(Code.COMMIT_REFUSED, "the database ended the transaction")


def _nothing_saved(group: list[Job], error: BaseException) -> None:
    """Nothing of the group is in the database: say so to all who have no error of their own."""
    known = error.code if isinstance(error, StorageTrouble) else code_of(error)
    code = known or Code.COMMIT_REFUSED
    fact = error.fact if isinstance(error, NotSaved) else type(error).__name__
    log.error("%s: %d writes not saved: %s", code, len(group), fact)
    for job in group:
        if job.error is None:
            job.error = NotSaved(code, fact)


def _tell(group: list[Job]) -> None:
    """Wake all callers; one wake-up for all that wait on the same loop."""
    loops: dict[asyncio.AbstractEventLoop, list[Job]] = {}
    for job in group:
        if job.loop is None:
            job.done.set_result(None)
        else:
            loops.setdefault(job.loop, []).append(job)
    for loop, jobs in loops.items():
        try:
            loop.call_soon_threadsafe(_tell_on_loop, jobs)
        except RuntimeError:  # the loop has ended, and with it everybody who waited on it
            log.warning("%d writes are over, but their event loop is closed", len(jobs))


def _tell_on_loop(jobs: list[Job]) -> None:
    for job in jobs:
        job.call_after()
        if not job.done.done():  # a caller who gave up waiting does not undo what he asked for
            job.done.set_result(None)
