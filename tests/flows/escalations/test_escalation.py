"""What a team cannot solve goes up, waits visibly, is answered once, and comes back."""

import asyncio
from dataclasses import replace
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
    card,
    item,
    links,
    named,
    page,
    sent,
    with_group,
)
from town import Town, at, cast, town, words_of

from bot.cards import Ask, Reply, Say, Show
from bot.domain.action_items import ActionItem, ActionState
from bot.domain.escalations import Escalation, EscalationState
from bot.domain.people import Grant, Node, Role
from bot.storage import actions, audit, escalations, people

WISH = "Vi mangler en afløser om onsdagen"
ANSWER = "Vi ansætter en vikar fra maj"
A = "a" * 32


async def pass_on(t: Town, person: str = LEAD, context: str = "dag", wish: str = WISH) -> Reply:
    return await t.submit(person, "escalation.new", context, wish=wish)


async def answer(t: Town, id_: str, person: str = BOSS, **change: str) -> Reply:
    values = {"state": "yes", "text": ANSWER, "then": "reopen"} | change
    return await t.submit(person, "escalation.answer", id_, **values)


async def only(t: Town) -> Escalation:
    found = await t.bot.store.read(lambda tx: escalations.sent_from(tx, ["dag", "org"]))
    assert len(found) == 1
    return found[0]


async def action(t: Town) -> ActionItem:
    found = await t.bot.store.read(lambda tx: actions.get(tx, A))
    assert found is not None
    return found


async def passed_on(t: Town) -> Escalation:
    """Let the lead pass on an action of his team."""
    await agree(t, item(A))
    assert isinstance(await pass_on(t, LEAD, f"dag:{A}"), Say)
    return await only(t)


async def test_a_wish_goes_to_the_level_above_and_its_lead_is_told_privately(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        asked = await t.click(LEAD, "escalation.new", "dag")
        assert isinstance(asked, Ask)
        assert "Organisationen" in repr(asked.form.intro)
        assert "Dit navn står ved" in repr(asked.form.intro)
        said = await pass_on(t)
        assert isinstance(said, Say)
        await t.bot.tick(t.clock.now())
        one = await only(t)
        assert (one.to_node, one.wish, one.action) == ("org", WISH, None)
        for person in (BOSS, AMR):
            told = await card(t, person, f"person:{person}", "escalation.new")
            assert WISH in words_of(told)
        assert await sent(t, f"person:{MEMBER}", "escalation.new") == []
        assert await sent(t, "node:dag", "escalation.new") == []


async def test_it_is_told_in_working_hours_only(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(6, 20)) as t:
        await pass_on(t)
        await t.travel(at(8, 20))
        assert await sent(t, f"person:{BOSS}", "escalation.new") == []
        await t.travel(at(9, 9))
        assert len(await sent(t, f"person:{BOSS}", "escalation.new")) == 1


async def test_an_action_that_is_passed_on_waits_and_comes_back_with_the_answer(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        one = await passed_on(t)
        assert (await action(t)).state is ActionState.ESCALATED
        await t.travel(at(5))
        assert isinstance(await answer(t, one.id), Say)
        await t.bot.tick(t.clock.now())
        assert (await action(t)).state is ActionState.OPEN
        kinds = [event.kind for event in await t.bot.store.read(lambda tx: actions.history(tx, A))]
        assert kinds == ["created", "escalated", "answered"]
        for person, place in ((MEMBER, "node:dag"), (LEAD, f"person:{LEAD}")):
            told = words_of(await card(t, person, place, "escalation.answered"))
            assert ANSWER in told
            assert "Boss Boserup svarede" in told
        assert len(await sent(t, f"person:{MEMBER}", "escalation.answered")) == 1


@pytest.mark.parametrize(
    ("then", "state"), [("done", ActionState.DONE), ("drop", ActionState.DROPPED)]
)
async def test_the_answer_may_end_the_action(tmp_path: Path, then: str, state: ActionState) -> None:
    async with town(tmp_path) as t:
        one = await passed_on(t)
        await answer(t, one.id, then=then)
        ended = await action(t)
        assert ended.state is state
        assert (ended.done_on, ended.learnt) in (
            (date(2026, 3, 2), ""),
            (None, ANSWER),
        )


async def test_a_date_that_passed_while_it_waited_is_moved_and_one_ahead_is_kept(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        one = await passed_on(t)
        before = await action(t)
        await t.travel(at(10, month=4))
        await answer(t, one.id)
        after = await action(t)
        assert after.due == date(2026, 4, 24)
        assert after.follow_up - after.due >= before.follow_up - before.due


async def test_it_stands_in_the_digest_until_it_is_answered(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)
        await pass_on(t)
        one = await only(t)
        await t.travel(at(7, 10, month=4))
        told = await card(t, AMR, "amg:org", "digest")
        assert links(told)[0] == f"escalation/{one.id}"
        assert "33 dage" in words_of(told)
        await t.travel(at(5, 10, month=5))
        assert (await sent(t, "amg:org", "digest"))[1].params["days"] == [61]
        await answer(t, one.id)
        await t.travel(at(2, 10, month=6))
        assert (await sent(t, "amg:org", "digest"))[2].params["waiting"] == []


async def test_a_level_without_a_group_of_its_own_is_in_the_next_ones_digest(
    tmp_path: Path,
) -> None:
    crew = cast(("dag", 6))
    nodes = [replace(one, parent="dep") if one.id == "dag" else one for one in crew.nodes]
    dep = Node("dep", "Afdelingen", "org")
    crew = replace(
        crew,
        nodes=(nodes[0], dep, *nodes[1:]),
        grants=(*crew.grants, Grant("dag-6", "dep", Role.LEAD)),
    )
    async with town(tmp_path, crew, now=at(5)) as t:
        await pass_on(t)
        one = await only(t)
        assert one.to_node == "dep"
        cards = await page(t, AMR, "amg/org")
        assert f"escalation/{one.id}" in links(*cards)
        assert f"escalation/{one.id}" in links(*await page(t, "dag-6", "team/dep"))
        assert isinstance(await answer(t, one.id, "dag-6"), Say)


async def test_at_the_top_it_stays_there_and_that_is_said(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        asked = await t.click(BOSS, "escalation.new", "org")
        assert isinstance(asked, Ask)
        assert "ikke noget niveau over jer" in repr(asked.form.intro)
        await pass_on(t, BOSS, "org")
        await t.bot.tick(t.clock.now())
        assert (await only(t)).to_node == "org"
        assert len(await sent(t, f"person:{AMR}", "escalation.new")) == 1


async def test_where_nobody_is_above_it_waits_for_somebody_and_that_is_said(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, cast(("dag", 6), top=False)) as t:
        await t.bot.store.write(lambda tx: people.put_grants(tx, AMR, ()))
        asked = await t.click(LEAD, "escalation.new", "dag")
        assert isinstance(asked, Ask)
        assert "venter til nogen får rollen" in repr(asked.form.intro)
        await pass_on(t)
        new = [Grant("dag-6", "org", Role.LEAD)]
        await t.bot.store.write(lambda tx: people.put_grants(tx, "dag-6", new))
        (own,) = await page(t, "dag-6", f"escalation/{(await only(t)).id}")
        assert named(own, "escalation.answer")


async def test_of_two_who_answer_the_second_sees_the_first_and_keeps_his_own_text(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await with_group(t)
        one = await passed_on(t)
        opened = [await t.click(person, "escalation.answer", one.id) for person in (BOSS, AMG)]
        assert all(isinstance(reply, Ask) for reply in opened)
        replies = await asyncio.gather(
            answer(t, one.id, BOSS), answer(t, one.id, AMG, text="Mit svar", state="not_now")
        )
        (late,) = [reply for reply in replies if isinstance(reply, Show)]
        (first,) = [reply for reply in replies if isinstance(reply, Say)]
        assert replies.index(first) == 0
        told = words_of(late.message)
        assert ANSWER in told
        assert "Mit svar" in told
        kept = await only(t)
        assert (kept.answer, kept.state, kept.version) == (ANSWER, EscalationState.YES, 2)
        again = await t.click(AMG, "escalation.answer", one.id)
        assert isinstance(again, Show)
        await t.bot.tick(t.clock.now())
        assert len(await sent(t, "node:dag", "escalation.answered")) == 1


async def test_the_same_form_twice_passes_it_on_once(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await agree(t, item(A))
        for _ in range(2):
            assert isinstance(await pass_on(t, LEAD, f"dag:{A}"), Say)
        await only(t)


async def test_an_action_that_waits_already_or_is_over_keeps_what_was_typed(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await passed_on(t)
        reply = await pass_on(t, BOSS, f"dag:{A}", "Noget mere")
        assert isinstance(reply, Ask)
        assert "allerede sendt" in reply.errors["wish"]
        assert reply.form.inputs[0].value == "Noget mere"
        assert isinstance(await t.click(BOSS, "escalation.new", "dag", A), Say)
        await answer(t, (await only(t)).id, then="done")
        reply = await pass_on(t, LEAD, f"dag:{A}", "Noget mere")
        assert isinstance(reply, Ask)
        assert "afsluttet" in reply.errors["wish"]


@pytest.mark.parametrize("wish", ["", "   ", "x" * 1001])
async def test_what_is_empty_or_too_long_comes_back_as_typed(tmp_path: Path, wish: str) -> None:
    async with town(tmp_path) as t:
        reply = await pass_on(t, wish=wish)
        assert isinstance(reply, Ask)
        assert reply.errors["wish"]
        assert reply.form.inputs[0].value == wish


async def test_an_answer_without_a_choice_comes_back_with_its_text(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        one = await passed_on(t)
        reply = await answer(t, one.id, state="")
        assert isinstance(reply, Ask)
        assert reply.errors["state"]
        assert reply.form.inputs[1].value == ANSWER
        assert (await only(t)).waiting


@pytest.mark.parametrize("person", [MEMBER, "aften-1", "aften-5"])
async def test_others_neither_pass_on_nor_answer_nor_look(tmp_path: Path, person: str) -> None:
    async with town(tmp_path) as t:
        await pass_on(t)
        one = await only(t)
        denied = t.bot.front.words("da")("error.not_allowed")
        for reply in (await pass_on(t, person), await answer(t, one.id, person)):
            assert isinstance(reply, Say)
            assert reply.text == denied
        assert await t.bot.front.page(person, f"escalation/{one.id}") is None


async def test_the_team_reads_the_answer_and_nobody_elses_team_does(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await pass_on(t)
        one = await only(t)
        await answer(t, one.id)
        assert ANSWER in repr(await page(t, MEMBER, f"escalation/{one.id}"))
        assert await t.bot.front.page("aften-5", f"escalation/{one.id}") is None


async def test_an_action_of_another_team_cannot_be_passed_on_from_here(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await agree(t, item(A, node="aften"))
        await pass_on(t, LEAD, f"dag:{A}")
        assert (await action(t)).state is ActionState.OPEN


async def test_the_team_page_shows_what_waits_what_was_answered_and_the_way_to_ask(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await pass_on(t)
        one = await only(t)
        assert f"escalation/{one.id}" in links(*await page(t, LEAD, "team/dag"))
        assert "Venter på svar" in repr(await page(t, LEAD, "team/dag"))
        top = await page(t, BOSS, "team/org")
        assert [b.context for c in top for b in named(c, "escalation.answer")] == [one.id]
        await answer(t, one.id)
        assert "Ja, det tager vi os af" in repr(await page(t, LEAD, "team/dag"))
        await t.travel(at(30, month=6))
        assert f"escalation/{one.id}" not in links(*await page(t, LEAD, "team/dag"))


async def test_the_audit_takes_what_is_stored(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        one = await passed_on(t)
        await answer(t, one.id)
        await t.bot.tick(t.clock.now())
        where = t.bot.settings
    assert audit.audit(where.database, where.key_folder).findings == ()
