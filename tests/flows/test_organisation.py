"""What people read as the organisation's name: the setting, else the top of the tree."""

from pathlib import Path

import pytest
from town import cast, town, words_of

from bot.flows import notes
from bot.flows.actions import export
from bot.flows.desk import guest
from bot.storage.outbox import Note
from bot.storage.store import Tx


@pytest.mark.parametrize(
    ("set_", "named"), [({}, "Organisationen"), ({"organisation": "Region Nord"}, "Region Nord")]
)
async def test_everybody_reads_the_name_that_was_set_or_that_of_the_tree(
    tmp_path: Path, set_: dict[str, str], named: str
) -> None:
    async with town(tmp_path, cast(("dag", 6)), **set_) as t:

        def read(tx: Tx) -> tuple[str, str]:
            asker = guest(tx, t.bot.env, "dag-1")
            welcome = notes.card(tx, t.bot.env, asker.reader, Note("welcome"))
            return words_of(welcome), export.plan(tx, t.bot.env, asker, "dag").organisation

        welcome, plan = await t.bot.store.read(read)
        assert named in welcome
        assert plan == named
        sidebar = await t.bot.front.sidebar("dag-3")
        assert sidebar is not None
        assert sidebar.organisation == named
