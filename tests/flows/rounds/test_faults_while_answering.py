"""When database or key folder fail during an answer: nothing is called saved, nothing is leaked.

The person is told to try again and his dialog stays open; the log has a code and no content.
"""

import logging
import resource
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from town import Town, town

from bot.cards import Ask, Reply, Say, Show
from bot.domain.rounds import Round
from bot.flows.rounds import answering
from bot.flows.rounds.answering import View
from bot.privacy.comments import clean_comment
from bot.storage.engine import driver_of

SECRET = "Min hemmelige bemærkning"


@contextmanager
def locked(t: Town) -> Iterator[None]:
    """Another process holds the database for longer than the bot waits."""
    t.bot.store._chore(lambda connection: driver_of(connection).execute("PRAGMA busy_timeout=50"))
    with closing(sqlite3.connect(t.bot.settings.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def full(t: Town) -> Iterator[None]:
    """The disk takes no byte more: the log of the database cannot grow."""
    log = Path(f"{t.bot.settings.database}-wal")
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@contextmanager
def without_keys(t: Town) -> Iterator[None]:
    """The volume with the keys has gone."""
    folder = t.bot.settings.key_folder
    aside = folder.with_name("aside")
    folder.rename(aside)
    try:
        yield
    finally:
        aside.rename(folder)


@contextmanager
def another_folder(t: Town) -> Iterator[None]:
    """An empty mount point stands where the keys should be, and the bot has just started."""
    folder = t.bot.settings.key_folder
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.mkdir(mode=0o700)
    t.bot.env.keys._loaded.clear()
    try:
        yield
    finally:
        shutil.rmtree(folder)
        aside.rename(folder)


@contextmanager
def unreadable(t: Town) -> Iterator[None]:
    """What should be the key folder is a file."""
    folder = t.bot.settings.key_folder
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.touch()
    try:
        yield
    finally:
        folder.unlink()
        aside.rename(folder)


Fault = Callable[[Town], AbstractContextManager[None]]
FAULTS = [
    (locked, "STORE-2"),
    (full, "STORE-"),
    (without_keys, "KEYS-1"),
    (another_folder, "KEYS-6"),
    (unreadable, "KEYS-"),
]


async def view(t: Town, opened: Round) -> View:
    seen = await t.bot.store.read(lambda tx: answering.look(tx, t.bot.env, "dag-3", opened.id))
    assert isinstance(seen, View)
    return seen


def told_to_try_again(t: Town, reply: Reply) -> bool:
    return reply == Say(t.bot.front.words("da")("error.not_saved"), failed=True)


@pytest.mark.parametrize(("fault", "code"), FAULTS)
async def test_nothing_is_called_saved_that_is_not(
    tmp_path: Path, fault: Fault, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.click("dag-3", "ask.answer", opened.id, "0:anchor:4")
        before = (await view(t, opened)).ballot
        second = opened.questions[1].id
        with caplog.at_level(logging.DEBUG), fault(t):
            replies = [
                await t.click("dag-3", "ask.answer", opened.id, f"1:{second}:2"),
                await t.click("dag-3", "ask.delete", opened.id),
                await t.click("dag-3", "ask.later", opened.id),
                await t.submit("dag-3", "ask.comment", f"{opened.id}:1", comment=SECRET),
                await t.submit(
                    "dag-3", "ask.sheet", f"{opened.id}:1", comment=SECRET, **{second: ["2"]}
                ),
            ]
        assert all(told_to_try_again(t, reply) for reply in replies), replies
        errors = [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]
        assert any(text.startswith(code) or f" {code}" in text for text in errors), errors
        assert SECRET not in caplog.text
        assert "dag-3" not in "".join(errors)
        assert (await view(t, opened)).ballot == before
        again = await t.click("dag-3", "ask.answer", opened.id, f"1:{second}:2")
        assert isinstance(again, Show)
        assert (await view(t, opened)).ballot.answers == {"anchor": 4, second: 2}


async def test_a_fault_nobody_thought_of_says_no_more_than_its_kind(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError(f"{args} {SECRET}")

    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        monkeypatch.setattr(answering, "make", broken)
        reply = await t.submit("dag-3", "ask.comment", f"{opened.id}:0", comment=SECRET)
        assert told_to_try_again(t, reply)
        assert "FRONT-2 an action failed: RuntimeError" in caplog.text
        assert SECRET not in caplog.text


async def test_reading_goes_on_while_the_database_cannot_be_written(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.answer("dag-3", opened.id)
        with locked(t):
            assert isinstance(await t.click("dag-3", "ask.review", opened.id), Show)
            assert isinstance(await t.type("dag-3", "hjælp"), Show)


async def test_a_comment_that_is_too_long_is_told_before_it_is_lost(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        for question in opened.questions:
            revision = (await view(t, opened)).ballot.revision
            await t.click("dag-3", "ask.skip", opened.id, f"{revision}:{question.id}")
        revision = (await view(t, opened)).ballot.revision
        long = "é" * 10_000
        reply = await t.submit("dag-3", "ask.comment", f"{opened.id}:{revision}", comment=long)
        assert isinstance(reply, Ask)
        assert reply.form.inputs[0].value == long
        told = t.bot.front.words("da")("form.too_long", length=10_000, limit=600)
        assert reply.errors == {"comment": told}
        assert (await view(t, opened)).ballot.comment is None


async def test_a_comment_from_an_old_window_is_kept_in_the_form_to_be_sent_again(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.answer("dag-3", opened.id, 4, "Den nye")
        reply = await t.submit("dag-3", "ask.comment", f"{opened.id}:1", comment="Den gamle")
        assert isinstance(reply, Ask)
        assert reply.form.inputs[0].value == "Den gamle"
        assert reply.errors
        assert (await view(t, opened)).ballot.comment == "Den nye"
        await t.submit("dag-3", reply.form.id, reply.form.context, comment="Den gamle")
        assert (await view(t, opened)).ballot.comment == "Den gamle"


async def test_an_old_click_when_all_is_answered_is_not_thanked_for(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.answer("dag-3", opened.id, 4)
        reply = await t.click("dag-3", "ask.answer", opened.id, "0:anchor:1")
        assert isinstance(reply, Show)
        assert t.bot.front.words("da")("ask.stale") in repr(reply)
        assert (await view(t, opened)).ballot.answers["anchor"] == 4


HOSTILE = (
    "<script>alert(1)</script>",
    "**fed** _kursiv_ [link](http://x)",
    "@channel <@U123> <!here>",
    "\u202eabc\u2066",
    "👩‍👩‍👧‍👦 🙂" * 20,
    "{{ 7*7 }} {% raise %}",
    "a\x00b\ud800c",
    "'; DROP TABLE slot; --",
)


async def test_hostile_text_is_kept_and_shown_as_text(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        for n, text in enumerate(HOSTILE, start=3):
            await t.answer(f"dag-{n}", opened.id, 4, text)
            review = await t.click(f"dag-{n}", "ask.review", opened.id)
            assert isinstance(review, Show)
            assert repr(clean_comment(text)) in repr(review)
        await t.answer("dag-11", opened.id)
        await t.answer("dag-2", opened.id)
        await t.travel(opened.publish_at)
        card = repr((await t.shown("dag-11", "node:dag"))[-1])
        assert all(repr(clean_comment(text)) in card for text in HOSTILE)
