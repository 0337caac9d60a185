"""Rounds and their frozen rosters. Answers are in ``slots``, figures in ``figures``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, insert, select, update

from bot.domain.people import NodeId, PersonId
from bot.domain.rounds import FIVE_POINTS, AskedQuestion, Invited, Round, RoundId, RoundState
from bot.storage.store import Tx
from bot.storage.tables import delivery, round_, round_member

_newer = round_.alias()
TAKING_ANSWERS = tuple(state.value for state in RoundState if state.takes_answers)

# What a click or a tick asks for is built once.
_ONE = select(round_).where(round_.c.id == bindparam("wanted"))
_DUE = (
    select(round_.c.id, round_.c.state, round_.c.next_at)
    .where(round_.c.next_at <= bindparam("now"))
    .order_by(round_.c.next_at, round_.c.id)
    .limit(bindparam("most"))
)
_NEXT = select(func.min(round_.c.next_at))
_MEMBERS = (
    select(round_member)
    .where(round_member.c.round_id == bindparam("wanted"))
    .order_by(round_member.c.person_id)
)
_OPEN_FOR = (
    select(round_)
    .join(round_member, round_member.c.round_id == round_.c.id)
    .where(round_member.c.person_id == bindparam("who"), round_.c.state.in_(TAKING_ANSWERS))
    .order_by(round_.c.closes_at, round_.c.id)
)
_ABOUT = (
    select(round_)
    .where(round_.c.instrument == bindparam("instrument"), round_.c.about == bindparam("what"))
    .order_by(round_.c.opens_at.desc(), round_.c.id)
)


@dataclass(frozen=True)
class Due:
    """A round that has something to do at ``at``."""

    round: RoundId
    state: RoundState
    at: datetime


def scope_key(scope: Iterable[NodeId]) -> str:
    """Return one text for a set of nodes, whatever their order."""
    return ",".join(sorted(scope))


def insert_new(tx: Tx, one: Round, members: Sequence[Invited], next_at: datetime) -> bool:
    """Insert the round and its roster; ``False`` if this schedule has had a round that day."""
    row = {
        "id": one.id,
        "schedule_id": one.schedule,
        "local_date": one.local_date,
        "scope_key": scope_key(one.scope),
        "instrument": one.instrument,
        "frozen": {
            "scope": list(one.scope),
            "questions": [[question.id, question.pole] for question in one.questions],
            "scales": {q.id: list(q.scale) for q in one.questions if q.scale != FIVE_POINTS},
            "comments": one.comments,
            "threshold": one.threshold,
            "comment_answers": one.comment_answers,
            "zone": one.zone,
            "remind_at": one.remind_at.isoformat() if one.remind_at else None,
            "about": one.about,
            "channels": dict(one.channels),
        },
        "tree": {
            "nodes": {key: list(value) for key, value in one.nodes.items()},
            "units": [list(unit) for unit in one.units],
        },
        "opens_at": one.opens_at,
        "closes_at": one.closes_at,
        "publish_at": one.publish_at,
        "next_at": next_at,
        "state": one.state.value,
        "replaces": one.replaces,
        "about": one.about,
    }
    if not tx.insert_new(round_, [row]):
        return False
    roster = [
        {"round_id": one.id, "person_id": m.person, "node_id": m.node, "lead": m.lead}
        for m in sorted(members, key=lambda member: member.person)
    ]
    tx.execute(insert(round_member), roster)
    return True


def get(tx: Tx, round_id: RoundId) -> Round | None:
    """Return the round as frozen, with its present state."""
    row = tx.first(_ONE, {"wanted": round_id})
    return _round(row) if row else None


def due(tx: Tx, now: datetime, limit: int = 500) -> tuple[Due, ...]:
    """Return rounds whose next step is due, the longest waiting first."""
    rows = tx.rows(_DUE, {"now": now, "most": limit})
    return tuple(Due(row.id, RoundState(row.state), row.next_at) for row in rows)


def next_at(tx: Tx) -> datetime | None:
    """Return when a round has something to do next."""
    found: datetime | None = tx.scalar(_NEXT)
    return found


def advance(
    tx: Tx,
    round_id: RoundId,
    expected: RoundState,
    to: RoundState,
    next_at: datetime | None,
    *,
    claimed: datetime | None = None,
    publish_at: datetime | None = None,
) -> bool:
    """Move a round on if it still stands where expected; ``False``: another got there first.

    With ``claimed``, also its due time must still be the one that was seen; ``publish_at`` is
    set where it is given.
    """
    query = update(round_).where(round_.c.id == round_id, round_.c.state == expected.value)
    if claimed is not None:
        query = query.where(round_.c.next_at == claimed)
    values = {"state": to.value, "next_at": next_at}
    if publish_at is not None:
        values["publish_at"] = publish_at
    return bool(tx.execute(query.values(values)).rowcount)


def set_reached(tx: Tx, round_id: RoundId, reached: dict[NodeId, bool]) -> None:
    """Keep the one bit a lead may see, as it was at the time of the reminder."""
    tx.execute(update(round_).where(round_.c.id == round_id).values(reached=reached))


def reached(tx: Tx, round_id: RoundId) -> dict[NodeId, bool]:
    """Return the bit of each node, empty before the reminder."""
    found: dict[NodeId, bool] | None = tx.scalar(
        select(round_.c.reached).where(round_.c.id == round_id)
    )
    return found or {}


def members(tx: Tx, round_id: RoundId) -> tuple[Invited, ...]:
    """Return the frozen roster, by person."""
    rows = tx.rows(_MEMBERS, {"wanted": round_id})
    return tuple(Invited(row.person_id, row.node_id, row.lead) for row in rows)


def member(tx: Tx, round_id: RoundId, person_id: PersonId) -> Invited | None:
    """Return one person's line of the roster."""
    row = tx.first(
        select(round_member).where(
            round_member.c.round_id == round_id, round_member.c.person_id == person_id
        )
    )
    return Invited(row.person_id, row.node_id, row.lead) if row else None


def open_for(tx: Tx, person_id: PersonId) -> tuple[Round, ...]:
    """Return the rounds that take this person's answers now, the first to close first."""
    return tuple(_round(row) for row in tx.rows(_OPEN_FOR, {"who": person_id}))


def taking_answers(tx: Tx) -> tuple[Round, ...]:
    """Return every round that takes answers, and those that are being closed."""
    states = (*TAKING_ANSWERS, RoundState.CLOSING.value)
    query = select(round_).where(round_.c.state.in_(states)).order_by(round_.c.closes_at)
    return tuple(_round(row) for row in tx.rows(query))


def counted(tx: Tx) -> tuple[Round, ...]:
    """Return every round that is counted and not yet published."""
    query = select(round_).where(round_.c.state == RoundState.CLOSED.value)
    return tuple(_round(row) for row in tx.rows(query.order_by(round_.c.publish_at, round_.c.id)))


def touching(tx: Tx, nodes: Iterable[NodeId], limit: int = 20) -> tuple[Round, ...]:
    """Return the newest rounds in which people at home in these nodes were asked."""
    ids = select(round_member.c.round_id).where(round_member.c.node_id.in_(list(nodes))).distinct()
    query = (
        select(round_)
        .where(round_.c.id.in_(ids))
        .order_by(round_.c.opens_at.desc(), round_.c.id)
        .limit(limit)
    )
    return tuple(_round(row) for row in tx.rows(query))


def past_questions(
    tx: Tx, instrument: str, key: str, limit: int = 1000
) -> tuple[tuple[str, ...], ...]:
    """Return the question ids of the scope's earlier rounds, newest first; not those of void ones.

    The limit lies beyond what it takes to ask the largest pool once, two at a time.
    """
    query = (
        select(round_.c.frozen)
        .where(
            round_.c.instrument == instrument,
            round_.c.scope_key == key,
            round_.c.state != RoundState.VOID.value,
        )
        .order_by(round_.c.opens_at.desc(), round_.c.id)
        .limit(limit)
    )
    return tuple(
        tuple(question for question, _ in row.frozen["questions"]) for row in tx.rows(query)
    )


def asked_since(tx: Tx, instrument: str, since: datetime, about: str = "") -> frozenset[PersonId]:
    """Return everybody who was given the instrument since then or has it before him now.

    With ``about``, only where it was asked about that.
    """
    query = (
        select(round_member.c.person_id)
        .join(round_, round_.c.id == round_member.c.round_id)
        .where(
            round_.c.instrument == instrument,
            round_.c.state != RoundState.VOID.value,
            (round_.c.opens_at > since) | round_.c.state.in_(TAKING_ANSWERS),
        )
        .distinct()
    )
    if about:
        query = query.where(round_.c.about == about)
    return frozenset(row.person_id for row in tx.rows(query))


def asked_in(
    tx: Tx, instrument: str, since: datetime, nodes: Iterable[NodeId]
) -> tuple[Round, ...]:
    """Return the instrument's rounds that open after ``since`` and ask people of these nodes."""
    here = round_member.c.round_id == round_.c.id, round_member.c.node_id.in_(list(nodes))
    query = select(round_).where(
        round_.c.instrument == instrument,
        round_.c.state != RoundState.VOID.value,
        round_.c.opens_at > since,
        exists(select(round_member.c.round_id).where(*here)),
    )
    rows = tx.rows(query.order_by(round_.c.opens_at.desc(), round_.c.id))
    return tuple(_round(row) for row in rows)


def about(tx: Tx, instrument: str, what: str) -> tuple[Round, ...]:
    """Return the rounds that asked about one thing, the last to open first."""
    rows = tx.rows(_ABOUT, {"instrument": instrument, "what": what})
    return tuple(_round(row) for row in rows)


def known_ids(tx: Tx) -> frozenset[RoundId]:
    """Return the ids of all rounds, for the sweep of orphaned keys."""
    return frozenset(row.id for row in tx.rows(select(round_.c.id)))


def told_void(tx: Tx) -> tuple[Round, ...]:
    """Return void rounds that everybody was told of and that have not been asked again."""
    told = select(delivery.c.id).where(delivery.c.purpose == "void:" + round_.c.id)
    again = select(_newer.c.id).where(_newer.c.replaces == round_.c.id)
    query = select(round_).where(
        round_.c.state == RoundState.VOID.value, exists(told), ~exists(again)
    )
    return tuple(_round(row) for row in tx.rows(query.order_by(round_.c.id)))


def replaced(tx: Tx, round_id: RoundId) -> bool:
    """Tell whether a void round has been asked again."""
    return tx.first(select(round_.c.id).where(round_.c.replaces == round_id)) is not None


def _round(row: Row[Any]) -> Round:
    frozen, tree = row.frozen, row.tree
    remind, scales = frozen["remind_at"], frozen.get("scales", {})
    return Round(
        id=row.id,
        scope=tuple(frozen["scope"]),
        instrument=row.instrument,
        questions=tuple(
            AskedQuestion(id_, pole, tuple(scales.get(id_, FIVE_POINTS)))
            for id_, pole in frozen["questions"]
        ),
        comments=frozen["comments"],
        threshold=frozen["threshold"],
        comment_answers=frozen["comment_answers"],
        zone=frozen["zone"],
        local_date=row.local_date,
        opens_at=row.opens_at,
        remind_at=datetime.fromisoformat(remind) if remind else None,
        closes_at=row.closes_at,
        publish_at=row.publish_at,
        state=RoundState(row.state),
        nodes={key: (name, parent) for key, (name, parent) in tree["nodes"].items()},
        units=tuple(tuple(unit) for unit in tree["units"]),
        schedule=row.schedule_id,
        replaces=row.replaces,
        about=row.about,
        channels=frozen.get("channels", {}),
    )
