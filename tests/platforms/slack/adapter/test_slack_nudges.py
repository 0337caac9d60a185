"""Invitations in Slack that did not arrive at once: told again, once, or let be; nobody listed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from double import Person, SlackDouble
from slack_town import SlackTown, slack_town
from sqlalchemy import select
from town import at, cast

from bot.domain.clock import MovableClock
from bot.domain.recent import Recent
from bot.platforms.slack import nudging
from bot.platforms.slack.front import WAITING
from bot.rehearsal.organisation import Cast
from bot.storage.store import Tx
from bot.storage.tables import delivery, slack_sent

TEAM = cast(("dag", 6))
AN_HOUR = timedelta(hours=1)


@pytest.fixture
async def t(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock, TEAM) as town:
        await ready(town)
        yield town


async def ready(t: SlackTown) -> None:
    """Let everybody have had his welcome."""
    for n in range(1, 7):
        t.somebody(f"dag-{n}")
    await t.bot.tick(t.clock.now())
    await t.travel(t.clock.now() + timedelta(minutes=5))


def invitations(person: Person) -> int:
    return sum(WAITING in str(one.blocks) for one in person.sees(person.dm))


def told(t: SlackTown) -> dict[str, int]:
    """Return how many invitations each has."""
    return {f"dag-{n}": invitations(t.somebody(f"dag-{n}")) for n in range(1, 7)}


def once_each(but: str = "") -> dict[str, int]:
    return {f"dag-{n}": int(f"dag-{n}" != but) for n in range(1, 7)}


def trouble(t: SlackTown, who: str, way: str = "status", **how: object) -> Person:
    """Order trouble for the next message to somebody."""
    person = t.somebody(who)
    t.double.fails(
        "chat.postMessage", way=way, which=lambda args: args.get("channel") == person.id, **how
    )
    return person


async def again(t: SlackTown) -> list[str]:
    """Return the rows that say a round is to be looked at again, as they are stored."""

    def read(tx: Tx) -> list[str]:
        query = select(delivery).where(delivery.c.purpose.like("%-again:%"))
        return [repr(tuple(row)) for row in tx.rows(query) if row.state == "waiting"]

    return await t.bot.store.read(read)


async def test_slacks_wish_for_a_long_wait_is_followed_for_everybody_in_the_workspace(
    t: SlackTown,
) -> None:
    begun = t.clock.now()
    trouble(t, "dag-3", status=429, retry_after=600)
    await t.open()
    assert t.clock.now() < begun + timedelta(minutes=1)  # nobody stands and waits
    had = told(t)
    assert had["dag-3"] == 0
    (row,) = await again(t)
    assert "dag-" not in row
    await t.travel(begun + timedelta(minutes=9))
    assert told(t) == had
    await t.travel(begun + timedelta(minutes=12))
    assert told(t) == once_each()
    assert await again(t) == []


async def test_who_has_no_turn_within_the_lease_has_it_in_the_next_round_of_sending(
    t: SlackTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nudging, "LONG", timedelta(seconds=0.3))
    monkeypatch.setattr(nudging, "TOGETHER", 1)
    await t.open()
    assert 0 < sum(told(t).values()) < 6
    await t.travel(t.clock.now() + AN_HOUR)
    assert told(t) == once_each()


async def test_a_short_wait_is_waited_for_at_once(t: SlackTown) -> None:
    trouble(t, "dag-3", status=429, retry_after=5)
    await t.open()
    assert told(t) == once_each()
    assert await again(t) == []


@pytest.mark.parametrize("way", ["status", "garbage", "dropped", "answer lost"])
async def test_what_failed_for_a_passing_reason_arrives_and_never_twice(
    t: SlackTown, way: str
) -> None:
    trouble(t, "dag-3", way)
    await t.open()
    await t.travel(t.clock.now() + AN_HOUR)
    assert told(t) == once_each()


async def test_slack_in_trouble_for_hours_keeps_an_invitation_until_it_is_well(
    t: SlackTown,
) -> None:
    trouble(t, "dag-3", status=503, times=9)
    await t.open()
    await t.travel(t.clock.now() + timedelta(minutes=10))
    assert told(t) == once_each("dag-3")
    await t.travel(t.clock.now() + timedelta(hours=4))
    assert told(t) == once_each()


async def test_whose_conversation_cannot_be_looked_through_yet_is_told_when_it_goes(
    t: SlackTown,
) -> None:
    t.slack.delivery._direct._known = Recent(10)  # as a new process has it
    anna = trouble(t, "dag-3", way="dropped")
    t.double.fails(
        "conversations.open", way="status", status=503, which=lambda a: a.get("users") == anna.id
    )
    await t.open()
    assert told(t) == once_each("dag-3")
    await t.travel(t.clock.now() + AN_HOUR)
    assert told(t) == once_each()


async def test_a_long_wait_before_a_conversation_may_be_looked_through_is_not_stood_out(
    t: SlackTown,
) -> None:
    trouble(t, "dag-3", "answer lost")  # so that it is looked for before it is sent again
    t.double.fails("conversations.history", way="status", status=429, retry_after=600)
    await t.open()
    begun = t.clock.now()
    async with asyncio.timeout(30):  # the SDK's own patience would sleep for ten minutes
        await t.travel(begun + timedelta(minutes=1))
    await t.travel(begun + AN_HOUR)
    assert told(t) == once_each()
    assert await again(t) == []


@pytest.mark.parametrize(
    ("method", "how"),
    [
        ("users.info", {"way": "status", "status": 503}),
        ("users.info", {"way": "status", "status": 429, "retry_after": 600}),
        ("users.lookupByEmail", {"way": "status", "status": 429, "retry_after": 600}),
    ],
)
async def test_whom_slack_tells_nothing_of_at_first_contact_is_told_in_slack_later(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, method: str, how: dict[str, Any]
) -> None:
    async with slack_town(tmp_path, slack, clock, TEAM) as t:
        for n in range(1, 7):
            t.somebody(f"dag-{n}")
        slack.fails(method, times=2, **how)
        async with asyncio.timeout(30):
            await t.open()
        await t.travel(clock.now() + AN_HOUR)
        assert told(t) == once_each()


async def test_who_blocks_messages_is_let_be_with_a_code_and_without_his_name(
    t: SlackTown, caplog: pytest.LogCaptureFixture
) -> None:
    t.somebody("dag-2").user.refuses = "restricted_action"
    await t.open()
    assert told(t) == once_each("dag-2")
    assert await again(t) == []
    (line,) = [one for one in caplog.messages if one.startswith("SLACK-5")]
    assert "restricted_action" in line
    assert "dag-2" not in caplog.text
    assert t.somebody("dag-2").id not in caplog.text


async def test_who_answered_while_slack_was_away_is_not_told(t: SlackTown) -> None:
    trouble(t, "dag-3", status=503)
    opened = await t.open()
    await t.answer("dag-3", opened.id)
    await t.travel(t.clock.now() + AN_HOUR)
    assert told(t) == once_each("dag-3")


async def test_nobody_is_told_in_the_evening_because_slack_was_away(t: SlackTown) -> None:
    t.clock.move_to(at(2, 15, 58))
    trouble(t, "dag-3", status=429, retry_after=600)
    await t.open()
    had = told(t)
    assert had["dag-3"] == 0  # and maybe others: Slack wanted nothing for a while
    await t.travel(at(3, 7, 59))
    assert told(t) == had
    await t.travel(at(3, 8, 1))
    assert told(t) == once_each()


async def test_a_round_that_is_over_invites_nobody(t: SlackTown) -> None:
    trouble(t, "dag-3", status=503, times=10_000)
    opened = await t.open()
    await t.travel(opened.closes_at + timedelta(minutes=1))
    had = told(t)
    t.double.faults.planned.clear()
    await t.travel(opened.closes_at + timedelta(days=1))
    assert told(t) == had
    assert had["dag-3"] == 0
    assert await again(t) == []


async def test_after_a_restart_only_who_was_missed_is_told(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    async with slack_town(tmp_path, slack, clock, TEAM) as t:
        await ready(t)
        trouble(t, "dag-3", status=429, retry_after=600)
        await t.open()
    async with slack_town(tmp_path, slack, clock, Cast((), (), ()), seed=8) as t:
        await t.travel(clock.now() + AN_HOUR)
        assert told(t) == once_each()
        assert await again(t) == []


async def test_an_invitation_is_noted_nowhere_also_when_it_is_told_again(t: SlackTown) -> None:
    async def sent() -> int:
        return len(await t.bot.store.read(lambda tx: tx.rows(select(slack_sent))))

    trouble(t, "dag-3", "answer lost")
    before = await sent()
    await t.open()
    await t.travel(t.clock.now() + timedelta(minutes=30))
    assert told(t) == once_each()
    notes = [one for one in t.recorder.posted if one.note.kind.startswith("round.")]
    assert notes == []
    assert await sent() - before <= len(t.recorder.posted)
    rows = await t.bot.store.read(
        lambda tx: tx.rows(select(delivery).where(delivery.c.purpose.like("invite:%")))
    )
    ids = {row.id for row in rows}
    kept = await t.bot.store.read(lambda tx: tx.rows(select(slack_sent.c.delivery_id)))
    assert not ids & {row.delivery_id for row in kept}
