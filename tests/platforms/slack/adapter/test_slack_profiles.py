"""What profiles say is followed until somebody chooses himself; old news cost no writing."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from double import Person, SlackDouble
from slack_town import SlackTown, slack_town
from town import cast

from bot.domain.clock import MovableClock
from bot.storage import people


@pytest.fixture
async def t(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 11))) as town:
        yield town


async def language(t: SlackTown, person: str) -> str | None:
    known = await t.bot.store.read(lambda tx: people.get(tx, person))
    assert known is not None
    return known.language


async def met(t: SlackTown, id_: str, locale: str) -> Person:
    found = t.somebody(id_, locale=locale)
    await found.command("/trivsel")
    await t.settled()
    return found


def everything(t: SlackTown) -> dict[str, list[str]]:
    with closing(sqlite3.connect(t.bot.settings.database)) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
        return {name: sorted(map(repr, db.execute(f'SELECT * FROM "{name}"'))) for name in names}


@pytest.mark.parametrize(
    ("locale", "wanted", "close"),
    [
        ("en-US", None, "Luk"),  # nobody chose that: it is how Slack begins
        ("en-GB", "en", "Close"),
        ("sv-SE", "sv", "Stäng"),
        ("nb-NO", "da", "Luk"),
        ("fr-FR", None, "Luk"),
    ],
)
async def test_the_language_is_the_profiles_unless_slacks_own_then_the_teams(
    t: SlackTown, locale: str, wanted: str | None, close: str
) -> None:
    bo = await met(t, "dag-5", locale)
    assert await language(t, "dag-5") == wanted
    assert bo.modal.payload["close"]["text"] == close


async def test_who_changes_to_slacks_own_language_means_it(t: SlackTown) -> None:
    bo = await met(t, "dag-5", "da-DK")
    await bo.changes(locale="en-US")
    await t.settled()
    assert await language(t, "dag-5") == "en"
    await bo.changes(locale="sv-SE")
    await t.settled()
    assert await language(t, "dag-5") == "sv"


@pytest.mark.parametrize("chosen", ["da", "en", "team"])
async def test_who_has_chosen_himself_is_not_moved_by_his_profile(
    t: SlackTown, chosen: str
) -> None:
    bo = await met(t, "dag-5", "da-DK")
    await t.submit("dag-5", "me.language", "", language=chosen)
    kept = await language(t, "dag-5")
    await bo.changes(locale="sv-SE")
    await t.settled()
    assert await language(t, "dag-5") == kept


async def test_what_says_nothing_new_of_anybody_writes_nothing(t: SlackTown) -> None:
    bo = await met(t, "dag-5", "sv-SE")
    stranger, guest = t.somebody("ukendt"), t.somebody("gæst", role="guest")
    before = everything(t)
    await bo.changes(real_name="Bo på ferie")
    await stranger.changes(real_name="Hjemme i dag")
    await guest.changes(real_name="Til møde")
    await t.settled()
    assert everything(t) == before
    await bo.changes(tz="Europe/Helsinki")
    await t.settled()
    assert everything(t) != before


async def test_a_message_made_into_an_action_reads_as_people_read_it(t: SlackTown) -> None:
    lead, bo = await met(t, "dag-1", "da-DK"), await met(t, "dag-5", "da-DK")
    stranger = t.somebody("ukendt")
    channel = t.double.channel("dagholdet", lead)
    await t.bind(channel, "node:dag")
    bot = t.double.installation().bot_user
    text = f"<@{bot}> Lad <@{bo.id}> og <@{stranger.id}> se <https://x.dk/a|planen>"
    said = await lead.says(f"{text}\n<!here> I &amp; vi", channel)
    calls = len(t.double.state.calls)
    await lead.message_shortcut("trivsel_action", said)
    name = await t.bot.store.read(lambda tx: people.active(tx, "dag-5"))
    assert name is not None
    shown = {one["block_id"]: one["element"].get("initial_value") for one in _inputs(lead)}
    assert shown["in.what"] == f"Lad {name.name} og en kollega se planen"
    await lead.click("Vis", on=lead.modal)
    await t.settled()
    shown = {one["block_id"]: one["element"].get("initial_value") for one in _inputs(lead)}
    assert shown["in.how"] == "I & vi"
    asked = {one.method for one in t.double.state.calls[calls:]}
    assert "users.info" not in asked


def _inputs(person: Person) -> list[dict[str, dict[str, str]]]:
    return [one for one in person.modal.payload["blocks"] if one["type"] == "input"]
