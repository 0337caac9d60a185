"""A result goes to the channel its round opened with; else it waits for a lead's word."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import Channel, Person, SlackDouble
from slack_town import SlackTown, greeted_town
from slack_walk import newest

from bot.domain.clock import MovableClock
from bot.domain.rounds import Round
from bot.storage import channels, outbox, slack_channels, slack_installs
from bot.storage.outbox import Note

MOVED = "Hvor skal resultatet hen?"
POST, KEEP = "Læg det i den nye kanal", "Behold det i botten"
DAY = timedelta(days=1)


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    async with greeted_town(tmp_path, slack, clock, request.param) as town:
        yield town


@pytest.fixture
async def care(t: SlackTown) -> Channel:
    channel = t.double.channel("dagholdet", t.somebody("dag-1"), t.somebody("dag-3"), private=True)
    await t.bind(channel, "node:dag")
    return channel


def another(t: SlackTown, name: str = "alle") -> Channel:
    return t.double.channel(name, t.somebody("dag-1"), t.somebody("boss"), private=True)


async def answered(t: SlackTown) -> Round:
    """Open a round that everybody answers."""
    opened = await t.open("checkin")
    for n in range(1, 12):
        await t.answer(f"dag-{n}", opened.id)
    await t.travel(t.clock.now() + timedelta(hours=1))
    return opened


def asked(lead: Person) -> int:
    """Return how often a lead was asked where results go."""
    return sum(MOVED in lead.reads(one) for one in lead.sees(lead.dm))


async def say(t: SlackTown, who: Person, button: str) -> None:
    await who.click(button, on=newest(who, MOVED, who.dm))
    await t.settled()
    await t.bot.tick(t.clock.now())


async def results_in_the_bot(t: SlackTown) -> list[str]:
    return [note.kind for note in await t.notes("node:dag") if note.kind == "result.team"]


async def test_a_result_goes_to_the_channel_its_round_opened_with_and_nobody_is_asked(
    t: SlackTown, care: Channel
) -> None:
    opened = await answered(t)
    await t.travel(opened.publish_at + DAY)
    assert len(t.double.messages(care)) == 1
    assert asked(t.somebody("dag-1")) == 0


async def test_a_lead_sends_a_result_to_the_channel_the_team_has_got_instead(
    t: SlackTown, care: Channel
) -> None:
    opened = await answered(t)
    other = another(t)
    await t.bind(other, "node:dag")
    await t.travel(opened.publish_at + 3 * DAY)
    lead = t.somebody("dag-1")
    assert t.double.messages(other) == t.double.messages(care) == []
    assert asked(lead) == 1
    assert "#alle" in lead.reads(newest(lead, MOVED, lead.dm))
    await say(t, lead, POST)
    assert len(t.double.messages(other)) == 1
    await t.travel(t.clock.now() + 3 * DAY)
    assert len(t.double.messages(other)) == 1
    assert t.double.messages(care) == []
    assert asked(lead) == 1


async def test_a_lead_keeps_a_result_in_the_bot(t: SlackTown, care: Channel) -> None:
    opened = await answered(t)
    other = another(t)
    await t.bind(other, "node:dag")
    await t.travel(opened.publish_at + DAY)
    assert await results_in_the_bot(t) == []
    await say(t, t.somebody("dag-1"), KEEP)
    assert await results_in_the_bot(t) == ["result.team"]
    await t.travel(t.clock.now() + 3 * DAY)
    assert t.double.messages(other) == t.double.messages(care) == []


async def test_the_same_channel_chosen_anew_is_asked_about(t: SlackTown, care: Channel) -> None:
    opened = await answered(t)
    await t.bot.store.write(lambda tx: slack_channels.unbind(tx, "node:dag"))
    await t.bind(care, "node:dag")
    await t.travel(opened.publish_at + DAY)
    assert t.double.messages(care) == []
    await say(t, t.somebody("dag-1"), POST)
    assert len(t.double.messages(care)) == 1


async def test_where_the_team_has_no_channel_any_more_a_lead_chooses_one_and_is_asked_again(
    t: SlackTown, care: Channel
) -> None:
    opened = await answered(t)
    await t.bot.store.write(lambda tx: slack_channels.unbind(tx, "node:dag"))
    await t.travel(opened.publish_at + DAY)
    lead = t.somebody("dag-1")
    first = newest(lead, MOVED, lead.dm)
    assert POST not in lead.reads(first)
    assert await results_in_the_bot(t) == []
    other = another(t)
    await t.bind(other, "node:dag")
    await lead.click(KEEP, on=first)  # what he was asked is not the case any more
    await t.settled()
    assert "skiftet igen" in lead.newest().text
    await t.travel(t.clock.now() + 2 * DAY)
    assert asked(lead) == 2
    await say(t, lead, POST)
    assert len(t.double.messages(other)) == 1
    assert t.double.messages(care) == []


async def test_a_result_without_a_channel_stays_in_the_bot_when_a_lead_says_so(
    t: SlackTown, care: Channel
) -> None:
    opened = await answered(t)
    await t.bot.store.write(lambda tx: slack_channels.unbind(tx, "node:dag"))
    await t.travel(opened.publish_at + DAY)
    await say(t, t.somebody("dag-1"), KEEP)
    assert await results_in_the_bot(t) == ["result.team"]
    assert t.double.messages(care) == []


async def test_a_team_without_a_channel_finds_its_result_in_the_bot_and_its_lead_was_told_so(
    t: SlackTown,
) -> None:
    opened = await answered(t)
    lead = t.somebody("dag-1")
    told = newest(lead, "Teamet har ingen kanal", lead.dm)
    assert "Dag har ikke en kanal endnu" in lead.reads(told)
    await t.travel(opened.publish_at + DAY)
    assert await results_in_the_bot(t) == ["result.team"]
    assert asked(lead) == 0
    await lead.command("/trivsel", "resultat")
    assert "Dag" in lead.reads()


async def test_a_lead_is_told_once_that_his_team_has_no_channel(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    for _ in range(2):
        opened = await answered(t)
        await t.travel(opened.publish_at + 7 * DAY)
    told = [one for one in lead.sees(lead.dm) if "Teamet har ingen kanal" in lead.reads(one)]
    assert len(told) == 1


async def test_a_channel_the_team_got_after_its_round_had_opened_gets_the_result_when_a_lead_says(
    t: SlackTown,
) -> None:
    opened = await answered(t)
    other = another(t)
    await t.bind(other, "node:dag")
    await t.travel(opened.publish_at + DAY)
    assert t.double.messages(other) == []
    lead = t.somebody("dag-1")
    assert "efter at runden var begyndt" in lead.reads(newest(lead, MOVED, lead.dm))
    await say(t, lead, POST)
    assert len(t.double.messages(other)) == 1


async def test_the_next_round_is_told_in_the_new_channel_without_asking(
    t: SlackTown, care: Channel
) -> None:
    other = another(t)
    await t.bind(other, "node:dag")
    opened = await answered(t)
    await t.travel(opened.publish_at + DAY)
    assert len(t.double.messages(other)) == 1
    assert t.double.messages(care) == []
    assert asked(t.somebody("dag-1")) == 0


async def test_what_is_no_result_goes_to_the_new_channel_meanwhile(
    t: SlackTown, care: Channel
) -> None:
    await answered(t)
    other = another(t)
    await t.bind(other, "node:dag")
    row = outbox.Outgoing("test", "node:dag", Note("typed", {"text": "Hej"}), t.clock.now())
    await t.bot.store.write(lambda tx: outbox.add(tx, ["test"], [row]))
    await t.bot.tick(t.clock.now())
    assert [one.text for one in t.double.messages(other)] == ["Hej"]


async def test_only_who_leads_the_team_says_where_its_result_goes(
    t: SlackTown, care: Channel
) -> None:
    opened = await answered(t)
    await t.bind(another(t), "node:dag")
    await t.travel(opened.publish_at + DAY)
    lead, anna = t.somebody("dag-1"), t.somebody("dag-3")
    message = newest(lead, MOVED, lead.dm)
    t.double.state.channels[message.channel].members.append(anna.id)
    await anna.click(POST, on=message)
    await t.settled()
    now = await t.bot.store.read(lambda tx: channels.bound_ids(tx, ["node:dag"]))
    was = opened.channels["dag"]
    assert await t.bot.store.read(
        lambda tx: channels.choice(tx, "node:dag", was, now["node:dag"])
    ) is None  # fmt: skip


async def test_a_workspace_that_took_the_app_out_gets_nothing_and_the_result_is_in_the_bot(
    t: SlackTown, care: Channel
) -> None:
    opened = await answered(t)
    await t.bot.store.write(lambda tx: slack_installs.drop_teams(tx, [t.double.team.id]))
    t.slack.people.forget()
    for person in t.double.state.users.values():
        person.email = f"gone-{person.email}"
    await t.travel(opened.publish_at + DAY)
    assert await results_in_the_bot(t) == ["result.team"]
    assert t.double.messages(care) == []
