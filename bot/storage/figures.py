"""What a closed round left behind: published figures and the comments that may be shown.

Figures are drawn once, at the close, and only read afterwards.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.domain.people import NodeId
from bot.domain.results import (
    AtomFigure,
    Audience,
    Band,
    Bound,
    Label,
    ParentFigure,
    Published,
    QuestionFigure,
)
from bot.domain.rounds import EFFECT, RoundId
from bot.storage.rounds import scope_key
from bot.storage.store import Tx
from bot.storage.tables import comment, figure, round_

Figure = AtomFigure | ParentFigure


@dataclass(frozen=True)
class Kept:
    """A stored figure with where it came from."""

    id: str
    round: RoundId
    instrument: str
    closed_at: datetime
    publish_at: datetime
    figure: Figure


@dataclass(frozen=True)
class KeptComment:
    """A comment that passed the rules; the AMR may hold it back before publication."""

    id: str
    round: RoundId
    audience: Audience
    at: NodeId
    nodes: tuple[NodeId, ...]
    text: str
    held: bool

    def __repr__(self) -> str:
        return f"KeptComment(id={self.id!r}, held={self.held})"


def insert_published(
    tx: Tx, round_id: RoundId, published: Published, ids: Mapping[int, str], comment_ids: list[str]
) -> None:
    """Keep the figures and comments of a round.

    ``ids`` maps each figure's place (atoms, then parents) to its id; ``comment_ids`` are random,
    so that the order of rows tells nothing.
    """
    figures: tuple[Figure, ...] = (*published.atoms, *published.parents)
    rows = [
        {
            "id": ids[at],
            "round_id": round_id,
            "kind": "atom" if isinstance(one, AtomFigure) else "parent",
            "audience": one.audience.value,
            "at_node": one.at,
            "nodes_key": scope_key(one.nodes) if isinstance(one, AtomFigure) else f"*{one.at}",
            "data": _plain(one),
        }
        for at, one in enumerate(figures)
    ]
    if rows:
        tx.execute(insert(figure), rows)
    texts = [(group, text) for group in published.comments for text in group.texts]
    said = sorted(
        (
            {
                "id": id_,
                "round_id": round_id,
                "audience": group.audience.value,
                "at_node": group.at,
                "nodes_key": scope_key(group.nodes),
                "text": text,
                "held": False,
            }
            for id_, (group, text) in zip(comment_ids, texts, strict=True)
        ),
        key=lambda row: str(row["id"]),
    )
    if said:
        tx.execute(insert(comment), said)


def of_round(tx: Tx, round_id: RoundId) -> tuple[Kept, ...]:
    """Return all figures of a round, atoms first."""
    query = (
        _kept_query()
        .where(figure.c.round_id == round_id)
        .order_by(figure.c.kind, figure.c.audience, figure.c.at_node, figure.c.nodes_key)
    )
    return tuple(_kept(row) for row in tx.rows(query))


def get(tx: Tx, figure_id: str) -> Kept | None:
    """Return one figure."""
    row = tx.first(_kept_query().where(figure.c.id == figure_id))
    return _kept(row) if row else None


def before(tx: Tx, kept: Kept) -> Kept | None:
    """Return the same group's figure of the round before, for a trend; an action has none."""
    if kept.instrument == EFFECT:
        return None
    row = tx.first(
        _kept_query()
        .where(
            round_.c.instrument == kept.instrument,
            figure.c.nodes_key == _key(kept.figure),
            figure.c.audience == kept.figure.audience.value,
            round_.c.closes_at < kept.closed_at,
        )
        .order_by(round_.c.closes_at.desc())
        .limit(1)
    )
    return _kept(row) if row else None


def after(tx: Tx, kept: Kept, now: datetime) -> tuple[Kept, ...]:
    """Return the same group's later figures that are public by ``now``, the newest first."""
    query = (
        _kept_query()
        .where(
            round_.c.instrument == kept.instrument,
            figure.c.nodes_key == _key(kept.figure),
            figure.c.audience == kept.figure.audience.value,
            round_.c.closes_at > kept.closed_at,
            round_.c.publish_at <= now,
        )
        .order_by(round_.c.closes_at.desc(), figure.c.id)
    )
    return tuple(_kept(row) for row in tx.rows(query))


def published_for(
    tx: Tx, nodes: Iterable[NodeId], instrument: str | None, now: datetime, limit: int = 24
) -> tuple[Kept, ...]:
    """Return figures that count people of these nodes and are public by ``now``, newest first.

    ``None`` for the instrument: of all but those that ask about one thing alone, an action.
    """
    wanted = set(nodes)
    query = _kept_query().where(round_.c.publish_at <= now)
    if instrument:
        query = query.where(round_.c.instrument == instrument)
    else:
        query = query.where(round_.c.instrument != EFFECT)
    query = query.order_by(round_.c.closes_at.desc(), figure.c.id)
    found = []
    for row in tx.execute(query):
        keys = {row.at_node} if row.kind == "parent" else set(row.nodes_key.split(","))
        if keys & wanted:
            found.append(_kept(row))
            if len(found) == limit:
                break
    return tuple(found)


def comments(tx: Tx, round_id: RoundId) -> tuple[KeptComment, ...]:
    """Return a round's comments in the order of their random ids."""
    query = select(comment).where(comment.c.round_id == round_id).order_by(comment.c.id)
    return tuple(
        KeptComment(
            id=row.id,
            round=row.round_id,
            audience=Audience(row.audience),
            at=row.at_node,
            nodes=tuple(row.nodes_key.split(",")),
            text=row.text,
            held=row.held,
        )
        for row in tx.rows(query)
    )


def hold(tx: Tx, round_id: RoundId, comment_id: str, held: bool) -> bool:
    """Hold a comment back, or let it through again; tell whether there was such a comment."""
    query = update(comment).where(comment.c.id == comment_id, comment.c.round_id == round_id)
    return bool(tx.execute(query.values(held=held)).rowcount)


def erase_held(tx: Tx, round_id: RoundId) -> int:
    """Empty the text of comments held back, at publication; their number stays."""
    query = update(comment).where(comment.c.round_id == round_id, comment.c.held)
    return int(tx.execute(query.values(text="")).rowcount)


def _kept_query() -> Any:
    return select(
        figure,
        round_.c.instrument,
        round_.c.closes_at,
        round_.c.publish_at,
    ).join(round_, round_.c.id == figure.c.round_id)


def _key(one: Figure) -> str:
    return scope_key(one.nodes) if isinstance(one, AtomFigure) else f"*{one.at}"


def _plain(one: Figure) -> dict[str, Any]:
    kept = ("answered", "invited", "overall", "questions", "nodes")
    return {key: value for key, value in asdict(one).items() if key in kept}


def _kept(row: Row[Any]) -> Kept:
    data = row.data
    common: dict[str, Any] = {
        "at": row.at_node,
        "audience": Audience(row.audience),
        "answered": data["answered"],
        "invited": data["invited"],
        "questions": tuple(_question(one) for one in data["questions"]),
        "overall": _label(data["overall"]),
    }
    one: Figure
    if row.kind == "atom":
        one = AtomFigure(nodes=tuple(data["nodes"]), **common)
    else:
        one = ParentFigure(**common)
    return Kept(row.id, row.round_id, row.instrument, row.closes_at, row.publish_at, one)


def _question(data: Mapping[str, Any]) -> QuestionFigure:
    bands = data["distribution"]
    return QuestionFigure(
        question=data["question"],
        label=_label(data["label"]),
        dont_know=Band(data["dont_know"]) if data["dont_know"] else None,
        distribution=tuple(Band(band) for band in bands) if bands else None,
    )


def _label(data: Mapping[str, Any] | None) -> Label | None:
    return Label(data["value"], Bound(data["bound"])) if data else None
