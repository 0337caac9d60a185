"""The order of a dialogue's ideas, and what became of each."""

from bot.cards import Actions, Button, Link, Part, Text
from bot.domain.dialogues import Dialogue, Group
from bot.flows.dialogues import phases
from bot.flows.env import Reader
from bot.storage import actions, dialogues
from bot.storage.store import Tx

TOP = 3
"""So many of the first are proposed to become actions."""


def order_parts(tx: Tx, reader: Reader, one: Dialogue, *, buttons: bool) -> tuple[Part, ...]:
    """Return the ideas of "how do we get there" in order; with ``buttons``, to make actions of."""
    words = reader.words
    groups = phases.votable_groups(tx, one)
    placed = any(group.place for group in groups)
    parts: list[Part] = []
    voted = dialogues.took_part(tx, one.id)
    if voted is not None:
        parts.append(Text(words("votes.took_part", voted=voted[0], invited=voted[1]), "quiet"))
    for at, group in enumerate(groups, start=1):
        name = words("dialogue.outcome.place", place=at, name=group.name) if placed else group.name
        parts.append(Text(name))
        parts += _became(tx, reader, one, group)
        if buttons and group.action is None and (at <= TOP or not placed):
            source = f"dialogue:{one.id}:{group.id}"
            label = words("dialogue.button.action")
            made = Button("action.new", label, one.node, source, opens_form=True)
            parts.append(Actions((made,)))
    return tuple(parts)


def outcome_lines(tx: Tx, reader: Reader, one: Dialogue) -> tuple[Part, ...]:
    """Return the same in short, for the team's channel."""
    return order_parts(tx, reader, one, buttons=False)


def _became(tx: Tx, reader: Reader, one: Dialogue, group: Group) -> list[Part]:
    item = actions.get(tx, group.action) if group.action else None
    if item is None:
        if one.running:
            return []
        return [Text(reader.words("dialogue.outcome.kept"), "quiet")]
    label = reader.words("dialogue.outcome.action", what=item.what, due=item.due)
    return [Actions((Link(label, f"action/{item.id}"),))]
