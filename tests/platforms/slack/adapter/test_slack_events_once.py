"""An event has one effect: told twice, to two processes, or again after a fault."""

from datetime import timedelta

import pytest
from double import Channel
from slack_twins import Twins, welcomes
from sqlalchemy import func, select

from bot.platforms.slack.once import hashed
from bot.storage import people, slack_heard
from bot.storage.store import Tx
from bot.storage.tables import node
from bot.storage.trouble import Code, NotSaved

A_MINUTE = timedelta(minutes=1)


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
    assert (
        await fresh.one.bot.store.read(lambda tx: tx.scalar(select(func.count()).select_from(node)))
        == 2
    )


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


async def is_done_when_told_again(fresh: Twins, channel: Channel) -> None:
    """See that nothing was said yet, have Slack tell it again, and see that it was said once."""
    await fresh.sends()
    assert fresh.double.messages(channel) == []
    fresh.double.forgive("refused_acknowledgement")
    fresh.one.clock.move_to(fresh.one.clock.now() + A_MINUTE)
    await fresh.double.deliver_due()
    await fresh.sends()
    assert len(fresh.double.messages(channel)) == 1


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
    await is_done_when_told_again(fresh, channel)


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
    await is_done_when_told_again(fresh, channel)
