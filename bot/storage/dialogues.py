"""Dialogues, how many took part in their vote, and the groups their ideas are gathered in.

Ideas themselves are in ``ideas``. A change names the version it was made from, so that two
facilitators who press at once move a dialogue on once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, func, insert, select, update

from bot.domain.action_items import ActionId, Factor
from bot.domain.dialogues import (
    Dialogue,
    DialogueId,
    Group,
    GroupId,
    Naming,
    Phase,
    Prompt,
    Step,
    Way,
)
from bot.domain.people import NodeId
from bot.domain.rounds import RoundId
from bot.storage.store import Tx
from bot.storage.tables import dialogue, dialogue_vote, idea, idea_group, round_member

# What every tick asks for is built once.
_ONE = select(dialogue).where(dialogue.c.id == bindparam("wanted"))
_DUE = (
    select(dialogue)
    .where(dialogue.c.next_at <= bindparam("now"))
    .order_by(dialogue.c.next_at, dialogue.c.id)
    .limit(bindparam("most"))
)
_NEXT = select(func.min(dialogue.c.next_at))


def insert_new(tx: Tx, one: Dialogue) -> bool:
    """Keep a new dialogue; ``False`` while the node has one on the same topic.

    So that the same form sent twice starts one dialogue.
    """
    if any(_same_topic(one, other) for other in running(tx, (one.node,))):
        return False
    return bool(tx.insert_new(dialogue, [{"id": one.id, **_columns(one)}]))


def get(tx: Tx, dialogue_id: DialogueId) -> Dialogue | None:
    """Return a dialogue as it stands."""
    row = tx.first(_ONE, {"wanted": dialogue_id})
    return _dialogue(row) if row else None


def of_nodes(tx: Tx, nodes: Iterable[NodeId], limit: int = 100) -> tuple[Dialogue, ...]:
    """Return the dialogues of these nodes, running or ended, the newest first."""
    query = (
        select(dialogue)
        .where(dialogue.c.node_id.in_(list(nodes)))
        .order_by(dialogue.c.started_at.desc(), dialogue.c.id)
        .limit(limit)
    )
    return tuple(_dialogue(row) for row in tx.rows(query))


def running(tx: Tx, nodes: Iterable[NodeId]) -> tuple[Dialogue, ...]:
    """Return the dialogues of these nodes that have not ended, the newest first."""
    query = (
        select(dialogue)
        .where(dialogue.c.node_id.in_(list(nodes)), dialogue.c.ended_at.is_(None))
        .order_by(dialogue.c.started_at.desc(), dialogue.c.id)
    )
    return tuple(_dialogue(row) for row in tx.rows(query))


def change(tx: Tx, one: Dialogue) -> bool:
    """Replace the dialogue if it still stands at ``one.version``; its version grows by one."""
    values = _columns(replace(one, version=one.version + 1))
    query = update(dialogue).where(dialogue.c.id == one.id, dialogue.c.version == one.version)
    return bool(tx.execute(query.values(**values)).rowcount)


def due(tx: Tx, now: datetime, limit: int = 200) -> tuple[Dialogue, ...]:
    """Return dialogues that have something to do by now, the longest waiting first."""
    return tuple(_dialogue(row) for row in tx.rows(_DUE, {"now": now, "most": limit}))


def next_at(tx: Tx) -> datetime | None:
    """Return when a dialogue has something to do next."""
    found: datetime | None = tx.scalar(_NEXT)
    return found


def plan(tx: Tx, dialogue_id: DialogueId, at: datetime | None) -> None:
    """Set when the dialogue has something to do next; nothing else about it changes."""
    tx.execute(update(dialogue).where(dialogue.c.id == dialogue_id).values(next_at=at))


def note_vote(tx: Tx, dialogue_id: DialogueId, round_id: RoundId, took_part: int) -> None:
    """Keep how many voted, of a vote that was counted."""
    row = {"round_id": round_id, "dialogue_id": dialogue_id, "took_part": took_part}
    tx.execute(insert(dialogue_vote), [row])


def took_part(tx: Tx, dialogue_id: DialogueId) -> tuple[int, int] | None:
    """Return how many voted, of how many; ``None`` where nothing was counted."""
    invited = (
        select(func.count())
        .where(round_member.c.round_id == dialogue_vote.c.round_id)
        .scalar_subquery()
    )
    query = select(dialogue_vote.c.took_part, invited.label("invited"))
    row = tx.first(query.where(dialogue_vote.c.dialogue_id == dialogue_id))
    return (row.took_part, row.invited) if row else None


def insert_groups(tx: Tx, groups: Sequence[Group]) -> None:
    """Keep new groups."""
    rows = [
        {
            "id": one.id,
            "dialogue_id": one.dialogue,
            "question": one.step.value,
            "name": one.name,
            "factor": one.factor.value if one.factor else None,
            "place": one.place,
            "action_id": one.action,
        }
        for one in sorted(groups, key=lambda group: group.id)
    ]
    if rows:
        tx.execute(insert(idea_group), rows)


def groups(
    tx: Tx, dialogue_id: DialogueId, step: Step | None = None, *, placed: bool = False
) -> tuple[Group, ...]:
    """Return a dialogue's groups: those with a place in their order first, then by id."""
    query = select(idea_group).where(idea_group.c.dialogue_id == dialogue_id)
    if step is not None:
        query = query.where(idea_group.c.question == step.value)
    if placed:
        query = query.where(idea_group.c.place.is_not(None))
    order = (idea_group.c.place.is_(None), idea_group.c.place, idea_group.c.id)
    return tuple(_group(row) for row in tx.rows(query.order_by(*order)))


def group(tx: Tx, group_id: GroupId) -> Group | None:
    """Return one group."""
    row = tx.first(select(idea_group).where(idea_group.c.id == group_id))
    return _group(row) if row else None


def rename(tx: Tx, group_id: GroupId, name: str, factor: Factor | None) -> None:
    """Give a group another name and factor."""
    values = {"name": name, "factor": factor.value if factor else None}
    tx.execute(update(idea_group).where(idea_group.c.id == group_id).values(**values))


def set_places(tx: Tx, order: Sequence[GroupId]) -> None:
    """Keep the order of groups, the first first."""
    for place, group_id in enumerate(order, start=1):
        query = update(idea_group).where(idea_group.c.id == group_id)
        tx.execute(query.values(place=place))


def drop_empty_groups(tx: Tx, dialogue_id: DialogueId) -> None:
    """Delete groups in which no idea lies any more."""
    inside = select(idea.c.id).where(idea.c.group_id == idea_group.c.id)
    query = delete(idea_group).where(idea_group.c.dialogue_id == dialogue_id, ~exists(inside))
    tx.execute(query)


def link_action(tx: Tx, group_id: GroupId, action_id: ActionId) -> bool:
    """Note that a group became an action; ``False`` if there is no such group."""
    query = update(idea_group).where(idea_group.c.id == group_id)
    return bool(tx.execute(query.values(action_id=action_id)).rowcount)


def _same_topic(one: Dialogue, other: Dialogue) -> bool:
    return one.topic.casefold() == other.topic.casefold()


def _columns(one: Dialogue) -> dict[str, Any]:
    return {
        "node_id": one.node,
        "topic": one.topic,
        "source": [one.source.kind, one.source.id, one.source.topic],
        "way": one.way.value,
        "naming": one.naming.value,
        "phase": one.phase.value,
        "started_by": one.started_by,
        "started_at": one.started_at,
        "moved_at": one.moved_at,
        "ended_at": one.ended_at,
        "until": one.until,
        "seconds_left": one.seconds_left,
        "next_at": one.next_at,
        "version": one.version,
    }


def _dialogue(row: Row[Any]) -> Dialogue:
    return Dialogue(
        id=row.id,
        node=row.node_id,
        topic=row.topic,
        source=Prompt(*row.source),
        way=Way(row.way),
        naming=Naming(row.naming),
        phase=Phase(row.phase),
        started_by=row.started_by,
        started_at=row.started_at,
        moved_at=row.moved_at,
        ended_at=row.ended_at,
        until=row.until,
        seconds_left=row.seconds_left,
        next_at=row.next_at,
        version=row.version,
    )


def _group(row: Row[Any]) -> Group:
    return Group(
        id=row.id,
        dialogue=row.dialogue_id,
        step=Step(row.question),
        name=row.name,
        factor=Factor(row.factor) if row.factor else None,
        place=row.place,
        action=row.action_id,
    )
