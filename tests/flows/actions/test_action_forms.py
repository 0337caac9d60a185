"""Making an action: a short form, good defaults, and nothing without a responsible and a date."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from acting import AMR, LEAD, MEMBER, OTHER, filled, made, now, told, values_of
from town import Town, cast, town, words_of

from bot.cards import Ask, Say, Show
from bot.domain.action_items import (
    ActionState,
    Factor,
    Level,
    Milestone,
    Perspective,
    Prevention,
)
from bot.domain.people import Away, NodeRules
from bot.storage import actions, outbox, people
from bot.storage.store import Tx


@pytest_asyncio.fixture
async def t(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path, cast(("dag", 8), ("aften", 6))) as found:
        await found.bot.tick(found.clock.now())  # everybody is welcomed first
        yield found


async def test_four_things_make_an_action_and_the_rest_has_good_defaults(t: Town) -> None:
    asked = await t.click(LEAD, "action.new", "dag")
    assert isinstance(asked, Ask)
    assert [one.name for one in asked.form.inputs] == ["what", "first_step", "responsible", "due"]
    assert all(one.name != "goal" for one in asked.form.inputs)
    sent = values_of(asked)
    assert sent["due"] == "2026-03-16"  # ten working days on
    assert sent["responsible"] == LEAD  # whoever asks
    context = asked.form.context
    await t.submit(LEAD, "action.new", context, **sent | {"what": "Kaffe", "first_step": "Køb"})
    item = await now(t, context.split(":")[1])
    assert (item.what, item.first_step, item.responsible) == ("Kaffe", "Køb", LEAD)
    assert (item.due, item.follow_up) == (date(2026, 3, 16), date(2026, 3, 30))
    assert item.perspective is Perspective.PROMOTING
    assert item.level is Level.GROUP
    assert item.prevention is Prevention.PRIMARY
    assert item.trial
    assert item.state is ActionState.OPEN


async def test_all_five_parts_of_the_plan_are_kept(t: Town) -> None:
    item = await made(
        t,
        goal="Ro om morgenen",
        problem="Alle taler på én gang",
        where="Vagtstuen",
        how="Stående",
        helpers=[OTHER],
        milestones="✓ 9.3. Prøv én dag\n2026-03-12 Spørg de andre",
        follow_up="2026-04-07",
        level="leader",
        prevention="secondary",
        perspective="handling",
        factor="risk",
        trial=False,
    )
    assert item.goal == "Ro om morgenen"
    assert (item.problem, item.where, item.how) == ("Alle taler på én gang", "Vagtstuen", "Stående")
    assert item.helpers == (OTHER,)
    assert item.milestones == (
        Milestone(date(2026, 3, 9), "Prøv én dag", done=True),
        Milestone(date(2026, 3, 12), "Spørg de andre"),
    )
    assert item.follow_up == date(2026, 4, 7)
    assert (item.level, item.prevention) == (Level.LEADER, Prevention.SECONDARY)
    assert (item.perspective, item.factor) == (Perspective.HANDLING, Factor.RISK)
    assert not item.trial


async def test_the_form_says_before_one_types_that_it_is_not_anonymous(t: Town) -> None:
    asked = await t.click(LEAD, "action.new", "dag")
    assert isinstance(asked, Ask)
    assert any("ikke anonymt" in text.text for text in asked.form.intro)


@pytest.mark.parametrize("missing", ["what", "first_step", "responsible", "due"])
async def test_what_is_missing_is_asked_for_and_nothing_is_made(t: Town, missing: str) -> None:
    asked = await t.click(LEAD, "action.new", "dag")
    assert isinstance(asked, Ask)
    sent = filled()
    reply = await t.submit(LEAD, "action.new", asked.form.context, **sent | {missing: ""})
    assert isinstance(reply, Ask)
    assert list(reply.errors) == [missing]
    assert reply.form.context == asked.form.context
    assert await t.bot.store.read(lambda tx: actions.of_nodes(tx, ["dag"])) == ()


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("2026-02-27", "mandag den 2. marts"),  # past: the next working day is today
        ("2026-03-07", "mandag den 9. marts"),  # a Saturday
        ("2026-04-03", "tirsdag den 7. april"),  # Good Friday, and Easter after it
        ("2030-01-01", "1. marts 2028"),
    ],
)
async def test_a_date_past_far_off_or_on_a_day_off_is_told_with_a_better_one(
    t: Town, typed: str, better: str
) -> None:
    asked = await t.click(LEAD, "action.new", "dag")
    assert isinstance(asked, Ask)
    reply = await t.submit(LEAD, "action.new", asked.form.context, **filled(due=typed))
    assert isinstance(reply, Ask)
    assert better in reply.errors["due"]


async def test_the_teams_pause_is_no_day_for_a_date(t: Town) -> None:
    pause = Away(date(2026, 3, 16), date(2026, 3, 20))
    await t.bot.store.write(lambda tx: people.add_away(tx, "a" * 32, pause, node_id="dag"))
    asked = await t.click(LEAD, "action.new", "dag")
    assert isinstance(asked, Ask)
    reply = await t.submit(LEAD, "action.new", asked.form.context, **filled())
    assert isinstance(reply, Ask)
    assert "mandag den 23. marts" in reply.errors["due"]


async def test_a_follow_up_before_the_date_is_told_with_a_better_one(t: Town) -> None:
    asked = await t.click(LEAD, "action.new", "dag")
    assert isinstance(asked, Ask)
    sent = filled(follow_up="2026-03-10")
    reply = await t.submit(LEAD, "action.new", asked.form.context, **sent)
    assert isinstance(reply, Ask)
    assert "mandag den 30. marts" in reply.errors["follow_up"]


@pytest.mark.parametrize("line", ["Prøv én dag", "31.2. Prøv", "9.3.", "tirsdag Prøv"])
async def test_a_timetable_that_cannot_be_read_names_the_line(t: Town, line: str) -> None:
    asked = await t.click(LEAD, "action.new", "dag")
    assert isinstance(asked, Ask)
    sent = filled(milestones=f"9.3. Godt\n{line}")
    reply = await t.submit(LEAD, "action.new", asked.form.context, **sent)
    assert isinstance(reply, Ask)
    assert line in reply.errors["milestones"]


async def test_the_same_form_sent_twice_makes_one_action(t: Town) -> None:
    asked = await t.click(LEAD, "action.new", "dag")
    assert isinstance(asked, Ask)
    sent = filled()
    first = await t.submit(LEAD, "action.new", asked.form.context, **sent)
    second = await t.submit(LEAD, "action.new", asked.form.context, **sent | {"what": "Andet"})
    assert isinstance(first, Show)
    assert isinstance(second, Show)
    (item,) = await t.bot.store.read(lambda tx: actions.of_nodes(tx, ["dag"]))
    assert item.what == sent["what"]
    assert len(await t.bot.store.read(lambda tx: actions.history(tx, item.id))) == 1


async def test_who_is_made_responsible_is_told_once_and_whoever_took_it_himself_is_not(
    t: Town,
) -> None:
    await made(t, responsible=MEMBER)
    await made(t, responsible=LEAD)
    await t.bot.tick(t.clock.now())
    assert await told(t, MEMBER) == ["action.yours"]
    assert await told(t, LEAD) == []
    card = (await t.shown(MEMBER, f"person:{MEMBER}"))[-1]
    assert "Du er ansvarlig for dette tiltag i Dag" in words_of(card)


async def test_a_member_adds_an_action_only_where_the_team_allows_it(t: Town) -> None:
    no = t.bot.front.words("da")("error.not_allowed")
    assert await t.click(MEMBER, "action.new", "dag") == Say(no)
    rules = NodeRules(members_start=True)
    await t.bot.store.write(lambda tx: people.set_rules(tx, "dag", rules))
    assert isinstance(await t.click(MEMBER, "action.new", "dag"), Ask)
    assert await t.click("aften-3", "action.new", "dag") == Say(no)


async def test_the_command_opens_the_form_with_what_was_typed(t: Town) -> None:
    for typed in ("tiltag", "åtgärd", "action"):
        reply = await t.type(LEAD, f"{typed} Kaffe på gangen")
        assert isinstance(reply, Ask)
        assert values_of(reply)["what"] == "Kaffe på gangen"
        assert reply.form.context.startswith("dag:")


async def test_a_long_text_after_the_command_is_not_cut_off(t: Town) -> None:
    reply = await t.type(LEAD, "tiltag " + "Vi mødes. " * 50)
    assert isinstance(reply, Ask)
    assert str(values_of(reply)["how"]) == ("Vi mødes. " * 50).strip()


async def test_who_may_not_add_an_action_is_told_whom_to_ask_and_keeps_what_was_typed(
    t: Town,
) -> None:
    reply = await t.type(MEMBER, "tiltag Kaffe på gangen")
    assert isinstance(reply, Show)
    assert "Tal med din leder" in words_of(reply.message)
    assert "Kaffe på gangen" in words_of(reply.message)


async def test_the_amr_of_all_adds_an_action_where_the_button_stood(t: Town) -> None:
    item = await made(t, AMR, "aften", responsible="aften-2")
    assert item.node == "aften"


async def test_somebody_from_elsewhere_cannot_be_made_responsible(t: Town) -> None:
    asked = await t.click(LEAD, "action.new", "dag")
    assert isinstance(asked, Ask)
    sent = filled(responsible="aften-3")
    reply = await t.submit(LEAD, "action.new", asked.form.context, **sent)
    assert isinstance(reply, Ask)
    assert list(reply.errors) == ["responsible"]


async def test_nobody_who_has_left_is_offered(t: Town) -> None:
    def leave(tx: Tx) -> None:
        someone = people.get(tx, OTHER)
        assert someone is not None
        people.put_person(tx, replace(someone, active=False))

    await t.bot.store.write(leave)
    asked = await t.click(LEAD, "action.new", "dag")
    assert OTHER not in repr(asked)


async def test_nothing_is_sent_outside_working_hours_when_an_action_is_made_at_night(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, cast(("dag", 8))) as t:
        await t.travel(t.clock.now().replace(hour=20))
        await made(t)
        (row,) = await t.bot.store.read(lambda tx: outbox.due(tx, t.clock.now().replace(month=4)))
        assert row.due_at is not None
        assert row.due_at.isoformat() == "2026-03-03T07:00:00+00:00"
