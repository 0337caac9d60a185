"""Before and after: two published labels of the topic an action came from. Nothing is counted."""

from dataclasses import dataclass

from bot.domain.action_items import ActionItem, Source
from bot.domain.results import Label
from bot.flows.env import Env
from bot.flows.results.reading import labels
from bot.privacy.labels import Trend, trend
from bot.storage import dialogues, figures
from bot.storage.figures import Kept
from bot.storage.store import Tx


@dataclass(frozen=True)
class Moved:
    """A topic's label in the result an action came from, and the newest one since."""

    instrument: str
    question: str
    before: Label
    after: Label
    trend: Trend


def moved(tx: Tx, env: Env, item: ActionItem) -> Moved | None:
    """Return how the action's topic has moved; ``None`` where there is nothing to compare.

    The same group of people, the same question, and what everybody has been told already.
    """
    source = _result_behind(tx, item.source)
    first = figures.get(tx, source.id) if source else None
    before = labels(first).get(source.topic) if source else None
    if source is None or first is None or before is None:
        return None
    since = (labels(kept).get(source.topic) for kept in _since(tx, env, first))
    after = next((label for label in since if label is not None), None)
    if after is None:
        return None
    return Moved(first.instrument, source.topic, before, after, trend(before, after))


def _since(tx: Tx, env: Env, first: Kept) -> tuple[Kept, ...]:
    return figures.after(tx, first, env.clock.now())


def _result_behind(tx: Tx, source: Source) -> Source | None:
    """Return the result an action came from, also by way of a dialogue about it."""
    if source.kind == "dialogue":
        held = dialogues.get(tx, source.id)
        prompt = held.source if held else None
        if prompt is None or prompt.kind != "result":
            return None
        return Source("result", prompt.id, prompt.topic)
    return source if source.kind == "result" else None
