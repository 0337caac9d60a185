"""What is remembered of people is never older than the database, whoever changed it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from town import Town, town

from bot.cards import Reply, Say, Show
from bot.domain.people import NodeRules
from bot.domain.rounds import Round
from bot.flows.desk import guest
from bot.storage import people
from bot.storage.store import Tx


def elsewhere(t: Town, sql: str) -> None:
    """Another process changes the database."""
    with closing(sqlite3.connect(t.bot.settings.database)) as other:
        assert other.execute(sql).rowcount == 1
        other.commit()


async def answer(t: Town, opened: Round, revision: int = 0) -> Reply:
    question = opened.questions[revision].id
    return await t.click("dag-3", "ask.answer", opened.id, f"{revision}:{question}:4")


def language_of(reply: Reply) -> str | None:
    assert isinstance(reply, Show), reply
    return reply.language


def refused(t: Town, reply: Reply) -> bool:
    return reply == Say(t.bot.front.words("da")("error.not_allowed"))


async def test_somebody_deactivated_elsewhere_is_refused_at_his_next_click(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        assert isinstance(await answer(t, opened), Show)
        elsewhere(t, "UPDATE person SET active = 0 WHERE id = 'dag-3'")
        assert refused(t, await answer(t, opened, 1))
        assert refused(t, await t.click("dag-3", "ask.review", opened.id))


async def test_a_language_or_rule_changed_elsewhere_is_spoken_at_the_next_click(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        assert language_of(await answer(t, opened)) == "da"
        elsewhere(t, "UPDATE node SET rules = '{\"language\": \"sv\"}' WHERE id = 'org'")
        assert language_of(await answer(t, opened)) == "sv"
        elsewhere(t, "UPDATE node SET rules = '{\"language\": \"en\"}' WHERE id = 'dag'")
        assert language_of(await answer(t, opened)) == "en"
        elsewhere(t, "UPDATE person SET language = 'da' WHERE id = 'dag-3'")
        assert language_of(await answer(t, opened)) == "da"


async def test_a_person_who_moved_speaks_as_his_new_team(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.bot.store.write(lambda tx: people.set_rules(tx, "nat", NodeRules(language="sv")))
        assert language_of(await answer(t, opened)) == "da"
        elsewhere(t, "UPDATE person SET node_id = 'nat' WHERE id = 'dag-3'")
        assert language_of(await answer(t, opened)) == "sv"


async def test_what_was_seen_in_a_write_that_failed_is_not_remembered(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))

        def fail(tx: Tx) -> None:
            people.set_language(tx, "dag-3", "sv")
            assert guest_language(t, tx) == "sv"
            raise LookupError

        with pytest.raises(LookupError):
            await t.bot.store.write(fail)
        # The next change has the same number as the one that was taken back.
        elsewhere(t, "UPDATE person SET language = 'en' WHERE id = 'dag-3'")
        assert language_of(await answer(t, opened)) == "en"


async def test_a_change_in_the_same_group_of_writes_is_seen_by_the_jobs_after_it(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await answer(t, opened)

        def change(tx: Tx) -> None:
            people.set_language(tx, "dag-3", "sv")

        replies = await asyncio.gather(t.bot.store.write(change), answer(t, opened, 1))
        assert language_of(replies[1]) == "sv"


def guest_language(t: Town, tx: Tx) -> str:
    return guest(tx, t.bot.env, "dag-3").reader.words.language
