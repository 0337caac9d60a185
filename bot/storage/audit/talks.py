"""Dialogues: ideas without names bear nobody, nothing comes out early, an order is not a count."""

from collections import Counter
from collections.abc import Iterator

from bot.storage.audit.evidence import COUNTED, Evidence, Row
from bot.storage.audit.report import Finding

_HEAD = 5
"""Random ids that agree in so many of their first digits carry a time or a number instead."""


def look(found: Evidence) -> Iterator[Finding]:
    """Yield what should not be known of a dialogue."""
    dialogues = {row["id"]: row for row in found.all_of("dialogue")}
    ideas: dict[str, list[Row]] = {}
    for row in found.all_of("idea"):
        ideas.setdefault(row["dialogue_id"], []).append(row)
    for id_, rows in ideas.items():
        one = dialogues.get(id_)
        if one is not None:
            yield from _ideas(found, one, rows)
    yield from _orders(found)
    yield from _votes(found)


def _ideas(found: Evidence, one: Row, rows: list[Row]) -> Iterator[Finding]:
    unsigned = one["naming"] == "anonymous"
    if unsigned and any(row["author_id"] for row in rows):
        why = "an idea of a dialogue without names bears a person"
        yield Finding("AUDIT-91", why, "idea", "author_id")
    if unsigned and one["way"] == "days" and not _counted(found, one["id"]):
        why = "ideas of a dialogue whose round has not been counted"
        yield Finding("AUDIT-92", why, "idea", "text")
    if one["ended_at"] and any(row["held"] and row["text"] for row in rows):
        yield Finding("AUDIT-93", "an idea that was held back is still there", "idea", "text")
    if len(rows) > 2 and len({row["id"][:_HEAD] for row in rows}) == 1:
        yield Finding("AUDIT-96", "ids are not random: they tell an order", "idea", "id")


def _counted(found: Evidence, dialogue_id: str) -> bool:
    """Tell whether a round of ideas about the dialogue has been counted."""
    return any(
        one["instrument"] == "ideas"
        and one["frozen"].get("about") == dialogue_id
        and one["state"] in COUNTED
        for one in found.rounds.values()
    )


def _orders(found: Evidence) -> Iterator[Finding]:
    places: dict[tuple[str, str], Counter[int]] = {}
    for row in found.all_of("idea_group"):
        if row["place"] is not None:
            key = row["dialogue_id"], row["question"]
            places.setdefault(key, Counter())[row["place"]] += 1
    for held in places.values():
        if sorted(held.elements()) != list(range(1, len(held) + 1)):
            why = "places are no order from 1 on: they could be counts of votes"
            yield Finding("AUDIT-94", why, "idea_group", "place")


def _votes(found: Evidence) -> Iterator[Finding]:
    for row in found.all_of("dialogue_vote"):
        one = found.rounds.get(row["round_id"])
        invited = len(found.rosters.get(row["round_id"], []))
        counted = one is not None and one["state"] in COUNTED
        least = one["frozen"]["threshold"] if one is not None else 0
        if not counted or not least <= row["took_part"] <= invited:
            why = "how many voted is told of a vote that was not counted, or not of enough"
            yield Finding("AUDIT-95", why, "dialogue_vote", "took_part", row["round_id"])
