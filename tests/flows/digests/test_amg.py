"""The work-environment group's channel, page and verb: for the group, and for nobody else."""

from datetime import date
from pathlib import Path

import pytest
from group_town import (
    AMG,
    AMR,
    BOSS,
    LEAD,
    MEMBER,
    agree,
    done,
    item,
    links,
    named,
    page,
    with_group,
)
from town import at, town, words_of

from bot.cards import Say, Show
from bot.domain.action_items import Effect
from bot.flows.digests.saying import SHOWN
from bot.storage import chat


async def test_the_group_has_its_channel_and_its_page_at_the_side(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await with_group(t)
        for person, is_in in ((AMR, True), (AMG, True), (BOSS, True), (LEAD, False)):
            side = await t.bot.front.sidebar(person)
            assert side is not None
            paths = {entry.path: entry.kind for entry in side.entries}
            assert (paths.get("c/amg:org") == "channel") is is_in, person
            assert (paths.get("amg/org") == "page") is is_in, person


async def test_the_group_writes_to_each_other_there_and_nobody_else_reads_it(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await with_group(t)
        assert await t.bot.front.say(AMR, "amg:org", "e", "Skal vi mødes tirsdag?") is None
        assert "Skal vi mødes tirsdag?" in repr(await t.shown(AMG, "amg:org"))
        for person in (LEAD, MEMBER, "aften-1"):
            assert await t.bot.front.conversation(person, "amg:org") is None
            reply = await t.bot.front.say(person, "amg:org", "e", "Hej")
            assert isinstance(reply, Say)
        assert len(await t.notes("amg:org")) == 1


@pytest.mark.parametrize("where", ["amg:nowhere", "amg:", "amg:person:dag-2"])
async def test_a_group_that_is_none_has_no_channel(tmp_path: Path, where: str) -> None:
    async with town(tmp_path) as t:
        assert await t.bot.front.conversation(AMR, where) is None
        assert isinstance(await t.bot.front.say(AMR, where, "e", "Hej"), Say)
        assert await t.bot.store.read(lambda tx: chat.latest(tx, where)) == ()


async def test_the_page_says_what_the_digest_would_say_now(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(30)) as t:
        await with_group(t)
        await agree(t, item("a" * 32))
        first, *_ = await page(t, AMR, "amg/org")
        assert "action/" + "a" * 32 in links(first)
        await done(t, "a" * 32, said=Effect.WORKS)
        first, *_ = await page(t, AMR, "amg/org")
        assert "Virker" in words_of(first)


async def test_after_a_digest_the_page_tells_what_came_since(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)
        await agree(t, item("a" * 32))
        await done(t, "a" * 32)
        assert "Gjort siden sidst" in repr(await page(t, AMR, "amg/org"))
        await t.travel(at(7, 10, month=4))
        assert "Gjort siden sidst" not in repr(await page(t, AMR, "amg/org"))


async def test_the_page_has_the_boards_filters_and_the_digests_plan(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await with_group(t)
        cards = await page(t, AMR, "amg/org")
        leads_to = links(*cards)
        for path in ("board/org/late", "board/org/promoting", "board/org/organisation"):
            assert path in leads_to
        assert "board/org/done" in leads_to
        assert [b.context for c in cards for b in named(c, "digest.plan")] == ["org"]
        assert "den første tirsdag i hver måned kl. 9.00" in repr(cards)


async def test_a_long_list_is_cut_visibly_and_the_rest_is_a_click_away(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await with_group(t)
        items = [item(f"{n:032}", due=date(2026, 3, 9)) for n in range(SHOWN + 4)]
        await agree(t, *items)
        first, *_ = await page(t, AMR, "amg/org")
        assert "Se 4 mere" in words_of(first)
        (rest,) = await page(t, AMR, "amg/org/due")
        assert sum(path.startswith("action/") for path in links(rest)) == SHOWN + 4
        await t.travel(at(20))
        assert "board/org/late" in links((await page(t, AMR, "amg/org"))[0])


@pytest.mark.parametrize("path", ["amg/org/nothing", "amg/nowhere", "amg/", "amg/org/late/x"])
async def test_a_page_that_is_none_is_none(tmp_path: Path, path: str) -> None:
    async with town(tmp_path) as t:
        assert await t.bot.front.page(AMR, path) is None


async def test_an_empty_section_says_so(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        assert "ikke noget lige nu" in repr(await page(t, AMR, "amg/org/spread"))


@pytest.mark.parametrize("person", [LEAD, MEMBER, "aften-1"])
async def test_the_page_is_for_the_group_alone(tmp_path: Path, person: str) -> None:
    async with town(tmp_path) as t:
        await with_group(t)
        assert await t.bot.front.page(person, "amg/org") is None
        assert await t.bot.front.page(person, "amg/org/late") is None


@pytest.mark.parametrize("verb", ["overblik", "sammanfattning", "digest"])
async def test_the_verb_shows_the_digest_to_the_group_and_others_their_board(
    tmp_path: Path, verb: str
) -> None:
    async with town(tmp_path, now=at(30)) as t:
        await with_group(t)
        await agree(t, item("a" * 32))
        shown = await t.type(AMR, verb)
        assert isinstance(shown, Show)
        assert "action/" + "a" * 32 in links(shown.message)
        assert "amg/org" in links(shown.message)
        other = await t.type(MEMBER, verb)
        assert isinstance(other, Show)
        assert links(other.message) == ["board/dag"]
        assert "Tiltag" not in words_of(other.message)
