"""People, the tree, roles and pauses: rows in, domain types out.

What is asked for at every click is built once, and reads no more of the tree than it must.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, insert, or_, select, true, update

from bot.domain.languages import Language
from bot.domain.people import (
    Away,
    Grant,
    Node,
    NodeId,
    NodeRules,
    Person,
    PersonId,
    Role,
    Tree,
)
from bot.domain.permissions import Who
from bot.storage.store import Tx
from bot.storage.tables import away, grant, node, person, slack_person
from bot.storage.tx import Prepared

_MANY = 500
"""People that are asked for in one statement."""

_ONE = select(person).where(person.c.id == bindparam("who"))
_SOME = select(person).where(person.c.id.in_(bindparam("who", expanding=True)))
_TREE = select(node)
_PAUSES = (
    select(away)
    .where(away.c.node_id.is_not(None), away.c.last >= bindparam("since"))
    .order_by(away.c.first, away.c.id)
)
_AWAYS = select(away).where(away.c.person_id.is_not(None), away.c.last >= bindparam("since"))
_ROLES = select(grant).where(grant.c.person_id == bindparam("who")).order_by(grant.c.node_id)


_ACTIVE = Prepared(
    select(
        person.c.id,
        person.c.name,
        person.c.node_id,
        person.c.email,
        person.c.language,
        person.c.zone,
        person.c.working_days,
        person.c.checkins_off,
    ).where(person.c.id == bindparam("who"), person.c.active == true())
)


_PLACE = Prepared(
    select(node.c.id, node.c.name, node.c.parent_id, node.c.rules).where(
        node.c.id == bindparam("place")
    )
)


def _above() -> Select[Any]:
    """A node, and each node above it."""
    columns = node.c.id, node.c.parent_id, node.c.name, node.c.rules
    way = select(*columns).where(node.c.id == bindparam("home")).cte("way", recursive=True)
    return select(way.union_all(select(*columns).join(way, node.c.id == way.c.parent_id)))


_ABOVE = _above()


def tree(tx: Tx) -> Tree:
    """Return the organisation's tree. Raises ``ValueError`` when there is none yet."""
    return Tree(_node(row) for row in tx.rows(_TREE))


def active(tx: Tx, person_id: PersonId) -> Person | None:
    """Return an active person; ``None`` for somebody unknown or gone. For what many ask at once."""
    row = tx.quickly(_ACTIVE, person_id)
    if row is None:
        return None
    id_, name, home, email, language, zone, stored, off = row
    days = json.loads(stored) if stored else None
    working_days = None if days is None else frozenset(days)
    return Person(id_, name, home, email, language, zone, working_days, bool(off))


def place(tx: Tx, node_id: NodeId) -> Node:
    """Return one node. Raises ``KeyError``. Likewise."""
    row = tx.quickly(_PLACE, node_id)
    if row is None:
        raise KeyError(node_id)
    id_, name, parent, stored = row
    return Node(id_, name, parent, _rules(json.loads(stored)))


def above(tx: Tx, home: NodeId) -> Tree:
    """Return a node with all above it. Raises ``ValueError`` when it is not there."""
    return Tree(_node(row) for row in tx.rows(_ABOVE, {"home": home}))


def put_node(tx: Tx, one: Node) -> None:
    """Insert or replace a node."""
    rules = {key: value for key, value in asdict(one.rules).items() if value is not None}
    if "working_days" in rules:
        rules["working_days"] = sorted(rules["working_days"])
    values = {"parent_id": one.parent, "name": one.name, "rules": rules}
    if not tx.execute(update(node).where(node.c.id == one.id).values(values)).rowcount:
        tx.execute(insert(node).values(id=one.id, **values))


def remove_node(tx: Tx, node_id: NodeId) -> None:
    """Take an empty node out of the tree; the database refuses one that is in use."""
    tx.execute(delete(node).where(node.c.id == node_id))


def put_person(tx: Tx, one: Person) -> None:
    """Insert or replace a person."""
    values = {
        "name": one.name,
        "email": one.email,
        "node_id": one.home,
        "language": one.language,
        "zone": one.zone,
        "working_days": None if one.working_days is None else sorted(one.working_days),
        "checkins_off": one.checkins_off,
        "active": one.active,
    }
    if not tx.execute(update(person).where(person.c.id == one.id).values(values)).rowcount:
        tx.execute(insert(person).values(id=one.id, **values))


def set_checkins_off(tx: Tx, person_id: PersonId, off: bool) -> None:
    """Keep the person's own wish not to be asked for check-ins, or to be asked again."""
    tx.execute(update(person).where(person.c.id == person_id).values(checkins_off=off))


def set_language(tx: Tx, person_id: PersonId, language: Language | None) -> None:
    """Keep the person's own choice of language, whatever a profile says; ``None`` is the team's."""
    follow_language(tx, person_id, language)
    mine = slack_person.c.person_id == person_id
    tx.execute(update(slack_person).where(mine).values(follows=False))


def follow_language(tx: Tx, person_id: PersonId, language: Language | None) -> None:
    """Keep the language of a person's profile; ``None`` is the team's."""
    tx.execute(update(person).where(person.c.id == person_id).values(language=language))


def set_zone(tx: Tx, person_id: PersonId, zone: str | None) -> None:
    """Keep the person's time zone; ``None`` is the team's."""
    tx.execute(update(person).where(person.c.id == person_id).values(zone=zone))


def set_working_days(tx: Tx, person_id: PersonId, days: frozenset[int] | None) -> None:
    """Keep the weekdays the person works; ``None`` is the team's."""
    stored = None if days is None else sorted(days)
    tx.execute(update(person).where(person.c.id == person_id).values(working_days=stored))


def set_rules(tx: Tx, node_id: NodeId, rules: NodeRules) -> None:
    """Keep a node's own rules."""
    one = tx.one(select(node).where(node.c.id == node_id))
    put_node(tx, Node(node_id, one.name, one.parent_id, rules))


def get(tx: Tx, person_id: PersonId) -> Person | None:
    """Return the person, active or not."""
    row = tx.first(_ONE, {"who": person_id})
    return _person(row) if row else None


def by_ids(tx: Tx, wanted: Sequence[PersonId]) -> dict[PersonId, Person]:
    """Return many people at once, active or not; unknown ids are left out."""
    found: dict[PersonId, Person] = {}
    for at in range(0, len(wanted), _MANY):
        for row in tx.rows(_SOME, {"who": list(wanted[at : at + _MANY])}):
            found[row.id] = _person(row)
    return found


def by_email(tx: Tx, email: str) -> Person | None:
    """Return the active person with this address, whatever its case."""
    row = tx.first(select(person).where(person.c.email == email.strip().lower(), person.c.active))
    return _person(row) if row else None


def everybody(tx: Tx, homes: Iterable[NodeId] | None = None) -> tuple[Person, ...]:
    """Return active people by name; with ``homes``, those at home there."""
    query = select(person).where(person.c.active).order_by(person.c.name, person.c.id)
    if homes is not None:
        query = query.where(person.c.node_id.in_(list(homes)))
    return tuple(_person(row) for row in tx.rows(query))


def all_known(tx: Tx) -> tuple[Person, ...]:
    """Return everybody, also those who have left."""
    return tuple(_person(row) for row in tx.rows(select(person).order_by(person.c.id)))


def who(tx: Tx, person_id: PersonId) -> Who | None:
    """Return an active person with the roles he has now, or ``None``."""
    found = get(tx, person_id)
    return Who(found, roles(tx, person_id)) if found is not None and found.active else None


def roles(tx: Tx, person_id: PersonId) -> tuple[Grant, ...]:
    """Return the roles a person has now."""
    return tuple(_grant(row) for row in tx.rows(_ROLES, {"who": person_id}))


def grants(tx: Tx, *roles: Role) -> tuple[Grant, ...]:
    """Return the roles of active people, all or only the named ones."""
    query = (
        select(grant)
        .join(person, person.c.id == grant.c.person_id)
        .where(person.c.active)
        .order_by(grant.c.node_id, grant.c.role, grant.c.person_id)
    )
    if roles:
        query = query.where(grant.c.role.in_([role.value for role in roles]))
    return tuple(_grant(row) for row in tx.rows(query))


def put_grants(tx: Tx, person_id: PersonId, wanted: Iterable[Grant]) -> None:
    """Give the person exactly these roles."""
    tx.execute(delete(grant).where(grant.c.person_id == person_id))
    rows = [{"person_id": g.person, "node_id": g.node, "role": g.role.value} for g in wanted]
    if rows:
        tx.execute(insert(grant), rows)


def aways(tx: Tx, person_id: PersonId, since: date) -> tuple[tuple[str, Away], ...]:
    """Return the person's own pauses that have not ended before ``since``, with their ids."""
    query = (
        select(away)
        .where(away.c.person_id == person_id, away.c.last >= since)
        .order_by(away.c.first, away.c.id)
    )
    return tuple((row.id, Away(row.first, row.last)) for row in tx.rows(query))


def pauses(tx: Tx, nodes: Iterable[NodeId], since: date) -> tuple[tuple[str, NodeId, Away], ...]:
    """Return the teams' pauses that have not ended before ``since``."""
    wanted = set(nodes)
    return tuple(
        (row.id, row.node_id, Away(row.first, row.last))
        for row in tx.rows(_PAUSES, {"since": since})
        if row.node_id in wanted
    )


def all_aways(tx: Tx, people: Sequence[PersonId], since: date) -> dict[PersonId, list[Away]]:
    """Return many people's pauses at once, for an opening."""
    wanted = set(people)
    found: dict[PersonId, list[Away]] = {}
    for row in tx.rows(_AWAYS, {"since": since}):
        if row.person_id in wanted:
            found.setdefault(row.person_id, []).append(Away(row.first, row.last))
    return found


def add_away(
    tx: Tx,
    away_id: str,
    span: Away,
    *,
    person_id: PersonId | None = None,
    node_id: NodeId | None = None,
) -> None:
    """Keep a pause of one person or one team."""
    tx.execute(
        insert(away).values(
            id=away_id, person_id=person_id, node_id=node_id, first=span.first, last=span.last
        )
    )


def remove_away(
    tx: Tx, away_id: str, *, person_id: PersonId | None = None, node_id: NodeId | None = None
) -> bool:
    """Remove a pause if it belongs to the named person or team; tell whether it did."""
    owner = or_(
        away.c.person_id == person_id if person_id else away.c.id.is_(None),
        away.c.node_id == node_id if node_id else away.c.id.is_(None),
    )
    return bool(tx.execute(delete(away).where(away.c.id == away_id, owner)).rowcount)


def _node(row: Row[Any]) -> Node:
    return Node(row.id, row.name, row.parent_id, _rules(row.rules))


def _rules(stored: dict[str, Any]) -> NodeRules:
    days = stored.get("working_days")
    return NodeRules(**{**stored, "working_days": None if days is None else frozenset(days)})


def _person(row: Row[Any]) -> Person:
    language: Language | None = row.language
    return Person(
        id=row.id,
        name=row.name,
        home=row.node_id,
        email=row.email,
        language=language,
        zone=row.zone,
        working_days=None if row.working_days is None else frozenset(row.working_days),
        checkins_off=row.checkins_off,
        active=row.active,
    )


def _grant(row: Row[Any]) -> Grant:
    return Grant(row.person_id, row.node_id, Role(row.role))
