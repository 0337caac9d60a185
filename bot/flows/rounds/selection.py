"""Which questions a round asks. Pure and without chance: the past of the node decides.

A check-in begins with the anchor, which carries the trend; the others are those the node has not
been asked for the longest time, so that the whole pool comes round, and at least half of every
check-in looks for what works.
"""

from collections.abc import Sequence

from bot.content.model import Instrument, Question
from bot.domain.rounds import AskedQuestion


def choose(
    instrument: Instrument, past: Sequence[Sequence[str]], wanted: int | None
) -> tuple[AskedQuestion, ...]:
    """Return the questions of the next round.

    ``past`` holds the question ids of the node's earlier rounds, newest first; ``wanted`` is how
    many to ask (kept within the instrument's bounds; ``None`` is one more than its fewest).
    """
    if instrument.order == "fixed":
        chosen: Sequence[Question] = instrument.questions
    else:
        fewest, most = instrument.ask
        chosen = _rotate(instrument, past, min(max(wanted or fewest + 1, fewest), most))
    return tuple(
        AskedQuestion(question.id, question.pole, instrument.scales[question.scale].values)
        for question in chosen
    )


def _rotate(
    instrument: Instrument, past: Sequence[Sequence[str]], count: int
) -> tuple[Question, ...]:
    anchor = next(question for question in instrument.questions if question.anchor)
    pool = [question for question in instrument.questions if not question.anchor]
    waiting = _longest_waiting_first(pool, past)
    needed = (count + 1) // 2 - int(anchor.resource)
    chosen: list[Question] = []
    for question in waiting:
        left = count - 1 - len(chosen)
        if left == 0:
            break
        missing = needed - sum(one.resource for one in chosen)
        if question.resource or left > missing:
            chosen.append(question)
    return (anchor, *_resource_first(chosen))


def _longest_waiting_first(
    pool: Sequence[Question], past: Sequence[Sequence[str]]
) -> list[Question]:
    """Never asked first; then by how long ago; ties in an order that mixes the pool's themes."""
    ago: dict[str, int] = {}
    for age, asked in enumerate(past):
        for question in asked:
            ago.setdefault(question, age)
    never = len(past) + 1
    mixed = sorted(range(len(pool)), key=lambda at: (at * 7) % len(pool) + at / 1000)
    place = {pool[at].id: rank for rank, at in enumerate(mixed)}
    return sorted(pool, key=lambda q: (-ago.get(q.id, never), place[q.id]))


def _resource_first(chosen: Sequence[Question]) -> list[Question]:
    return sorted(chosen, key=lambda question: not question.resource)
