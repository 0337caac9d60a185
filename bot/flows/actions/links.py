"""The ways to download a team's action plan."""

from bot.cards import Actions, Link, Part, Text
from bot.domain.people import NodeId
from bot.domain.permissions import Action
from bot.flows.desk import Guest

KINDS = ("csv", "docx")


def downloads(asker: Guest, node: NodeId) -> list[Part]:
    """Return a row of links to the plan's files, for those who may see the actions."""
    if not asker.may(Action.SEE_ACTIONS, node):
        return []
    words = asker.reader.words
    files = (Link(words(f"export.button.{kind}"), f"export/{node}.{kind}") for kind in KINDS)
    return [Text(words("export.label"), "quiet"), Actions(tuple(files))]
