"""A team that is set up is ready when everybody in its channel is in it, and not before."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from double import App, Channel, Person, SlackDouble
from slack_teams import choose, home_of, set_up, told
from slack_town import SlackTown, slack_town
from slack_walk import newest
from town import shipped

from bot.domain.clock import MovableClock
from bot.domain.people import Grant, Role
from bot.domain.rounds import Round
from bot.flows.rounds import running
from bot.flows.rounds.opening import Reason, Refused, Wish
from bot.platforms.slack.manifest import manifest
from bot.rehearsal.organisation import Cast
from bot.storage import people, rounds, slack_channels
from bot.storage.store import Tx

NOBODY = Cast((), (), ())
FINDING = "Jeg er ved at finde dem der er med i Plejen"
READY = "Plejen er sat op."
START = "Start nu: Trivselstjek"
UNREAD = "Jeg kunne ikke se hvem der er i kanalen"


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock, NOBODY, transport=request.param) as town:
        yield town


def crowd(t: SlackTown, number: int) -> list[Person]:
    return [t.somebody("anna"), *(t.somebody(f"kollega-{n}") for n in range(1, number))]


def never_asked(t: SlackTown) -> list[Person]:
    elsewhere = t.double.workspace("Sydøst")
    return [
        t.somebody("gæst-1", role="guest"),
        t.somebody("gæst-2", role="single_channel_guest"),
        t.double.person("fremmed", elsewhere, role="stranger"),
        t.somebody("robot", role="bot"),
    ]


async def bound(t: SlackTown) -> slack_channels.Bound:
    (found,) = await t.bot.store.read(slack_channels.all_bound)
    return found


async def wish(t: SlackTown) -> Wish:
    home = await home_of(t, "Anna")
    return Wish(scope=(str(home),), instrument="checkin", opens_at=t.clock.now(), open_days=3)


async def rounds_open(t: SlackTown) -> tuple[Round, ...]:
    return tuple(await t.bot.store.read(rounds.taking_answers))


async def test_the_lead_is_told_when_all_are_in_with_the_number_and_who_is_left_out(
    t: SlackTown,
) -> None:
    await set_up(t, "plejen", *crowd(t, 12), *never_asked(t))
    anna = t.somebody("anna")
    assert FINDING in anna.reads()
    said = told(anna, READY)
    assert said is not None
    assert "12 personer er med i teamet." in anna.reads(said)
    assert "2 gæster i kanalen er ikke med." in anna.reads(said)
    assert "1 fra en anden organisation er ikke med." in anna.reads(said)
    assert "kunne jeg ikke finde" not in anna.reads(said)
    assert told(t.somebody("kollega-1"), READY) is None


async def test_the_first_check_in_is_one_press_away(t: SlackTown) -> None:
    await set_up(t, "plejen", *crowd(t, 6))
    anna = t.somebody("anna")
    await anna.click(START, on=newest(anna, READY, anna.dm))
    assert await anna.submit() == "updated"
    await t.settled()
    (opened,) = await rounds_open(t)
    members = await t.bot.store.read(lambda tx: rounds.members(tx, opened.id))
    assert len(members) == 6


async def test_it_is_said_in_the_evening_too(t: SlackTown) -> None:
    """Whoever sets a team up waits for it; it is no message that comes out of the blue."""
    t.clock.move_to(t.clock.now().replace(hour=21))
    await set_up(t, "plejen", *crowd(t, 6))
    assert told(t.somebody("anna"), READY) is not None


async def test_a_team_under_the_threshold_is_told_what_it_can_do(t: SlackTown) -> None:
    await set_up(t, "plejen", *crowd(t, 3))
    anna = t.somebody("anna")
    said = told(anna, READY)
    assert said is not None
    text = anna.reads(said)
    assert "3 personer er med i teamet." in text
    assert "færre end 5" in text
    assert START not in text
    await anna.click("Begynd en dialog", on=said)
    assert anna.modal.payload["submit"]


async def test_a_small_team_that_can_be_counted_with_others_is_told_so(t: SlackTown) -> None:
    await set_up(t, "køkkenet", *(t.somebody(f"kok-{n}") for n in range(6)))
    anna = t.somebody("anna")
    other = await home_of(t, "Kok-0")
    await set_up(t, "plejen", *crowd(t, 3))
    person = next(p for p in await t.bot.store.read(people.everybody) if p.name == "Anna")

    def lead_both(tx: Tx) -> None:
        mine = people.roles(tx, person.id)
        people.put_grants(tx, person.id, [*mine, Grant(person.id, str(other), Role.LEAD)])
        tx.connection.exec_driver_sql("UPDATE slack_channel SET filled = 0 WHERE name = 'plejen'")

    await t.bot.store.write(lead_both)
    (bound_now,) = [
        o for o in await t.bot.store.read(slack_channels.all_bound) if o.name == "plejen"
    ]
    await t.bot.store.write(lambda tx: slack_channels.bind(tx, _anew(bound_now)))
    await t.slack.roster.fill(_anew(bound_now))
    await t.bot.tick(t.clock.now())
    said = told(anna, "tælles sammen med andre")
    assert said is not None
    assert START in anna.reads(said)


def _anew(one: slack_channels.Bound) -> slack_channels.Bound:
    return replace(one, id="anew", held=None, filled=False)


async def test_no_round_opens_while_a_team_is_being_read_in(t: SlackTown) -> None:
    anna, *others = crowd(t, 8)
    channel = t.double.channel("plejen", anna, *others, bot=False)
    late = others[-1].id
    t.double.fails("users.info", way="silence", which=lambda args: args.get("user") == late)
    await choose(t, channel, anna, "plejen")
    await t.double.until(lambda: not t.double.faults.planned[-1].times)
    assert not (await bound(t)).filled
    assert len(await t.bot.store.read(people.everybody)) >= 5  # enough for a round, and not all
    refused = await running.open_round(t.bot.store, t.bot.env, await wish(t))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.NOT_READ
    await anna.close_modal(all_of_them=True)
    await anna.command("/trivsel", "tjek")
    assert "finde dem der er med i Plejen" in _everything(anna)
    assert await rounds_open(t) == ()
    t.double.go_on()
    await t.sends()
    assert (await bound(t)).filled
    assert told(anna, READY) is not None


def _everything(who: Person) -> str:
    return "".join([*(who.reads(one) for one in who.sees(who.dm)), *map(who.reads, who.modals)])


async def test_where_the_channel_cannot_be_read_the_lead_is_told_and_can_try_again(
    t: SlackTown,
) -> None:
    anna, *others = crowd(t, 6)
    channel = t.double.channel("plejen", anna, *others, bot=False)
    t.double.fails("conversations.members", "fetch_members_failed")
    await choose(t, channel, anna, "plejen")
    await t.sends()
    said = told(anna, UNREAD)
    assert said is not None
    assert told(anna, READY) is None
    refused = await running.open_round(t.bot.store, t.bot.env, await wish(t))
    assert isinstance(refused, Refused)
    await anna.click("Prøv igen", on=said)
    await t.sends()
    ready = told(anna, READY)
    assert ready is not None
    assert "6 personer" in anna.reads(ready)


async def test_somebody_else_cannot_have_it_tried_again(t: SlackTown) -> None:
    anna, bo, *others = crowd(t, 6)
    channel = t.double.channel("plejen", anna, bo, *others, bot=False)
    t.double.fails("conversations.members", "fetch_members_failed")
    await choose(t, channel, anna, "plejen")
    await t.sends()
    said = told(anna, UNREAD)
    assert said is not None
    t.double.state.channels[said.channel].members.append(bo.id)
    await bo.click("Prøv igen", on=said)
    await t.sends()
    assert not (await bound(t)).filled


async def test_a_bot_that_was_stopped_in_the_middle_goes_on_at_its_start(t: SlackTown) -> None:
    anna, *others = crowd(t, 6)
    channel = t.double.channel("plejen", anna, *others, bot=False)
    t.double.fails("conversations.members", way="silence")
    await choose(t, channel, anna, "plejen")
    await t.double.until(lambda: not t.double.faults.planned[-1].times)
    for task in asyncio.all_tasks():
        if "Roster.fill" in repr(task.get_coro()):
            task.cancel()
    t.double.go_on()
    await t.settled()
    assert not (await bound(t)).filled
    await t.slack.roster.catch_up()
    await t.bot.tick(t.clock.now())
    assert (await bound(t)).filled
    assert told(anna, READY) is not None


async def test_a_channel_that_is_held_is_read_in_all_the_same(t: SlackTown) -> None:
    anna, *others = crowd(t, 6)
    channel = t.double.channel("plejen", anna, *others, bot=False)
    t.double.fails("conversations.members", "fetch_members_failed")
    await choose(t, channel, anna, "plejen")
    await t.sends()
    await t.double.admin.rename(channel, "plejehjemmet")
    await t.settled()
    assert (await bound(t)).held == "renamed"
    await t.slack.roster.catch_up()
    assert (await bound(t)).filled
    assert len(await t.bot.store.read(people.everybody)) == 6


async def test_a_people_file_that_says_who_is_here_leaves_nothing_to_be_read(
    t: SlackTown,
) -> None:
    anna, *others = crowd(t, 6)
    channel = t.double.channel("plejen", anna, *others, bot=False)
    t.double.fails("conversations.members", "fetch_members_failed")
    await choose(t, channel, anna, "plejen")
    await t.sends()
    t.slack.roster.on = False
    await t.slack.roster.catch_up()
    assert (await bound(t)).filled
    assert [one.name for one in await t.bot.store.read(people.everybody)] == ["Anna"]


async def test_somebody_slack_tells_nothing_of_is_counted_and_found_in_the_night(
    t: SlackTown,
) -> None:
    anna, *others = crowd(t, 7)
    late = others[-1].id
    t.double.fails("users.info", "fatal_error", which=lambda args: args.get("user") == late)
    await set_up(t, "plejen", anna, *others)
    said = told(anna, READY)
    assert said is not None
    assert "6 personer" in anna.reads(said)
    assert "1 kunne jeg ikke finde frem til" in anna.reads(said)
    await t.slack.roster.catch_up()
    assert len(await t.bot.store.read(people.everybody)) == 7


async def test_a_revoked_token_lets_nobody_go(t: SlackTown) -> None:
    await set_up(t, "plejen", *crowd(t, 6))
    t.double.fails("conversations.members", "token_revoked")
    await t.slack.roster.catch_up()
    assert len(await t.bot.store.read(people.everybody)) == 6


async def test_a_hundred_and_twenty_are_all_in_before_it_is_said(
    tmp_path: Path, clock: MovableClock
) -> None:
    app = App.of_manifest(manifest(shipped().words("da"), "socket"))
    async with (
        SlackDouble(clock, app=app) as double,
        slack_town(tmp_path, double, clock, NOBODY) as t,
    ):
        channel = await set_up(t, "plejen", *crowd(t, 120))
        anna = t.somebody("anna")
        said = told(anna, READY)
        assert said is not None
        assert "120 personer er med i teamet." in anna.reads(said)
        assert _once(t, channel)
        await anna.click(START, on=said)
        assert await anna.submit() == "updated"
        await t.settled()
        (opened,) = await rounds_open(t)
        assert len(await t.bot.store.read(lambda tx: rounds.members(tx, opened.id))) == 120


def _once(t: SlackTown, channel: Channel) -> bool:
    return (
        sum("Sæt teamet op" in one.text + str(one.blocks) for one in t.double.messages(channel))
        == 1
    )
