"""A team's name and its elected representative, where no people file keeps them."""

from pathlib import Path

import pytest
from town import Town, cast, town

from bot.domain.people import Grant, Role
from bot.flows.desk import NotAllowed, NotUnderstood, guest
from bot.flows.teams import basics
from bot.storage import people
from bot.storage.store import Tx

TEAM = cast(("dag", 6), ("aften", 6))


async def change(t: Town, who: str, name: str = "Dag", elected: tuple[str, ...] = ()) -> None:
    def work(tx: Tx) -> None:
        basics.change(tx, t.bot.env, guest(tx, t.bot.env, who), "dag", name, elected)

    await t.bot.store.write(work)


async def amrs(t: Town) -> set[Grant]:
    return {one for one in await t.bot.store.read(people.grants) if one.role is Role.AMR}


ABOVE = Grant("dag-2", "org", Role.AMR)
"""Elected for the whole organisation; no team's lead changes that."""


async def test_a_lead_names_the_elected_and_those_and_the_team_are_told(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await change(t, "dag-1", elected=("dag-3",))
        await t.bot.tick(t.clock.now())
        assert await amrs(t) == {ABOVE, Grant("dag-3", "dag", Role.AMR)}
        for conversation in ("person:dag-3", "node:dag"):
            assert "team.elected" in [one.kind for one in await t.notes(conversation)]
        assert "team.elected" not in [one.kind for one in await t.notes("person:dag-4")]


async def test_who_is_not_elected_any_more_keeps_his_other_roles_and_is_told(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        other = Grant("dag-3", "aften", Role.AMG)
        await change(t, "dag-1", elected=("dag-3",))
        mine = Grant("dag-3", "dag", Role.AMR)
        await t.bot.store.write(lambda tx: people.put_grants(tx, "dag-3", (mine, other)))
        await change(t, "dag-1", elected=("dag-4",))
        await t.bot.tick(t.clock.now())
        roles = await t.bot.store.read(lambda tx: people.roles(tx, "dag-3"))
        assert roles == (other,)
        kinds = [one.kind for one in await t.notes("person:dag-3")]
        assert kinds.count("team.elected") == 2


async def test_nothing_is_told_where_nothing_has_changed(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await change(t, "dag-1", name="Dagholdet")
        await t.bot.tick(t.clock.now())
        assert (await t.bot.store.read(people.tree))["dag"].name == "Dagholdet"
        assert "team.elected" not in [one.kind for one in await t.notes("node:dag")]


@pytest.mark.parametrize("who", ["dag-1", "boss", "aften-2", "nobody"])
async def test_who_leads_the_team_or_is_not_in_it_cannot_be_elected(
    tmp_path: Path, who: str
) -> None:
    """Else a lead could read comments before the team does."""
    async with town(tmp_path, TEAM) as t:
        with pytest.raises(NotUnderstood):
            await change(t, "dag-1", elected=(who,))
        assert await amrs(t) == {ABOVE}


@pytest.mark.parametrize("who", ["dag-3", "dag-2", "aften-1"])
async def test_who_does_not_lead_the_team_elects_nobody(tmp_path: Path, who: str) -> None:
    async with town(tmp_path, TEAM) as t:
        with pytest.raises(NotAllowed):
            await change(t, who, name="Mit", elected=("dag-4",))
        assert await amrs(t) == {ABOVE}
        assert (await t.bot.store.read(people.tree))["dag"].name == "Dag"
