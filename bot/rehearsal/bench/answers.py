"""Answering, through the whole path: request, sign-in, flow, sealing, group commit, drawn reply.

Beside it, in the same run and by turns, bare ``sqlite3`` writes of the same rows: as large, as
durable, and as many to a commit as the whole path had just had.
"""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from bot.domain.people import PersonId
from bot.privacy.ballots import ballot_size
from bot.privacy.sealing import NONCE_BYTES, TAG_BYTES
from bot.rehearsal.bench.browser import Refused
from bot.rehearsal.bench.raw import RawRows
from bot.rehearsal.bench.village import Village

CALLERS = 100


@dataclass(frozen=True)
class Turn:
    """One turn of both: answers and rows a second, and how many rows a commit held."""

    answers: float
    rows: float
    per_commit: float


@dataclass(frozen=True)
class Click:
    """One request that makes one answer durable."""

    person: PersonId
    path: str
    fields: dict[str, str]


def clicks(village: Village, rng: random.Random) -> Iterator[list[Click]]:
    """Yield, person by person, everything he sends: an answer to each question, and a comment."""
    for person in village.people:
        yield [*_answers(village, person, rng), _comment(village, person)]


def _answers(village: Village, person: PersonId, rng: random.Random) -> Iterator[Click]:
    for revision, question in enumerate(village.round.questions):
        value = f"{revision}:{question.id}:{rng.randint(1, 5)}"
        fields = {"action": "ask.answer", "value": value, **_common(village, person)}
        fields["context"] = village.round.id
        yield Click(person, "/act", fields)


def _comment(village: Village, person: PersonId) -> Click:
    fields = {"form": "ask.comment", "t.comment": "", **_common(village, person)}
    fields["context"] = f"{village.round.id}:{len(village.round.questions)}"
    return Click(person, "/submit", fields)


def _common(village: Village, person: PersonId) -> dict[str, str]:
    return {"event": "bench", "conversation": f"person:{person}", "back": "/"}


async def by_turns(village: Village, folder: Path, turns: int, people: int) -> list[Turn]:
    """Measure both sides by turns, ``people`` answering in each turn."""
    questions = len(village.round.questions)
    size = ballot_size(questions, village.round.comments) + NONCE_BYTES + TAG_BYTES
    rng = random.Random(turns)  # noqa: S311 - repeatable on purpose
    raw = RawRows(folder / "raw.db", len(village.people), size, rng)
    everybody = clicks(village, rng)
    found = []
    for _ in range(turns):
        group = [next(everybody) for _ in range(people)]
        before = village.bot.store.commits
        answers = await _all_at_once(village, group)
        commits = village.bot.store.commits - before
        total = sum(map(len, group))
        rows = await asyncio.to_thread(raw.per_second, total, max(1, round(total / commits)))
        found.append(Turn(answers, rows, total / commits))
    raw.close()
    return found


async def _all_at_once(village: Village, people: list[list[Click]]) -> float:
    """Return the answers a second when ``CALLERS`` people are always waiting for a reply."""
    waiting = iter(people)

    async def caller() -> None:
        for mine in waiting:
            browser = village.browser(mine[0].person)
            for click in mine:
                _check(await browser.post(click.path, click.fields))

    begun = perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(CALLERS):
            group.create_task(caller())
    return sum(map(len, people)) / (perf_counter() - begun)


async def burst(village: Village, per_second: int, seconds: int) -> list[float]:
    """Return each answer's time to acknowledgement in seconds, from when it was *due* to be sent.

    Open loop: people do not wait for one another, so a slow reply holds back nobody's next click.
    """
    rng = random.Random(per_second)  # noqa: S311 - repeatable on purpose
    sent = [(village.browser(mine[0].person), mine[0]) for mine in clicks(village, rng)]
    sent = sent[-per_second * seconds :]
    begun = perf_counter() + 0.1

    async def one(number: int) -> float:
        due = begun + number / per_second
        await asyncio.sleep(max(0.0, due - perf_counter()))
        browser, click = sent[number]
        _check(await browser.post(click.path, click.fields))
        return perf_counter() - due

    village.bot.runner.start()
    try:
        return await asyncio.gather(*(one(number) for number in range(len(sent))))
    finally:
        await village.bot.runner.stop()


def _check(reply: dict[str, object]) -> None:
    if reply.get("kind") not in ("show", "ask"):
        raise Refused(f"an answer was not taken: {reply.get('kind')}")


def middle(values: list[float]) -> float:
    """Return the median."""
    return float(median(values))
