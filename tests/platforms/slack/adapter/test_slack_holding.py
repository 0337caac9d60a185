"""A channel that is not what it was is held, its lead asked once, and what waited goes out once."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from double import Channel, Person, SlackDouble
from slack_town import SlackTown, greeted_town
from slack_walk import newest

from bot.domain.clock import MovableClock
from bot.storage import outbox, people, slack_channels
from bot.storage.outbox import Note, Outgoing

HELD = "Skal jeg stadig skrive i kanalen?"
KEEP = "Brug kanalen som den er"
DAY = timedelta(days=1)

Change = Callable[[SlackTown, Channel], Awaitable[None]]


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


async def archived(t: SlackTown, care: Channel) -> None:
    await t.double.admin.archive(care, by=t.somebody("dag-1"))


async def brought_back(t: SlackTown, care: Channel) -> None:
    await t.double.admin.unarchive(care, by=t.somebody("dag-1"))


async def renamed(t: SlackTown, care: Channel) -> None:
    await t.double.admin.rename(care, "alle-mand")


async def shared(t: SlackTown, care: Channel) -> None:
    await t.double.admin.share(care, t.double.workspace("Sydøst"))


async def not_shared(t: SlackTown, care: Channel) -> None:
    await t.double.admin.unshare(care, t.double.state.teams[care.shared_with[0]])


async def made_public(t: SlackTown, care: Channel) -> None:
    t.double.admin.make_public(care)


async def put_out(t: SlackTown, care: Channel) -> None:
    await t.somebody("dag-1").removes_bot(care)


async def invited_again(t: SlackTown, care: Channel) -> None:
    await t.somebody("dag-1").invites_bot(care)


async def out_and_in_again(t: SlackTown, care: Channel) -> None:
    await put_out(t, care)
    await t.settled()
    await invited_again(t, care)
    await t.settled()


async def nothing(t: SlackTown, care: Channel) -> None:
    """Nobody has to mend anything: the lead's word is enough."""


CASES: dict[str, tuple[Change, Change]] = {
    "archived": (archived, brought_back),
    "renamed": (renamed, nothing),
    "shared": (shared, not_shared),
    "public": (made_public, nothing),
    "outside": (put_out, invited_again),
}


async def put(t: SlackTown, purpose: str = "test") -> None:
    row = Outgoing(purpose, "node:dag", Note("typed", {"text": "Et tegn"}), t.clock.now())
    await t.bot.store.write(lambda tx: outbox.add(tx, [t.bot.env.chance.token()], [row]))
    await t.bot.tick(t.clock.now())


async def why(t: SlackTown) -> str | None:
    found = await t.bot.store.read(lambda tx: slack_channels.bound_to(tx, "node:dag"))
    assert found is not None
    return found.held


def asked(lead: Person) -> int:
    return sum(HELD in lead.reads(one) for one in lead.sees(lead.dm))


async def say_yes(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    await lead.click(KEEP, on=newest(lead, HELD, lead.dm))
    await t.settled()


@pytest.mark.parametrize("case", CASES)
async def test_it_is_held_asked_about_once_and_goes_on_at_the_leads_word(
    t: SlackTown, care: Channel, case: str
) -> None:
    change, mend = CASES[case]
    await change(t, care)
    await t.settled()
    await put(t)
    for _ in range(3):
        await t.travel(t.clock.now() + DAY)
    lead = t.somebody("dag-1")
    assert await why(t) == case
    assert t.double.messages(care) == []
    assert asked(lead) == 1
    await mend(t, care)
    await t.settled()
    await t.travel(t.clock.now() + DAY)
    if case != "outside":
        assert t.double.messages(care) == []  # not without his word
        await say_yes(t)
        await t.bot.tick(t.clock.now())
    assert await why(t) is None
    await t.travel(t.clock.now() + 3 * DAY)
    assert [one.text for one in t.double.messages(care)] == ["Et tegn"]
    assert asked(lead) == 1


@pytest.mark.parametrize("case", ["archived", "renamed", "shared", "outside"])
async def test_what_slack_tells_of_is_held_before_anything_is_posted(
    t: SlackTown, care: Channel, case: str
) -> None:
    await CASES[case][0](t, care)
    await t.settled()
    assert await why(t) == case
    assert asked(t.somebody("dag-1")) == 0  # it goes through the outbox
    await t.bot.tick(t.clock.now())
    assert asked(t.somebody("dag-1")) == 1


async def test_invited_back_it_goes_on_by_itself_and_says_so(t: SlackTown, care: Channel) -> None:
    await put_out(t, care)
    await t.settled()
    await put(t)
    await invited_again(t, care)
    await t.settled()
    assert await why(t) is None
    await t.bot.tick(t.clock.now())
    lead = t.somebody("dag-1")
    assert "#dagholdet igen" in lead.reads(newest(lead, "Jeg er tilbage i kanalen", lead.dm))
    assert [one.text for one in t.double.messages(care)] == ["Et tegn"]
    assert "Sæt teamet op" not in "".join(lead.reads(one) for one in lead.sees(care))


@pytest.mark.parametrize("case", ["renamed", "public"])
async def test_invited_back_to_a_channel_that_is_another_by_now_it_asks_again(
    t: SlackTown, care: Channel, case: str
) -> None:
    await put_out(t, care)
    await t.settled()
    await t.bot.tick(t.clock.now())
    await CASES[case][0](t, care)
    await t.settled()
    await t.travel(t.clock.now() + timedelta(hours=1))
    before = asked(t.somebody("dag-1"))
    await invited_again(t, care)
    await t.settled()
    await t.bot.tick(t.clock.now())
    assert await why(t) == case
    assert asked(t.somebody("dag-1")) == before + 1
    await put(t)
    assert t.double.messages(care) == []
    await say_yes(t)
    await t.bot.tick(t.clock.now())
    assert len(t.double.messages(care)) == 1


async def test_put_out_and_in_again_while_it_waits_for_a_word_it_still_waits(
    t: SlackTown, care: Channel
) -> None:
    await renamed(t, care)
    await t.settled()
    await out_and_in_again(t, care)
    assert await why(t) == "renamed"
    await put(t)
    assert t.double.messages(care) == []


async def test_who_came_while_it_was_out_is_in_the_team_when_it_is_back(
    t: SlackTown, care: Channel
) -> None:
    await put_out(t, care)
    await t.settled()
    care.members.append(t.somebody("ny").id)
    await invited_again(t, care)
    await t.settled()
    assert "Ny" in [one.name for one in await t.bot.store.read(people.everybody)]


@pytest.fixture
async def group(t: SlackTown) -> Channel:
    """The channel of the work-environment group of Dag: its AMR, who leads nobody."""
    channel = t.double.channel("amg", t.somebody("dag-2"), t.somebody("dag-1"), private=True)
    await t.bind(channel, "amg:dag")
    return channel


async def groups_why(t: SlackTown) -> str | None:
    found = await t.bot.store.read(lambda tx: slack_channels.bound_to(tx, "amg:dag"))
    assert found is not None
    return found.held


async def test_about_a_groups_channel_the_group_is_asked_and_not_the_lead(
    t: SlackTown, group: Channel
) -> None:
    await made_public(t, group)
    row = Outgoing("test", "amg:dag", Note("typed", {"text": "Et tegn"}), t.clock.now())
    await t.bot.store.write(lambda tx: outbox.add(tx, [t.bot.env.chance.token()], [row]))
    await t.bot.tick(t.clock.now())
    await t.travel(t.clock.now() + timedelta(minutes=5))
    lead, elected = t.somebody("dag-1"), t.somebody("dag-2")
    assert await groups_why(t) == "public"
    assert (asked(lead), asked(elected)) == (0, 1)
    assert "gruppens overblik" in elected.reads(newest(elected, HELD, elected.dm))
    await elected.click(KEEP, on=newest(elected, HELD, elected.dm))
    await t.settled()
    assert await groups_why(t) is None
    await t.bot.tick(t.clock.now())
    assert [one.text for one in t.double.messages(group)] == ["Et tegn"]


async def test_a_lead_outside_the_group_cannot_say_yes_for_its_channel(
    t: SlackTown, group: Channel
) -> None:
    await renamed(t, group)
    await t.settled()
    await t.bot.tick(t.clock.now())
    lead, elected = t.somebody("dag-1"), t.somebody("dag-2")
    message = newest(elected, HELD, elected.dm)
    t.double.state.channels[message.channel].members.append(lead.id)
    await lead.click(KEEP, on=message)
    await t.settled()
    assert await groups_why(t) == "renamed"


async def test_a_group_is_told_too_when_the_bot_is_back(t: SlackTown, group: Channel) -> None:
    await put_out(t, group)
    await t.settled()
    await invited_again(t, group)
    await t.settled()
    assert await groups_why(t) is None
    await t.bot.tick(t.clock.now())
    elected = t.somebody("dag-2")
    assert newest(elected, "Jeg er tilbage i kanalen", elected.dm)


@pytest.mark.parametrize("case", ["archived", "shared", "outside"])
async def test_a_word_is_not_enough_where_something_has_to_be_mended_first(
    t: SlackTown, care: Channel, case: str
) -> None:
    await CASES[case][0](t, care)
    await t.settled()
    await put(t)
    await t.travel(t.clock.now() + timedelta(minutes=1))
    await say_yes(t)
    assert await why(t) == case
    assert "Det går ikke endnu" in t.somebody("dag-1").newest().text
    await t.travel(t.clock.now() + 2 * DAY)
    assert t.double.messages(care) == []


async def test_a_yes_to_a_new_name_is_no_yes_to_a_channel_that_was_opened_to_all_since(
    t: SlackTown, care: Channel
) -> None:
    await renamed(t, care)
    await t.settled()
    await put(t)
    t.double.admin.make_public(care)
    await say_yes(t)
    assert await why(t) == "public"
    await t.bot.tick(t.clock.now())
    lead = t.somebody("dag-1")
    assert "åben for alle" in lead.reads(newest(lead, HELD, lead.dm))
    assert t.double.messages(care) == []
    await say_yes(t)
    await t.bot.tick(t.clock.now())
    assert len(t.double.messages(care)) == 1


async def test_news_that_is_over_when_it_comes_holds_nothing(t: SlackTown, care: Channel) -> None:
    await archived(t, care)
    await t.settled()
    late = t.double.post.sent[-1]
    await brought_back(t, care)
    await t.bot.tick(t.clock.now())
    await say_yes(t)
    assert await why(t) is None
    late.payload = late.payload | {"event_id": "Ev-late"}
    await t.double.redeliver(late)
    await t.settled()
    assert await why(t) is None


async def test_somebody_else_in_the_team_cannot_say_yes(t: SlackTown, care: Channel) -> None:
    await renamed(t, care)
    await t.settled()
    await t.bot.tick(t.clock.now())
    lead, anna = t.somebody("dag-1"), t.somebody("dag-3")
    message = newest(lead, HELD, lead.dm)
    t.double.state.channels[message.channel].members.append(anna.id)
    await anna.click(KEEP, on=message)
    await t.settled()
    assert await why(t) == "renamed"


async def test_where_nobody_answers_for_weeks_an_administrator_is_told_and_a_late_yes_still_counts(
    t: SlackTown, care: Channel
) -> None:
    await renamed(t, care)
    await t.settled()
    await put(t)
    await t.travel(t.clock.now() + 22 * DAY)
    (given_up,) = await t.bot.store.read(outbox.dead)
    assert given_up.problem == "SLACK-4 renamed"
    boss = t.somebody("boss")
    assert newest(boss, "SLACK-4", boss.dm)
    await say_yes(t)
    await t.bot.tick(t.clock.now())
    assert len(t.double.messages(care)) == 1
