"""The door to the database: jobs go in, values and domain types come out.

``await store.write(fn)`` and ``await store.read(fn)`` on the event loop, ``write_now`` and
``read_now`` in threads and commands. ``fn(tx)`` is synchronous and short: it runs in a thread of
the store, so it touches nothing but ``tx`` and its own arguments. How writes are grouped stands in
``writer``, how the log of them is emptied in ``checkpointer``.
"""

import asyncio
import concurrent.futures
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.storage import engine as sqlite
from bot.storage.checkpointer import Checkpointer
from bot.storage.trouble import Code, NotRead
from bot.storage.tx import Tx
from bot.storage.writer import Chore, Job, Writer

__all__ = ["Store", "Tx"]

T = TypeVar("T")

READERS = 4
"""Reads that may run at the same time; each costs a thread and a connection."""

CHECKPOINT_TRIES = 50
CHECKPOINT_PAUSE = 0.1
"""Seconds between two tries; together about what a long export may take to read."""


class Store:
    """An open database with one writing thread and a few reading ones.

    Built with ``Store.open``; closed with ``close``, ``close_now`` or by ``with``/``async with``.
    """

    def __init__(self, path: Path, writing: Engine, reading: Engine, readers: int) -> None:
        self.path = path
        self._writing = writing
        self._reading = reading
        self._checkpointer = Checkpointer(sqlite.checkpoint_engine(path), path)
        self._writer = Writer(writing, self._checkpointer.wrote)
        self._readers = concurrent.futures.ThreadPoolExecutor(readers, "store-reader")
        self._inside = threading.local()
        self._closed = False

    @classmethod
    def open(cls, path_or_url: str | Path, *, readers: int = READERS) -> Self:
        """Open the database, creating an empty file (0600, folder 0700) where there is none.

        Every pragma is set and read back first; raise ``StorageUnusable`` if the database cannot
        be trusted with an answer. The schema is ``migrate.upgrade``'s business, before this.
        """
        path = sqlite.locate(str(path_or_url))
        sqlite.prepare_file(path)
        writing = sqlite.write_engine(path)
        reading = sqlite.read_engine(path, readers)
        try:
            sqlite.try_write(writing)
            reading.connect().close()
        except BaseException as error:
            writing.dispose()
            reading.dispose()
            if isinstance(error, DBAPIError):
                raise sqlite.unusable(path, error) from None
            raise
        return cls(path, writing, reading, readers)

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Carry out ``work`` in a transaction and return its value once it is durable.

        What ``work`` raises is raised here, and nothing of it is saved. ``NotSaved``: the database
        could not save it. Cancelling the wait does not cancel the work. ``work`` runs once.
        """
        loop = asyncio.get_running_loop()
        job = Job(loop.create_future(), loop, work)
        self._writer.submit(job)
        await cast("asyncio.Future[None]", job.done)
        return cast(T, job.result())

    def write_now(self, work: Callable[[Tx], T]) -> T:
        """Do as ``write``, in a thread that may wait: commands, threads, tests."""
        return cast(T, self._wait_for(Job(concurrent.futures.Future(), work=work)))

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Carry out ``work`` on a consistent snapshot and return its value.

        It sees every write that was confirmed before. ``NotRead``: the database could not.
        """
        return await asyncio.wrap_future(self._submit_read(work))

    def read_now(self, work: Callable[[Tx], T]) -> T:
        """Do as ``read``, in a thread that may wait."""
        self._refuse_inside_a_job()
        return self._submit_read(work).result()

    async def checkpoint(self) -> bool:
        """Empty the write-ahead log into the database, waiting for readers between the tries.

        Return whether it is empty: ``False`` after some five seconds of other processes reading.
        """
        return await asyncio.to_thread(self.checkpoint_now)

    def checkpoint_now(self) -> bool:
        """Do as ``checkpoint``, in a thread that may wait."""
        for _ in range(CHECKPOINT_TRIES):
            if self._chore(sqlite.truncate_log):
                return True
            time.sleep(CHECKPOINT_PAUSE)
        return False

    async def vacuum(self) -> bool:
        """Rewrite the file without free pages, then ``checkpoint`` and return what that returned.

        Writes wait meanwhile; it needs about the database's size in memory and on disk.
        """
        return await asyncio.to_thread(self.vacuum_now)

    def vacuum_now(self) -> bool:
        """Do as ``vacuum``, in a thread that may wait."""
        self._chore(sqlite.rebuild)
        return self.checkpoint_now()

    @property
    def commits(self) -> int:
        """How many groups of writes were carried out since the store was opened."""
        return self._writer.commits

    def files(self) -> tuple[Path, ...]:
        """Return every file the database has at this moment."""
        return sqlite.files(self.path)

    async def close(self) -> None:
        """Save what is queued, refuse what comes later, let go of the files; twice does no harm."""
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """Do as ``close``, in a thread that may wait."""
        self._refuse_inside_a_job()
        self._closed = True
        self._writer.close()
        self._checkpointer.close()
        self._readers.shutdown()
        self._reading.dispose()
        # The last connection to go empties the log and removes it.
        self._writing.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close_now()

    def _chore(self, chore: Chore) -> Any:
        return self._wait_for(Job(concurrent.futures.Future(), chore=chore))

    def _wait_for(self, job: Job) -> Any:
        self._refuse_inside_a_job()
        self._writer.submit(job)
        cast("concurrent.futures.Future[None]", job.done).result()
        job.call_after()
        return job.result()

    def _refuse_inside_a_job(self) -> None:
        """A job that waited for another job could wait for itself."""
        if self._writer.is_current_thread() or getattr(self._inside, "reading", False):
            raise RuntimeError("a job cannot wait for another job; use its own tx")

    def _submit_read(self, work: Callable[[Tx], T]) -> "concurrent.futures.Future[T]":
        if self._closed:
            raise NotRead(Code.CLOSED, "the store is closed")
        try:
            return self._readers.submit(self._read, work)
        except RuntimeError:  # closed since we looked
            raise NotRead(Code.CLOSED, "the store is closed") from None

    def _read(self, work: Callable[[Tx], T]) -> T:
        self._inside.reading = True
        try:
            with self._reading.begin() as connection:
                tx = Tx(connection)
                try:
                    return work(tx)
                finally:
                    tx.end()
        except Exception as error:
            code = sqlite.code_of(error)
            if code is None:
                raise
            raise NotRead(code, type(error).__name__) from None
