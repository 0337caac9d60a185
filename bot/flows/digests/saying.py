"""What a digest says to a work-environment group: decided from facts alone. Pure.

A digest is a snapshot of ids and plain facts, no text and no figure: it is worded when it is read
(``digests.cards``), under the rules that hold then. Facts are gathered in ``digests.facts``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from bot.domain import effects
from bot.domain.action_items import (
    ActionId,
    ActionItem,
    ActionState,
    Effect,
    Perspective,
    Prevention,
    Verdict,
)
from bot.domain.people import NodeId

SHOWN = 6
"""Lines of each kind; the rest is counted, and stands on the group's page."""
LOW = 3.0
"""An overall figure under this is one with much to gain."""
PATIENCE = timedelta(days=7)
"""A team has this long to agree on something before its result counts as untouched."""
ENOUGH = 3
"""Fewer open actions than this have no balance worth speaking of."""

PointKind = Literal["", "waiting", "untouched", "late", "spread", "balance"]
SECTIONS = ("late", "due", "done", "waiting", "results", "untouched", "spread")


@dataclass(frozen=True)
class Result:
    """A team's published figure: when it was, whether it is low, how it moved (a code or "")."""

    figure: str
    nodes: tuple[NodeId, ...]
    instrument: str
    published: date
    low: bool = False
    trend: str = ""
    team: bool = True
    """It counts people directly; a department's figure is a mean of such ones."""


@dataclass(frozen=True)
class Facts:
    """Everything a digest is decided from. ``results`` are the published ones, newest first."""

    since: date
    today: date
    soon: date
    """The last day that counts as near."""
    actions: tuple[ActionItem, ...] = ()
    done: frozenset[ActionId] = frozenset()
    """Those done since."""
    judged: frozenset[ActionId] = frozenset()
    """Those whose effect became known since, or about which was decided."""
    waiting: tuple[tuple[str, date], ...] = ()
    """Escalations by id, and since when they wait, the longest first."""
    results: tuple[Result, ...] = ()
    new: frozenset[str] = frozenset()
    """The figures published since."""
    begun: tuple[tuple[NodeId, date], ...] = ()
    """Dialogues: where, and when they began."""


@dataclass(frozen=True)
class Digest:
    """What is said. Each section is ids, the first to look at first; ``total`` how many there were.

    ``days`` says for each waiting escalation how many days it has waited, ``trends`` for each
    result how it moved. ``perspectives`` and ``preventions`` count the open actions, in the order
    of their enums.
    """

    since: date
    today: date
    late: tuple[ActionId, ...] = ()
    due: tuple[ActionId, ...] = ()
    done: tuple[ActionId, ...] = ()
    waiting: tuple[str, ...] = ()
    days: tuple[int, ...] = ()
    results: tuple[str, ...] = ()
    trends: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()
    spread: tuple[ActionId, ...] = ()
    perspectives: tuple[int, ...] = (0, 0, 0)
    preventions: tuple[int, ...] = (0, 0, 0)
    point: tuple[PointKind, str] = ("", "")
    """The one thing proposed for the next meeting: what kind, and about what."""
    total: Mapping[str, int] = field(default_factory=dict)

    @property
    def quiet(self) -> bool:
        """Tell whether there is nothing to tell but how the open actions are spread."""
        return not any(getattr(self, section) for section in SECTIONS)

    @property
    def promoting_leads(self) -> bool:
        """Tell whether no other perspective has more open actions; so too where there are few."""
        promoting, *others = self.perspectives
        return sum(self.perspectives) < ENOUGH or promoting >= max(others)

    def to_plain(self) -> dict[str, Any]:
        """Return the snapshot as plain data, ready for JSON: ids, codes, numbers and dates."""
        plain: dict[str, Any] = {
            name: list(getattr(self, name))
            for name in (*SECTIONS, "days", "trends", "perspectives", "preventions", "point")
        }
        return {
            **plain,
            "since": self.since.isoformat(),
            "today": self.today.isoformat(),
            "total": dict(self.total),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Digest":
        """Return the digest that ``to_plain`` wrote."""
        lists = {
            name: tuple(plain[name])
            for name in (*SECTIONS, "days", "trends", "perspectives", "preventions", "point")
        }
        return cls(
            since=date.fromisoformat(plain["since"]),
            today=date.fromisoformat(plain["today"]),
            total=dict(plain["total"]),
            **lists,
        )


def reckon(facts: Facts, shown: int = SHOWN) -> Digest:
    """Return the digest of these facts, with at most ``shown`` lines of each kind."""
    standing = sorted((one for one in facts.actions if one.state.standing), key=_soonest)
    new = [one for one in facts.results if one.figure in facts.new]
    days = {id_: (facts.today - since).days for id_, since in facts.waiting}
    found: dict[str, Sequence[str]] = {
        "late": [one.id for one in standing if one.due < facts.today],
        "due": [one.id for one in standing if facts.today <= one.due <= facts.soon],
        "done": [
            one.id
            for one in sorted(facts.actions, key=_soonest)
            if one.id in facts.done and one.state is ActionState.DONE
        ],
        "waiting": list(days),
        "results": [one.figure for one in new],
        "untouched": _untouched(facts),
        "spread": _spread(facts),
    }
    cut = {name: tuple(ids[:shown]) for name, ids in found.items()}
    trends = {one.figure: one.trend for one in new}
    perspectives = _counts(Perspective, [one.perspective for one in standing])
    balance = Digest(facts.since, facts.today, perspectives=perspectives)
    return Digest(
        since=facts.since,
        today=facts.today,
        days=tuple(days[id_] for id_ in cut["waiting"]),
        trends=tuple(trends[id_] for id_ in cut["results"]),
        perspectives=perspectives,
        preventions=_counts(Prevention, [one.prevention for one in standing]),
        point=_point(cut, promoting_leads=balance.promoting_leads),
        total={name: len(ids) for name, ids in found.items() if len(ids) > shown},
        **cut,
    )


def _soonest(one: ActionItem) -> tuple[date, ActionId]:
    return one.due, one.id


def _counts(kinds: type[Perspective] | type[Prevention], found: Sequence[str]) -> tuple[int, ...]:
    return tuple(found.count(kind) for kind in kinds)


def _untouched(facts: Facts) -> list[str]:
    """Return the low results of teams that have agreed on nothing since, the oldest first.

    Only the newest of each group and instrument counts, and only after some patience.
    """
    newest: dict[tuple[tuple[NodeId, ...], str], Result] = {}
    for one in facts.results:
        if one.team:
            newest.setdefault((one.nodes, one.instrument), one)
    left = [one for one in newest.values() if one.low and _is_left(one, facts)]
    return [one.figure for one in sorted(left, key=lambda one: (one.published, one.figure))]


def _is_left(one: Result, facts: Facts) -> bool:
    if facts.today - one.published < PATIENCE:
        return False
    acted = any(
        action.node in one.nodes and action.created_on >= one.published for action in facts.actions
    )
    talks = any(node in one.nodes and began >= one.published for node, began in facts.begun)
    return not acted and not talks


def _spread(facts: Facts) -> list[ActionId]:
    """Return what was found to work since and is not shown to other teams yet."""
    return [
        one.id
        for one in sorted(facts.actions, key=_soonest)
        if one.id in facts.judged and not one.shared and worked(one)
    ]


def worked(one: ActionItem) -> bool:
    """Tell whether an action works: as the team's answers show, else as its responsible says."""
    if one.verdict in (Verdict.DROP, Verdict.ADJUST):
        return False
    return effects.known(one) is Effect.WORKS


def _point(
    sections: Mapping[str, Sequence[str]], *, promoting_leads: bool
) -> tuple[PointKind, str]:
    """Propose one point for the next meeting: the first of these there is."""
    kinds: tuple[PointKind, ...] = ("waiting", "untouched", "late", "spread")
    for kind in kinds:
        if sections[kind]:
            return kind, sections[kind][0]
    return ("", "") if promoting_leads else ("balance", "")
