"""Messages: rows of private reminders tell nothing, and no note carries more than ids.

Which kinds of notes there are is told in the flows; a test holds the two lists together.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from bot.storage.audit.evidence import Evidence, Row
from bot.storage.audit.report import Finding

PRIVATE = frozenset({"round.invite", "round.reminder"})
"""Kinds of which every invited person has the same row, whether or not he has answered."""
PARAMS = {
    "round.invite": {"round"},
    "round.reminder": {"round"},
    "round.bit": {"round", "nodes", "reached"},
    "round.void": {"round"},
    "result.lead": {"round", "figure"},
    "result.team": {"round", "figure"},
    "result.too_few": {"round", "node"},
    "comments.review": {"round"},
    "effect.result": {"action", "figure", "round"},
    "dialogue.news": {"dialogue", "event", "round"},
    "team.reminder": {"node", "day", "due", "done", "first", "more"},
    "digest": {
        *("node", "last", "since", "today", "total", "point", "late", "due", "done", "waiting"),
        *("days", "results", "trends", "untouched", "spread", "perspectives", "preventions"),
    },
    "digest.dates": {"node"},
    "escalation.new": {"escalation"},
    "escalation.answered": {"escalation"},
}
"""What a note about a round may carry; a kind that is not here may not speak of a round."""
SNAPSHOTS = frozenset({"team.reminder", "digest", "digest.dates"})
"""Kinds that are sums of many things: of each they hold its id, a code, a number or a date."""
_ID = re.compile(r"[\w.-]{0,64}")
_SUSPECT = re.compile(
    r"answer|ballot|slot|score|value|comment|revision|vote|skipped", re.IGNORECASE
)
_TOKEN_HEAD = 5
"""Random ids that agree in so many of their first digits carry a time or a number instead."""


def look(found: Evidence) -> Iterator[Finding]:
    """Yield what is wrong with the outbox and with what stands in conversations."""
    rows = {table: found.all_of(table) for table in ("delivery", "message")}
    for table, all_rows in rows.items():
        for row in all_rows:
            yield from _carries(found, table, row)
    by_cause: dict[tuple[str, str], list[Row]] = {}
    for row in rows["delivery"]:
        note = json.loads(row["note"])
        if note["kind"] in PRIVATE:
            round_id = str(note["params"].get("round", ""))
            by_cause.setdefault((row["purpose"], round_id), []).append(row)
    for (_, round_id), private in by_cause.items():
        yield from _alike(found, round_id, private)
    yield from _drawn_later(rows["message"])


def _carries(found: Evidence, table: str, row: Row) -> Iterator[Finding]:
    """Yield a note that says more than which round, group or figure it is about."""
    note = json.loads(row["note"])
    kind, params = note["kind"], note["params"]
    allowed = PARAMS.get(kind)
    round_id = next((leaf for leaf in _texts(params) if leaf in found.rounds), "")
    if allowed is None and not round_id:
        strange = {name for name in params if _SUSPECT.search(name)} | (note.keys() - _NOTE)
    elif allowed is None:
        yield Finding("AUDIT-31", f"a note about a round of no known kind: {kind}", table, "note")
        return
    else:
        strange = (params.keys() - allowed) | (note.keys() - _NOTE)
    if kind in SNAPSHOTS and not all(_ID.fullmatch(text) for text in _texts(params)):
        why = f"a note of kind {kind} carries a text; it may hold ids, codes and numbers"
        yield Finding("AUDIT-32", why, table, "note", round_id)
    for name in sorted(strange):
        why = f"a note of kind {kind} carries more than it may: {name}"
        yield Finding("AUDIT-32", why, table, "note", round_id)
    if kind == "round.bit" and not isinstance(params.get("reached"), bool):
        yield Finding("AUDIT-33", "a lead is told more than one bit", table, "note", round_id)


_NOTE = {"kind", "params"}


def _alike(found: Evidence, round_id: str, rows: list[Row]) -> Iterator[Finding]:
    """Yield private rows of one round that differ in more than recipient and due time."""
    roster = Counter(f"person:{row['person_id']}" for row in found.rosters.get(round_id, []))
    if Counter(row["recipient"] for row in rows) != roster:
        why = "not everybody invited has the same row: who has one tells who has not answered"
        yield Finding("AUDIT-34", why, "delivery", "recipient", round_id)
    for column in rows[0].keys() - {"id", "recipient", "due_at", "state"}:
        if len({row[column] for row in rows}) > 1:
            why = "private reminders of one round differ: it tells who was reached"
            yield Finding("AUDIT-35", why, "delivery", column, round_id)
    if any(row["attempts"] or row["problem"] for row in rows):
        why = "a private reminder records an attempt: only those who had not answered have one"
        yield Finding("AUDIT-36", why, "delivery", "attempts", round_id)
    if any((row["state"], row["due_at"] is None) not in _HANDLED for row in rows):
        why = "a private reminder is neither waiting with a time nor handled without one"
        yield Finding("AUDIT-37", why, "delivery", "state", round_id)
    heads = {row["id"][:_TOKEN_HEAD] for row in rows}
    if len(rows) > 2 and len(heads) == 1:
        yield Finding("AUDIT-38", "ids are not random: they tell an order", "delivery", "id")


_HANDLED = {("waiting", False), ("sent", True)}


def _drawn_later(messages: Iterable[Row]) -> Iterator[Finding]:
    """Yield private reminders that were stored as messages, and so tell who was reached."""
    for row in messages:
        note = json.loads(row["note"])
        if note["kind"] in PRIVATE:
            why = "a private reminder was stored: it tells who had not answered"
            round_id = str(note["params"].get("round", ""))
            yield Finding("AUDIT-39", why, "message", "note", round_id)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for below in value.values():
            yield from _texts(below)
    elif isinstance(value, list):
        for below in value:
            yield from _texts(below)
