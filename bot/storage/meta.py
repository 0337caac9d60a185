"""Small facts about the installation itself, by key."""

from typing import Any

from sqlalchemy import delete, insert, select, update

from bot.storage.store import Tx
from bot.storage.tables import meta, metadata, node


def get(tx: Tx, key: str) -> Any:
    """Return the value, or ``None``."""
    return tx.scalar(select(meta.c.value).where(meta.c.key == key))


def put(tx: Tx, key: str, value: Any) -> None:
    """Keep the value under the key."""
    if not tx.execute(update(meta).where(meta.c.key == key).values(value=value)).rowcount:
        tx.execute(insert(meta).values(key=key, value=value))


def erase_everything(tx: Tx) -> None:
    """Empty every table but this one: for a demo that starts over."""
    tx.execute(update(node).values(parent_id=None))
    for table in reversed(metadata.sorted_tables):
        if table is not meta:
            tx.execute(delete(table))
