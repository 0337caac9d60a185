"""Answering, through the whole path: request, sign-in, flow, sealing, group commit, drawn reply.

Beside it, in the same run and by turns, bare ``sqlite3`` writes of the same rows: as large, as
durable, and as many to a commit as the whole path had just had.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from bot.privacy.ballots import ballot_size
from bot.privacy.sealing import NONCE_BYTES, TAG_BYTES
from bot.rehearsal.bench.browser import Browser, Posted, Refused
from bot.rehearsal.bench.load import at_pace, by_callers
from bot.rehearsal.bench.raw import RawRows
from bot.rehearsal.bench.village import Village

_TAKEN = b'{"kind":"show"', b'{"kind":"ask"'
"""How the reply to an answer that was taken begins; a remark or a fault begins otherwise."""


@dataclass(frozen=True)
class Turn:
    """One turn of both: answers and rows a second, and how many rows a commit held."""

    answers: float
    rows: float
    per_commit: float


@dataclass(frozen=True)
class Person:
    """Somebody signed in, and what he is going to send: each click makes one answer durable.

    It is written out beforehand: what a browser does is no work of the bot's.
    """

    browser: Browser
    clicks: tuple[Posted, ...]


def everybody(village: Village, rng: random.Random) -> Iterator[Person]:
    """Yield the people of the round, each with an answer to every question and an empty comment."""
    for person in village.people:
        common = {"event": "bench", "conversation": f"person:{person}", "back": "/"}
        answers = [
            ("/act", {**common, "action": "ask.answer", "context": village.round.id, "value": one})
            for one in _values(village, rng)
        ]
        after = f"{village.round.id}:{len(answers)}"
        comment = {**common, "form": "ask.comment", "context": after, "t.comment": ""}
        browser = village.browser(person)
        clicks = (*answers, ("/submit", comment))
        yield Person(browser, tuple(browser.written(path, fields) for path, fields in clicks))


def _values(village: Village, rng: random.Random) -> Iterator[str]:
    for revision, question in enumerate(village.round.questions):
        yield f"{revision}:{question.id}:{rng.randint(1, 5)}"


async def by_turns(
    village: Village, people: Iterator[Person], folder: Path, callers: int, turns: int, each: int
) -> list[Turn]:
    """Measure both sides by turns; in each turn ``each`` people answer to the end.

    ``callers`` of them at a time: as many may be in one commit, of the bot's and of the bare side.
    """
    size = ballot_size(len(village.round.questions), village.round.comments)
    rng = random.Random(turns)  # noqa: S311 - repeatable on purpose
    file = folder / f"raw-{callers}.db"
    raw = RawRows(file, len(village.people), size + NONCE_BYTES + TAG_BYTES, rng)
    await _all_at_once(list(islice(people, callers)), callers)  # so that words and cards are there
    found = []
    for _ in range(turns):
        group = list(islice(people, each))
        before = village.bot.store.commits
        answers = await _all_at_once(group, callers)
        total = _clicks(group)
        per_commit = total / (village.bot.store.commits - before)
        rows = await asyncio.to_thread(raw.per_second, total, max(1, round(per_commit)))
        found.append(Turn(answers, rows, per_commit))
    raw.close()
    return found


async def _all_at_once(people: Sequence[Person], callers: int) -> float:
    """Return the answers a second when ``callers`` people are always waiting for a reply."""
    _, seconds = await by_callers((partial(_answers, one) for one in people), callers)
    return _clicks(people) / seconds


async def burst(
    village: Village, people: Iterator[Person], per_second: int, seconds: int
) -> list[float]:
    """Return the sorted seconds of answers, each the first of its person's, at a pace.

    The bot ticks meanwhile, as it always does.
    """
    sent = list(islice(people, per_second * seconds))
    village.bot.runner.start()
    try:
        return await at_pace([partial(_answers, one, 1) for one in sent], per_second)
    finally:
        await village.bot.runner.stop()


async def _answers(person: Person, most: int | None = None) -> bool:
    for click in person.clicks[:most]:
        reply = await person.browser.send(click)
        if not reply.startswith(_TAKEN):
            raise Refused("an answer was not taken")
    return True


def chance() -> random.Random:
    """Return what the answers are drawn from."""
    return random.Random("answers")  # noqa: S311 - repeatable on purpose


def _clicks(people: Sequence[Person]) -> int:
    return sum(len(person.clicks) for person in people)
