"""A short round on one view: everything is sent as one move, and nothing of it is lost."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from effect_town import agree, follow_up, item, one_round
from sqlalchemy import select, update
from talks import begin
from town import Town, buttons, cast, shipped, town, words_of

from bot.cards import Ask, Clicked, Form, Reply, Say, SelectInput, Show
from bot.domain.dialogues import IDEAS
from bot.domain.languages import LANGUAGES, Language
from bot.domain.rounds import Round
from bot.flows.rounds import answering, sheet
from bot.flows.rounds.answering import View
from bot.flows.rounds.engine import Path as Steps
from bot.privacy.ballots import Ballot
from bot.rehearsal.organisation import Cast
from bot.storage import rounds
from bot.storage.store import Tx
from bot.storage.tables import slot

DA = shipped().words("da")
NEVER = datetime(2030, 1, 1, tzinfo=UTC)
NOTHING: Mapping[str, int] = {}
SAID = "Der er for lidt ro om morgenen"


async def view(t: Town, one: Round, person: str = "dag-3") -> View:
    seen = await t.bot.store.read(lambda tx: answering.look(tx, t.bot.env, person, one.id))
    assert isinstance(seen, View)
    return seen


async def ballot(t: Town, one: Round, person: str = "dag-3") -> Ballot:
    return (await view(t, one, person)).ballot


async def opens(t: Town, one: Round, person: str = "dag-3") -> Form:
    return form_of(await t.click(person, "ask.sheet", one.id))


async def sends(
    t: Town,
    form: Form,
    person: str = "dag-3",
    comment: str | None = "",
    chosen: Mapping[str, int] = NOTHING,
) -> Reply:
    """Send a sheet as it stands, but for what is chosen and typed."""
    values: dict[str, object] = {
        one.name: list(one.value) for one in form.inputs if isinstance(one, SelectInput)
    }
    values |= {step: [str(value)] for step, value in chosen.items()}
    if comment is not None:
        values["comment"] = comment
    return await t.submit(person, "ask.sheet", form.context, **values)


def form_of(reply: Reply) -> Form:
    assert isinstance(reply, Ask), reply
    assert reply.form.id == "ask.sheet"
    return reply.form


def steps(one: Round) -> tuple[str, ...]:
    return tuple(question.id for question in one.questions)


def all_of(one: Round, value: int) -> dict[str, int]:
    return dict.fromkeys(steps(one), value)


def marked(form: Form) -> dict[str, tuple[str, ...]]:
    return {one.name: one.value for one in form.inputs if isinstance(one, SelectInput)}


def done(reply: Reply) -> bool:
    return isinstance(reply, Show) and reply.done


# --- Which rounds, and how they look --------------------------------------------------------------


async def test_all_questions_and_the_comment_stand_on_it_and_none_has_to_be_answered(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        form = await opens(t, one)
        assert [each.name for each in form.inputs] == [*steps(one), "comment"]
        assert not any(each.required for each in form.inputs if hasattr(each, "required"))
        first = form.inputs[0]
        assert isinstance(first, SelectInput)
        assert first.options[0] == ("1", "Meget dårligt")
        assert first.options[-1] == ("0", "Ved ikke")
        assert set(marked(form).values()) == {()}
        told = repr(form)
        assert "Dine svar er anonyme" in told
        assert DA("ask.comment.hint", limit=600) in told
        assert [each.action for each in form.foot] == ["ask.later", "ask.off", "ask.who"]


def test_few_questions_with_short_scales_fit_and_others_do_not() -> None:
    pack = shipped()

    def fits(instrument: str, asked: int) -> bool:
        known = pack.instruments.get(instrument)
        questions = tuple(each.id for each in known.questions[:asked]) if known else ("a",) * asked
        path = Steps(questions, comment=True)
        seen = View("r", instrument, path, Ballot(), None, "UTC", NEVER, NEVER)
        return sheet.fits(pack, seen)

    assert all(fits("checkin", asked) for asked in range(1, 6))
    assert not fits("checkin", 6)
    assert fits("effect", 1)
    assert not fits("maturity", 1)
    assert not fits(IDEAS, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_that_can_be_asked_fits_its_words(language: Language) -> None:
    pack = shipped()
    for name in ("checkin", "effect"):
        for question in pack.instruments[name].questions:
            assert len(pack.options(name, question.id, language)) <= 5


async def test_a_round_too_long_for_one_view_is_opened_at_its_next_question(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        one = await t.open("maturity", ("dag",))
        for action in ("ask.sheet", "ask.show"):
            asked = Clicked("e", "dag-3", "c", action, one.id, whole=True)
            reply = await t.bot.front.handle(asked)
            assert isinstance(reply, Show)
            assert reply == await t.click("dag-3", "ask.show", one.id)


async def test_a_dialogues_round_is_opened_at_its_card_for_who_is_in_it(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        talk = await begin(t)
        (one,) = await t.bot.store.read(lambda tx: rounds.about(tx, IDEAS, talk.id))
        reply = await t.click("dag-3", "ask.sheet", one.id)
        assert isinstance(reply, Show)
        assert "Samarbejde" in words_of(reply.message)
        stranger = await t.click("nat-2", "ask.sheet", one.id)
        assert stranger == Say(DA("ask.not_invited"))


async def test_what_the_effect_question_is_about_stands_on_it(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        action = await agree(t, item())
        await follow_up(t, action)
        one = await one_round(t)
        form = await opens(t, one, "dag-5")
        assert action.what in repr(form.intro)
        assert done(await sends(t, form, "dag-5", comment=None, chosen={"works": 5}))
        assert (await ballot(t, one, "dag-5")).answers == {"works": 5}


async def test_who_counts_together_is_told_above_the_questions(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("org",))
        names = [node.title() for node in one.units[0]]
        together = DA("ask.waiting.together", team=names)
        assert together in repr((await opens(t, one, "nat-2")).intro)
        assert together not in repr((await opens(t, one, "dag-2")).intro)


async def test_whoever_asks_for_it_gets_the_sheet_for_show_and_review_and_nobody_else(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        await sends(t, await opens(t, one), comment=SAID, chosen=all_of(one, 2))
        for action in ("ask.show", "ask.review"):
            asked = Clicked("e", "dag-3", "c", action, one.id)
            assert isinstance(await t.bot.front.handle(asked), Show)
            form = form_of(await t.bot.front.handle(replace(asked, whole=True)))
            assert set(marked(form).values()) == {("2",)}
            assert SAID in repr(form)
            assert "Kun du ser dine svar her" in repr(form.intro)
            assert [each.action for each in form.foot] == ["ask.delete", "ask.who"]


# --- Sending it -----------------------------------------------------------------------------------


async def test_everything_on_it_is_one_move(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        reply = await sends(t, await opens(t, one), comment=f"  {SAID}\r\n", chosen=all_of(one, 4))
        assert done(reply)
        assert await ballot(t, one) == Ballot(1, all_of(one, 4), SAID, comment_done=True)


async def test_what_is_left_alone_stays_open_and_is_offered_again(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        first, *rest = steps(one)
        reply = await sends(t, await opens(t, one), chosen={first: 0})
        assert isinstance(reply, Show)
        assert not reply.done
        assert f"{len(rest)} spørgsmål er ikke besvaret" in words_of(reply.message)
        assert (await ballot(t, one)).answers == {first: 0}
        again = form_of(await t.press("dag-3", buttons(reply.message)[0]))
        assert marked(again) == {first: ("0",), **dict.fromkeys(rest, ())}
        assert done(await sends(t, again, chosen=dict.fromkeys(rest, 5)))
        assert (await ballot(t, one)).answers == {first: 0, **dict.fromkeys(rest, 5)}


async def test_one_that_is_left_is_counted_as_one(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        *most, _ = steps(one)
        reply = await sends(t, await opens(t, one), chosen=dict.fromkeys(most, 3))
        assert isinstance(reply, Show)
        assert "Ét spørgsmål er ikke besvaret" in words_of(reply.message)


async def test_sending_nothing_saves_nothing_and_says_so(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        reply = await sends(t, await opens(t, one))
        assert isinstance(reply, Show)
        assert "ikke gemt noget endnu" in words_of(reply.message)
        assert await ballot(t, one) == Ballot()


async def test_a_comment_alone_is_kept_and_the_questions_stay_open(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        await sends(t, await opens(t, one), comment=SAID)
        kept = await ballot(t, one)
        assert (kept.comment, kept.answers) == (SAID, {})
        assert done(await sends(t, await opens(t, one), comment=SAID, chosen=all_of(one, 1)))


async def test_a_comment_that_is_emptied_is_taken_out_and_one_not_sent_stays(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        await sends(t, await opens(t, one), comment=SAID, chosen=all_of(one, 4))
        assert done(await sends(t, await opens(t, one), comment=None, chosen=all_of(one, 3)))
        assert (await ballot(t, one)).comment == SAID
        assert done(await sends(t, await opens(t, one), comment=""))
        assert (await ballot(t, one)).comment is None
        assert (await ballot(t, one)).answers == all_of(one, 3)


async def test_what_was_skipped_elsewhere_is_not_asked_again(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        first, *rest = steps(one)
        await t.click("dag-3", "ask.skip", one.id, f"0:{first}")
        assert done(await sends(t, await opens(t, one), chosen=dict.fromkeys(rest, 2)))
        assert (await ballot(t, one)).answers == {first: None, **dict.fromkeys(rest, 2)}


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("whole", [True, False])
async def test_the_same_sheet_sent_twice_has_one_effect_and_one_reply(
    tmp_path: Path, restart: bool, whole: bool
) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        form = await opens(t, one)
        chosen = all_of(one, 4) if whole else {steps(one)[0]: 4}
        before = await sends(t, form, comment=SAID, chosen=chosen)
        kept = await ballot(t, one)
        if not restart:
            assert await sends(t, form, comment=SAID, chosen=chosen) == before
            assert await ballot(t, one) == kept
    if restart:
        async with town(tmp_path, Cast((), (), ()), seed=8) as t:
            assert await sends(t, form, comment=SAID, chosen=chosen) == before
            assert await ballot(t, one) == kept


# --- Two windows ----------------------------------------------------------------------------------


async def test_a_sheet_opened_before_another_change_is_shown_anew_with_what_was_chosen(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        first, *rest = steps(one)
        old = await opens(t, one)
        await sends(t, await opens(t, one), comment="Den nye", chosen=all_of(one, 4))
        reply = await sends(t, old, comment="Den gamle", chosen={first: 1})
        again = form_of(reply)
        assert isinstance(reply, Ask)
        assert DA("ask.sheet.stale") in repr(again.intro)
        assert marked(again) == {first: ("1",), **dict.fromkeys(rest, ("4",))}
        assert "Den gamle" in repr(again.inputs[-1])
        assert set(reply.errors) == {first, "comment"}
        assert "Godt" in reply.errors[first]
        assert "Den nye" in reply.errors["comment"]
        assert (await ballot(t, one)).answers == all_of(one, 4)
        assert done(await sends(t, again, comment="Den gamle"))
        kept = await ballot(t, one)
        assert kept.answers == {**all_of(one, 4), first: 1}
        assert kept.comment == "Den gamle"


async def test_an_old_sheet_with_an_empty_box_takes_no_comment_away(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        old = await opens(t, one)
        await sends(t, await opens(t, one), comment=SAID, chosen=all_of(one, 4))
        again = form_of(await sends(t, old, chosen=all_of(one, 4)))
        assert SAID in repr(again.inputs[-1])
        assert (await ballot(t, one)).comment == SAID


async def test_a_sheet_that_comes_again_brings_nothing_back_that_was_deleted(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        form = await opens(t, one)
        await sends(t, form, comment=SAID, chosen=all_of(one, 4))
        await t.click("dag-3", "ask.delete", one.id)
        again = await sends(t, form, comment=SAID, chosen=all_of(one, 4))
        assert isinstance(again, Ask)
        assert again.errors == {}
        assert (await ballot(t, one)).is_empty
        assert done(await sends(t, again.form, comment=SAID))  # as he chooses, once more
        assert (await ballot(t, one)).answers == all_of(one, 4)


async def test_a_question_answered_elsewhere_and_a_sheet_that_says_the_same_is_fine(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        form = await opens(t, one)
        await t.answer("dag-3", one.id, 4)
        assert done(await sends(t, form, chosen=all_of(one, 4)))


# --- When it cannot be taken ----------------------------------------------------------------------


async def test_a_comment_that_is_too_long_comes_back_with_all_that_was_chosen(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        form, long = await opens(t, one), "é" * 700
        reply = await sends(t, form, comment=long, chosen=all_of(one, 2))
        again = form_of(reply)
        assert isinstance(reply, Ask)
        assert reply.errors == {"comment": DA("form.too_long", length=700, limit=600)}
        assert again.context == form.context
        assert set(marked(again).values()) == {("2",)}
        assert again.inputs[-1].value == long
        assert await ballot(t, one) == Ballot()


async def test_a_comment_too_long_on_an_old_sheet_also_tells_what_has_changed(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        old = await opens(t, one)
        await sends(t, await opens(t, one), chosen=all_of(one, 4))
        reply = await sends(t, old, comment="é" * 700, chosen=all_of(one, 2))
        assert isinstance(reply, Ask)
        assert set(reply.errors) == {*steps(one), "comment"}
        assert (await ballot(t, one)).answers == all_of(one, 4)


@pytest.mark.parametrize(
    "values",
    [
        {"anchor": ["6"]},
        {"anchor": ["-1"]},
        {"anchor": ["4", "5"]},
        {"anchor": ["vælg"]},
        {"anchor": {"a": 1}},
        {"nowhere": ["4"]},
    ],
)
async def test_what_was_never_offered_is_not_understood_and_nothing_is_kept(
    tmp_path: Path, values: dict[str, object]
) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        for comment in ("", "é" * 700):
            sent = {"comment": comment, **values}
            reply = await t.submit("dag-3", "ask.sheet", f"{one.id}:0", **sent)
            assert reply == Say(DA("error.not_understood"))
        assert await ballot(t, one) == Ballot()


async def test_who_is_not_invited_and_who_comes_too_late_is_told(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        form = await opens(t, one)
        assert await t.click("nat-2", "ask.sheet", one.id) == Say(DA("ask.not_invited"))
        assert await sends(t, form, "nat-2", chosen=all_of(one, 4)) == Say(DA("ask.not_invited"))
        await t.travel(one.closes_at)
        for late in (
            await sends(t, form, chosen=all_of(one, 4)),
            await sends(t, form, comment="é" * 700),
            await t.click("dag-3", "ask.sheet", one.id),
        ):
            assert isinstance(late, Say)
            assert "svaret kom ikke med" in late.text


async def test_a_round_whose_key_is_lost_is_said_to_be_void(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        form = await opens(t, one)
        for file in t.bot.settings.key_folder.glob(f"*{one.id}*"):
            file.unlink()
        t.bot.env.keys._loaded.clear()
        assert await sends(t, form, chosen=all_of(one, 4)) == Say(DA("ask.void"))


async def test_who_has_a_ballot_that_cannot_be_read_is_told_before_anything_is_taken(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, cast(("dag", 13))) as t:
        one = await t.open("checkin", ("dag",))
        form = await opens(t, one)
        await sends(t, form, chosen=all_of(one, 4))
        mine = slot.c.slot == t.bot.env.keys.load(one.id).slot("dag-3")

        def alter(tx: Tx) -> None:
            sealed = bytearray(tx.scalar(select(slot.c.ballot).where(mine)))
            sealed[len(sealed) // 2] ^= 1
            tx.execute(update(slot).where(mine).values(ballot=bytes(sealed)))

        await t.bot.store.write(alter)
        assert DA("ask.lost") in repr((await opens(t, one)).intro)
        told = form_of(await sends(t, form, comment=SAID, chosen=all_of(one, 2)))
        assert DA("ask.lost") in repr(told.intro)
        assert set(marked(told).values()) == {("2",)}
        assert (await view(t, one)).lost
        assert done(await sends(t, told, comment=SAID))
        assert (await ballot(t, one)).answers == all_of(one, 2)


# --- What is kept ready ---------------------------------------------------------------------------


async def test_an_empty_sheet_is_the_same_for_all_and_drawn_once(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        drawn = [await t.click(f"dag-{n}", "ask.sheet", one.id) for n in range(1, 12)]
        assert all(isinstance(each, Ask) and each.common for each in drawn)
        assert len({id(each) for each in drawn}) == 1
        assert len(t.bot.env.ready) == 1


async def test_a_sheet_with_something_of_ones_own_is_kept_nowhere(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        one = await t.open("checkin", ("dag",))
        form = await opens(t, one)
        replies = [
            await sends(t, form, comment=SAID, chosen={steps(one)[0]: 4}),
            await t.click("dag-3", "ask.sheet", one.id),
            await sends(t, form, comment="é" * 700, chosen={steps(one)[0]: 2}),
            await sends(t, form, comment="Noget andet", chosen={steps(one)[0]: 2}),
        ]
        assert not any(each.common for each in replies if isinstance(each, Show | Ask))
        assert SAID not in repr(t.bot.env.ready._kept)
        assert len(t.bot.env.ready) == 1  # the empty sheet
