"""Slack or the store takes its time: Slack has its acknowledgement, nothing is lost or promised."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from double import Channel, Person, SlackDouble
from slack_faults import fails
from slack_many import app_of_many, many_workspaces
from slack_town import SlackTown, slack_town
from slack_walk import filled
from sqlalchemy import delete, select
from town import cast

from bot.domain.clock import MovableClock
from bot.platforms.slack import promptly, tokens, workspaces
from bot.platforms.slack.pacing import LATE_VIEWS
from bot.platforms.slack.workspaces import OwnWorkspace
from bot.storage import people
from bot.storage.store import Tx
from bot.storage.tables import slack_person, slot

A_MOMENT = 0.05


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest,
) -> AsyncIterator[SlackTown]:  # fmt: skip
    people = cast(("dag", 6))
    async with slack_town(tmp_path, slack, clock, people, transport=request.param) as town:
        for person in ("dag-1", "dag-3", "boss"):
            town.somebody(person)
        await town.travel(clock.now() + timedelta(minutes=5))
        yield town


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promptly, "SOON", A_MOMENT)


@asynccontextmanager
async def silent(t: SlackTown, method: str) -> AsyncIterator[None]:
    """Let a method say nothing to its next call; then it answers, too late for a window."""
    t.double.fails(method, way="silence")
    planned = t.double.faults.planned[-1]
    yield
    await t.double.until(lambda: not planned.times)
    t.clock.move_to(t.clock.now() + timedelta(seconds=4))
    t.double.go_on()
    await t.settled()


async def unknown_yet(t: SlackTown) -> Person:
    """Return somebody of the team whose account the bot has not seen."""
    await t.bot.store.write(lambda tx: tx.execute(delete(slack_person)))
    t.slack.people.forget()
    return t.somebody("dag-3")


@pytest.mark.usefixtures("brief")
async def test_a_first_contact_slack_is_slow_to_tell_about_is_acknowledged_and_told(
    t: SlackTown,
) -> None:
    anna = await unknown_yet(t)
    async with silent(t, "users.info"):
        assert await anna.command("/trivsel") is None
        assert (anna.trouble, anna.modals) == ("", [])
    assert "for langsomt" in anna.newest().text
    assert anna.newest().only_for == anna.id
    await anna.command("/trivsel")
    await t.settled()
    assert len(anna.modals) == 1


@pytest.mark.usefixtures("brief")
async def test_a_stranger_whose_language_slack_is_slow_to_tell_is_acknowledged_and_told(
    t: SlackTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger, guess = t.somebody("ukendt"), t.slack.hearing._guess
    asked = asyncio.Event()

    async def slow(here: object) -> object:
        t.double.fails("users.info", way="silence")
        asked.set()
        return await guess(here)  # type: ignore[arg-type]

    monkeypatch.setattr(t.slack.hearing, "_guess", slow)
    assert await stranger.command("/trivsel") is None
    assert stranger.trouble == ""
    await asked.wait()
    await t.double.until(lambda: not t.double.faults.planned[-1].times)
    t.double.go_on()
    await t.settled()
    assert "Du er ikke med i et team" in stranger.newest().text


async def test_nobody_is_called_a_stranger_because_slack_is_away(t: SlackTown) -> None:
    anna = await unknown_yet(t)
    fails(t, "users.info", way="status", status=503, times=10)
    said = await anna.command("/trivsel")
    assert said is not None
    assert said.text.startswith("Jeg kan ikke få forbindelse til Slack lige nu.")
    t.double.faults.planned.clear()
    await anna.command("/trivsel")
    await t.settled()
    assert len(anna.modals) == 1


async def invited_to(t: SlackTown) -> tuple[Person, Channel]:
    """Return a lead and a channel in which the bot has just said hello."""
    lead = t.somebody("dag-1")
    room = t.double.channel("plejen", lead, bot=False)
    await lead.invites_bot(room)
    await t.sends()
    return lead, room


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize("method", ["users.info", "conversations.info"])
async def test_setting_a_team_up_while_slack_is_slow_is_acknowledged_and_told(
    t: SlackTown, method: str
) -> None:
    lead, room = await invited_to(t)
    async with silent(t, method):
        await lead.click("Sæt teamet op", on=lead.newest(room))
        assert (lead.trouble, lead.modals) == ("", [])
    remark = next(one for one in reversed(lead.sees(room)) if one.only_for == lead.id)
    assert remark.text
    await lead.click("Sæt teamet op", on=t.double.messages(room)[0])
    await t.settled()
    assert len(lead.modals) == 1


async def test_the_bots_own_name_is_not_waited_for_beyond_the_acknowledgement(
    t: SlackTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspaces, "AT_ONCE", A_MOMENT)
    assert isinstance(t.slack.workspaces, OwnWorkspace)
    t.slack.workspaces._found = None  # as a new process has it
    anna = t.somebody("dag-3")
    t.double.fails("auth.test", way="silence")
    said = await anna.command("/trivsel")
    assert said is not None
    assert said.text.startswith("Jeg kan ikke få forbindelse til Slack lige nu.")
    t.double.go_on()
    await anna.command("/trivsel")
    await t.settled()
    assert len(anna.modals) == 1


async def test_a_new_token_that_is_slow_to_come_keeps_nobody_waiting(
    tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "BRIEFLY", A_MOMENT)
    async with (
        SlackDouble(clock, app=app_of_many(), installed=False) as double,
        many_workspaces(tmp_path, double, clock) as many,
    ):
        await many.install()
        anna = double.person("dag-3")
        clock.move_to(clock.now() + timedelta(hours=11))
        double.fails("oauth.v2.access", way="silence")
        said = await anna.command("/trivsel")
        assert double.faults.planned[-1].times == 0
        assert said is not None
        assert "ikke med i et team" in said.text  # not: no connection
        double.go_on()


@asynccontextmanager
async def busy(t: SlackTown) -> AsyncIterator[None]:
    """Let the store write nothing meanwhile."""
    begun, over = threading.Event(), threading.Event()

    def hold(_: Tx) -> None:
        begun.set()
        over.wait(60)

    holding = asyncio.create_task(t.bot.store.write(hold))
    await asyncio.to_thread(begun.wait)
    try:
        yield
    finally:
        over.set()
        await holding


async def slots(t: SlackTown) -> set[bytes]:
    query = select(slot.c.ballot)
    return {row.ballot for row in await t.bot.store.read(lambda tx: tx.rows(query))}


@pytest.mark.usefixtures("brief")
async def test_an_answer_the_store_is_slow_to_take_is_not_called_saved_before_it_is(
    t: SlackTown,
) -> None:
    await t.open()
    anna = t.somebody("dag-3")
    await anna.click("Se spørgsmålene", on=anna.newest(anna.dm))
    await t.settled()
    before = await slots(t)
    async with busy(t):
        assert await anna.submit(filled(anna, 4, "Godt")) == "errors"
        assert all("ikke gemt endnu" in said for said in anna.errors.values())
        assert await slots(t) == before
    await t.settled()
    assert len(await slots(t) - before) == 1
    assert "Tak" in anna.reads()  # the window goes on by itself


@pytest.mark.usefixtures("brief")
async def test_an_answer_sent_again_while_the_store_is_slow_has_one_effect(t: SlackTown) -> None:
    await t.open()
    anna = t.somebody("dag-3")
    await anna.click("Se spørgsmålene", on=anna.newest(anna.dm))
    await t.settled()
    before = await slots(t)
    async with busy(t):
        assert await anna.submit(filled(anna, 4)) == "errors"
        assert await anna.submit(filled(anna, 4)) == "errors"
    await t.settled()
    assert len(await slots(t) - before) == 1
    assert "Tak" in anna.reads()


@pytest.mark.usefixtures("brief")
async def test_who_waits_for_a_turn_is_told_in_time_and_kept_all_the_same(t: SlackTown) -> None:
    people = [t.somebody(who) for who in ("dag-3", "dag-4", "dag-5")]
    await t.travel(t.clock.now() + timedelta(minutes=5))
    await t.open()
    before = await slots(t)
    for one in people:
        await one.click("Se spørgsmålene", on=one.newest(one.dm))
    await t.settled()
    t.slack._turns._free, t.slack._turns._patience = asyncio.Semaphore(1), A_MOMENT
    async with busy(t):
        said = await asyncio.gather(*(one.submit(filled(one, 4)) for one in people))
        assert said == ["errors"] * 3
    await t.settled()
    assert len(await slots(t) - before) == 3
    assert all("Tak" in one.reads() for one in people)


@pytest.mark.usefixtures("brief")
async def test_where_very_many_are_late_a_window_stays_and_says_so_when_it_is_sent_again(
    t: SlackTown, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    await t.open()
    anna, before = t.somebody("dag-3"), await slots(t)
    await anna.click("Se spørgsmålene", on=anna.newest(anna.dm))
    await t.settled()
    pace = t.slack.prompt._paces.of(t.double.team.id)
    for _ in range(LATE_VIEWS):
        assert await pace.call("views.update", 0)  # so many windows were late within this minute
    async with busy(t):
        assert await anna.submit(filled(anna, 4)) == "errors"
    await t.settled()
    assert not t.double.calls("views.update")
    assert "SLACK-15 too many are late" in caplog.text
    assert all("send igen" in said for said in anna.errors.values())
    assert len(await slots(t) - before) == 1  # kept all the same
    monkeypatch.setattr(promptly, "SOON", 60.0)
    assert await anna.submit(filled(anna, 4)) == "updated"
    assert "Tak" in anna.reads()
    assert len(await slots(t) - before) == 1


@pytest.mark.usefixtures("brief")
async def test_a_form_the_store_is_slow_to_take_is_done_once_and_says_so_when_it_is(
    t: SlackTown,
) -> None:
    anna = t.somebody("dag-3")
    await anna.command("/trivsel", "væk")
    await t.settled()
    async with busy(t):
        days = {"in.first": "2026-03-20", "in.last": "2026-03-24"}
        assert await anna.submit(days) == "errors"
        assert next(iter(anna.errors.values())).startswith("Det tager længere end det plejer")
    await t.settled()
    assert "in.first" not in str(anna.modal.payload["blocks"])
    kept = await t.bot.store.read(lambda tx: people.aways(tx, "dag-3", t.clock.now().date()))
    assert len(kept) == 1
