"""Published comments: only of enough answers, at one level, and none that was held back."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from bot.domain.results import Audience
from bot.privacy.comments import COMMENT_LIMIT
from bot.privacy.publish import COMMENTS_FROM
from bot.storage.audit.evidence import Evidence, Row

Problem = tuple[str, str, str]
"""Code, column, why."""


def look(found: Evidence, one: Row, rows: list[Row], said: list[Row]) -> Iterator[Problem]:
    """Yield comments of a round that should not be shown; ``rows`` are its figures."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in said:
        groups.setdefault((row["audience"], row["at_node"], row["nodes_key"]), []).append(row)
    if said and not one["frozen"]["comments"]:
        yield "AUDIT-71", "text", "comments of a round that had no comment box"
    asked_for = one["frozen"]["comment_answers"]
    for (side, _, nodes), texts in groups.items():
        if len(texts) < COMMENTS_FROM:
            yield "AUDIT-72", "text", f"{len(texts)} comments, under {COMMENTS_FROM}"
        most = _most_answers(found, one, rows, nodes.split(","), Audience(side))
        if most < asked_for:
            yield "AUDIT-72", "text", f"comments of at most {most} answers, under {asked_for}"
    levels = Counter((side, node) for side, _, nodes in groups for node in nodes.split(","))
    if any(number > 1 for number in levels.values()):
        yield "AUDIT-73", "nodes_key", "comments of one group are shown at two levels"
    if any(len(row["text"]) > COMMENT_LIMIT for row in said):
        yield "AUDIT-74", "text", "a comment that was not cleaned"
    if one["state"] == "reported" and any(row["held"] and row["text"] for row in said):
        yield "AUDIT-75", "text", "a comment that was held back is still there"
    if len(said) > 2 and len({row["id"][:5] for row in said}) == 1:
        yield "AUDIT-76", "id", "ids are not random: they tell an order"


def _most_answers(
    found: Evidence, one: Row, rows: Iterable[Row], nodes: list[str], audience: Audience
) -> int:
    """Return the most answers a group of nodes can have had, by what is known of its figures."""
    answered, free = 0, set(nodes)
    for row in rows:
        data = json.loads(row["data"])
        mine = row["kind"] == "atom" and row["audience"] == audience.value
        if mine and free >= set(data["nodes"]):
            answered += int(data["answered"])
            free -= set(data["nodes"])
    invited = found.invited(one["id"], audience)
    # Whoever is in no group was one of fewer than the threshold, all of them together.
    rest = sum(invited.get(node, 0) for node in free)
    return answered + min(rest, int(one["frozen"]["threshold"]) - 1)
