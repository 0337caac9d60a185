"""Tables and columns: is there a place where a person, a time and an answer could meet?

Every table of the database is walked, also those nobody knows of; their values as well as their
names, because a column can be called anything.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from bot.storage.audit.evidence import Evidence, quoted
from bot.storage.audit.report import Finding
from bot.storage.tables import metadata

EXACT = {
    "slot": ("round_id", "slot", "ballot"),
    "round_member": ("round_id", "person_id", "node_id", "lead"),
    "comment": ("id", "round_id", "audience", "at_node", "nodes_key", "text", "held"),
    "dialogue": (
        *("id", "node_id", "topic", "source", "way", "naming", "phase", "started_by"),
        *("started_at", "moved_at", "ended_at", "until", "seconds_left", "next_at", "version"),
    ),
    "dialogue_vote": ("round_id", "dialogue_id", "took_part"),
    "idea": (
        *("id", "dialogue_id", "question", "text", "factor", "author_id", "group_id", "held"),
    ),
    "idea_group": ("id", "dialogue_id", "question", "name", "factor", "place", "action_id"),
    "figure": ("id", "round_id", "kind", "audience", "at_node", "nodes_key", "data"),
    "round": (
        *("id", "schedule_id", "local_date", "scope_key", "instrument", "frozen", "tree"),
        *("opens_at", "closes_at", "publish_at", "next_at", "state", "reached", "replaces"),
        "about",
    ),
}
"""The tables nearest to answers have these columns and no other."""
UNORDERED = ("slot", "round_member", "comment", "idea", "idea_group", "dialogue_vote")
"""Tables without a rowid, which would tell the order in which rows came."""
WORDED = frozenset({"delivery", "message"})
"""Tables with a person and a round in them by their nature; ``notes`` looks into every row."""
MAY_NAME = frozenset({"round_member"})
"""The one table that says who belongs to a round: everybody who was invited."""
ENDED_AT = frozenset({"round"})
TIMELESS = frozenset({"person", "role", "conversation", "idea", "idea_group"})
"""Tables about people in which a time could only be that of something they did."""

_PERSON = re.compile(r"(^|_)(person|people|user|member|author|owner|who|employee|email|by)(_id)?$")
_ROUND = re.compile(r"(^|_)(round|slot|ballot)(_id)?$")
_TIME = re.compile(
    r"(^|_)(at|on|time|date|day|when|stamp|timestamp|ts|seen|created|updated|changed)$"
)
_TYPES = re.compile(r"DATE|TIME", re.IGNORECASE)


def walk(found: Evidence) -> Iterator[Finding]:
    """Yield what is wrong with tables, columns, indexes, triggers and views."""
    yield from _exact(found)
    yield from _machinery(found)
    for table in found.tables:
        if table not in MAY_NAME | WORDED | {"slot", "alembic_version"}:
            yield from _meeting(found, table)
    yield from _shared_values(found)


def _exact(found: Evidence) -> Iterator[Finding]:
    for table, allowed in EXACT.items():
        if table not in found.tables:
            yield Finding("AUDIT-01", "the table is missing", table)
            continue
        for name, _ in _columns(found, table):
            if name not in allowed:
                why = "a column that the protocol does not have; it can tell who or when"
                yield Finding("AUDIT-02", why, table, name)
    listed = {row["name"]: row["wr"] for row in found.rows("PRAGMA main.table_list")}
    for table in UNORDERED:
        if table in found.tables and not listed.get(table):
            yield Finding(
                "AUDIT-03", "rows have a number that tells in which order they came", table
            )


def _machinery(found: Evidence) -> Iterator[Finding]:
    """Yield triggers, views and indexes by which an answer would leave another trace."""
    for row in found.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema"):
        about_slots = row["tbl_name"] == "slot" or re.search(
            r"\bslot\b", row["sql"] or "", re.IGNORECASE
        )
        extra_index = row["type"] == "index" and row["tbl_name"] == "slot" and row["sql"]
        if extra_index or (row["type"] in ("trigger", "view") and about_slots):
            why = f"a {row['type']} on slots: an answer would leave a trace outside its slot"
            yield Finding("AUDIT-04", why, row["tbl_name"], row["name"])


def _meeting(found: Evidence, table: str) -> Iterator[Finding]:
    """Yield a table in which a person meets a round, or a round meets a time."""
    foreign = {
        row["from"]: row["table"] for row in found.rows(f"PRAGMA foreign_key_list({quoted(table)})")
    }
    columns = _columns(found, table)
    held = _what_is_held(found, table)
    people = [n for n, _ in columns if foreign.get(n) == "person" or _PERSON.search(n)]
    rounds = [n for n, _ in columns if foreign.get(n) in ("round", "slot") or _ROUND.search(n)]
    times = [n for n, kind in columns if _TYPES.search(kind) or _TIME.search(n)]
    people += [n for n in held["person"] if n not in people and table != "person"]
    rounds += [n for n in held["round"] if n not in rounds and table != "round"]
    rounds += [n for n in held["slot"] if n not in rounds]
    for column in people if rounds else ():
        why = f"names people beside a round ({', '.join(rounds)}): a list of who took part"
        yield Finding("AUDIT-05", why, table, column)
    timeless = table in TIMELESS or table not in metadata.tables
    for column in times if timeless and (people or table == "person") else ():
        yield Finding("AUDIT-08", "a time beside a person: when he did something", table, column)
    for column in times if rounds and table not in ENDED_AT else ():
        why = f"a time beside a round ({', '.join(rounds)}): it can tell when somebody answered"
        yield Finding("AUDIT-06", why, table, column)


def _what_is_held(found: Evidence, table: str) -> dict[str, list[str]]:
    """Return the columns whose values are people, rounds or slots, whatever they are called."""
    slots = {row["slot"] for rows in found.slots.values() for row in rows}
    known = {"person": found.people, "round": frozenset(found.rounds), "slot": frozenset(slots)}
    held: dict[str, list[str]] = {kind: [] for kind in known}
    for row in found.all_of(table):
        for name, value in row.items():
            for leaf in _leaves(value):
                for kind, ids in known.items():
                    if leaf in ids and name not in held[kind]:
                        held[kind].append(name)
    if table in ("node", "role", "away", "conversation", "schedule", "meta"):
        held["person"] = []  # tables about the organisation; a team may be called like a person
    if "replaces" in held["round"] and table == "round":
        held["round"].remove("replaces")
    return held


def _shared_values(found: Evidence) -> Iterator[Finding]:
    """Yield any column by whose values a slot could be joined to something else."""
    marks: dict[object, str] = {}
    for rows in found.slots.values():
        for row in rows:
            for name in ("slot", "ballot"):
                raw = row[name]
                for mark in (raw, raw.hex(), raw.hex().upper(), b64encode(raw).decode()):
                    marks[mark] = name
    for table in found.tables if marks else ():
        if table == "slot":
            continue
        told = set()
        for row in found.all_of(table):
            for name, value in row.items():
                shared = next((marks[leaf] for leaf in _leaves(value) if leaf in marks), None)
                if shared and name not in told:
                    told.add(name)
                    why = f"holds the same value as slot.{shared}: the two can be joined"
                    yield Finding("AUDIT-07", why, table, name)


def _columns(found: Evidence, table: str) -> list[tuple[str, str]]:
    rows = found.rows(f"PRAGMA table_xinfo({quoted(table)})")
    return [(row["name"], row["type"] or "") for row in rows]


def _leaves(value: Any) -> Iterator[Any]:
    """Yield a value, or every key and value inside when it is JSON."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            yield from _inside(json.loads(value))
        except ValueError:
            yield value
        return
    yield value


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            yield from _inside(below)
    elif isinstance(value, list):
        for below in value:
            yield from _inside(below)
    else:
        yield value
