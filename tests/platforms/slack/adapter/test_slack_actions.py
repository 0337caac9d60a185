"""An action in Slack, over both transports: its moves, two editors, the question, the decision."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from double import SlackDouble
from slack_walk import Walk, choices, newest, send, walk
from town import at

from bot.domain.action_items import ActionItem, ActionState, Effect, Verdict
from bot.domain.clock import MovableClock
from bot.platforms.slack.wording import for_channel
from bot.storage import actions
from bot.storage.outbox import Note

WHAT, GIVEN = "Ti minutter sammen", {"first_step": "Aftal et sted", "perspective": "promoting"}


@pytest.fixture(params=["http", "socket"])
async def w(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[Walk]:
    async with walk(tmp_path, slack, clock, request.param) as found:
        lead = found.who("dag-1")
        await lead.command("/trivsel", f"tiltag {WHAT}")
        await send(lead, {**GIVEN, "responsible": "dag-5", "due": "2026-03-16"})
        await found.ticks()
        yield found


async def standing(w: Walk) -> ActionItem:
    (one,) = await w.t.bot.store.read(lambda tx: actions.of_nodes(tx, ["dag"]))
    return one


async def opens_edit(w: Walk, person: str) -> None:
    """Open the action's form from the team's reminder in the channel."""
    who = w.who(person)
    await w.press_on(who, newest(who, "Det vi har aftalt", w.team), "action.show")
    await w.press(who, "action.edit")


async def test_the_responsible_moves_it_from_what_he_is_written(w: Walk) -> None:
    lead, five = w.who("dag-1"), w.who("dag-5")
    assert "Du er ansvarlig for dette tiltag" in five.reads(five.newest(five.dm))
    await w.t.travel(at(5, 10))
    asked = newest(five, "Er I kommet i gang med det første skridt?", five.dm)
    await w.press_on(five, asked, "action.date")
    await send(five, {"due": "2026-03-17"})
    assert (await standing(w)).due == date(2026, 3, 17)
    await w.press_on(five, asked, "action.help")
    await w.ticks()
    assert "Dag 5 vil gerne have hjælp" in lead.reads(lead.newest(lead.dm))
    await w.press_on(five, asked, "action.start")
    assert (await standing(w)).state is ActionState.IN_PROGRESS
    await w.t.travel(at(16, 10))
    await w.press_on(five, newest(five, "Mangler der noget", five.dm), "action.done")
    assert "Godt gået" in five.reads()
    assert (await standing(w)).state is ActionState.DONE


async def test_a_date_on_a_weekend_is_refused_under_its_field(w: Walk) -> None:
    five = w.who("dag-5")
    await w.t.travel(at(5, 10))
    await w.press_on(five, five.newest(five.dm), "action.date")
    assert await five.submit({"in.due": "2026-03-21"}) == "errors"
    assert list(five.errors) == ["in.due"]
    assert (await standing(w)).due == date(2026, 3, 16)


async def test_the_team_reminder_comes_to_the_channel_and_leads_to_action_and_board(
    w: Walk,
) -> None:
    await w.t.travel(at(9, 10))
    seven = w.who("dag-7")
    told = seven.newest(w.team)
    assert "Aftal et sted (Ti minutter sammen)" in seven.reads(told)
    await w.press_on(seven, told, "action.show")
    assert "Ansvarlig" in seven.reads()
    await w.press_on(seven, told, "slack.open", "board/dag")
    assert WHAT in seven.reads()


async def test_who_edits_what_another_changed_meanwhile_is_told_and_may_save_his_own(
    w: Walk,
) -> None:
    await w.t.travel(at(9, 10))
    lead, five = w.who("dag-1"), w.who("dag-5")
    await opens_edit(w, "dag-5")
    await opens_edit(w, "dag-1")
    await send(five, {"what": "Kaffe sammen", "where": "Gangen"})
    await send(lead, {"what": "Te sammen", "goal": "Ro"})
    assert "Dag 5 har imens skrevet: Kaffe sammen" in lead.reads()
    assert lead.modal.payload["callback_id"] == "action.edit"
    assert (await standing(w)).what == "Kaffe sammen"
    await send(lead, {})
    one = await standing(w)
    assert (one.what, one.where, one.goal) == ("Te sammen", "Gangen", "Ro")


async def asked_whether_it_works(w: Walk) -> None:
    """Do it, come to the follow-up day, and let the team answer that it works."""
    five = w.who("dag-5")
    await w.t.travel(at(12, 10))
    await w.press_on(five, newest(five, WHAT, five.dm), "action.done")
    await w.t.travel(at(30, 12))
    for person in (f"dag-{n}" for n in range(3, 12) if n != 5):
        who = w.who(person)
        await w.press_on(who, who.newest(who.dm), "slack.waiting")
        assert WHAT in who.reads()
        await send(who, {"works": choices(who, "works")["Virker"]})
        assert "Tak" in who.reads()


async def test_effect_is_asked_answered_told_and_decided(w: Walk) -> None:
    lead, five = w.who("dag-1"), w.who("dag-5")
    await asked_whether_it_works(w)
    await w.press_on(five, newest(five, "Du er ansvarlig. Hvad siger du?"), "Virker")
    assert "Tak, det er noteret: Virker" in five.reads()
    await w.t.travel(at(7, 12, month=4))
    told = w.who("dag-7").reads(newest(w.who("dag-7"), "svarede", w.team))
    assert "8 af 9" in told
    await w.press_on(lead, newest(lead, "Hvad skal der ske med tiltaget?"), "Behold det")
    assert "Vi bliver ved med det" in lead.reads()
    await w.ticks()
    assert "Besluttet om tiltaget" in five.reads(five.newest(w.team))
    one = await standing(w)
    assert (one.said, one.effect, one.verdict) == (Effect.WORKS, Effect.WORKS, Verdict.KEEP)


async def test_the_digest_comes_to_the_groups_channel_and_to_each_in_it(w: Walk) -> None:
    await w.t.travel(at(7, 10, month=4))
    for person in ("boss", "dag-2", "dag-4"):
        who = w.who(person)
        for place in (w.group, who.dm):
            assert WHAT in who.reads(newest(who, "Overblik", place)), (person, place.name)
    two = w.who("dag-2")
    leads = next(one for one in reversed(two.sees(w.group)) if "amg/org" in str(one.blocks))
    await w.press_on(two, leads, "slack.open", "amg/org")
    assert WHAT in two.reads()


async def test_who_is_in_the_channel_but_not_in_the_group_gets_no_further(w: Walk) -> None:
    await w.t.travel(at(7, 10, month=4))
    two, seven = w.who("dag-2"), w.who("dag-7")
    w.group.members.append(seven.id)
    leads = next(one for one in reversed(two.sees(w.group)) if "amg/org" in str(one.blocks))
    await w.press_on(seven, leads, "slack.open", "amg/org")
    assert WHAT not in seven.reads()


@pytest.mark.parametrize("place", ["node:dag", "node:org", "amg:dag"])
async def test_a_digest_is_not_worded_for_another_channel_than_its_groups(
    w: Walk, place: str
) -> None:
    note, env = Note("digest.dates", {"node": "org"}), w.t.bot.env
    here = await w.t.bot.store.read(lambda tx: for_channel(tx, env, "amg:org", note))
    there = await w.t.bot.store.read(lambda tx: for_channel(tx, env, place, note))
    assert here is not None
    assert there is not None
    assert "Organisationen" in repr(here[1])
    assert "Organisationen" not in repr(there[1])


async def test_what_is_passed_on_is_answered_and_comes_back_to_the_teams_channel(
    w: Walk,
) -> None:
    lead, boss = w.who("dag-1"), w.who("boss")
    await w.t.travel(at(9, 10))
    await w.press_on(lead, newest(lead, "Det vi har aftalt", w.team), "action.show")
    await w.press(lead, "escalation.new")
    await send(lead, {"wish": "Vi mangler en afløser"})
    assert (await standing(w)).state is ActionState.ESCALATED
    await w.ticks()
    asked = newest(boss, "Vi mangler en afløser", boss.dm)
    await w.press_on(boss, asked, "escalation.answer")
    await send(boss, {"state": "yes", "text": "Vi ansætter en vikar", "then": "reopen"})
    await w.ticks()
    assert (await standing(w)).state is ActionState.OPEN
    for who, place in ((w.who("dag-7"), w.team), (lead, lead.dm)):
        assert "Vi ansætter en vikar" in who.reads(who.newest(place))
