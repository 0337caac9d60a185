"""A team's story, newest first: dialogues, the actions that came of them, effects, results."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from effect_town import LEAD, agree, item
from town import Town, at, cast, town

from bot.cards import Fields, Link, Message, Table
from bot.domain.action_items import ActionState, Effect, Source, Verdict
from bot.domain.dialogues import Dialogue, Group, Naming, Phase, Prompt, Step, Way
from bot.flows.views import Page
from bot.storage import actions, dialogues
from bot.storage.store import Tx

TEAM = cast(("dag", 11), ("aften", 8))
ID = "a" * 32


async def page(t: Town, path: str = "history/dag", person: str = "dag-5") -> Page:
    found = await t.bot.front.page(person, path)
    assert found is not None
    return found


def links(card: Message) -> list[str]:
    found = []
    for part in card.children:
        cells = getattr(part, "children", ())
        if isinstance(part, Table):
            cells = [cell for row in part.rows for cell in row]
        found += [one.path for one in cells if isinstance(one, Link)]
    return found


def facts(card: Message) -> dict[str, str]:
    return {
        name: value
        for part in card.children
        if isinstance(part, Fields)
        for name, value in part.pairs
    }


async def hold(t: Town, phase: Phase, **changes: object) -> Dialogue:
    one = Dialogue(
        id="d" * 32,
        node="dag",
        topic="Overlevering",
        way=Way.MEETING,
        naming=Naming.NAMED,
        phase=phase,
        started_by=LEAD,
        started_at=t.clock.now(),
        moved_at=t.clock.now(),
        source=Prompt(),
    )
    one = replace(one, **changes)  # type: ignore[arg-type]

    def work(tx: Tx) -> None:
        assert dialogues.insert_new(tx, one)
        groups = [
            Group(letter * 32, one.id, step, name, place=place, action=action)
            for letter, step, name, place, action in (
                ("1", Step.BEST, "Vi når at hilse", None, None),
                ("2", Step.NOW, "Vi løber forbi", None, None),
                ("3", Step.HOW, "Ro om morgenen", 1, ID),
                ("4", Step.HOW, "Kaffe sammen", 2, None),
            )
        ]
        dialogues.insert_groups(tx, groups)

    await t.bot.store.write(work)
    return one


async def test_a_team_without_a_past_is_told_what_will_gather_here(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        found = await page(t)
        assert t.bot.front.words("da")("history.none") in repr(found)


async def test_the_story_runs_from_best_now_how_to_effect_the_newest_first(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        source = Source("dialogue", "d" * 32, "Overlevering")
        await agree(t, item(source=source, created_on=date(2026, 3, 3)))
        await hold(t, Phase.ENDED)
        await t.travel(at(4))
        one = await t.open("checkin", ("dag",))
        for n in range(2, 12):
            await t.answer(f"dag-{n}", one.id, 4)
        await t.travel(one.publish_at)
        result, action, dialogue, _ = (await page(t)).cards
        assert [links(card) for card in (result, action)] == [
            [links(result)[0]],
            [f"action/{ID}"],
        ]
        assert links(result)[0].startswith("results/")
        told = facts(dialogue)
        assert list(told.values()) == [
            "Vi når at hilse",
            "Vi løber forbi",
            "Ro om morgenen · Kaffe sammen",
        ]
        assert links(dialogue) == [f"action/{ID}", f"dialogue/{'d' * 32}"]
        assert "Overlevering" in repr(action)


async def test_a_running_dialogue_shows_no_ideas(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await agree(t, item())
        await hold(t, Phase.COLLECTING)
        assert "Vi løber forbi" not in repr(await page(t))


async def test_every_turn_of_an_action_stands_with_its_effect_and_verdict(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await agree(t, item())

        def turns(tx: Tx) -> None:
            judged = replace(one, effect=Effect.PARTLY, verdict=Verdict.ADJUST)
            assert actions.change(tx, judged, at(17), LEAD, "decided")
            again = replace(judged, version=2, turn=2, effect=Effect.WORKS, verdict=Verdict.KEEP)
            again = replace(again, state=ActionState.DONE)
            assert actions.change(tx, again, at(18), LEAD, "decided")

        await t.bot.store.write(turns)
        card = (await page(t)).cards[0]
        words = t.bot.front.words("da")
        assert facts(card) == {
            words("history.state"): words("action_state.done"),
            words("history.turn", number=1): "Virker delvis · Justér det",
            words("history.turn", number=2): "Virker · Behold det",
        }


async def test_a_long_story_has_pages(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        for number in range(23):
            day = date(2026, 1, 1) + timedelta(days=number)
            await agree(t, item(id=f"{number:032x}", created_on=day))
        first, second = await page(t), await page(t, "history/dag/2")
        assert (len(first.cards), len(second.cards)) == (21, 4)
        assert links(first.cards[-1])[0] == "history/dag/2"
        assert links(second.cards[-1])[0] == "history/dag"
        for wrong in ("history/dag/0", "history/dag/x", "history/dag/²", "history/nowhere"):
            assert await t.bot.front.page("dag-5", wrong) is None


async def test_another_teams_story_is_not_told(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await agree(t, item())
        assert await t.bot.front.page("aften-3", "history/dag") is None
        assert await t.bot.front.page("boss", "history/dag") is not None


async def test_a_result_nobody_may_see_yet_is_no_part_of_the_story(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        for n in range(2, 12):
            await t.answer(f"dag-{n}", one.id, 4)
        await t.travel(one.closes_at)
        assert "results/" not in repr(await page(t, person=LEAD))
        await t.travel(one.publish_at)
        assert "results/" in repr(await page(t))
