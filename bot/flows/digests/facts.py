"""Gathers what a digest is decided from: everything a node and the teams below it may show.

Only published figures, of them only whether they are low and how they moved; actions, escalations
and dialogues, which are named things.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from bot.domain.action_items import ActionId, ActionState
from bot.domain.people import NodeId, Role, Tree
from bot.domain.results import AtomFigure, Audience
from bot.flows.digests.saying import LOW, Facts, Result
from bot.flows.env import Env
from bot.privacy.labels import trend
from bot.schedule.calendar import Calendar
from bot.storage import actions, dialogues, escalations, figures, people, rounds
from bot.storage.actions import Event
from bot.storage.figures import Kept
from bot.storage.store import Tx

RECENT = timedelta(days=120)
"""Results older than this are past talking about."""
MOST = 400
"""Figures that are looked at."""


def gather(
    tx: Tx,
    env: Env,  # noqa: ARG001 - every reader of facts has the same shape
    node: NodeId,
    since: datetime,
    now: datetime,
    soon: date,
    calendar: Calendar,
) -> Facts:
    """Return the facts of a node and everything below it, from ``since`` until ``now``."""
    tree = people.tree(tx)
    under = tree.under(node)
    events = actions.events_since(tx, under, since)
    published = _published(tx, under, since, now, calendar)
    return Facts(
        since=calendar.local(since).date(),
        today=calendar.local(now).date(),
        soon=soon,
        actions=actions.of_nodes(tx, under),
        done=actions.became(tx, events, ActionState.DONE),
        judged=_judged(tx, events),
        waiting=tuple(
            (one.id, calendar.local(one.asked_at).date())
            for one in escalations.waiting_at(tx, answered_for(tx, tree, node))
        ),
        results=tuple(result for _, result in published),
        new=frozenset(kept.id for kept, _ in published if kept.publish_at > since),
        begun=tuple(
            (one.node, calendar.local(one.started_at).date())
            for one in dialogues.of_nodes(tx, under)
        ),
    )


def answered_for(tx: Tx, tree: Tree, node: NodeId) -> tuple[NodeId, ...]:
    """Return the nodes whose escalations stand in this node's digest: its own, and those below
    that have no work-environment group of their own nearer by.
    """
    groups = groups_of(tx)
    return tuple(one for one in tree.under(node) if _nearest(tree, one, groups) in (node, None))


def groups_of(tx: Tx) -> frozenset[NodeId]:
    """Return the nodes that have a work-environment group."""
    return frozenset(grant.node for grant in people.grants(tx, Role.AMG, Role.AMR))


def _nearest(tree: Tree, node: NodeId, groups: Collection[NodeId]) -> NodeId | None:
    return next((one for one in tree.above(node) if one in groups), None)


def _judged(tx: Tx, events: Collection[Event]) -> frozenset[ActionId]:
    """Return the actions whose effect became known, or about which was decided."""

    def news(event: Event) -> bool:
        before = actions.at_version(tx, event.item.id, event.version - 1)
        item = event.item
        said = (item.effect, item.said, item.verdict)
        return before is not None and said != (before.effect, before.said, before.verdict)

    return frozenset(event.item.id for event in events if news(event))


def _published(
    tx: Tx, nodes: Collection[NodeId], since: datetime, now: datetime, calendar: Calendar
) -> list[tuple[Kept, Result]]:
    """Return the employees' figures that may be seen now, newest first; not those of effects."""
    found = []
    for kept in figures.published_for(tx, nodes, None, now, MOST):
        one = rounds.get(tx, kept.round)
        if kept.figure.audience is not Audience.EMPLOYEES or kept.figure.overall is None:
            continue
        if one is None or one.about or now - kept.publish_at > RECENT:
            continue
        found.append((kept, _result(tx, kept, calendar, new=kept.publish_at > since)))
    return found


def _result(tx: Tx, kept: Kept, calendar: Calendar, *, new: bool) -> Result:
    """Return what a digest may know of a figure; how it moved only where that will be told."""
    one, before = kept.figure, figures.before(tx, kept) if new else None
    moved = ""
    if one.overall is not None and before is not None and before.figure.overall is not None:
        moved = trend(before.figure.overall, one.overall).value
    return Result(
        figure=kept.id,
        nodes=one.nodes if isinstance(one, AtomFigure) else (one.at,),
        instrument=kept.instrument,
        published=calendar.local(kept.publish_at).date(),
        low=one.overall is not None and one.overall.value < LOW,
        trend=moved,
        team=isinstance(one, AtomFigure),
    )
