"""The responsible says, the team's answers become a word, the lead decides, the team is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from effect_town import LEAD, RESPONSIBLE, agree, answer, asked, follow_up, item, now, one_round
from town import Town, at, buttons, cast, town, words_of

from bot.cards import Ask, Form, Message, Reply, Say, Show, TextInput
from bot.domain.action_items import ActionItem, ActionState, Effect, Source, Verdict
from bot.domain.results import Audience
from bot.flows.views import Entry
from bot.storage import actions, figures, people

TEAM = cast(("dag", 11), ("aften", 8))
ID = "a" * 32
FIRST = f"{ID}:1"
WORKS, PARTLY, NOT_YET = [5] * 6, [5, 3, 3, 3, 3, 1], [1] * 6


async def judged(t: Town, values: Sequence[int] = WORKS, **changes: object) -> ActionItem:
    """Come to the day after the team has answered."""
    await follow_up(t, await agree(t, item(**changes)))
    one = await one_round(t)
    await answer(t, one, values)
    await t.travel(at(19, 12))
    return await now(t)


async def last(t: Town, person: str, conversation: str = "") -> Message:
    return (await t.shown(person, conversation or f"person:{person}"))[-1]


async def decide_card(t: Town, person: str = LEAD) -> str:
    shown = await t.shown(person, f"person:{person}")
    title = t.bot.front.words("da")("effect.decide_title")
    return words_of(next(card for card in reversed(shown) if card.title == title))


def says(t: Town, key: str, **values: object) -> str:
    return t.bot.front.words("da")(key, **values)


def card_of(reply: Reply) -> Message:
    assert isinstance(reply, Show), reply
    return reply.message


def form_of(reply: Reply) -> Ask:
    assert isinstance(reply, Ask), reply
    return reply


def filled(form: Form) -> dict[str, Any]:
    return {one.name: one.value for one in (*form.inputs, *form.more)}


# --- What is said -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "effect", "proposal"),
    [(WORKS, Effect.WORKS, "scale"), (PARTLY, Effect.PARTLY, "adjust"), (NOT_YET, None, "drop")],
)
async def test_the_teams_label_becomes_a_word_and_the_word_a_proposal(
    tmp_path: Path, values: Sequence[int], effect: Effect | None, proposal: str
) -> None:
    async with town(tmp_path, TEAM) as t:
        found = await judged(t, values)
        assert found.effect is (effect or Effect.NOT_YET)
        told = words_of(await last(t, "dag-4", "node:dag"))
        assert says(t, f"effect_word.{found.effect.value}") in told
        assert says(t, "result.answered", answered=6, invited=9) in told
        assert says(t, f"effect.propose.{proposal}") in await decide_card(t)
        events = await t.bot.store.read(lambda tx: actions.history(tx, ID))
        assert [(event.kind, event.person) for event in events][-1] == ("effect", None)


async def test_the_figure_is_all_that_is_kept(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await judged(t)
        one = await one_round(t)
        (kept,) = await t.bot.store.read(lambda tx: figures.of_round(tx, one.id))
        assert kept.figure.audience is Audience.EMPLOYEES
        assert kept.figure.questions[0].label is not None
        assert await t.bot.store.read(lambda tx: figures.comments(tx, one.id)) == ()


async def test_with_too_few_answers_nothing_is_said_of_the_team_and_all_are_invited_to_talk(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        found = await judged(t, [5] * 4)
        assert found.effect is None
        told = words_of(await last(t, "dag-4", "node:dag"))
        assert says(t, "effect.few") in told
        assert says(t, "effect.few_talk") in told
        assert "svarede" not in told
        assert says(t, "effect.propose.talk") in await decide_card(t)


async def test_many_who_do_not_know_are_told_beside_the_label(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await judged(t, [5, 5, 5, 5, 5, 0, 0, 0])
        share = says(t, "result.band.half")
        assert says(t, "effect.dont_know", share=share) in await decide_card(t)


async def test_the_responsible_says_it_by_name_and_may_change_it_until_it_is_decided(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        await judged(t)
        for said in ("partly", "partly", "not_yet"):
            reply = await t.click(RESPONSIBLE, "effect.say", FIRST, said)
            assert isinstance(reply, Say)
        found = await now(t)
        assert (found.said, found.effect) == (Effect.NOT_YET, Effect.WORKS)
        events = await t.bot.store.read(lambda tx: actions.history(tx, ID))
        assert [event.kind for event in events].count("said") == 2
        assert says(t, "effect_word.not_yet") in await decide_card(t)
        await t.click(LEAD, "effect.keep", FIRST, "keep")
        await t.click(RESPONSIBLE, "effect.say", FIRST, "works")
        assert (await now(t)).said is Effect.NOT_YET


async def test_a_word_or_a_turn_there_is_not_changes_nothing(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        before = await judged(t)
        told = Say(says(t, "error.not_understood"))
        for context, value in (
            (FIRST, "great"),
            (f"{ID}:2", "works"),
            (f"{ID}:", "works"),
            (ID, "works"),
            ("x:1", ""),
        ):
            assert await t.click(RESPONSIBLE, "effect.say", context, value) == told
        for value in ("drop", "adjust", "", "scale "):
            assert await t.click(LEAD, "effect.keep", FIRST, value) == told
        assert await now(t) == before


async def test_only_the_responsible_says_it_and_only_the_lead_decides(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        before = await judged(t)
        no = Say(says(t, "error.not_allowed"))
        for person in (LEAD, "dag-2", "dag-5", "aften-1"):
            assert await t.click(person, "effect.say", FIRST, "works") == no
        for person in (RESPONSIBLE, "dag-2", "dag-5", "aften-1"):
            assert await t.click(person, "effect.keep", FIRST, "scale") == no
            assert await t.click(person, "effect.stop", FIRST) == no
            assert await t.click(person, "effect.adjust", FIRST) == no
            assert await t.click(person, "effect.share", ID, "yes") == no
            assert await t.submit(person, "effect.stop", FIRST, learnt="Nej") == no
        assert await now(t) == before


# --- Deciding -----------------------------------------------------------------------------------


async def test_nothing_is_decided_while_the_team_is_still_answering(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await follow_up(t, await agree(t, item()))
        before = await now(t)
        for reply in (
            await t.click(LEAD, "effect.keep", FIRST, "scale"),
            await t.click(LEAD, "effect.adjust", FIRST),
            await t.submit(LEAD, "effect.stop", FIRST, learnt="Intet"),
        ):
            assert isinstance(reply, Say)
            assert "19. marts" in reply.text
        assert await now(t) == before


@pytest.mark.parametrize("verdict", [Verdict.SCALE, Verdict.KEEP])
async def test_what_works_becomes_lasting_and_the_team_is_told(
    tmp_path: Path, verdict: Verdict
) -> None:
    async with town(tmp_path, TEAM) as t:
        await judged(t)
        reply = await t.click(LEAD, "effect.keep", FIRST, verdict.value)
        assert says(t, f"effect.outcome.{verdict.value}") in words_of(card_of(reply))
        found = await now(t)
        assert (found.verdict, found.state, found.trial) == (verdict, ActionState.DONE, False)
        assert found.done_on == date(2026, 3, 19)
        await t.bot.tick(t.clock.now())
        told = words_of(await last(t, "dag-4", "node:dag"))
        assert says(t, f"effect.outcome.{verdict.value}") in told
        assert RESPONSIBLE not in told


async def test_a_second_decision_says_what_was_decided(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await judged(t)
        await t.click(LEAD, "effect.keep", FIRST, "keep")
        before = await now(t)
        for reply in (
            await t.click("boss", "effect.keep", FIRST, "scale"),
            await t.click("boss", "effect.stop", FIRST),
            await t.submit("boss", "effect.stop", FIRST, learnt="Nej"),
        ):
            assert says(t, "effect.outcome.keep") in words_of(card_of(reply))
        assert await now(t) == before


async def test_who_stops_an_action_says_what_was_learnt(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await judged(t, NOT_YET)
        form = form_of(await t.click(LEAD, "effect.stop", FIRST)).form
        empty = form_of(await t.submit(LEAD, form.id, form.context, learnt="  "))
        assert set(empty.errors) == {"learnt"}
        too_long = form_of(await t.submit(LEAD, form.id, form.context, learnt="x" * 1001))
        assert set(too_long.errors) == {"learnt"}
        await t.submit(LEAD, form.id, form.context, learnt="Morgener er for travle")
        found = await now(t)
        assert (found.state, found.verdict) == (ActionState.DROPPED, Verdict.DROP)
        assert found.learnt == "Morgener er for travle"
        await t.bot.tick(t.clock.now())
        assert "Morgener er for travle" in words_of(await last(t, "dag-4", "node:dag"))
        page = await t.bot.front.page("dag-5", "history/dag")
        assert "Morgener er for travle" in repr(page)


async def test_an_adjusted_action_goes_round_once_more_with_new_dates(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await judged(t, PARTLY)
        await t.click(RESPONSIBLE, "effect.say", FIRST, "partly")
        opened = form_of(await t.click(LEAD, "effect.adjust", FIRST)).form
        values = filled(opened)
        assert values["due"] > date(2026, 3, 19)
        assert values["follow_up"] > values["due"]
        sent = values | {"what": "Fem minutters ro", "milestones": ""}
        reply = await t.submit(LEAD, opened.id, opened.context, **sent)
        assert says(t, "effect.adjusted") in words_of(card_of(reply))
        found = await now(t)
        assert (found.turn, found.what) == (2, "Fem minutters ro")
        assert (found.said, found.effect, found.verdict, found.done_on) == (None,) * 4
        assert found.state is ActionState.IN_PROGRESS
        first = [
            event.item
            for event in await t.bot.store.read(lambda tx: actions.history(tx, ID))
            if event.item.turn == 1
        ][-1]
        assert (first.verdict, first.effect) == (Verdict.ADJUST, Effect.PARTLY)
        await t.bot.tick(t.clock.now())
        assert says(t, "effect.outcome.adjust") in words_of(await last(t, "dag-4", "node:dag"))
        await t.travel(at(30, 12, month=4))
        opened_again = [one for one in await asked(t, ID) if one.opens_at > at(20)]
        assert len(opened_again) == 1  # asked about again, by itself


async def test_a_new_turn_needs_good_dates_and_a_responsible(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        before = await judged(t, PARTLY)
        opened = form_of(await t.click(LEAD, "effect.adjust", FIRST)).form
        values = filled(opened)
        for wrong, name in (
            ({"due": "2026-03-02"}, "due"),
            ({"due": ""}, "due"),
            ({"due": "2026-04-05"}, "due"),  # Easter Sunday
            ({"responsible": "nobody"}, "responsible"),
            ({"what": ""}, "what"),
            ({"follow_up": "2026-03-20"}, "follow_up"),
        ):
            reply = form_of(await t.submit(LEAD, opened.id, opened.context, **(values | wrong)))
            assert name in reply.errors, wrong
        assert await now(t) == before


async def test_what_another_changed_meanwhile_is_kept_or_told_in_the_new_turn(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        await judged(t, PARTLY)
        opened = form_of(await t.click(LEAD, "effect.adjust", FIRST)).form
        values = filled(opened)
        theirs = replace(await now(t), goal="Ro", what="Ro til middag")
        await t.bot.store.write(
            lambda tx: actions.change(tx, theirs, t.clock.now(), RESPONSIBLE, "changed")
        )
        sent = values | {"what": "Fem minutters ro", "milestones": ""}
        reply = form_of(await t.submit(LEAD, opened.id, opened.context, **sent))
        assert "Ro til middag" in reply.errors["what"]
        typed = filled(reply.form)
        assert typed["what"] == "Fem minutters ro"
        await t.submit(LEAD, reply.form.id, reply.form.context, **typed)
        found = await now(t)
        assert (found.turn, found.what, found.goal) == (2, "Fem minutters ro", "Ro")


async def test_a_card_of_an_earlier_turn_tells_what_was_decided_then(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await judged(t, PARTLY)
        opened = form_of(await t.click(LEAD, "effect.adjust", FIRST)).form
        values = filled(opened)
        await t.submit(LEAD, opened.id, opened.context, **(values | {"milestones": ""}))
        shown = await t.shown(LEAD, f"person:{LEAD}")
        title = says(t, "effect.outcome_title")
        old = next(card for card in shown if card.title == title)
        assert says(t, "effect.outcome.adjust") in words_of(old)
        assert not buttons(old)
        reply = await t.click(LEAD, "effect.keep", FIRST, "scale")
        assert reply == Say(says(t, "error.not_understood"))


async def test_who_no_longer_leads_the_team_no_longer_sees_what_to_decide(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        await judged(t)
        await t.bot.store.write(lambda tx: people.put_grants(tx, LEAD, ()))
        shown = await t.shown(LEAD, f"person:{LEAD}")
        assert says(t, "effect.decide_title") not in [card.title for card in shown]


async def test_the_actions_own_page_asks_and_lets_decide_from_the_follow_up_on(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        await agree(t, item())
        assert says(t, "effect.decide_title") not in repr(
            await t.bot.front.page(LEAD, f"action/{ID}")
        )
        await follow_up(t, item())
        assert says(t, "effect.decide_title") in repr(await t.bot.front.page(LEAD, f"action/{ID}"))
        own = repr(await t.bot.front.page(RESPONSIBLE, f"action/{ID}"))
        assert says(t, "effect.ask") in own
        assert says(t, "effect.decide_title") not in own


# --- Before and after ---------------------------------------------------------------------------


async def result_of(t: Town, value: int) -> tuple[str, str]:
    """Ask the team a check-in and return the figure and its fixed question."""
    one = await t.open("checkin", ("dag",), questions=2)
    for n in range(2, 12):
        await t.answer(f"dag-{n}", one.id, value)
    await t.travel(one.publish_at)
    found = await t.bot.store.read(lambda tx: figures.of_round(tx, one.id))
    kept = next(kept for kept in found if kept.figure.audience is Audience.EMPLOYEES)
    return kept.id, "anchor"


@pytest.mark.parametrize(
    ("before", "after", "moved"), [(2, 4, "up"), (3, 3, "same"), (4, 2, "down")]
)
async def test_before_and_after_of_the_topic_stand_beside_each_other(
    tmp_path: Path, before: int, after: int, moved: str
) -> None:
    async with town(tmp_path, TEAM) as t:
        figure, question = await result_of(t, before)
        source = Source("result", figure, question)
        dates = {"due": date(2026, 3, 20), "follow_up": date(2026, 3, 23)}
        await agree(t, item(source=source, created_on=date(2026, 3, 9), **dates))
        await t.travel(at(12))
        await result_of(t, after)
        await follow_up(t, await now(t), at(23, 12))
        await t.travel(at(27, 12))
        card = await decide_card(t)
        short = t.bot.front.words("da").instrument("checkin").questions["anchor"].short
        assert short in card
        assert says(t, f"effect.moved.{moved}", what="", before="", after="")[-12:] in card


async def test_without_a_later_figure_there_is_no_before_and_after(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        figure, question = await result_of(t, 2)
        source = Source("result", figure, question)
        dates = {"due": date(2026, 3, 20), "follow_up": date(2026, 3, 23)}
        await agree(t, item(source=source, created_on=date(2026, 3, 9), **dates))
        await t.travel(at(27, 12))
        short = t.bot.front.words("da").instrument("checkin").questions["anchor"].short
        assert short not in await decide_card(t)


# --- Sharing ------------------------------------------------------------------------------------


async def test_an_action_that_worked_is_shown_to_other_teams_when_its_lead_says_so(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        await judged(t)
        early = await t.click(LEAD, "effect.share", ID, "yes")
        assert early == Say(says(t, "shared.not_yet"))
        await t.click(LEAD, "effect.keep", FIRST, "scale")
        assert not (await now(t)).shared  # never by itself
        assert "shared" not in [entry.path for entry in (await _sidebar(t))]
        await t.click(LEAD, "effect.share", ID, "yes")
        page = repr(await t.bot.front.page("aften-3", "shared"))
        for told in ("Dag", "Ti minutters ro hver morgen", "Find et sted", "Virker"):
            assert told in page
        assert RESPONSIBLE not in page
        assert "Dag 3" not in page
        assert "af 5" not in page
        assert "shared" in [entry.path for entry in (await _sidebar(t))]
        assert await t.bot.front.page("aften-3", f"action/{ID}") is None
        await t.click(LEAD, "effect.share", ID, "no")
        assert "Ti minutters" not in repr(await t.bot.front.page("aften-3", "shared"))


async def _sidebar(t: Town) -> Sequence[Entry]:
    found = await t.bot.front.sidebar("aften-3")
    assert found is not None
    return found.entries


async def test_what_was_stopped_is_not_shared(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await judged(t)
        await t.submit(LEAD, "effect.stop", FIRST, learnt="Ikke mere tid")
        reply = await t.click(LEAD, "effect.share", ID, "yes")
        assert reply == Say(says(t, "shared.not_yet"))


async def test_the_stop_form_says_who_reads_what_is_learnt(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await judged(t)
        form = form_of(await t.click(LEAD, "effect.stop", FIRST)).form
        assert says(t, "effect.stop_named") in [part.text for part in form.intro]
        assert [type(one) for one in form.inputs] == [TextInput]


async def test_what_was_learnt_stands_on_the_board_among_what_was_stopped(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await judged(t, NOT_YET)
        await t.submit(LEAD, "effect.stop", FIRST, learnt="Morgener er for travle")
        assert "Morgener er for travle" in repr(
            await t.bot.front.page("dag-5", "board/dag/dropped")
        )
        assert "Morgener er for travle" not in repr(await t.bot.front.page("dag-5", "board/dag"))


async def test_an_action_dropped_while_the_team_answers_leaves_nothing_to_decide(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        await follow_up(t, await agree(t, item()))
        one = await one_round(t)
        await answer(t, one, WORKS)
        dropped = replace(await now(t), state=ActionState.DROPPED, learnt="Nok var nok")
        await t.bot.store.write(
            lambda tx: actions.change(tx, dropped, t.clock.now(), RESPONSIBLE, "dropped")
        )
        await t.travel(at(20, 12))
        titles = [card.title for card in await t.shown(LEAD, f"person:{LEAD}")]
        assert says(t, "effect.decide_title") not in titles
        assert says(t, "effect.outcome_title") not in titles
        assert (await now(t)).effect is Effect.WORKS
