"""No answer and no comment stands in clear anywhere, at any step, whatever goes wrong."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from town import Town, cast, town
from whole_bot import CANARY, all_the_way, findings, questions_of, said, where_in_clear

from bot.cards import Reply, Say, Submitted
from bot.domain.rounds import Round
from bot.flows.rounds import cards as asking
from bot.flows.rounds import sheet, sheet_actions
from bot.privacy.ballots import BallotBox
from bot.privacy.key_errors import KeyStoreUnusable
from bot.reports import charts
from bot.storage import slots
from bot.storage.backup import back_up

TEAM = cast(("dag", 13), ("nat", 4))
EMPLOYEES = [f"dag-{n}" for n in range(2, 14)]


def silent(t: Town, one: Round, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing stands in clear: files, log records, what was sent and pushed."""
    questions = questions_of(one)
    assert where_in_clear(t.bot.settings.data.parent, questions) == []
    records = [record.getMessage() + repr(record.args) for record in caplog.records]
    records += [record.exc_text or "" for record in caplog.records]
    pushed = [repr(x) for x in (*t.recorder.posted, *t.recorder.nudged)]
    for line in (*records, *pushed):
        assert CANARY not in line
        assert not any(f"{question}:" in line for question in questions)
    assert findings(t) == []


@pytest.mark.slow
async def test_nothing_stands_in_clear_at_any_step_of_a_round(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    async with town(tmp_path, TEAM) as t:
        one = await t.open("maturity", ("org",))
        for n, person in enumerate(EMPLOYEES[:9]):
            await all_the_way(t, person, one, n % 5 + 1, said(n))
            assert where_in_clear(tmp_path, questions_of(one)) == []
        await t.click("dag-11", "ask.later", one.id)
        await t.click("dag-2", "ask.delete", one.id)
        await t.submit("dag-3", "ask.comment", f"{one.id}:999", comment=CANARY * 200)
        await t.submit("dag-3", "ask.sheet", f"{one.id}:0", comment=said(98))
        await t.type("dag-3", f"{CANARY} {CANARY}")
        await t.bot.front.say("dag-3", "person:dag-3", "e", f"jeg svarer {CANARY}")
        silent(t, one, caplog)
        back_up(t.bot.settings.database, tmp_path / "backups" / "one.db")
        await t.travel(one.remind_at)
        silent(t, one, caplog)
        await t.travel(one.closes_at)
        silent(t, one, caplog)  # nine answers: the comments were destroyed unread
        await t.travel(one.publish_at)
        silent(t, one, caplog)
        for person in ("dag-1", "dag-4", "boss"):
            for conversation in (f"person:{person}", "node:dag"):
                for card in await t.shown(person, conversation):
                    assert CANARY not in repr(card)
        await t.bot.keep_house()
        silent(t, one, caplog)
    silent(t, one, caplog)


async def test_a_comment_held_back_is_gone_from_every_file_at_publication(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    async with town(tmp_path, TEAM) as t:
        one = await t.open("maturity", ("org",))
        for n, person in enumerate(EMPLOYEES):
            await all_the_way(t, person, one, 3, said(n) if n < 3 else "")
        silent(t, one, caplog)
        await t.travel(one.closes_at + timedelta(hours=1))
        assert "trivselsbot.db" in " ".join(where_in_clear(tmp_path))  # ten answered, three wrote
        cards = [repr(card) for card in await t.shown("dag-2", "person:dag-2")]
        assert any(CANARY in card for card in cards)
        for number in range(3):
            held = await _hold_first(t, one)
            assert held == number + 1
        await t.travel(one.publish_at)
        silent(t, one, caplog)


async def _hold_first(t: Town, one: Round) -> int:
    """Let the AMR hold one more comment back; return how many are held."""
    rows = await t.bot.store.read(
        lambda tx: tx.rows(text("SELECT id, held FROM comment ORDER BY held, id"))
    )
    await t.click("dag-2", "comments.hold", one.id, f"{rows[0].id}:hold")
    return 1 + sum(row.held for row in rows)


# --- When something breaks ----------------------------------------------------------------------


async def _sheet(t: Town, one: Round, comment: str, value: int = 4) -> Reply:
    chosen = {question: [str(value)] for question in questions_of(one)}
    return await t.submit("dag-3", "ask.sheet", f"{one.id}:0", **chosen, comment=comment)


class _Carrier(Exception):  # noqa: N818 - says what it does
    """An error whose text holds what must not be said, as errors of libraries do."""


def _raises(error: Exception) -> Any:
    def broken(*_args: object, **_named: object) -> Any:
        raise error

    return broken


BREAKS = {
    "the slot cannot be written": (slots, "write", _Carrier(said(1))),
    "the slot cannot be read": (slots, "read", ValueError(said(1))),
    "the ballot cannot be sealed": (BallotBox, "seal_in", _Carrier(said(1))),
    "the ballot cannot be opened": (BallotBox, "read", KeyError(said(1))),
    "the card cannot be drawn": (asking, "reply", RuntimeError(said(1))),
    "the question cannot be drawn": (asking, "question", TypeError(said(1))),
    "the sheet cannot be drawn": (sheet, "taken", RuntimeError(said(1))),
    "the sheet's form cannot be drawn": (sheet, "form", KeyError(said(1))),
    "the sheet's comment is not clean": (sheet_actions, "clean_comment", ValueError(said(1))),
    "the text is not clean": (asking, "comment_form", UnicodeError(said(1))),
}


@pytest.mark.parametrize("what", BREAKS)
async def test_an_error_inside_a_handler_says_nothing_of_what_was_typed(
    tmp_path, caplog, monkeypatch, what
):
    caplog.set_level(logging.DEBUG)
    place, name, error = BREAKS[what]
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        with monkeypatch.context() as broken:
            broken.setattr(place, name, _raises(error))
            replies = [
                await t.submit("dag-3", "ask.comment", f"{one.id}:0", comment=said(1)),
                await t.submit("dag-3", "ask.comment", f"{one.id}:0", comment=said(1) * 30),
                await t.click("dag-3", "ask.answer", one.id, f"0:{questions_of(one)[0]}:4"),
                await t.click("dag-3", "ask.sheet", one.id),
                await _sheet(t, one, said(1)),
                await _sheet(t, one, said(1) * 30),
            ]
        assert any(isinstance(reply, Say) for reply in replies)
        assert CANARY not in "".join(repr(reply) for reply in replies if isinstance(reply, Say))
        silent(t, one, caplog)
        await all_the_way(t, "dag-3", one, 4, said(2))
        silent(t, one, caplog)


async def test_an_error_of_the_database_or_the_key_folder_says_nothing(
    tmp_path, caplog, monkeypatch
):
    caplog.set_level(logging.DEBUG)
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        abort = "CREATE TRIGGER t BEFORE UPDATE ON slot BEGIN SELECT RAISE(ABORT, 'no'); END"
        await t.bot.store.write(lambda tx: tx.execute(text(abort)))
        refused = await t.answer("dag-3", one.id, 5)
        assert isinstance(refused, Say)
        assert refused.failed
        await t.submit("dag-3", "ask.comment", f"{one.id}:0", comment=said(1))
        await t.bot.store.write(lambda tx: tx.execute(text("DROP TRIGGER t")))
        with monkeypatch.context() as broken:
            trouble = KeyStoreUnusable("KEYS-2", t.bot.settings.key_folder)
            broken.setattr(t.bot.env.keys, "load", _raises(trouble))
            refused = await t.submit("dag-3", "ask.comment", f"{one.id}:0", comment=said(1))
            assert isinstance(refused, Say)
            assert refused.failed
        silent(t, one, caplog)


async def test_an_error_while_counting_says_nothing_and_the_round_is_counted_later(
    tmp_path, caplog, monkeypatch
):
    caplog.set_level(logging.DEBUG)
    async with town(tmp_path, TEAM) as t:
        one = await t.open("maturity", ("org",))
        for n, person in enumerate(EMPLOYEES[:6]):
            await all_the_way(t, person, one, 3, said(n))
        with monkeypatch.context() as broken:
            broken.setattr("bot.flows.rounds.scores.counted", _raises(_Carrier(said(1))))
            await t.travel(one.closes_at)
        assert (await t.round(one.id)).state.value == "closing"
        silent(t, one, caplog)
        await t.travel(one.closes_at + timedelta(hours=1))
        assert (await t.round(one.id)).state.value == "closed"
        silent(t, one, caplog)


async def test_what_was_typed_does_not_stand_in_the_repr_of_what_came_in(tmp_path):
    typed = Submitted("e", "dag-3", "c", "ask.comment", "r:1", {"comment": said(1)})
    assert CANARY not in repr(typed)


async def test_no_picture_is_drawn_from_anything_but_published_figures(tmp_path, monkeypatch):
    drawn: list[object] = []

    async def note(_self: object, chart: object, _theme: object) -> bytes:
        drawn.append(chart)
        return b""

    monkeypatch.setattr(charts.Charts, "draw", note)
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        for person in EMPLOYEES[:7]:
            await all_the_way(t, person, one, 4)
        await t.travel(one.remind_at)
        assert drawn == []
