"""Small facts about the installation itself, by key."""

from typing import Any

from sqlalchemy import insert, select, update

from bot.storage.store import Tx
from bot.storage.tables import meta


def get(tx: Tx, key: str) -> Any:
    """Return the value, or ``None``."""
    return tx.scalar(select(meta.c.value).where(meta.c.key == key))


def put(tx: Tx, key: str, value: Any) -> None:
    """Keep the value under the key."""
    if not tx.execute(update(meta).where(meta.c.key == key).values(value=value)).rowcount:
        tx.execute(insert(meta).values(key=key, value=value))
