"""The line with which somebody is invited: the same for all, and short for a notification."""

from pathlib import Path

import pytest
from town import Town, town

from bot.domain.languages import LANGUAGES, Language
from bot.domain.people import Node, Person
from bot.domain.rounds import Round
from bot.flows.env import Reader
from bot.flows.rounds import invitations
from bot.rehearsal.organisation import Cast
from bot.storage import people
from bot.storage.store import Tx

NOTIFICATION = 130
"""Characters a phone shows of a message while it is locked, in about three lines."""


async def line(
    t: Town, one: Round, language: Language = "da", person: str = "dag-5", *, again: bool = False
) -> str:
    reader = Reader(t.bot.front.words(language), "Europe/Copenhagen", person)
    return await t.bot.store.read(lambda tx: invitations.line(tx, reader, one.id, again=again))


async def test_a_check_in_says_what_where_how_much_and_until_when(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open()
        assert await line(t, opened) == (
            "Trivselstjek i Dag: 3 spørgsmål, under et minut, anonymt. "
            "Svar senest torsdag den 5. marts kl. 9.00."
        )


async def test_the_maturity_check_does_not_promise_a_minute(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        said = await line(t, await t.open("maturity"))
        assert "10 emner, cirka fem minutter" in said


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_invitation_fits_a_notification(tmp_path: Path, language: Language) -> None:
    async with town(tmp_path) as t:

        def rename(tx: Tx) -> None:
            people.put_node(tx, Node("dag", "Dagholdet på B12", "org"))

        await t.bot.store.write(rename)
        opened = [await t.open("checkin"), await t.open("maturity")]
        words, closes = t.bot.front.words(language), opened[0].closes_at
        team = ["Dagholdet på B12"]
        own = [words(f"invite.{k}", team=team, closes=closes) for k in ("effect", "ideas", "votes")]
        lines = [*own, *[await line(t, one, language) for one in opened]]
        assert max(map(len, lines)) <= NOTIFICATION, max(lines, key=len)


async def test_the_line_is_the_same_before_and_after_somebody_has_answered(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open()
        before = await line(t, opened)
        await t.answer("dag-5", opened.id)
        assert await line(t, opened) == before
        assert await line(t, opened, person="dag-6") == before


async def test_a_reminder_says_that_it_is_fine_not_to_answer(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open()
        said = await line(t, opened, again=True)
        assert await line(t, opened) in said
        assert "helt i orden at lade være" in said


async def test_of_many_teams_together_ones_own_is_named(tmp_path: Path) -> None:
    nodes = (Node("org", "Alle"), *(Node(f"n{i}", f"Hold {i}", "org") for i in range(3)))
    folk = tuple(Person(f"n{i}-{j}", f"P {i}{j}", f"n{i}") for i in range(3) for j in range(4))
    async with town(tmp_path, Cast(nodes, folk, ())) as t:
        opened = await t.open("checkin", ("n0", "n1", "n2"))
        assert "i Hold 1:" in await line(t, opened, person="n1-2")


async def test_a_round_that_is_gone_still_invites(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        reader = Reader(t.bot.front.words("da"), "Europe/Copenhagen", "dag-5")
        said = await t.bot.store.read(lambda tx: invitations.line(tx, reader, ""))
        assert said == t.bot.front.words("da")("invite.any")
