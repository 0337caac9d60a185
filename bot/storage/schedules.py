"""Schedules: which instrument goes to which node, how often, and when next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update

from bot.domain.people import NodeId
from bot.storage.rounds import scope_key
from bot.storage.store import Tx
from bot.storage.tables import schedule

# What every tick asks for is built once.
_DUE = (
    select(schedule)
    .where(schedule.c.next_run_at <= bindparam("now"))
    .order_by(schedule.c.next_run_at, schedule.c.id)
    .limit(bindparam("most"))
)
_NEXT = select(func.min(schedule.c.next_run_at))


@dataclass(frozen=True)
class Schedule:
    """One line of the plan. ``nominal`` is the local day the next round belongs to."""

    id: str
    scope: tuple[NodeId, ...]
    instrument: str
    cadence: Mapping[str, Any]
    """``bot.schedule.cadence.Cadence.to_dict()``."""
    open_days: int
    questions: int | None = None
    active: bool = True
    version: int = 1
    nominal: date | None = None
    next_run_at: datetime | None = None


def insert_new(tx: Tx, one: Schedule) -> bool:
    """Insert; ``False`` if the same nodes already have a schedule for the instrument."""
    return bool(tx.insert_new(schedule, [{"id": one.id, **_values(one)}]))


def replace(tx: Tx, one: Schedule) -> bool:
    """Replace if nobody else has changed it since it was read at ``one.version``."""
    values = {**_values(one), "version": one.version + 1}
    query = update(schedule).where(schedule.c.id == one.id, schedule.c.version == one.version)
    return bool(tx.execute(query.values(values)).rowcount)


def get(tx: Tx, schedule_id: str) -> Schedule | None:
    """Return one schedule."""
    row = tx.first(select(schedule).where(schedule.c.id == schedule_id))
    return _schedule(row) if row else None


def find(tx: Tx, scope: tuple[NodeId, ...], instrument: str) -> Schedule | None:
    """Return the schedule of exactly these nodes for the instrument."""
    row = tx.first(
        select(schedule).where(
            schedule.c.scope_key == scope_key(scope), schedule.c.instrument == instrument
        )
    )
    return _schedule(row) if row else None


def everything(tx: Tx) -> tuple[Schedule, ...]:
    """Return all schedules, the next to run first."""
    query = select(schedule).order_by(schedule.c.next_run_at, schedule.c.id)
    return tuple(_schedule(row) for row in tx.rows(query))


def due(tx: Tx, now: datetime, limit: int = 200) -> tuple[Schedule, ...]:
    """Return schedules whose time has come, the longest waiting first."""
    return tuple(_schedule(row) for row in tx.rows(_DUE, {"now": now, "most": limit}))


def next_at(tx: Tx) -> datetime | None:
    """Return when the next schedule is due."""
    found: datetime | None = tx.scalar(_NEXT)
    return found


def claim(tx: Tx, one: Schedule, nominal: date | None, next_run_at: datetime | None) -> bool:
    """Move a due schedule on to its next time; ``False``: another got there first."""
    query = update(schedule).where(
        schedule.c.id == one.id, schedule.c.next_run_at == one.next_run_at
    )
    return bool(tx.execute(query.values(nominal=nominal, next_run_at=next_run_at)).rowcount)


def remove(tx: Tx, schedule_id: str) -> None:
    """Delete a schedule that has never run; one that has is only made inactive."""
    tx.execute(delete(schedule).where(schedule.c.id == schedule_id))


def _values(one: Schedule) -> dict[str, Any]:
    return {
        "scope": list(one.scope),
        "scope_key": scope_key(one.scope),
        "instrument": one.instrument,
        "cadence": dict(one.cadence),
        "questions": one.questions,
        "open_days": one.open_days,
        "active": one.active,
        "version": one.version,
        "nominal": one.nominal,
        "next_run_at": one.next_run_at if one.active else None,
    }


def _schedule(row: Row[Any]) -> Schedule:
    return Schedule(
        id=row.id,
        scope=tuple(row.scope),
        instrument=row.instrument,
        cadence=row.cadence,
        open_days=row.open_days,
        questions=row.questions,
        active=row.active,
        version=row.version,
        nominal=row.nominal,
        next_run_at=row.next_run_at,
    )
