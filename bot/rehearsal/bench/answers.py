"""Answering, through the whole path: request, sign-in, flow, sealing, group commit, drawn reply.

Beside it, in the same run and by turns, bare ``sqlite3`` writes of the same rows: as large, as
durable, and as many to a commit as the whole path had just had.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil
from pathlib import Path
from time import perf_counter

from bot.privacy.ballots import ballot_size
from bot.privacy.sealing import NONCE_BYTES, TAG_BYTES
from bot.rehearsal.bench.browser import Browser, Posted, Refused
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
    waiting = iter(people)

    async def caller() -> None:
        for person in waiting:
            for click in person.clicks:
                _check(await person.browser.send(click))

    begun = perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(callers):
            group.create_task(caller())
    return _clicks(people) / (perf_counter() - begun)


async def burst(
    village: Village, people: Iterator[Person], per_second: int, seconds: int
) -> list[float]:
    """Return each answer's seconds to acknowledgement, from when it was *due* to be sent; sorted.

    Open loop: people do not wait for one another, so a slow reply holds back nobody's next click.
    The bot ticks meanwhile, as it always does.
    """
    sent = list(islice(people, per_second * seconds))
    begun = perf_counter() + 0.1

    async def one(number: int) -> float:
        due = begun + number / per_second
        await asyncio.sleep(max(0.0, due - perf_counter()))
        _check(await sent[number].browser.send(sent[number].clicks[0]))
        return perf_counter() - due

    village.bot.runner.start()
    try:
        return sorted(await asyncio.gather(*(one(number) for number in range(len(sent)))))
    finally:
        await village.bot.runner.stop()


def chance() -> random.Random:
    """Return what the answers are drawn from."""
    return random.Random("answers")  # noqa: S311 - repeatable on purpose


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of the ordered values do not exceed."""
    return ordered[max(0, ceil(len(ordered) * share) - 1)]


def _clicks(people: Sequence[Person]) -> int:
    return sum(len(person.clicks) for person in people)


def _check(reply: bytes) -> None:
    if not reply.startswith(_TAKEN):
        raise Refused("an answer was not taken")
