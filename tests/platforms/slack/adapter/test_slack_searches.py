"""Choosing among more than a list holds: a search in the form, over both transports."""

import json
import logging
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from double import Person, SlackDouble
from slack_town import SlackTown, slack_town
from slack_twins import Twins, twins
from slack_walk import blocks_of
from town import cast, shipped

from bot.domain.clock import MovableClock
from bot.domain.people import Node
from bot.platforms.slack.manifest import manifest
from bot.platforms.slack.setup import SET_UP
from bot.rehearsal.organisation import Cast
from bot.storage import actions, people

CANARY = "kanariefuglen"


def big() -> Cast:
    """Return a team of 150, some of whom have names of their own."""
    found = cast(("dag", 150))
    names = {"dag-7": "Åse Møller", "dag-8": "Jørgen Ågaard", "dag-9": "Anna Åse Lund"}
    everybody = tuple(replace(one, name=names.get(one.id, one.name)) for one in found.people)
    return replace(found, people=everybody)


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock, big(), transport=request.param) as town:
        yield town


@pytest.fixture
async def two(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[Twins]:
    async with twins(tmp_path, slack, clock, big()) as found:
        yield found


async def asked(t: SlackTown, who: str = "dag-1") -> Person:
    """Return somebody with the form of a new action open."""
    lead = t.somebody(who)
    await lead.command("/trivsel", "tiltag Ti minutter sammen")
    return lead


def given(who: Person, **chosen: object) -> Mapping[str, object]:
    """Return what an action needs, by block."""
    values = {"first_step": "Aftal et sted", "due": "2026-03-16", **chosen}
    there = {one.get("block_id") for one in blocks_of(who.modal)}
    return {f"in.{name}": one for name, one in values.items() if f"in.{name}" in there}


async def kept(t: SlackTown) -> list[tuple[str, tuple[str, ...]]]:
    found = await t.bot.store.read(lambda tx: actions.of_nodes(tx, ["dag"]))
    return [(one.responsible, one.helpers) for one in found]


def dump(t: SlackTown) -> dict[str, list[str]]:
    with closing(sqlite3.connect(t.bot.settings.database)) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
        return {name: sorted(map(repr, db.execute(f'SELECT * FROM "{name}"'))) for name in names}


async def test_whoever_is_responsible_in_a_big_team_is_searched_for(t: SlackTown) -> None:
    lead = await asked(t)
    assert await lead.types("in.responsible", "aase") == ["Anna Åse Lund", "Åse Møller"]
    await lead.click("slack.more", on=lead.modal)
    await t.settled()
    await lead.types("in.helpers", "agaard")
    chosen = given(lead, responsible="dag-7", helpers=["dag-8"])
    assert await lead.submit(chosen) == "updated", lead.errors
    assert await kept(t) == [("dag-7", ("dag-8",))]


async def test_who_is_chosen_already_stands_there_and_need_not_be_searched_for(
    t: SlackTown,
) -> None:
    lead = await asked(t)
    (before,) = [
        one["element"]["initial_option"]
        for one in blocks_of(lead.modal)
        if one.get("block_id") == "in.responsible"
    ]
    assert await lead.submit(given(lead)) == "updated", lead.errors
    assert await kept(t) == [(before["value"], ())]


async def test_of_more_than_slack_takes_the_first_hundred_come_and_say_so(t: SlackTown) -> None:
    lead = await asked(t)
    assert len(await lead.types("in.responsible", "dag")) == 100
    offer: Any = t.double.post.sent[-1].answer.body
    (group,) = offer["option_groups"]
    assert group["label"]["text"] == "De første 100 af 147. Skriv mere."
    found = await lead.types("in.responsible", "dag 14")
    assert (len(found), found[0], found[-1]) == (12, "Dag 14", "Dag 114")


async def test_a_search_writes_nothing_and_is_logged_nowhere(
    t: SlackTown, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    lead = await asked(t)
    before = dump(t)
    assert await lead.types("in.responsible", CANARY) == []
    t.slack.hearing.choices._front = None  # type: ignore[assignment]
    assert await lead.types("in.responsible", CANARY) == []
    assert "SLACK-3 a search was not answered: AttributeError" in caplog.text
    assert CANARY not in caplog.text
    assert dump(t) == before


async def test_who_may_not_be_shown_the_form_any_more_finds_nobody(t: SlackTown) -> None:
    lead = await asked(t)
    assert await lead.types("in.responsible", "åse")
    await t.bot.store.write(lambda tx: people.put_grants(tx, "dag-1", []))
    assert await lead.types("in.responsible", "åse") == []


async def test_nobody_finds_anybody_in_anothers_form(t: SlackTown) -> None:
    lead = await asked(t)
    other = t.somebody("dag-33")
    t.double.state.stacks[other.id] = [lead.modal.id]  # what Slack never lets him see
    assert await other.types("in.responsible", "åse") == []
    stranger = t.somebody("ukendt")
    t.double.state.stacks[stranger.id] = [lead.modal.id]
    assert await stranger.types("in.responsible", "åse") == []


@pytest.mark.parametrize("change", ["callback_id", "private_metadata", "block_id"])
async def test_a_search_in_no_form_of_the_bots_finds_nothing(t: SlackTown, change: str) -> None:
    lead = await asked(t)
    payload = lead.modal.payload
    if change == "block_id":
        block = next(one for one in payload["blocks"] if one.get("block_id") == "in.responsible")
        lead.modal.state["elsewhere"] = lead.modal.state[block["block_id"]]
        block["block_id"] = "elsewhere"
    else:
        payload[change] = "elsewhere"
    name = "elsewhere" if change == "block_id" else "in.responsible"
    assert await lead.types(name, "åse") == []


async def test_another_process_finds_and_takes_what_was_never_drawn_there(two: Twins) -> None:
    two.only(0)
    lead = await asked(two.one)
    two.only(1)
    assert await lead.types("in.responsible", "møller") == ["Åse Møller"]
    assert await lead.submit(given(lead, responsible="dag-7")) == "updated", lead.errors
    assert await kept(two.other) == [("dag-7", ())]


def wide() -> Cast:
    """Return an organisation of 130 teams, all led by one."""
    found = cast(("dag", 3))
    teams = (Node("d" * 24 + f"{n:08}", f"Hus {n}", "org") for n in range(130))
    return replace(found, nodes=(*found.nodes, *teams))


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_a_team_of_a_big_organisation_is_searched_for_and_slack_is_asked_once(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, transport: str
) -> None:
    async with slack_town(tmp_path, slack, clock, wide(), transport=transport) as t:
        boss = t.somebody("boss")
        room = slack.channel("hus-77", boss, bot=False)
        await boss.invites_bot(room)
        await t.sends()
        await boss.click(SET_UP, on=boss.newest(room))
        assert await boss.types("in.team", "hus 77") == ["Hus 77"]
        calls = len(slack.state.calls)
        assert "Hus 99" in await boss.types("in.team", "hus 9")
        assert len(slack.state.calls) == calls
        await boss.types("in.team", "77")
        assert await boss.submit({"in.team": "Hus 77"}) == "updated", boss.errors
        await t.settled()
        assert "Hus 77" in boss.reads()


async def test_a_malformed_search_gets_no_options_and_leaves_no_trace(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 3))):
        body: dict[str, Any] = {"type": "block_suggestion", "action_id": "in", "value": CANARY}
        body |= {"team": {"id": slack.team.id}, "user": {"id": slack.person("dag-1").id}}
        line: Any = slack.post.line
        sent = urlencode({"payload": json.dumps(body)}).encode()
        answer = await line.post(sent, "application/x-www-form-urlencoded")
        assert (answer.status_code, answer.json()) == (200, {"options": []})
        assert "SLACK-1" in caplog.text
        assert CANARY not in caplog.text


def test_over_http_slack_is_told_where_to_ask_for_options() -> None:
    words = shipped().words("da")
    url = "https://trivsel.example.org"
    http = manifest(words, "http", url)["settings"]["interactivity"]
    assert http["message_menu_options_url"] == http["request_url"] == f"{url}/slack/events"
    assert "message_menu_options_url" not in str(manifest(words, "socket"))
