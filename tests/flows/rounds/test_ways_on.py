"""What a person can press after he has taken something back or wanted no more."""

from pathlib import Path

from effect_town import agree, follow_up, item, one_round
from town import buttons, town

from bot.cards import Say, Show


async def test_who_wants_no_more_check_ins_can_take_it_back_where_he_said_so(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open()
        told = await t.click("dag-3", "ask.off", opened.id)
        assert isinstance(told, Show)
        (again,) = buttons(told.message)
        assert "Spørg mig igen" in again.label
        asked = await t.press("dag-3", again)  # the round is open still
        assert isinstance(asked, Show)
        assert "ask.answer" in {one.action for one in buttons(asked.message)}
        await t.travel(opened.publish_at)
        on = Say(t.bot.front.words("da")("me.checkins_on"))
        assert await t.press("dag-3", again) == on
        assert isinstance(await t.click("dag-3", "ask.off"), Say)  # where a page shows it anew


async def test_who_has_deleted_his_answers_can_answer_again_at_once(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open()
        await t.answer("dag-3", opened.id)
        told = await t.click("dag-3", "ask.delete", opened.id)
        assert isinstance(told, Show)
        (again,) = buttons(told.message)
        asked = await t.press("dag-3", again)
        assert isinstance(asked, Show)
        assert {"ask.answer"} <= {one.action for one in buttons(asked.message)}


async def test_one_question_is_thanked_for_as_one_answer(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        several = repr(await t.answer("dag-3", (await t.open()).id))
        assert "Dine svar er gemt, og du kan ændre dem" in several
        await agree(t, item())
        await follow_up(t, item())
        alone = repr(await t.answer("dag-4", (await one_round(t)).id, 1))
        assert "Dit svar er gemt, og du kan ændre det" in alone
