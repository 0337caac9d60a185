"""How to talk about a result: one step a card, and at the end something to begin."""

from pathlib import Path

from town import Town, buttons, cast, town, words_of

from bot.cards import Button, Message, Say, Show
from bot.domain.people import NodeRules
from bot.domain.results import Audience
from bot.flows.results.guide import STEPS
from bot.storage import figures, people

TEAM = cast(("dag", 11), ("aften", 8))
LEAD = "dag-1"


async def card(t: Town, person: str, context: str = "", value: str = "") -> Message:
    reply = await t.click(person, "result.guide", context, value)
    assert isinstance(reply, Show), reply
    return reply.message


async def walk(t: Town, person: str, context: str = "") -> list[Message]:
    """Press "next" until there is no more."""
    found = [await card(t, person, context)]
    while on := [
        b for b in buttons(found[-1]) if b.style == "primary" and b.action == "result.guide"
    ]:
        reply = await t.press(person, on[0])
        assert isinstance(reply, Show)
        found.append(reply.message)
    return found


async def closed(t: Town, travel_on: bool = True) -> str:
    one = await t.open("checkin", ("dag",))
    for n in range(2, 12):
        await t.answer(f"dag-{n}", one.id, 2)
    await t.travel(one.publish_at if travel_on else one.closes_at)
    kept = await t.bot.store.read(lambda tx: figures.of_round(tx, one.id))
    return next(one.id for one in kept if one.figure.audience is Audience.EMPLOYEES)


def begins(message: Message) -> dict[str, Button]:
    return {one.action: one for one in buttons(message) if one.action != "result.guide"}


async def test_the_guide_leads_from_preparing_to_a_first_step_one_card_at_a_time(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        words = t.bot.front.words("da")
        steps = await walk(t, LEAD, await closed(t))
        assert [one.progress for one in steps] == [(n, 6) for n in range(1, 7)]
        for name, one in zip(STEPS, steps, strict=True):
            assert words(f"guide.{name}.title") in words_of(one)
        back = next(b for b in buttons(steps[3]) if b.style == "quiet")
        assert await t.press(LEAD, back) == Show(steps[2])


async def test_it_ends_in_a_dialogue_or_an_action_about_what_there_is_most_to_gain_in(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        figure = await closed(t)
        last = (await walk(t, LEAD, figure))[-1]
        found = begins(last)
        assert set(found) == {"dialogue.new", "action.new"}
        for one in found.values():
            assert one.context == "dag"
            assert one.value.startswith(f"result:{figure}:")
            assert one.opens_form
        assert sum(one.style == "primary" for one in buttons(last)) == 1


async def test_members_are_offered_what_they_may_begin(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        figure = await closed(t)
        assert begins((await walk(t, "dag-5", figure))[-1]) == {}
        rules = NodeRules(members_start=True)
        await t.bot.store.write(lambda tx: people.set_rules(tx, "dag", rules))
        assert set(begins((await walk(t, "dag-5", figure))[-1])) == {"dialogue.new", "action.new"}


async def test_the_lead_who_prepares_begins_nothing_that_names_the_result_yet(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        figure = await closed(t, travel_on=False)
        early = await walk(t, LEAD, figure)
        assert {one.value for one in begins(early[-1]).values()} == {""}
        member = await walk(t, "dag-5", figure)
        talk = t.bot.front.words("da")("guide.ask")
        assert talk in words_of(early[2])
        assert talk not in words_of(member[2])


async def test_a_result_of_another_team_says_nothing_of_itself(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        figure = await closed(t)
        steps = await walk(t, "aften-1", figure)
        assert {one.context for one in begins(steps[-1]).values()} == {"aften"}
        assert all(one.value == "" for one in begins(steps[-1]).values())


async def test_a_step_there_is_not_is_answered_politely(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        told = Say(t.bot.front.words("da")("error.not_understood"))
        for value in ("6", "-1", "x", "²", "1.0"):
            assert await t.click(LEAD, "result.guide", "", value) == told


async def test_the_leads_first_look_offers_the_guide(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        figure = await closed(t, travel_on=False)
        shown = await t.shown(LEAD, f"person:{LEAD}")
        assert any(
            b.action == "result.guide" and b.context == figure for c in shown for b in buttons(c)
        )
