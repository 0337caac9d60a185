"""A form, a click and a command have one effect: told twice, at once, or after a crash."""

import asyncio
from pathlib import Path

import pytest
from double import SlackDouble
from double.delivery import Delivery
from slack_town import SlackTown, slack_town
from slack_twins import HOLIDAY, NOBODY_NEW, TEAM, Twins, away, once_more, pauses

from bot.domain.clock import MovableClock
from bot.platforms.slack import inbound
from bot.platforms.slack.once import key_of
from bot.storage import slack_heard
from bot.storage.slack_heard import LEASE, Turn
from bot.storage.store import Tx
from bot.storage.tables import slack_heard as heard


async def begun(t: SlackTown, sent: Delivery) -> None:
    """Leave what a process leaves that began with a form, and died before it had done anything."""
    key = key_of(inbound.submission(sent.payload))
    assert key is not None

    def die(tx: Tx) -> None:
        slack_heard.let_go(tx, key, t.clock.now())
        tx.execute(heard.delete())
        assert slack_heard.begin(tx, key, t.clock.now()) is Turn.MINE

    await t.bot.store.write(die)


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
