"""Who has a role at a team: said by its lead, never so that he sees more than a lead may."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from town import Town, cast, town

from bot.cards import Ask, Reply, Say
from bot.domain.people import Grant, NodeId, Role
from bot.storage import people, schedules

TEAM = cast(("dag", 6), ("aften", 6))
LEAD, OTHER, AMR = "dag-1", "dag-3", "dag-2"


@pytest.fixture
async def t(tmp_path: Path) -> AsyncIterator[Town]:
    """Two teams whose channels say who is in them; ``dag-2`` is elected for both."""
    async with town(tmp_path, TEAM) as found:
        found.bot.env.rosters.by_channel = True
        yield found


async def give(t: Town, who: str, node: NodeId = "dag", **roles: list[str]) -> Reply:
    """Open the form and send it with these roles, the others as they stand."""
    asked = await t.click(who, "team.roles", node)
    if not isinstance(asked, Ask):
        return asked
    values = {one.name: list(one.value) for one in asked.form.inputs}  # type: ignore[union-attr,arg-type]
    return await t.submit(who, "team.roles", asked.form.context, **(values | roles))


async def at(t: Town, node: NodeId = "dag") -> set[tuple[str, Role]]:
    held = await t.bot.store.read(people.grants)
    return {(one.person, one.role) for one in held if one.node == node}


async def kinds(t: Town, conversation: str) -> list[str]:
    await t.bot.tick(t.clock.now())
    return [one.kind for one in await t.notes(conversation)]


async def offered(t: Town, who: str, name: str, node: NodeId = "dag") -> set[str]:
    asked = await t.click(who, "team.roles", node)
    assert isinstance(asked, Ask)
    (one,) = [one for one in asked.form.inputs if one.name == name]
    return {value for value, _ in one.options}  # type: ignore[union-attr]


def errors(reply: Reply) -> set[str]:
    assert isinstance(reply, Ask), reply
    return set(reply.errors)


async def test_a_lead_names_a_second_lead_the_elected_and_the_group(t: Town) -> None:
    reply = await give(t, LEAD, leads=[LEAD, OTHER], amr=["dag-4"], amg=["aften-2"])
    assert isinstance(reply, Say)
    assert await at(t) == {
        (LEAD, Role.LEAD),
        (OTHER, Role.LEAD),
        ("dag-4", Role.AMR),
        ("aften-2", Role.AMG),
    }
    assert (AMR, Role.AMR) in await at(t, "org")  # what is so above stays


async def test_who_got_or_lost_a_role_is_told_and_the_team_of_its_leads(t: Town) -> None:
    await give(t, LEAD, leads=[LEAD, OTHER], amg=["aften-2"])
    assert (await kinds(t, f"person:{OTHER}")).count("team.role") == 1
    assert (await kinds(t, "person:aften-2")).count("team.role") == 1
    assert "team.led" in await kinds(t, "node:dag")
    assert "team.role" not in await kinds(t, f"person:{LEAD}")
    await give(t, LEAD, leads=[LEAD])
    assert (await kinds(t, f"person:{OTHER}")).count("team.role") == 2
    shown = repr(await t.shown(OTHER, f"person:{OTHER}"))
    assert "Du leder nu Dag her." in shown
    assert "Du leder ikke længere Dag her." in shown
    assert "Dag 1 leder nu Dag her." in repr(await t.shown(OTHER, "node:dag"))


async def test_nothing_is_told_where_nothing_has_changed(t: Town) -> None:
    assert isinstance(await give(t, LEAD), Say)
    assert not {"team.role", "team.led", "team.elected"} & set(await kinds(t, "node:dag"))


async def test_a_group_that_is_named_has_its_digest_planned(t: Town) -> None:
    def planned(tx: people.Tx) -> bool:
        return schedules.find(tx, ("aften",), "digest") is not None

    assert not await t.bot.store.read(planned)
    await give(t, "aften-1", "aften", amg=["aften-3"])
    assert await t.bot.store.read(planned)


async def test_a_lead_hands_the_team_over_but_never_leaves_it_without_one(t: Town) -> None:
    assert errors(await give(t, LEAD, leads=[])) == {"leads"}
    assert (LEAD, Role.LEAD) in await at(t)
    await give(t, LEAD, leads=[OTHER])
    assert await at(t) == {(OTHER, Role.LEAD)}
    assert isinstance(await give(t, LEAD, leads=[LEAD]), Say)  # refused: he leads it no more
    assert await at(t) == {(OTHER, Role.LEAD)}


@pytest.mark.parametrize("who", ["dag-3", AMR, "aften-1", "nobody"])
async def test_who_does_not_lead_the_team_gives_no_role(t: Town, who: str) -> None:
    assert isinstance(await give(t, who, amg=["dag-5"]), Say)
    assert await at(t) == {(LEAD, Role.LEAD)}


async def test_nobody_reads_the_comments_of_those_he_leads(t: Town) -> None:
    """Neither as the lead of the team, of one above, of one below, nor by both at once."""
    everybody = {f"dag-{n}" for n in range(1, 7)}
    assert await offered(t, LEAD, "amr") == everybody - {LEAD}
    for person in (LEAD, "boss"):
        assert errors(await give(t, LEAD, amr=[person])) == {"amr"}
    assert not {LEAD, "aften-1", "boss"} & await offered(t, "boss", "amr", "org")
    assert errors(await give(t, LEAD, leads=[LEAD, "dag-4"], amr=["dag-4"])) == {"leads"}
    assert errors(await give(t, LEAD, leads=[LEAD, AMR])) == {"leads"}  # elected above
    assert await at(t) == {(LEAD, Role.LEAD)}


async def test_nobody_makes_himself_the_elected(t: Town) -> None:
    admin = Grant("aften-3", "org", Role.ADMIN)
    await t.bot.store.write(lambda tx: people.put_grants(tx, "aften-3", [admin]))
    assert "aften-3" not in await offered(t, "aften-3", "amr", "aften")
    assert errors(await give(t, "aften-3", "aften", amr=["aften-3"])) == {"amr"}
    assert isinstance(await give(t, "aften-1", "aften", amr=["aften-3"]), Say)
    assert (await at(t, "org")) >= {("aften-3", Role.ADMIN)}
    await give(t, "aften-3", "aften", amg=["aften-4"])  # his own stays as others gave it
    assert ("aften-3", Role.AMR) in await at(t, "aften")


async def test_of_two_who_change_roles_at_once_the_second_is_shown_what_stands(t: Town) -> None:
    asked = await t.click(LEAD, "team.roles", "dag")
    assert isinstance(asked, Ask)
    await give(t, "boss", amg=["aften-2"])
    sent = await t.submit(LEAD, "team.roles", asked.form.context, leads=[LEAD], amr=[], amg=[])
    assert errors(sent) == {"leads"}
    assert ("aften-2", Role.AMG) in await at(t)


async def test_the_administrator_names_the_group_of_the_whole_organisation(t: Town) -> None:
    """On the page of operations, also where nobody leads the whole."""
    admin = Grant("boss", "org", Role.ADMIN)
    await t.bot.store.write(lambda tx: people.put_grants(tx, "boss", [admin]))
    page = await t.bot.front.page("boss", "operations")
    assert page is not None
    assert "team.roles" in repr(page)
    assert isinstance(await give(t, "boss", "org", amg=["boss", "aften-1"]), Say)
    assert await at(t, "org") == {
        ("boss", Role.ADMIN),
        (AMR, Role.AMR),
        ("boss", Role.AMG),
        ("aften-1", Role.AMG),
    }


async def test_the_teams_page_leads_there_for_who_may(t: Town) -> None:
    for who, may in ((LEAD, True), ("boss", True), (AMR, False)):
        page = await t.bot.front.page(who, "team/dag")
        assert page is not None
        assert ("team.roles" in repr(page)) is may, who


async def test_with_a_people_file_only_the_administrator_does_and_is_told_the_file_wins(
    t: Town,
) -> None:
    t.bot.env.rosters.by_channel = False
    assert isinstance(await t.click(LEAD, "team.roles", "dag"), Say)
    asked = await t.click("boss", "team.roles", "dag")
    assert isinstance(asked, Ask)
    assert "Næste gang den læses ind" in repr(asked.form.intro)
    t.bot.env.rosters.by_channel = True
    asked = await t.click("boss", "team.roles", "dag")
    assert isinstance(asked, Ask)
    assert "Næste gang den læses ind" not in repr(asked.form.intro)
