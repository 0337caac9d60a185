"""My page: what waits for whom, and where it leads."""

from datetime import timedelta
from pathlib import Path

from closed_rounds import DA, SAID, answered, team
from effect_town import RESPONSIBLE, agree, answer, follow_up, item, one_round
from town import Town, buttons, town

from bot.cards import Actions, Link, Message, Show, Text
from bot.domain.rounds import Round
from bot.flows.preferences import PATH

MEMBER, LEAD, AMR, BOSS = "dag-5", "dag-1", "dag-2", "boss"


async def home(t: Town, person: str) -> tuple[Message, ...]:
    found = await t.bot.front.page(person, "me")
    assert found is not None
    return found.cards


async def titles(t: Town, person: str) -> list[str]:
    return [card.title for card in await home(t, person)]


async def card(t: Town, person: str, title: str) -> Message:
    return next(one for one in await home(t, person) if one.title == title)


def links(one: Message) -> list[str]:
    rows = [part.children for part in one.children if isinstance(part, Actions)]
    return [each.path for row in rows for each in row if isinstance(each, Link)]


async def closed(t: Town) -> Round:
    opened = await t.open("checkin", ("dag",))
    await answered(t, opened, team("dag", range(2, 12)), SAID)
    await t.travel(opened.closes_at)
    return opened


async def test_when_nothing_waits_it_says_so(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        first = (await home(t, MEMBER))[0]
        assert first.children == (Text(DA("home.nothing")),)
        await t.open()
        assert DA("home.nothing") not in repr(await home(t, MEMBER))


async def test_who_has_answered_has_nothing_waiting_and_can_still_change_it(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open()
        await t.answer(MEMBER, opened.id)
        cards = await home(t, MEMBER)
        assert DA("home.nothing") in repr(cards[0])
        assert any(one.action == "ask.review" for one in buttons(cards[1]))


async def test_each_role_has_its_cards_in_the_same_order(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        mine = DA("me.settings")
        assert await titles(t, MEMBER) == [DA("home.waiting"), "Dag", mine]
        assert await titles(t, BOSS) == [DA("home.waiting"), "Organisationen", mine]
        group = DA("page.amg", team="Organisationen")
        assert await titles(t, AMR) == [DA("home.waiting"), "Dag", group, mine]


async def test_what_one_wishes_for_oneself_is_behind_one_way(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        last = (await home(t, MEMBER))[-1]
        assert links(last) == [PATH]
        assert not buttons(last)
        page = await t.bot.front.page(MEMBER, PATH)
        assert page is not None
        does = {one.action for each in page.cards for one in buttons(each)}
        assert does == {"me.language", "ask.off", "me.days", "me.away"}


async def test_a_lead_starts_a_check_in_from_here_unless_one_is_open(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        assert [one.action for one in buttons(await card(t, LEAD, "Dag"))] == ["team.start"]
        assert not buttons(await card(t, MEMBER, "Dag"))
        opened = await t.open()
        now = await card(t, LEAD, "Dag")
        assert not buttons(now)
        assert DA("team.open", what="Trivselstjek", closes=_local(opened)) in repr(now)
        assert "Trivselstjek:" not in repr(await card(t, MEMBER, "Dag"))


def _local(one: Round) -> object:
    return one.closes_at + timedelta(hours=1)


async def test_the_newest_result_leads_to_its_page_once_it_is_published(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await closed(t)
        assert DA("results.none_yet") in repr(await card(t, MEMBER, "Dag"))
        await t.travel(opened.publish_at)
        (way, _) = links(await card(t, MEMBER, "Dag"))
        assert way.startswith("results/")
        assert await t.bot.front.page(MEMBER, way) is not None


async def test_comments_wait_for_the_elected_until_they_are_published(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await closed(t)
        waits = await card(t, AMR, DA("home.waiting"))
        (way,) = buttons(waits)
        shown = await t.press(AMR, way)
        assert isinstance(shown, Show)
        assert "Peter er sur" in repr(shown.message)
        assert "Peter" not in repr(await home(t, AMR))
        for other in (MEMBER, LEAD, BOSS):
            assert "comments.open" not in repr(await home(t, other))
        await t.travel(opened.publish_at)
        assert "comments.open" not in repr(await home(t, AMR))


async def test_a_wish_waits_for_who_may_answer_and_is_counted_for_the_group(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.submit(LEAD, "escalation.new", "dag", wish="En vikar om onsdagen")
        (way,) = links(await card(t, BOSS, DA("home.waiting")))
        assert await t.bot.front.page(BOSS, way) is not None
        assert DA("home.nothing") in repr(await home(t, AMR))
        group = await card(t, AMR, DA("page.amg", team="Organisationen"))
        assert DA("home.group", number=1) in repr(group)
        await t.submit(BOSS, "escalation.answer", way.partition("/")[2], state="yes", text="Ja")
        assert DA("home.nothing") in repr(await home(t, BOSS))


async def test_more_than_fits_is_counted(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        for number in range(10):
            await t.submit(LEAD, "escalation.new", "dag", wish=f"Ønske {number}")
        waits = await card(t, BOSS, DA("home.waiting"))
        assert len(links(waits)) == 8
        assert waits.children[-1] == Text(DA("home.more", number=2), "quiet")


async def test_an_action_whose_day_has_come_waits_for_who_speaks_and_then_for_who_decides(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        one = await agree(t, item())
        assert f"action/{one.id}" not in repr(await duties(t, RESPONSIBLE))
        await follow_up(t, one)
        assert links(await duties(t, RESPONSIBLE)) == [f"action/{one.id}"]
        assert DA("todo.decide", what=one.what) not in repr(await home(t, LEAD))
        asked = await one_round(t)
        await answer(t, asked, [5] * 6)
        await t.travel(asked.publish_at)
        assert DA("todo.decide", what=one.what) in repr(await duties(t, LEAD))
        assert DA("todo.decide", what=one.what) not in repr(await home(t, MEMBER))


async def duties(t: Town, person: str) -> Message:
    """Return the card of what waits because of one's roles."""
    return await card(t, person, DA("home.waiting"))
