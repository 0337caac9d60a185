"""What is noted of what Slack has told: nothing of answers, and a hash of the rest for two days."""

from datetime import timedelta

from slack_town import SlackTown
from slack_twins import Twins, away
from sqlalchemy import func, select

from bot.domain.retention import Retention
from bot.flows import forgetting
from bot.flows.dialogues import ask as dialogue_ask
from bot.flows.dialogues import vote as dialogue_vote
from bot.flows.rounds import ask_actions
from bot.platforms.slack.once import key_of
from bot.platforms.slack.told import Origin, Pressed, Sent
from bot.storage.tables import slack_heard as heard


async def noted(t: SlackTown) -> int:
    return int(
        await t.bot.store.read(lambda tx: tx.scalar(select(func.count()).select_from(heard)))
    )


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
