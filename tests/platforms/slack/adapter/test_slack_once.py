"""Whatever Slack tells has one effect: told twice, at once, to two processes, or after a crash."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from double import SlackDouble
from double.delivery import Delivery
from slack_town import SlackTown, slack_town
from slack_twins import NOBODY_NEW, Twins, once_more, twins
from sqlalchemy import Select, Table, func, select
from town import cast

from bot.domain.clock import MovableClock
from bot.domain.retention import Retention
from bot.flows import forgetting
from bot.flows.dialogues import ask as dialogue_ask
from bot.flows.dialogues import vote as dialogue_vote
from bot.flows.rounds import ask_actions
from bot.platforms.slack import inbound
from bot.platforms.slack.inbound import Origin, Pressed, Sent
from bot.platforms.slack.once import hashed, key_of
from bot.storage import people, slack_heard
from bot.storage.slack_heard import LEASE, Turn
from bot.storage.store import Tx
from bot.storage.tables import delivery, node
from bot.storage.tables import slack_heard as heard
from bot.storage.trouble import Code, NotSaved

TEAM = cast(("dag", 11))
HOLIDAY = {"in.first": "2026-04-01", "in.last": "2026-04-03"}
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
async def both(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[Twins]:
    async with twins(tmp_path, slack, clock, TEAM) as started:
        yield started


@pytest.fixture
async def fresh(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[Twins]:
    async with twins(tmp_path, slack, clock, NOBODY_NEW) as started:
        yield started


async def pauses(t: SlackTown) -> int:
    found = await t.bot.store.read(lambda tx: people.aways(tx, "dag-3", date(2026, 3, 2)))
    return len(found)


async def noted(t: SlackTown) -> int:
    return int(await t.bot.store.read(lambda tx: tx.scalar(_count(heard))))


def _count(table: Table) -> Select[tuple[int]]:
    return select(func.count()).select_from(table)


async def away(both: Twins) -> Delivery:
    """Have Anna send in her holiday; return what Slack sent."""
    anna = both.double.person("dag-3")
    await anna.command("/trivsel", "væk")
    assert await anna.submit(HOLIDAY) == "updated"
    return both.double.post.sent[-1]


async def begun(t: SlackTown, sent: Delivery) -> None:
    """Leave what a process leaves that began with a form, and died before it had done anything."""
    key = key_of(inbound.submission(sent.payload))
    assert key is not None

    def die(tx: Tx) -> None:
        slack_heard.let_go(tx, key, t.clock.now())
        tx.execute(heard.delete())
        assert slack_heard.begin(tx, key, t.clock.now()) is Turn.MINE

    await t.bot.store.write(die)


# --- Forms and clicks ---------------------------------------------------------------------------


async def test_a_form_that_two_processes_hear_at_once_has_one_effect(both: Twins) -> None:
    both.only(0)
    anna = both.double.person("dag-3")
    await anna.command("/trivsel", "væk")
    both.both()
    assert await anna.submit(HOLIDAY) == "updated"
    assert await pauses(both.one) == 1


async def test_a_form_that_another_process_has_taken_is_answered_and_not_taken_again(
    both: Twins,
) -> None:
    both.only(0)
    sent = await away(both)
    both.only(1)
    await both.double.redeliver(sent)
    assert await pauses(both.one) == 1
    assert "modtaget allerede" in str(sent.answer.body)


@pytest.mark.parametrize("who", [0, 1])
async def test_a_form_that_somebody_sends_again_who_saw_no_answer_has_one_effect(
    both: Twins, who: int
) -> None:
    both.only(0)
    sent = await away(both)
    both.only(who)
    again = once_more(sent, "9.9.9")
    await both.double.redeliver(again)
    assert await pauses(both.one) == 1
    assert "modtaget allerede" in str(again.answer.body)


async def test_the_same_days_can_be_given_in_another_form(both: Twins) -> None:
    both.only(0)
    await away(both)
    await both.double.person("dag-3").close_modal(all_of_them=True)
    await away(both)
    assert await pauses(both.one) == 2


async def test_a_form_that_came_back_with_an_error_can_be_sent_again(both: Twins) -> None:
    both.only(0)
    anna = both.double.person("dag-3")
    await anna.command("/trivsel", "væk")
    assert await anna.submit(HOLIDAY | {"in.last": "2026-03-30"}) == "errors"
    both.only(1)
    assert await anna.submit(HOLIDAY) == "updated"
    assert await pauses(both.one) == 1


async def test_who_waits_for_a_process_that_died_is_told_and_can_send_the_form_again(
    both: Twins,
) -> None:
    both.only(0)
    sent = await away(both)
    before = await pauses(both.one)
    await begun(both.one, sent)

    async def at_once(_: float) -> None:
        await asyncio.sleep(0)

    both.other.slack.hearing._once._wait = at_once
    both.only(1)
    again = once_more(sent, "9.9.9")
    await both.double.redeliver(again)
    assert again.answer.body is not None
    assert again.answer.body["response_action"] == "errors"  # the form stays, with what is in it
    assert "ved at blive gemt" in str(again.answer.body)
    assert await pauses(both.one) == before
    both.one.clock.move_to(both.one.clock.now() + LEASE)
    last = once_more(sent, "9.9.10")
    await both.double.redeliver(last)
    assert last.answer.body["response_action"] == "update"
    assert await pauses(both.one) == before + 1


async def test_who_sends_a_form_while_another_process_saves_it_is_told_that_it_is_done(
    both: Twins,
) -> None:
    both.only(0)
    sent = await away(both)
    await begun(both.one, sent)
    key = key_of(inbound.submission(sent.payload))
    began = both.one.clock.now()

    async def ends(_: float) -> None:
        await both.one.bot.store.write(lambda tx: slack_heard.end(tx, str(key), began))

    both.other.slack.hearing._once._wait = ends
    both.only(1)
    again = once_more(sent, "9.9.9")
    await both.double.redeliver(again)
    assert "modtaget allerede" in str(again.answer.body)
    assert await pauses(both.one) == 1


async def test_a_click_that_two_processes_hear_has_one_effect(both: Twins) -> None:
    both.only(0)
    await away(both)
    anna = both.double.person("dag-3")
    await anna.close_modal(all_of_them=True)
    await anna.opens_home()
    await both.sends()
    assert anna.home is not None
    await anna.click("Ret", on=anna.home)  # how I want it, with my days off
    both.both()
    await anna.click("me.back", on=anna.modal)
    await both.sends()
    assert await pauses(both.one) == 0
    await anna.close_modal(all_of_them=True)
    both.only(1)
    await away(both)
    await anna.close_modal(all_of_them=True)
    assert await pauses(both.one) == 1


async def test_a_command_that_two_processes_hear_opens_one_view_and_whispers_nothing(
    both: Twins,
) -> None:
    both.both()
    anna = both.double.person("dag-3")
    await anna.command("/trivsel", "væk")
    await both.sends()
    assert len(anna.modals) == 1
    assert not [one for one in anna.sees() if one.only_for]
    both.double.forgive("exchanged_trigger_id")


# --- Events -------------------------------------------------------------------------------------


async def welcomes(t: SlackTown) -> int:
    query = select(func.count()).select_from(delivery).where(delivery.c.purpose.like("setup:%"))
    return int(await t.bot.store.read(lambda tx: tx.scalar(query)))


async def test_one_channel_gets_one_welcome_whoever_hears_of_it(fresh: Twins) -> None:
    anna = fresh.double.person("anna")
    channel = fresh.double.channel("plejen", anna, bot=False)
    fresh.both()
    invited = await anna.invites_bot(channel)
    await fresh.sends()
    for number in (0, 1):
        fresh.only(number)
        await fresh.double.redeliver(invited)
        await fresh.sends()
    assert len(fresh.double.messages(channel)) == 1
    assert await welcomes(fresh.one) == 1


async def test_two_processes_that_hear_of_one_form_set_up_one_team(fresh: Twins) -> None:
    anna = fresh.double.person("anna")
    channel = fresh.double.channel("plejen", anna, fresh.double.person("bo"), bot=False)
    fresh.both()
    await anna.invites_bot(channel)
    await fresh.sends()
    fresh.only(0)
    await anna.click("Sæt teamet op")
    fresh.both()
    await anna.submit({"in.name": "Plejen"})
    await fresh.sends()
    names = [one.name for one in await fresh.one.bot.store.read(people.everybody)]
    assert names == ["Anna", "Bo"]
    assert await fresh.one.bot.store.read(lambda tx: tx.scalar(_count(node))) == 2


async def test_who_has_left_is_not_taken_in_by_an_old_event(fresh: Twins) -> None:
    anna, gry = fresh.double.person("anna"), fresh.double.person("gry")
    channel = fresh.double.channel("plejen", anna, bot=False)
    fresh.only(0)
    await anna.invites_bot(channel)
    await fresh.sends()
    await anna.click("Sæt teamet op")
    await anna.submit({"in.name": "Plejen"})
    await fresh.sends()
    joined = await gry.joins(channel)
    await fresh.sends()
    await gry.leaves(channel)
    await fresh.sends()
    fresh.only(1)
    await fresh.double.redeliver(joined)
    await fresh.sends()
    assert [one.name for one in await fresh.one.bot.store.read(people.everybody)] == ["Anna"]


async def test_an_event_over_which_a_process_died_is_done_when_slack_tells_it_again(
    fresh: Twins,
) -> None:
    anna = fresh.double.person("anna")
    channel = fresh.double.channel("plejen", anna, bot=False)
    fresh.only(1)

    def die(tx: Tx) -> None:
        for number in range(200):  # whatever id the event will have
            key = hashed(fresh.double.team.id, f"Ev{number:010}")
            slack_heard.begin(tx, key, fresh.one.clock.now())

    await fresh.one.bot.store.write(die)
    await anna.invites_bot(channel)
    await fresh.sends()
    assert fresh.double.messages(channel) == []
    fresh.double.forgive("refused_acknowledgement")
    fresh.one.clock.move_to(fresh.one.clock.now() + A_MINUTE)
    await fresh.double.deliver_due()
    await fresh.sends()
    assert len(fresh.double.messages(channel)) == 1


async def test_an_event_that_could_not_be_saved_is_told_again_and_done(
    fresh: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = fresh.double.person("anna")
    channel = fresh.double.channel("plejen", anna, bot=False)
    fresh.only(0)

    async def full(*_: object) -> None:
        raise NotSaved(Code.FULL, "a test")

    with monkeypatch.context() as patched:
        patched.setattr(fresh.one.slack.setup, "welcome", full)
        await anna.invites_bot(channel)
    await fresh.sends()
    assert fresh.double.messages(channel) == []
    fresh.double.forgive("refused_acknowledgement")
    fresh.one.clock.move_to(fresh.one.clock.now() + A_MINUTE)
    await fresh.double.deliver_due()
    await fresh.sends()
    assert len(fresh.double.messages(channel)) == 1


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_what_was_done_before_a_restart_is_not_done_after_it(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, transport: str
) -> None:
    async with slack_town(tmp_path, slack, clock, TEAM, transport=transport) as t:
        anna = t.somebody("dag-3")
        await anna.command("/trivsel", "væk")
        await anna.submit(HOLIDAY)
        sent = slack.post.sent[-1]
        await anna.says("Hej")
        await t.sends()
        typed = slack.post.sent[-1]
        before = len(anna.sees(anna.dm))
    async with slack_town(tmp_path, slack, clock, NOBODY_NEW, transport=transport, seed=8) as t:
        await slack.redeliver(sent)
        await slack.redeliver(typed)
        await t.sends()
        assert await pauses(t) == 1
        assert len(anna.sees(anna.dm)) == before


async def test_over_socket_mode_what_two_processes_hear_has_one_effect(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    async with (
        slack_town(tmp_path, slack, clock, TEAM, transport="socket") as one,
        slack_town(tmp_path, slack, clock, NOBODY_NEW, transport="socket", seed=8) as other,
    ):
        await slack.until(lambda: len(slack.socket.connections) == 2)
        anna = one.somebody("dag-3")
        await anna.command("/trivsel", "væk")
        assert await anna.submit(HOLIDAY) == "updated"
        sent = slack.post.sent[-1]
        await slack.redeliver(sent)  # the connections take turns
        assert "modtaget allerede" in str(sent.answer.body)
        said = await anna.says("Hej")
        await slack.redeliver()
        for t in (one, other):
            await t.settled()
        answers = [m for m in anna.sees(anna.dm) if m.app and m.ts > said.ts]
        assert len(answers) == 1
        assert await pauses(one) == 1


# --- What is not noted --------------------------------------------------------------------------


async def test_answering_and_looking_leave_nothing_behind(both: Twins) -> None:
    both.only(0)
    anna = both.double.person("dag-3")
    opened = await both.one.open()
    await anna.opens_home()
    await both.sends()
    before = await noted(both.one)
    await anna.command("/trivsel", "tjek")
    assert anna.modals
    assert await anna.submit() in ("updated", "errors", "closed")
    await anna.close_modal(all_of_them=True)
    await anna.click("Se spørgsmålene")
    await anna.click("ask.later", on=anna.modal)
    await both.sends()
    assert opened.questions
    assert await noted(both.one) == before


def test_no_way_of_answering_is_noted() -> None:
    here = Origin("T1", "U1", "1.2.3", view="V1", hash="h")
    actions = {**ask_actions.HANDLERS, **dialogue_ask.HANDLERS, **dialogue_vote.HANDLERS}
    assert actions
    for name in actions:
        assert key_of(Pressed(here, name, "r1", "0:q:4")) is None, name
        assert key_of(Sent(here, name, "r1:0", {"comment": "noget"})) is None, name


def test_what_is_noted_tells_nothing_of_what_was_told() -> None:
    here = Origin("T1", "U1", "1.2.3", view="V1", hash="h")
    key = key_of(Sent(here, "me.away", "", {"first": "2026-04-01"}))
    assert key is not None
    assert len(key) == 64
    assert set(key) <= set("0123456789abcdef")


async def test_what_was_heard_is_forgotten_after_two_days(both: Twins) -> None:
    both.only(0)
    await away(both)
    assert await noted(both.one) == 1
    kept, clock = Retention(0, 0, 0, 0), both.one.clock
    await forgetting.forget(both.one.bot.store, kept, clock.now() + timedelta(days=1))
    assert await noted(both.one) == 1
    await forgetting.forget(both.one.bot.store, kept, clock.now() + timedelta(days=2, hours=1))
    assert await noted(both.one) == 0
