"""Many people and many channels at once: everybody is reached, and Slack never says to wait."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import SlackDouble
from slack_faults import put
from slack_town import SlackTown, slack_town
from sqlalchemy import delete
from town import cast

from bot.domain.clock import MovableClock
from bot.platforms.slack.front import WAITING
from bot.rehearsal.organisation import Cast
from bot.storage.tables import slack_person

MANY = 120
TEAMS = 60


@pytest.fixture
async def t(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock, cast(("dag", MANY))) as town:
        await welcomed(town)
        town.double.state.calls.clear()
        yield town


async def welcomed(t: SlackTown) -> None:
    for who in everybody():
        t.somebody(who)
    await t.travel(t.clock.now() + timedelta(minutes=10))


def everybody() -> list[str]:
    return [f"dag-{n}" for n in range(1, MANY + 1)]


def invited(t: SlackTown) -> set[str]:
    """Return who has exactly one invitation."""
    found = set()
    for who in everybody():
        person = t.somebody(who)
        if sum(WAITING in str(one.blocks) for one in person.sees(person.dm)) == 1:
            found.add(who)
    return found


def too_fast(t: SlackTown) -> list[str]:
    return [one.method for one in t.double.state.calls if one.error == "ratelimited"]


async def test_an_invitation_costs_one_call_and_nobody_has_to_wait_for_a_second_try(
    t: SlackTown,
) -> None:
    await t.open()
    assert invited(t) == set(everybody())
    calls = t.double.state.calls
    assert sum(WAITING in str(one.args) for one in calls) == MANY
    assert {one.method for one in calls} == {"chat.postMessage"}
    assert too_fast(t) == []


async def test_people_whose_accounts_are_not_known_yet_are_found_at_slacks_pace(
    t: SlackTown,
) -> None:
    await t.bot.store.write(lambda tx: tx.execute(delete(slack_person)))
    await t.open()
    await t.travel(t.clock.now() + timedelta(minutes=5))
    assert invited(t) == set(everybody())
    assert len(t.double.calls("users.lookupByEmail")) == MANY
    assert too_fast(t) == []


async def test_after_a_restart_everybody_is_looked_up_at_slacks_pace_and_told_once(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    async with slack_town(tmp_path, slack, clock, cast(("dag", MANY))) as t:
        await welcomed(t)
        somebody = t.somebody("dag-7").id
        t.double.fails(
            "chat.postMessage", way="status", status=503, times=5,
            which=lambda args: args["channel"] == somebody,
        )  # fmt: skip
        await t.open()
        assert invited(t) == set(everybody()) - {"dag-7"}
    async with slack_town(tmp_path, slack, clock, Cast((), (), ()), seed=8) as t:
        await t.travel(clock.now() + timedelta(hours=4))
        assert invited(t) == set(everybody())
        assert len(t.double.calls("conversations.open")) == MANY
        assert too_fast(t) == []


async def test_who_was_written_to_is_known_at_his_first_press_without_a_look(
    t: SlackTown,
) -> None:
    await t.bot.store.write(lambda tx: tx.execute(delete(slack_person)))
    t.slack.people.forget()
    await t.open()
    anna = t.somebody("dag-3")
    asked = t.slack.people.person(t.double.team.id, anna.id)
    with pytest.raises(StopIteration) as known:
        asked.send(None)  # nothing is waited for, neither the database nor Slack
    assert known.value.value == "dag-3"
    before = len(t.double.calls("users.info"))
    await anna.click("Se spørgsmålene", on=anna.newest(anna.dm))
    assert anna.trouble == ""
    assert len(anna.modals) == 1
    assert len(t.double.calls("users.info")) == before


async def test_somebody_whose_account_was_closed_is_let_be_and_the_others_are_told(
    t: SlackTown, caplog: pytest.LogCaptureFixture
) -> None:
    gone = t.somebody("dag-3")
    gone.user.deleted = True
    await t.open()
    assert invited(t) == set(everybody()) - {"dag-3"}
    (line,) = [one for one in caplog.messages if one.startswith("SLACK-5")]
    t.double.state.calls.clear()
    await t.travel(t.clock.now() + timedelta(hours=3))
    assert t.double.calls("chat.postMessage") == []
    assert gone.id not in line


async def test_many_channels_are_looked_at_and_posted_to_at_slacks_pace(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    teams = [f"hold{n}" for n in range(TEAMS)]
    async with slack_town(tmp_path, slack, clock, cast(*((one, 1) for one in teams))) as t:
        lead = t.somebody("hold0-1")
        rooms = [slack.channel(one, lead, private=True) for one in teams]
        for room, team in zip(rooms, teams, strict=True):
            await t.bind(room, f"node:{team}")
        await put(t, *(f"node:{one}" for one in teams))
        await t.travel(clock.now() + timedelta(minutes=10))
        assert [len(slack.messages(one)) for one in rooms] == [1] * TEAMS
        assert too_fast(t) == []
