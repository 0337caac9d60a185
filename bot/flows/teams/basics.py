"""What a team is called and who is elected for it, where no people file says so.

The lead notes what the team has chosen; everybody is told, for the representative reads comments
before the team does. A lead cannot be the representative of those he leads, nor anybody make
himself one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.cards import Message, Text
from bot.domain.people import Grant, NodeId, Person, PersonId, Role, Tree
from bot.domain.permissions import Action
from bot.flows.desk import Guest, NotUnderstood
from bot.flows.env import Env, Reader
from bot.flows.telling import channel_moment, to_people
from bot.storage import chat, outbox, people
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx

Params = Mapping[str, Any]


def elected(tx: Tx, node: NodeId) -> tuple[PersonId, ...]:
    """Return who is elected for this node itself, whatever is so above it."""
    found = {one.person for one in people.grants(tx, Role.AMR) if one.node == node}
    return tuple(sorted(found))


def akin(tree: Tree, node: NodeId) -> frozenset[NodeId]:
    """Return the nodes at which leading and being elected for ``node`` would meet in one person.

    Those above it and those below: a role holds for everything under its node.
    """
    return frozenset((*tree.above(node), *tree.under(node)))


def eligible(tx: Tx, asker: Guest, node: NodeId) -> tuple[Person, ...]:
    """Return who can be elected: everybody in the team who leads nobody he would be elected for.

    Not whoever asks, unless he is elected already.
    """
    where = akin(asker.tree, node)
    out = {one.person for one in people.grants(tx, Role.LEAD) if one.node in where}
    if asker.id not in elected(tx, node):
        out.add(asker.id)
    inside = people.everybody(tx, asker.tree.under(node))
    return tuple(sorted((one for one in inside if one.id not in out), key=lambda one: one.name))


def change(
    tx: Tx, env: Env, asker: Guest, node: NodeId, name: str, wanted: Sequence[PersonId]
) -> None:
    """Keep a team's name and who is elected; whoever it concerns, and the team, are told.

    Raises ``NotAllowed``, or ``NotUnderstood`` for somebody who cannot be elected.
    """
    asker.must(Action.CHANGE_TEAM_RULES, node)
    if name != asker.tree[node].name:
        people.put_node(tx, replace(asker.tree[node], name=name))
    elect(tx, env, asker, node, wanted)


def elect(tx: Tx, env: Env, asker: Guest, node: NodeId, wanted: Sequence[PersonId]) -> None:
    """Keep who is elected, for somebody who may say so; those it concerns are told.

    Raises ``NotUnderstood`` for somebody who cannot be elected.
    """
    before, now = set(elected(tx, node)), set(wanted)
    if now - before - {one.id for one in eligible(tx, asker, node)}:
        raise NotUnderstood("elected")
    if before == now:
        return
    for person in before ^ now:
        hold(tx, Grant(person, node, Role.AMR), yes=person in now)
    _tell(tx, env, node, sorted(before ^ now), env.clock.now())


def hold(tx: Tx, role: Grant, *, yes: bool) -> None:
    """Give somebody a role, or take it; his others stay."""
    others = [one for one in people.roles(tx, role.person) if one != role]
    people.put_grants(tx, role.person, [*others, role] if yes else others)


def _tell(tx: Tx, env: Env, node: NodeId, whom: Sequence[PersonId], now: datetime) -> None:
    cause, note = f"elected:{env.chance.token()}", Note("team.elected", {"node": node})
    rows = to_people(tx, env, people.tree(tx), whom, cause, note, now)
    at = channel_moment(tx, env, (node,), now)
    rows.append(Outgoing(cause, chat.channel_id(node), note, at))
    outbox.add(tx, (env.chance.token() for _ in rows), rows)


def _elected(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:  # noqa: ARG001
    words, tree, node = reader.words, people.tree(tx), str(params["node"])
    if node not in tree:
        said = words("note.unknown")
        return Message(said, (Text(said),))
    team = tree[node].name
    names = sorted(one.name for one in people.by_ids(tx, elected(tx, node)).values())
    key = "team.elected.some" if names else "team.elected.nobody"
    said = words(key, team=team, names=names) if names else words(key, team=team)
    return Message(said, (Text(said),), title=words("team.elected.title"))


WORDERS: Mapping[str, Any] = {"team.elected": _elected}
