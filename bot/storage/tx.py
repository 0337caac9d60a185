"""The transaction a job works in: SQLAlchemy's connection, cut down to what jobs need."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ClauseElement, Connection, CursorResult, Executable, Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from bot.storage.engine import driver_of, in_transaction

Values = Mapping[str, Any]
Plain = str | bytes | int | None


class Prepared:
    """A statement that is carried out for every answer: built and compiled once, for ``quickly``.

    Its values are all ``bindparam``s. Columns come as the driver has them: text, bytes and whole
    numbers; JSON and instants as the text that is stored.
    """

    __slots__ = ("names", "sql")

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=sqlite.dialect())
        self.sql = str(compiled)
        self.names: tuple[str, ...] = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]
        """The values in the order in which they are given."""


class Tx:
    """One job's view of the database. Ends with the job: nothing of it may be kept.

    In a read it is a consistent snapshot and cannot write. A statement that is executed often is
    best built once, with ``bindparam``: building one costs more than executing it.
    """

    __slots__ = ("_after", "_driver", "_open", "connection")

    def __init__(
        self, connection: Connection, after: list[Callable[[], object]] | None = None
    ) -> None:
        self.connection = connection
        """For ``metadata.create_all`` and the like; jobs use the methods below."""
        self._after = after
        self._driver = driver_of(connection)
        self._open = True

    def execute(
        self, statement: Executable, values: Values | Sequence[Values] | None = None
    ) -> CursorResult[Any]:
        """Execute a statement, once or once for each of ``values``."""
        self._must_be_open()
        try:
            return self.connection.execute(statement, values)
        except DBAPIError:
            # A job that swallows the error must not go on writing outside any transaction.
            self._open = in_transaction(self.connection)
            raise

    def quickly(self, prepared: Prepared, *values: Plain) -> tuple[Any, ...] | None:
        """Carry out a prepared statement on the driver itself; return its first row, if any.

        For what happens at every answer. The ``values`` stand in the order of ``prepared.names``.
        """
        self._must_be_open()
        try:
            row: tuple[Any, ...] | None = self._driver.execute(prepared.sql, values).fetchone()
        except sqlite3.Error:
            self._open = in_transaction(self.connection)
            raise
        return row

    def rows(self, statement: Executable, values: Values | None = None) -> Sequence[Row[Any]]:
        """Return all rows."""
        return self.execute(statement, values).all()

    def one(self, statement: Executable, values: Values | None = None) -> Row[Any]:
        """Return the only row; raise SQLAlchemy's error when there is none or more than one."""
        return self.execute(statement, values).one()

    def first(self, statement: Executable, values: Values | None = None) -> Row[Any] | None:
        """Return the first row, or ``None``."""
        return self.execute(statement, values).first()

    def scalar(self, statement: Executable, values: Values | None = None) -> Any:
        """Return the first column of the first row, or ``None``."""
        return self.execute(statement, values).scalar()

    def insert_new(
        self, table: Table, rows: Sequence[Values], conflict: Sequence[str] | None = None
    ) -> int:
        """Insert those ``rows`` that are not there yet; return how many that were.

        ``conflict`` names the columns of the unique key that decides; ``None`` means any of them.
        A row that is there already is left as it is. All rows have the same keys.
        """
        if not rows:
            return 0
        if self.connection.dialect.name == "postgresql":
            statement: Executable = postgresql.insert(table).on_conflict_do_nothing(
                index_elements=conflict
            )
        else:
            statement = sqlite.insert(table).on_conflict_do_nothing(index_elements=conflict)
        return self.execute(statement.execution_options(preserve_rowcount=True), rows).rowcount

    def after_commit(self, call: Callable[[], object]) -> None:
        """Have ``call`` called once the transaction is durable, and never if it is not.

        It is called where the writer of the job waits, before he is told: on his event loop for
        ``await store.write``, in his thread for ``store.write_now``. It is a hint (wake the
        outbox), not a promise: after a crash nobody calls it. What it raises is logged, not raised.
        """
        if self._after is None:
            raise RuntimeError("a read commits nothing")
        self._after.append(call)

    def once_it_stands(self, call: Callable[[], object]) -> None:
        """Have ``call`` called when what this transaction sees is sure to stand.

        In a read that is at once; in a write ``after_commit``, and so perhaps never.
        """
        if self._after is None:
            call()
        else:
            self._after.append(call)

    def _must_be_open(self) -> None:
        if not self._open:
            raise RuntimeError("the transaction is over; open a new one with store.write or .read")

    def end(self) -> None:
        """Make the transaction unusable: its job has returned."""
        self._open = False
