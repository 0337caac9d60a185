"""Where an action comes from: an idea of a dialogue, a question of a result, or the team itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from acting import LEAD, MEMBER, filled, now, values_of
from town import Town, cast, town, words_of

from bot.cards import Ask, Show
from bot.domain.action_items import Factor, Perspective, Source
from bot.domain.dialogues import Dialogue, Group, Idea, Naming, Phase, Step, Way
from bot.storage import dialogues, figures, ideas
from bot.storage.store import Tx

GROUP = "1" * 32


@pytest_asyncio.fixture
async def t(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path, cast(("dag", 11), ("aften", 6))) as found:
        yield found


async def talked(t: Town, *, held: bool = False, name: str = "Ti minutter sammen") -> Dialogue:
    """Keep a dialogue that has come to choosing, with one group for each question."""
    at = t.clock.now()
    one = Dialogue(
        "d" * 32, "dag", "Morgener", Way.DAYS, Naming.ANONYMOUS, Phase.CHOOSING, LEAD, at, at
    )

    def work(tx: Tx) -> None:
        dialogues.insert_new(tx, one)
        for id_, step, text in (
            (GROUP, Step.HOW, name),
            ("2" * 32, Step.BEST, "Ro"),
            ("3" * 32, Step.NOW, "Alle løber"),
        ):
            factor = Factor.RISK if step is Step.HOW else None
            dialogues.insert_groups(tx, [Group(id_, one.id, step, text, factor)])
            idea = Idea(f"{id_[1:]}a", one.id, step, text, held=held)
            ideas.insert_all(tx, [idea])
            ideas.put_in_group(tx, [idea.id], id_)

    await t.bot.store.write(work)
    return one


async def test_an_idea_of_a_dialogue_fills_the_form_in_and_is_tied_to_what_it_became(
    t: Town,
) -> None:
    one = await talked(t)
    source = f"dialogue:{one.id}:{GROUP}"
    asked = await t.click(LEAD, "action.new", "dag", source)
    assert isinstance(asked, Ask)
    sent = values_of(asked)
    assert (sent["what"], sent["goal"], sent["problem"]) == (
        "Ti minutter sammen",
        "Ro",
        "Alle løber",
    )
    assert (sent["factor"], sent["perspective"]) == ("risk", "preventive")
    context = asked.form.context
    await t.submit(LEAD, "action.new", context, **sent | {"first_step": "Aftal et sted"})
    item = await now(t, context.split(":")[1])
    assert item.source == Source("dialogue", one.id, "Morgener")
    assert item.perspective is Perspective.PREVENTIVE
    group = await t.bot.store.read(lambda tx: dialogues.group(tx, GROUP))
    assert group is not None
    assert group.action == item.id


async def test_the_button_of_an_idea_that_has_become_an_action_shows_the_action(t: Town) -> None:
    one = await talked(t)
    source = f"dialogue:{one.id}:{GROUP}"
    asked = await t.click(LEAD, "action.new", "dag", source)
    assert isinstance(asked, Ask)
    await t.submit(LEAD, "action.new", asked.form.context, **filled())
    again = await t.click(LEAD, "action.new", "dag", source)
    assert isinstance(again, Show)
    assert "Ti minutter sammen" in words_of(again.message)


async def test_an_idea_that_was_held_back_fills_in_nothing(t: Town) -> None:
    one = await talked(t, held=True)
    asked = await t.click(LEAD, "action.new", "dag", f"dialogue:{one.id}:{GROUP}")
    assert isinstance(asked, Ask)
    assert "Ti minutter" not in repr(asked)


async def test_an_idea_longer_than_a_heading_is_not_cut_off(t: Town) -> None:
    long = "Vi mødes " * 40
    one = await talked(t, name=long)
    asked = await t.click(LEAD, "action.new", "dag", f"dialogue:{one.id}:{GROUP}")
    assert isinstance(asked, Ask)
    assert (values_of(asked)["what"], values_of(asked)["how"]) == ("", long)


async def test_another_teams_dialogue_or_result_fills_in_nothing(t: Town) -> None:
    one = await talked(t)
    asked = await t.click("aften-1", "action.new", "aften", f"dialogue:{one.id}:{GROUP}")
    assert isinstance(asked, Ask)
    assert "Ti minutter" not in repr(asked)
    figure, question = await _result(t)
    asked = await t.click("aften-1", "action.new", "aften", f"result:{figure}:{question}")
    assert isinstance(asked, Ask)
    assert not any("udspringer" in text.text for text in asked.form.intro)


async def test_a_question_of_a_result_is_named_in_the_form_and_on_the_actions_page(
    t: Town,
) -> None:
    figure, question = await _result(t)
    short = t.bot.front.words("da").instrument("checkin").questions[question].short
    asked = await t.click(LEAD, "action.new", "dag", f"result:{figure}:{question}")
    assert isinstance(asked, Ask)
    assert asked.form.intro[0].text == f"Det udspringer af: {short}"
    await t.submit(LEAD, "action.new", asked.form.context, **filled())
    item = await now(t, asked.form.context.split(":")[1])
    assert item.source == Source("result", figure, question)
    page = await t.bot.front.page(MEMBER, f"action/{item.id}")
    assert page is not None
    assert f"resultatet for {short}" in repr(page.cards)


async def test_a_source_that_is_not_there_is_the_teams_own_idea(t: Town) -> None:
    for source in ("dialogue:x:y", "result:x:y", "result", "meeting:x", "<script>", "dialogue::"):
        asked = await t.click(LEAD, "action.new", "dag", source)
        assert isinstance(asked, Ask), source
        await t.submit(LEAD, "action.new", asked.form.context, **filled())
        assert (await now(t, asked.form.context.split(":")[1])).source == Source()


async def _result(t: Town) -> tuple[str, str]:
    opened = await t.open("checkin", ("dag",))
    for n in range(2, 12):
        await t.answer(f"dag-{n}", opened.id, 4)
    await t.travel(opened.publish_at)

    def read(tx: Tx) -> str:
        return figures.of_round(tx, opened.id)[0].id

    return await t.bot.store.read(read), opened.questions[0].id
