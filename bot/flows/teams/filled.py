"""What a team's leads are told when everybody in its channel has been read in, or could not be.

Until then no round opens: it would be asked of a few, and count them as all.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.cards import Actions, Button, Message, Part, Text
from bot.domain.people import NodeId, PersonId, Role
from bot.domain.permissions import Action
from bot.flows.desk import Guest, NotAllowed, guest
from bot.flows.env import Env, Reader
from bot.flows.teams.forms import scopes_for, too_small
from bot.storage import outbox, people
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx

Params = Mapping[str, Any]

FIRST = "checkin"
"""What a new team begins with."""
LEFT_OUT = ("guest", "outside", "unread")
"""The kinds of those not in the team a lead may wonder about; apps are nobody's colleagues."""


def tell(tx: Tx, env: Env, node: NodeId, cause: str, left_out: Mapping[str, int]) -> None:
    """Tell the leads that their team is read in; ``left_out`` counts those who are not, by kind."""
    told = {kind: left_out.get(kind, 0) for kind in LEFT_OUT}
    number = len(people.everybody(tx, [node]))
    params = {"node": node, "number": number, "left_out": told}
    _send(tx, env, node, f"filled:{cause}", Note("team.filled", params))


def tell_unread(tx: Tx, env: Env, node: NodeId, cause: str) -> None:
    """Tell the leads that nobody could be read in, once for each ``cause``."""
    _send(tx, env, node, f"unread:{cause}", Note("team.unread", {"node": node}))


def _send(tx: Tx, env: Env, node: NodeId, purpose: str, note: Note) -> None:
    now = env.clock.now()
    rows = [Outgoing(purpose, f"person:{lead}", note, now) for lead in _leads(tx, node)]
    outbox.add(tx, (env.chance.token() for _ in rows), rows)


def _leads(tx: Tx, node: NodeId) -> Sequence[PersonId]:
    """Return who leads a team: its own leads, or else the next above."""
    tree, held = people.tree(tx), people.grants(tx, Role.LEAD)
    for place in tree.above(node) if node in tree else ():
        found = sorted({one.person for one in held if one.node == place})
        if found:
            return found
    return ()


def _filled(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    asker, node = _asker(tx, env, reader), str(params["node"])
    words = reader.words
    if asker is None or node not in asker.tree:
        said = words("note.unknown")
        return Message(said, (Text(said),))
    said = words("team.filled.text", team=asker.tree[node].name, number=params["number"])
    parts: list[Part] = [Text(said)]
    parts += [
        Text(words(f"team.filled.{kind}", number=number))
        for kind, number in params["left_out"].items()
        if number
    ]
    parts += _next(tx, env, asker, node)
    return Message(said, tuple(parts), title=words("team.filled.title"))


def _next(tx: Tx, env: Env, asker: Guest, node: NodeId) -> list[Part]:
    """Return what the team can begin with: a check-in, alone or with others; else a talk."""
    words = asker.reader.words
    scopes = scopes_for(tx, env, asker, node, FIRST, Action.START_ROUND)
    if scopes:
        label = words("team.button.start", what=words.instrument(FIRST).title)
        start = Button("team.start", label, f"{node}:{FIRST}", style="primary", opens_form=True)
        with_others = () if scopes[0].nodes == (node,) else (Text(words("team.filled.others")),)
        return [*with_others, Actions((start,))]
    talk = Button("dialogue.new", words("dialogue.button.start"), node, opens_form=True)
    text = Text(too_small(env, asker, node))
    return [text, Text(words("team.filled.talk")), Actions((talk,))]


def _unread(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    words, node = reader.words, str(params["node"])
    asker = _asker(tx, env, reader)
    team = asker.tree[node].name if asker is not None and node in asker.tree else ""
    said = words("team.unread.text", team=team)
    again = Button("slack.setup.again", words("team.unread.again"), node, style="primary")
    return Message(said, (Text(said), Actions((again,))), title=words("team.unread.title"))


def _asker(tx: Tx, env: Env, reader: Reader) -> Guest | None:
    try:
        return guest(tx, env, reader.person) if reader.person else None
    except NotAllowed:
        return None


WORDERS: Mapping[str, Any] = {"team.filled": _filled, "team.unread": _unread}
