"""Who answered first leaves no trace: two bots that differ in the order alone cannot be told apart.

Keys are made alike here, so that slots have the same names in both; only ciphertexts may differ.
"""

import random
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from town import cast, town
from whole_bot import Dump, all_the_way, dump, said

from bot.flows.rounds import opening
from bot.flows.rounds.opening import Wish
from bot.privacy.keys import KeyStore

TEAM = cast(("dag", 13), ("aften", 7), ("nat", 3))
PEOPLE = [one.id for one in TEAM.people]


@pytest.fixture(autouse=True)
def _same_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    def same(folder: Path) -> KeyStore:
        return KeyStore(folder, random.Random("the same keys in both bots").randbytes)

    monkeypatch.setattr("bot.app.KeyStore", same)


async def _live(folder: Path, order: list[str]) -> dict[str, Dump]:
    """Live through a round; everybody says the same in both bots, in another order."""
    seen = {}
    async with town(folder, TEAM) as t:
        look = partial(dump, t.bot.settings.database)
        one = await t.open("maturity", ("org",))
        for person in order:
            n = PEOPLE.index(person)
            if n % 7 == 6:
                await t.click(person, "ask.later", one.id)
            else:
                await all_the_way(t, person, one, n % 5 + 1, said(n))
        seen["answered"] = look()
        await t.travel(one.remind_at)
        seen["reminded"] = look()
        await t.travel(one.closes_at)
        seen["closed"] = look()
        await t.travel(one.publish_at)
        seen["reported"] = look()
    return seen


def _without_ciphertext(found: Dump) -> Dump:
    slots = [(round_id, slot, len(ballot)) for round_id, slot, ballot in found["slot"]]
    return {**found, "slot": slots}


@pytest.mark.slow
async def test_the_order_of_answers_leaves_no_trace_in_any_row_or_its_place(tmp_path):
    backwards = await _live(tmp_path / "b", PEOPLE[::-1])
    forwards = await _live(tmp_path / "a", PEOPLE)
    assert forwards["answered"]["slot"] != backwards["answered"]["slot"]
    for stage, found in forwards.items():
        assert _without_ciphertext(found) == _without_ciphertext(backwards[stage]), stage
    assert {len(ballot) for _, _, ballot in forwards["answered"]["slot"]} != set()
    assert len({len(ballot) for _, _, ballot in forwards["answered"]["slot"]}) == 1
    # Once it is closed nothing random is left: the whole database is the same, word for word.
    assert forwards["reported"] == backwards["reported"]
    assert len(forwards["reported"]["comment"]) >= 3


async def test_slots_lie_in_their_own_order_and_rows_have_no_number(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("maturity", ("org",))
        for person in PEOPLE[3:9]:
            await all_the_way(t, person, one, 2)
        with closing(sqlite3.connect(t.bot.settings.database)) as driver:
            rows = [row[0] for row in driver.execute("SELECT slot FROM slot")]
            with pytest.raises(sqlite3.OperationalError, match="rowid"):
                driver.execute("SELECT rowid FROM slot")
        assert rows == sorted(rows)
        assert len(rows) == len(PEOPLE)


async def test_slots_are_made_in_their_own_order_so_that_pages_on_the_disk_tell_no_roster(tmp_path):
    """A long ballot lies on a page of its own, numbered as it was written."""
    async with town(tmp_path, TEAM) as t:
        wish = Wish(("org",), "maturity", t.clock.now(), 3)
        planned = await t.bot.store.read(lambda tx: opening.plan(tx, t.bot.env, wish))
        assert isinstance(planned, opening.Plan)
        made = [sealed.slot for sealed in opening.seal(t.bot.env, planned)]
        assert made == sorted(made)
        box = t.bot.env.keys.load(planned.round.id)
        assert made != [box.slot(member.person) for member in planned.members]
