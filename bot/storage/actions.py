"""Actions and their history. Every change leaves a whole version behind, and none is overwritten.

``version`` guards against two people editing at once: a change names the version it was made
from, and another's change in between makes it fail (``change`` returns ``False``). When an action
has something to do next (``next_at``) and what has been said already (``told``) is the agenda's
(``flows.actions.agenda``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, select, update

from bot.domain.action_items import (
    ActionId,
    ActionItem,
    ActionState,
    Effect,
    Factor,
    Level,
    Milestone,
    Perspective,
    Prevention,
    Source,
    Verdict,
)
from bot.domain.people import NodeId, PersonId
from bot.storage.store import Tx
from bot.storage.tables import action, action_event

# What every tick asks for is built once.
_DUE = (
    select(action.c.id, action.c.next_at, action.c.told)
    .where(action.c.next_at <= bindparam("now"))
    .order_by(action.c.next_at, action.c.id)
    .limit(bindparam("most"))
)
_NEXT = select(func.min(action.c.next_at))


@dataclass(frozen=True)
class Event:
    """One change: the action as it stood after it, when, by whom (``None``: the bot), and why."""

    version: int
    at: datetime
    person: PersonId | None
    kind: str
    item: ActionItem


@dataclass(frozen=True)
class Due:
    """An action that has something to do at ``at``; ``told`` is what was said already."""

    id: ActionId
    at: datetime
    told: tuple[str, ...]


def insert_new(tx: Tx, one: ActionItem, at: datetime, by: PersonId | None) -> bool:
    """Keep a new action and its first event; ``False`` if there is one of this id already."""
    row = {"id": one.id, "told": [], **_columns(one)}
    if not tx.insert_new(action, [row]):
        return False
    _note(tx, one, at, by, "created")
    return True


def get(tx: Tx, action_id: ActionId) -> ActionItem | None:
    """Return an action as it stands."""
    row = tx.first(select(action).where(action.c.id == action_id))
    return _item(row) if row else None


def of_nodes(
    tx: Tx, nodes: Iterable[NodeId], states: Iterable[ActionState] | None = None
) -> tuple[ActionItem, ...]:
    """Return the actions of these nodes, the soonest due first."""
    query = select(action).where(action.c.node_id.in_(list(nodes)))
    if states is not None:
        query = query.where(action.c.state.in_([state.value for state in states]))
    return _items(tx.rows(query.order_by(action.c.due, action.c.id)))


def of_responsible(
    tx: Tx, person: PersonId, states: Iterable[ActionState] | None = None
) -> tuple[ActionItem, ...]:
    """Return the actions a person is responsible for, the soonest due first."""
    query = select(action).where(action.c.responsible_id == person)
    if states is not None:
        query = query.where(action.c.state.in_([state.value for state in states]))
    return _items(tx.rows(query.order_by(action.c.due, action.c.id)))


def everybody_responsible(tx: Tx) -> frozenset[PersonId]:
    """Return everybody who is, or was last, responsible for an action."""
    return frozenset(row[0] for row in tx.rows(select(action.c.responsible_id).distinct()))


def shared(tx: Tx) -> tuple[ActionItem, ...]:
    """Return the actions that are shown to other teams, the newest first."""
    query = select(action).where(action.c.shared.is_(True))
    return _items(tx.rows(query.order_by(action.c.created_on.desc(), action.c.id)))


def any_shared(tx: Tx) -> bool:
    """Tell whether anything is shown to other teams."""
    return tx.first(select(action.c.id).where(action.c.shared.is_(True)).limit(1)) is not None


def change(tx: Tx, one: ActionItem, at: datetime, by: PersonId | None, kind: str) -> bool:
    """Replace the action if it still stands at ``one.version``; its version grows by one."""
    after = replace(one, version=one.version + 1)
    query = update(action).where(action.c.id == one.id, action.c.version == one.version)
    if not tx.execute(query.values(**_columns(after))).rowcount:
        return False
    _note(tx, after, at, by, kind)
    return True


def at_version(tx: Tx, action_id: ActionId, version: int) -> ActionItem | None:
    """Return the action as it stood at a version."""
    query = select(action_event).where(
        action_event.c.action_id == action_id, action_event.c.version == version
    )
    row = tx.first(query)
    return from_plain(row.item) if row else None


def as_of(tx: Tx, action_id: ActionId, at: datetime) -> ActionItem | None:
    """Return the action as it stood at an instant; ``None`` before it was made."""
    query = (
        select(action_event)
        .where(action_event.c.action_id == action_id, action_event.c.at <= at)
        .order_by(action_event.c.version.desc())
        .limit(1)
    )
    row = tx.first(query)
    return from_plain(row.item) if row else None


def history(tx: Tx, action_id: ActionId) -> tuple[Event, ...]:
    """Return every change, the oldest first."""
    query = (
        select(action_event)
        .where(action_event.c.action_id == action_id)
        .order_by(action_event.c.version)
    )
    return _events(tx, query)


def events_since(tx: Tx, nodes: Iterable[NodeId], since: datetime) -> tuple[Event, ...]:
    """Return every change to these nodes' actions later than ``since``, the oldest first."""
    query = (
        select(action_event)
        .join(action, action.c.id == action_event.c.action_id)
        .where(action.c.node_id.in_(list(nodes)), action_event.c.at > since)
        .order_by(action_event.c.id)
    )
    return _events(tx, query)


def became(tx: Tx, events: Iterable[Event], state: ActionState) -> frozenset[ActionId]:
    """Return the actions that one of these changes brought into a state."""

    def other_before(event: Event) -> bool:
        before = at_version(tx, event.item.id, event.version - 1)
        return before is None or before.state is not state

    return frozenset(
        event.item.id for event in events if event.item.state is state and other_before(event)
    )


def nodes(tx: Tx) -> frozenset[NodeId]:
    """Return the nodes that have actions."""
    return frozenset(row.node_id for row in tx.rows(select(action.c.node_id).distinct()))


def due(tx: Tx, now: datetime, limit: int = 200) -> tuple[Due, ...]:
    """Return actions that have something to do by now, the longest waiting first."""
    rows = tx.rows(_DUE, {"now": now, "most": limit})
    return tuple(Due(row.id, row.next_at, tuple(row.told)) for row in rows)


def next_at(tx: Tx) -> datetime | None:
    """Return when an action has something to do next."""
    found: datetime | None = tx.scalar(_NEXT)
    return found


def told(tx: Tx, action_id: ActionId) -> tuple[str, ...]:
    """Return what has been said about the action already."""
    found = tx.scalar(select(action.c.told).where(action.c.id == action_id))
    return tuple(found or ())


def plan(tx: Tx, action_id: ActionId, at: datetime | None, told: Sequence[str]) -> None:
    """Set when the action has something to do next, and what has been said already."""
    query = update(action).where(action.c.id == action_id)
    tx.execute(query.values(next_at=at, told=list(told)))


def take(tx: Tx, one: Due) -> bool:
    """Take what is due, as seen, so that nobody else does; ``plan`` says when it is due next."""
    query = update(action).where(action.c.id == one.id, action.c.next_at == one.at)
    return bool(tx.execute(query.values(next_at=None)).rowcount)


def claim(tx: Tx, one: Due, at: datetime | None, told: Sequence[str]) -> bool:
    """Do as ``plan`` if the action is still due as seen; ``False``: another got there first."""
    query = update(action).where(action.c.id == one.id, action.c.next_at == one.at)
    return bool(tx.execute(query.values(next_at=at, told=list(told))).rowcount)


def to_plain(one: ActionItem) -> dict[str, Any]:
    """Return the action as plain data, for its history."""
    return {
        **_details(one),
        "id": one.id,
        "node": one.node,
        "responsible": one.responsible,
        "state": one.state.value,
        "due": one.due.isoformat(),
        "follow_up": one.follow_up.isoformat(),
        "created_on": one.created_on.isoformat(),
        "shared": one.shared,
        "version": one.version,
    }


def from_plain(plain: Mapping[str, Any]) -> ActionItem:
    """Return the action that ``to_plain`` wrote."""
    return ActionItem(
        id=plain["id"],
        node=plain["node"],
        responsible=plain["responsible"],
        state=ActionState(plain["state"]),
        due=date.fromisoformat(plain["due"]),
        follow_up=date.fromisoformat(plain["follow_up"]),
        created_on=date.fromisoformat(plain["created_on"]),
        shared=plain["shared"],
        version=plain["version"],
        **_from_details(plain),
    )


def _note(tx: Tx, one: ActionItem, at: datetime, by: PersonId | None, kind: str) -> None:
    values = {
        "action_id": one.id,
        "version": one.version,
        "at": at,
        "person_id": by,
        "kind": kind,
        "item": to_plain(one),
    }
    tx.execute(insert(action_event), [values])


def _columns(one: ActionItem) -> dict[str, Any]:
    return {
        "node_id": one.node,
        "responsible_id": one.responsible,
        "state": one.state.value,
        "due": one.due,
        "follow_up": one.follow_up,
        "created_on": one.created_on,
        "shared": one.shared,
        "details": _details(one),
        "version": one.version,
    }


_TEXTS = ("what", "first_step", "goal", "problem", "where", "how", "learnt")


def _details(one: ActionItem) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in _TEXTS},
        "helpers": list(one.helpers),
        "milestones": [[step.day.isoformat(), step.text, step.done] for step in one.milestones],
        "level": one.level.value,
        "prevention": one.prevention.value,
        "perspective": one.perspective.value,
        "factor": one.factor,
        "trial": one.trial,
        "source": [one.source.kind, one.source.id, one.source.topic],
        "done_on": one.done_on.isoformat() if one.done_on else None,
        "turn": one.turn,
        "said": one.said,
        "effect": one.effect,
        "verdict": one.verdict,
    }


def _from_details(plain: Mapping[str, Any]) -> dict[str, Any]:
    done_on = plain["done_on"]
    return {
        **{name: plain[name] for name in _TEXTS},
        "helpers": tuple(plain["helpers"]),
        "milestones": tuple(
            Milestone(date.fromisoformat(day), text, done)
            for day, text, done in plain["milestones"]
        ),
        "level": Level(plain["level"]),
        "prevention": Prevention(plain["prevention"]),
        "perspective": Perspective(plain["perspective"]),
        "factor": Factor(plain["factor"]) if plain["factor"] else None,
        "trial": plain["trial"],
        "source": Source(*plain["source"]),
        "done_on": date.fromisoformat(done_on) if done_on else None,
        "turn": plain["turn"],
        "said": Effect(plain["said"]) if plain["said"] else None,
        "effect": Effect(plain["effect"]) if plain["effect"] else None,
        "verdict": Verdict(plain["verdict"]) if plain["verdict"] else None,
    }


def _events(tx: Tx, query: Select[Any]) -> tuple[Event, ...]:
    return tuple(
        Event(row.version, row.at, row.person_id, row.kind, from_plain(row.item))
        for row in tx.rows(query)
    )


def _items(rows: Iterable[Row[Any]]) -> tuple[ActionItem, ...]:
    return tuple(_item(row) for row in rows)


def _item(row: Row[Any]) -> ActionItem:
    return ActionItem(
        id=row.id,
        node=row.node_id,
        responsible=row.responsible_id,
        state=ActionState(row.state),
        due=row.due,
        follow_up=row.follow_up,
        created_on=row.created_on,
        shared=row.shared,
        version=row.version,
        **_from_details(row.details),
    )
