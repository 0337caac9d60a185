"""What these tests share: everything a bot leaves behind, as bytes and as rows."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from town import Town

from bot.cards import Ask, Reply, Show
from bot.domain.rounds import Round
from bot.storage.audit import audit

CANARY = "Kanariefuglen"
"""Stands in every comment of these tests; nobody else writes it."""
BALLOT = re.compile(rb'"a":\{[^{}]*\},"c":')
"""How every ballot begins in clear."""

Dump = dict[str, list[tuple[Any, ...]]]


def said(number: int) -> str:
    """Return a comment of its own for everybody."""
    return f"{CANARY} nummer {number} sang i kantinen"


def everything(folder: Path) -> dict[str, bytes]:
    """Return every file below the bot's folder: database, log, journal, index, keys, exports."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def where_in_clear(folder: Path, questions: tuple[str, ...] = ()) -> list[str]:
    """Return the files in which a canary, a ballot or an answer can be read."""
    answers = [re.compile(rf'"?{re.escape(q)}"?:"?[0-5]\b'.encode()) for q in questions]
    return [
        name
        for name, raw in everything(folder).items()
        if CANARY.encode() in raw
        or BALLOT.search(raw)
        or any(answer.search(raw) for answer in answers)
    ]


def questions_of(one: Round) -> tuple[str, ...]:
    return tuple(question.id for question in one.questions)


def dump(database: Path) -> Dump:
    """Return every row of every table, in the order in which the database gives them."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as driver:
        names = driver.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {
            name: driver.execute(f"SELECT * FROM {name}").fetchall() for (name,) in sorted(names)
        }


def changed(before: Dump, after: Dump) -> dict[str, int]:
    """Return how many rows of which tables differ between two dumps."""
    found = {}
    for table in before.keys() | after.keys():
        old, new = before.get(table, []), after.get(table, [])
        differing = sum(a != b for a, b in zip(old, new, strict=False)) + abs(len(old) - len(new))
        if differing:
            found[table] = differing
    return found


def findings(t: Town) -> list[str]:
    """Return what the auditor finds in a running town."""
    report = audit(t.bot.settings.database, t.bot.settings.key_folder)
    return [str(one) for one in report.findings]


async def all_the_way(t: Town, person: str, one: Round, value: int, comment: str = "") -> None:
    """Answer everything; an unfinished walk is a failure."""
    reply = await t.answer(person, one.id, value, comment=comment)
    assert isinstance(reply, Show), reply
    assert reply.done


def form_of(reply: Reply) -> Ask:
    assert isinstance(reply, Ask), reply
    return reply
