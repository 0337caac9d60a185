"""Escalations: rows in, domain types out. An answer is given once; the second finds the first's."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, update

from bot.domain.action_items import ActionId
from bot.domain.escalations import Escalation, EscalationId, EscalationState
from bot.domain.people import NodeId, PersonId
from bot.storage.store import Tx
from bot.storage.tables import escalation


def insert_new(tx: Tx, one: Escalation) -> bool:
    """Keep a new escalation; ``False`` if there is one of this id already."""
    row = {
        "id": one.id,
        "from_node": one.from_node,
        "to_node": one.to_node,
        "action_id": one.action,
        "wish": one.wish,
        "asked_by": one.asked_by,
        "asked_at": one.asked_at,
        "state": one.state.value,
        "version": one.version,
    }
    return bool(tx.insert_new(escalation, [row]))


def get(tx: Tx, escalation_id: EscalationId) -> Escalation | None:
    """Return one escalation."""
    row = tx.first(select(escalation).where(escalation.c.id == escalation_id))
    return _escalation(row) if row else None


def waiting_at(tx: Tx, nodes: Iterable[NodeId]) -> tuple[Escalation, ...]:
    """Return what waits for an answer of these nodes' level, the longest waiting first."""
    waits = escalation.c.state == EscalationState.WAITING.value
    return _found(tx, select(escalation).where(escalation.c.to_node.in_(list(nodes)), waits))


def waiting_for(tx: Tx, action: ActionId) -> Escalation | None:
    """Return what was asked about an action and has not been answered."""
    waits = escalation.c.state == EscalationState.WAITING.value
    found = _found(tx, select(escalation).where(escalation.c.action_id == action, waits))
    return found[0] if found else None


def sent_from(tx: Tx, nodes: Iterable[NodeId]) -> tuple[Escalation, ...]:
    """Return everything these nodes have passed on, the oldest first."""
    return _found(tx, select(escalation).where(escalation.c.from_node.in_(list(nodes))))


def answer(
    tx: Tx,
    escalation_id: EscalationId,
    state: EscalationState,
    text: str,
    by: PersonId,
    at: datetime,
) -> bool:
    """Answer what still waits; ``False``: somebody else has."""
    query = update(escalation).where(
        escalation.c.id == escalation_id, escalation.c.state == EscalationState.WAITING.value
    )
    values = {
        "state": state.value,
        "answer": text,
        "answered_by": by,
        "answered_at": at,
        "version": escalation.c.version + 1,
    }
    return bool(tx.execute(query.values(values)).rowcount)


def _found(tx: Tx, query: Select[Any]) -> tuple[Escalation, ...]:
    rows = tx.rows(query.order_by(escalation.c.asked_at, escalation.c.id))
    return tuple(_escalation(row) for row in rows)


def _escalation(row: Row[Any]) -> Escalation:
    return Escalation(
        id=row.id,
        from_node=row.from_node,
        to_node=row.to_node,
        wish=row.wish,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        action=row.action_id,
        state=EscalationState(row.state),
        answer=row.answer or "",
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        version=row.version,
    )
