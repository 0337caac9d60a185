"""The transaction a job works in: SQLAlchemy's connection, cut down to what jobs need."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from bot.storage.engine import in_transaction

Values = Mapping[str, Any]


class Tx:
    """One job's view of the database. Ends with the job: nothing of it may be kept.

    In a read it is a consistent snapshot and cannot write. A statement that is executed for every
    answer is best built once, with ``bindparam``: building one costs more than executing it.
    """

    __slots__ = ("_after", "_open", "connection")

    def __init__(
        self, connection: Connection, after: list[Callable[[], object]] | None = None
    ) -> None:
        self.connection = connection
        """For ``metadata.create_all`` and the like; jobs use the methods below."""
        self._after = after
        self._open = True

    def execute(
        self, statement: Executable, values: Values | Sequence[Values] | None = None
    ) -> CursorResult[Any]:
        """Execute a statement, once or once for each of ``values``."""
        if not self._open:
            raise RuntimeError("the transaction is over; open a new one with store.write or .read")
        try:
            return self.connection.execute(statement, values)
        except DBAPIError:
            # A job that swallows the error must not go on writing outside any transaction.
            self._open = in_transaction(self.connection)
            raise

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

    def end(self) -> None:
        """Make the transaction unusable: its job has returned."""
        self._open = False
