"""The thread that empties the write-ahead log beside the writer, so that no answer waits for it.

SQLite would do it in whichever commit makes the log long: ten milliseconds and more for all who
wait behind that commit, about once a second where 300 people answer in one. Done here it lets
readers and the writer go on, but both wait for the same disk, and it is never quite done while
writes keep coming. So it waits until they pause; where they do not and the log grows ``LONG``, it
begins all the same, and the writer does the little that may be left (``engine.LONGEST_LOG``).
"""

import logging
import sqlite3
import threading
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.storage import engine
from bot.storage.trouble import Code, StorageTrouble

log = logging.getLogger(__name__)

FROM = 2 * engine.KEPT_LOG
"""Bytes of log from which it is worth while."""
LONG = 4 * FROM
"""Bytes of log from which no pause is waited for: what 300 check-ins a second write in ten seconds.
"""
CALM = 0.5
"""Seconds without a commit that are a pause."""
PAUSE = 1.0
"""Seconds between two rounds of work."""


class Checkpointer:
    """A thread with a connection of its own; told of commits, and ended by ``close``."""

    def __init__(
        self,
        connects: Engine,
        path: Path,
        worth: int = FROM,
        long: int = LONG,
        calm: float = CALM,
        pause: float = PAUSE,
    ) -> None:
        self._engine, self._log = connects, path.with_name(path.name + "-wal")
        self._worth, self._long, self._calm, self._pause = worth, long, calm, pause
        self._wrote, self._stop = threading.Event(), threading.Event()
        self.rounds = 0
        """Times the log was worth it."""
        self._thread = threading.Thread(target=self._run, name="store-checkpointer", daemon=True)
        self._thread.start()

    def wrote(self) -> None:
        """Take note that something was committed."""
        self._wrote.set()

    def close(self) -> None:
        """End the thread and let go of the file. May be called twice."""
        self._stop.set()
        self._wrote.set()
        self._thread.join()
        self._engine.dispose()

    def _run(self) -> None:
        while True:
            self._wrote.wait()
            if self._stop.is_set():
                return
            self._wait_for_calm()
            if self._stop.is_set():
                return  # ``close`` may have told of it while the calm was waited for
            if self._length() >= self._worth:
                self._empty()
                self._stop.wait(self._pause)

    def _wait_for_calm(self) -> None:
        """Wait until nothing has been committed for a while, or the log is long."""
        while self._wrote.is_set() and self._length() < self._long:
            self._wrote.clear()
            self._stop.wait(self._calm)
        self._wrote.clear()

    def _length(self) -> int:
        try:
            return self._log.stat().st_size
        except FileNotFoundError:
            return 0

    def _empty(self) -> None:
        """Bring into the database what no reader needs in the log; the writer is not kept."""
        try:
            with self._engine.connect() as connection:
                engine.shorten_log(connection)
            self.rounds += 1
        except (sqlite3.Error, DBAPIError, StorageTrouble) as error:
            code = error.code if isinstance(error, StorageTrouble) else engine.code_of(error)
            if code is not Code.LOCKED:  # else another process is at it
                log.error("%s: the log was not emptied", code or Code.DAMAGED)
