"""Ideas of dialogues as the team may see them: undated, without an author unless named.

What is being written without names lies in sealed ballots (``slots``) and comes here only when a
round has closed, in the order of random ids.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bot.domain.action_items import Factor
from bot.domain.dialogues import DialogueId, GroupId, Idea, IdeaId, Phase, Step
from bot.domain.people import PersonId
from bot.storage.store import Tx
from bot.storage.tables import dialogue, idea


def insert_all(tx: Tx, ideas: Sequence[Idea]) -> None:
    """Keep ideas; rows lie in the order of their random ids, whatever order they come in."""
    rows = [
        {
            "id": one.id,
            "dialogue_id": one.dialogue,
            "question": one.step.value,
            "text": one.text,
            "factor": one.factor.value if one.factor else None,
            "author_id": one.author,
            "group_id": one.group,
            "held": one.held,
        }
        for one in sorted(ideas, key=lambda each: each.id)
    ]
    if rows:
        tx.execute(insert(idea), rows)


def of_dialogue(
    tx: Tx, dialogue_id: DialogueId, step: Step | None = None, author: PersonId | None = None
) -> tuple[Idea, ...]:
    """Return a dialogue's ideas by their random ids: all, of one question, of one person."""
    query = select(idea).where(idea.c.dialogue_id == dialogue_id)
    if step is not None:
        query = query.where(idea.c.question == step.value)
    if author is not None:
        query = query.where(idea.c.author_id == author)
    return tuple(_idea(row) for row in tx.rows(query.order_by(idea.c.id)))


def get(tx: Tx, idea_id: IdeaId) -> Idea | None:
    """Return one idea."""
    row = tx.first(select(idea).where(idea.c.id == idea_id))
    return _idea(row) if row else None


def remove_of(tx: Tx, dialogue_id: DialogueId, author: PersonId, step: Step | None = None) -> None:
    """Delete what somebody wrote under his name: to one question, or to all."""
    query = delete(idea).where(idea.c.dialogue_id == dialogue_id, idea.c.author_id == author)
    tx.execute(query if step is None else query.where(idea.c.question == step.value))


def unsign(tx: Tx, author: PersonId) -> None:
    """Take somebody's name off everything he wrote; what nobody has seen yet is deleted."""
    unseen = select(dialogue.c.id).where(dialogue.c.phase == Phase.COLLECTING.value)
    mine = idea.c.author_id == author
    tx.execute(delete(idea).where(mine, idea.c.dialogue_id.in_(unseen)))
    tx.execute(update(idea).where(mine).values(author_id=None))


def put_in_group(tx: Tx, wanted: Iterable[IdeaId], group_id: GroupId | None) -> None:
    """Put ideas in a group, or take them out of theirs."""
    query = update(idea).where(idea.c.id.in_(list(wanted)))
    tx.execute(query.values(group_id=group_id))


def hold(tx: Tx, idea_id: IdeaId, held: bool) -> None:
    """Hold an idea back because it names somebody, or let it through again."""
    tx.execute(update(idea).where(idea.c.id == idea_id).values(held=held))


def erase_held(tx: Tx, dialogue_id: DialogueId) -> None:
    """Empty the text of ideas held back, when a dialogue ends; their number stays."""
    query = update(idea).where(idea.c.dialogue_id == dialogue_id, idea.c.held)
    tx.execute(query.values(text=""))


def _idea(row: Row[Any]) -> Idea:
    return Idea(
        id=row.id,
        dialogue=row.dialogue_id,
        step=Step(row.question),
        text=row.text,
        factor=Factor(row.factor) if row.factor else None,
        author=row.author_id,
        group=row.group_id,
        held=row.held,
    )
