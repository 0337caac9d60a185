"""A team's story, newest first: its dialogues, the actions that came of them, effects, results.

The page's path carries how far back it looks (``history/dag/2``), so that every page of it can be
reached by a link.
"""

from dataclasses import dataclass
from datetime import date

from bot.cards import Actions, Fields, Link, Message, Part, Table, Text
from bot.domain.action_items import ActionItem
from bot.domain.dialogues import STEPS, Dialogue, Phase
from bot.domain.effects import known
from bot.domain.people import NodeId
from bot.domain.permissions import Action
from bot.flows.actions import links as plan_links
from bot.flows.desk import Guest
from bot.flows.env import Env
from bot.flows.results.words import score
from bot.flows.rounds.cards import local
from bot.storage import actions, dialogues, figures
from bot.storage.figures import Kept
from bot.storage.store import Tx

ON_A_PAGE = 20
_GATHERED = frozenset({Phase.VOTING, Phase.CHOOSING, Phase.ENDED})
"""Phases in which the ideas lie in their groups."""


@dataclass(frozen=True)
class _Chapter:
    day: date
    id: str
    card: Message


def page(tx: Tx, env: Env, asker: Guest, node: NodeId, at: str = "") -> tuple[Message, ...] | None:
    """Return the cards of one page of the story; ``None``: no such page. Raises ``NotAllowed``."""
    asker.must(Action.SEE_ACTIONS, node)
    number = _number(at)
    if number is None:
        return None
    chapters = sorted(
        (
            *(_of_dialogue(tx, asker, one) for one in dialogues.of_nodes(tx, (node,))),
            *(_of_action(tx, asker, one) for one in actions.of_nodes(tx, (node,))),
            *_results(tx, env, asker, node),
        ),
        key=lambda chapter: (chapter.day, chapter.id),
        reverse=True,
    )
    shown = chapters[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    more = len(chapters) > number * ON_A_PAGE
    return (*(one.card for one in shown), _foot(asker, node, number, bool(shown), more=more))


def _number(at: str) -> int | None:
    if not at:
        return 1
    known = at.isascii() and at.isdecimal() and len(at) <= 4 and int(at) >= 1
    return int(at) if known else None


def _foot(asker: Guest, node: NodeId, number: int, found: bool, *, more: bool) -> Message:
    words = asker.reader.words
    parts: list[Part] = [] if found else [Text(words("history.none"))]
    ways = [Link(words("history.older"), f"history/{node}/{number + 1}")] if more else []
    if number > 1:
        ways.append(Link(words("history.newer"), f"history/{node}"))
    if ways:
        parts.append(Actions(tuple(ways)))
    parts.append(Actions((Link(words("action.button.board"), f"board/{node}"),)))
    parts += plan_links.downloads(asker, node)
    title = words("history.title", team=asker.tree[node].name)
    return Message(title, tuple(parts), title=title)


def _of_dialogue(tx: Tx, asker: Guest, one: Dialogue) -> _Chapter:
    words = asker.reader.words
    day = local(one.started_at, asker.reader.zone).date()
    parts: list[Part] = []
    if one.running:
        parts.append(Text(words("history.running")))
    ways = [Link(words("history.button.dialogue"), f"dialogue/{one.id}")]
    if one.phase in _GATHERED:
        pairs = []
        for step in STEPS:
            groups = dialogues.groups(tx, one.id, step)
            names = [group.name for group in groups if group.name]
            if names:
                said = words("history.groups", names=names)
                pairs.append((words(f"history.{step.value}"), said))
        if pairs:
            parts.append(Fields(tuple(pairs)))
        became = _became(tx, asker, one)
        if became is not None:
            parts.append(became)
    parts.append(Actions(tuple(ways)))
    title = words("history.dialogue", day=day, topic=one.topic)
    return _Chapter(day, one.id, Message(title, tuple(parts), title=title))


def _became(tx: Tx, asker: Guest, one: Dialogue) -> Table | None:
    """Return what a dialogue's ideas became, each with its effect."""
    words = asker.reader.words
    linked = (group.action for group in dialogues.groups(tx, one.id) if group.action)
    found = [item for id_ in dict.fromkeys(linked) if (item := actions.get(tx, id_)) is not None]
    if not found:
        return None
    rows = tuple(
        (
            Link(item.what, f"action/{item.id}"),
            words(f"action_state.{item.state.value}"),
            _effect(asker, item) or "–",
        )
        for item in found
    )
    columns = tuple(words(f"history.{name}") for name in ("became", "state", "effect"))
    return Table(columns, rows)


def _effect(asker: Guest, item: ActionItem) -> str:
    found = known(item)
    return asker.reader.words(f"effect_word.{found.value}") if found else ""


def _of_action(tx: Tx, asker: Guest, one: ActionItem) -> _Chapter:
    words = asker.reader.words
    parts: list[Part] = []
    if one.source.kind == "dialogue":
        parts.append(Text(words("history.from_dialogue", topic=one.source.topic), "quiet"))
    rows = [(words("history.state"), words(f"action_state.{one.state.value}"))]
    rows += _turns(tx, asker, one)
    parts.append(Fields(tuple(rows)))
    if one.learnt:
        parts.append(Text(words("effect.learnt", text=one.learnt)))
    parts.append(Actions((Link(words("effect.button.action"), f"action/{one.id}"),)))
    title = words("history.action", day=one.created_on, what=one.what)
    return _Chapter(one.created_on, one.id, Message(title, tuple(parts), title=title))


def _turns(tx: Tx, asker: Guest, one: ActionItem) -> list[tuple[str, str]]:
    """Return each turn's effect and what was decided on it."""
    words = asker.reader.words
    last = {event.item.turn: event.item for event in actions.history(tx, one.id)}
    last[one.turn] = one
    rows = []
    for turn, item in sorted(last.items()):
        verdict = words(f"verdict.{item.verdict.value}") if item.verdict else ""
        told = [said for said in (_effect(asker, item), verdict) if said]
        if told:
            several = len(last) > 1
            name = words("history.turn", number=turn) if several else words("history.effect")
            rows.append((name, words("history.groups", names=told)))
    return rows


def _results(tx: Tx, env: Env, asker: Guest, node: NodeId) -> list[_Chapter]:
    if not asker.may(Action.SEE_RESULTS, node):
        return []
    found = figures.published_for(tx, (node,), None, env.clock.now(), limit=200)
    return [_of_result(asker, kept) for kept in found if kept.figure.audience.value == "employees"]


def _of_result(asker: Guest, kept: Kept) -> _Chapter:
    words = asker.reader.words
    day = local(kept.publish_at, asker.reader.zone).date()
    overall = kept.figure.overall
    told = words("history.overall", score=score(words, overall)) if overall else ""
    parts: tuple[Part, ...] = (
        Text(told or words("result.headline.none")),
        Actions((Link(words("history.button.result"), f"results/{kept.id}"),)),
    )
    instrument = words.instrument(kept.instrument).title
    title = words("history.result", day=day, what=instrument)
    return _Chapter(day, kept.id, Message(title, parts, title=title))
