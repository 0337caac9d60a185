"""A number the database raises by itself whenever a person or a node of the tree changes.

What was read of them may be remembered beside the number: as long as it stands, nothing of it has
changed, not through another process and not by hand either. Answering changes neither table.
"""

from sqlalchemy import Connection, bindparam, inspect, select

from bot.storage.tables import meta, node, person
from bot.storage.tx import Prepared, Tx

KEY = "people_changes"
WATCHED = (person.name, node.name)
DEEDS = ("INSERT", "UPDATE", "DELETE")
_RAISE = "UPDATE meta SET value = value + 1 WHERE key = 'people_changes'"

_NUMBER = Prepared(select(meta.c.value).where(meta.c.key == bindparam("key")))


def number(tx: Tx) -> int | None:
    """Return the number, as this transaction sees it; ``None`` where nobody counts.

    In a write that has changed somebody it is the number after that, committed or not.
    """
    found = tx.quickly(_NUMBER, KEY)
    return None if found is None else int(found[0])


def watch(connection: Connection) -> None:
    """Have the database count. At every start, for a step that rebuilds a table drops its triggers.

    Does nothing in a database without the bot's tables.
    """
    if not {meta.name, *WATCHED} <= set(inspect(connection).get_table_names()):
        return
    connection.exec_driver_sql("INSERT OR IGNORE INTO meta (key, value) VALUES (?, 1)", (KEY,))
    for table in WATCHED:
        for deed in DEEDS:
            connection.exec_driver_sql(
                f"CREATE TRIGGER IF NOT EXISTS {table}_{deed.lower()} AFTER {deed} ON {table}"
                f" BEGIN {_RAISE}; END"
            )
