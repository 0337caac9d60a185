"""Two people edit one action at once: what only one of them changed is kept from both. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.action_items import ActionItem

FIELDS = (
    "what",
    "first_step",
    "responsible",
    "due",
    "goal",
    "problem",
    "where",
    "how",
    "helpers",
    "milestones",
    "follow_up",
    "level",
    "prevention",
    "perspective",
    "factor",
    "trial",
)
"""What a form can change, by the names of ``ActionItem``."""


@dataclass(frozen=True)
class Merged:
    """The fields as they are to be; ``disputed`` were changed by both, and hold what is mine."""

    values: Mapping[str, Any]
    disputed: tuple[str, ...]


def fields_of(item: ActionItem) -> dict[str, Any]:
    """Return what a form can change of an action."""
    return {name: getattr(item, name) for name in FIELDS}


def merge(
    base: ActionItem, mine: Mapping[str, Any], theirs: ActionItem, seen: ActionItem
) -> Merged:
    """Return both people's changes of ``base`` together.

    ``mine`` may leave fields out, which are then not mine to change. ``seen`` is the version whose
    values I was told of already: against those mine stand, for I have chosen.
    """
    values: dict[str, Any] = {}
    disputed = []
    for name in FIELDS:
        before, now, told = (getattr(one, name) for one in (base, theirs, seen))
        wanted = mine.get(name, before)
        if wanted in (before, now):
            values[name] = now
            continue
        values[name] = wanted
        if now not in (before, told):
            disputed.append(name)
    return Merged(values, tuple(disputed))
