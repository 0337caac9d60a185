"""Replies kept ready say what a reply drawn anew would say, and nothing anybody has answered."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from town import Town, shipped, town

from bot.cards import Ask, Form, Message, Reply, Show
from bot.domain.languages import LANGUAGES
from bot.domain.rounds import Round
from bot.flows.env import Reader
from bot.flows.rounds import answering
from bot.flows.rounds import cards as asking
from bot.flows.rounds.answering import View
from bot.flows.rounds.engine import COMMENT
from bot.flows.rounds.ready import shows_something_of_ones_own
from bot.privacy.ballots import Ballot

CANARY = "Kanariefuglen sang i kantinen"
WAYS = tuple(product((None, 0, 1, 3, 5), repeat=2))
"""Two answers, among them skipped and "don't know"."""


async def view(t: Town, opened: Round) -> View:
    seen = await t.bot.store.read(lambda tx: answering.look(tx, t.bot.env, "dag-3", opened.id))
    assert isinstance(seen, View)
    return seen


def views(seen: View) -> list[View]:
    """Every step with every pair of answers, as it can come to be shown."""
    first, second = seen.path.questions[:2]
    found = []
    for ballot in [
        *(Ballot(2, {first: a, second: b}) for a, b in WAYS),
        *(Ballot(1, {first: a}) for a, _ in WAYS),
        Ballot(3, {}, CANARY, comment_done=True),
        Ballot(3, {first: 4}, comment_done=True),
        Ballot.empty(),
        Ballot.empty(7),
    ]:
        for step in (*seen.path.steps, None):
            one = replace(seen, ballot=ballot, show=step)
            found += [one, replace(one, before=3), replace(one, stale=True)]
            found += [replace(one, lost=True), replace(one, listeners=("Nanna (nanna@x)",))]
    return found


async def test_a_ready_reply_is_the_one_that_would_be_drawn(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        seen = await view(t, await t.open("checkin", ("dag",)))
        env = t.bot.env
        for language, zone in product(LANGUAGES, ("Europe/Copenhagen", "Europe/Helsinki")):
            reader = Reader(shipped().words(language), zone, "dag-3")
            for one in views(seen):
                for _ in range(2):
                    assert asking.reply(env, reader, one) == asking._drawn(env, reader, one)


@pytest.mark.parametrize(
    "own", ["chosen", "don't know", "went back", "comment", "stale", "lost", "listeners", "begun"]
)
async def test_what_shows_something_of_ones_own_is_not_kept(tmp_path: Path, own: str) -> None:
    async with town(tmp_path) as t:
        seen = await view(t, await t.open("checkin", ("dag",)))
        first, second = seen.path.questions[:2]
        one = {
            "chosen": replace(seen, ballot=Ballot(1, {first: 4}), show=first),
            "don't know": replace(seen, ballot=Ballot(1, {second: 0}), show=second),
            "went back": replace(seen, ballot=Ballot(2, {}), show=second, before=4),
            "comment": replace(seen, ballot=Ballot(2, {}, CANARY), show=COMMENT),
            "stale": replace(seen, stale=True),
            "lost": replace(seen, lost=True),
            "listeners": replace(seen, show=None, listeners=("Nanna",)),
            "begun": replace(seen, ballot=Ballot(1, {second: 4}), show=first),
        }[own]
        assert shows_something_of_ones_own(one)
        reply = asking.reply(t.bot.env, Reader(shipped().words("da"), seen.zone, "dag-3"), one)
        assert isinstance(reply, Show | Ask)
        assert not reply.common
        assert len(t.bot.env.ready) == 0


async def test_whatever_people_answer_nothing_of_it_is_kept(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        for number in range(1, 12):
            await t.answer(f"dag-{number}", opened.id, number % 6, CANARY)
            await t.click(f"dag-{number}", "ask.review", opened.id)
        steps = len(opened.questions) + 2
        assert 0 < len(t.bot.env.ready) <= steps  # the same for all eleven
        for kept in t.bot.env.ready._kept.values():
            assert CANARY not in repr(kept)
            assert "chosen=True" not in repr(kept)
            assert "dag-" not in repr(kept)
            assert card_of(kept)


def card_of(reply: Reply) -> Message | Form:
    assert isinstance(reply, Show | Ask)
    assert reply.common
    return reply.message if isinstance(reply, Show) else reply.form
