"""A store to look with: what would be answered is answered, and nothing can be written."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.domain.people import Node
from bot.storage import migrate, people
from bot.storage.looking import Looking
from bot.storage.store import Store, Tx
from bot.storage.tables import node
from bot.storage.trouble import NotRead


def _nodes(tx: Tx) -> int:
    return int(tx.scalar(select(func.count()).select_from(node)) or 0)


def _add(tx: Tx) -> str:
    people.put_node(tx, Node("org", "Organisationen"))
    return "added"


async def test_work_that_writes_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    migrate.upgrade(tmp_path / "bot.db")
    async with Store.open(tmp_path / "bot.db") as store:
        looking = Looking(store)
        with pytest.raises(NotRead, match="STORE-4"):
            await looking.write(_add)
        assert await store.read(_nodes) == 0


async def test_work_that_only_reads_is_done_whichever_way_it_is_asked_for(tmp_path: Path) -> None:
    migrate.upgrade(tmp_path / "bot.db")
    async with Store.open(tmp_path / "bot.db") as store:
        await store.write(_add)
        looking = Looking(store)
        assert await looking.write(_nodes) == await looking.read(_nodes) == 1
