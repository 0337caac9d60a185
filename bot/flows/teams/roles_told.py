"""Who is told of a role: whoever got or lost it, the team of its leads, and who can give it one."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.cards import Actions, Button, Message, Text
from bot.domain.people import NodeId, PersonId, Role
from bot.flows.env import Env, Reader
from bot.flows.telling import channel_moment, to_people
from bot.storage import chat, outbox, people
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx

Params = Mapping[str, Any]


def tell(
    tx: Tx, env: Env, node: NodeId, role: Role, got: Iterable[PersonId], lost: Iterable[PersonId]
) -> None:
    """Tell those who got the role at the node, and those who have it no more, in their hours."""
    now, tree, cause = env.clock.now(), people.tree(tx), f"role:{env.chance.token()}"
    rows: list[Outgoing] = []
    for what, whom in (("got", got), ("lost", lost)):
        note = Note("team.role", {"node": node, "role": role.value, "what": what})
        rows += to_people(tx, env, tree, sorted(whom), cause, note, now)
    outbox.add(tx, (env.chance.token() for _ in rows), rows)


def tell_team(tx: Tx, env: Env, node: NodeId) -> None:
    """Tell the team who leads it: they see its result first."""
    at = channel_moment(tx, env, (node,), env.clock.now())
    cause = f"role:{env.chance.token()}"
    row = Outgoing(cause, chat.channel_id(node), Note("team.led", {"node": node}), at)
    outbox.add(tx, [env.chance.token()], [row])


def tell_leaderless(tx: Tx, env: Env, node: NodeId) -> None:
    """Tell the nearest lead above, else the administrators, that a team has no lead any more."""
    tree = people.tree(tx)
    over, held = tree.above(node), people.grants(tx, Role.LEAD, Role.ADMIN)
    if any(one.node == node and one.role is Role.LEAD for one in held):
        return
    by_node = ({g.person for g in held if g.node == at and g.role is Role.LEAD} for at in over)
    admins = {g.person for g in held if g.node in over and g.role is Role.ADMIN}
    whom = sorted(next((found for found in by_node if found), admins))
    note, cause = Note("team.leaderless", {"node": node}), f"leaderless:{env.chance.token()}"
    rows = to_people(tx, env, tree, whom, cause, note, env.clock.now())
    outbox.add(tx, (env.chance.token() for _ in rows), rows)


def _role(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:  # noqa: ARG001
    team = _team(tx, params)
    if team is None:
        return _unknown(reader)
    said = reader.words(f"team.role.{params['what']}.{params['role']}", team=team)
    return Message(said, (Text(said),))


def _led(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:  # noqa: ARG001
    team = _team(tx, params)
    held = {one.person for one in people.grants(tx, Role.LEAD) if one.node == params["node"]}
    if team is None or not held:
        return _unknown(reader)
    names = sorted(one.name for one in people.by_ids(tx, sorted(held)).values())
    said = reader.words("team.role.led", team=team, names=names)
    return Message(said, (Text(said),))


def _leaderless(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    team = _team(tx, params)
    if team is None:
        return _unknown(reader)
    if any(one.node == params["node"] for one in people.grants(tx, Role.LEAD)):
        return _led(tx, env, reader, params)  # he is back, or somebody was named meanwhile
    said = reader.words("team.role.leaderless", team=team)
    label = reader.words("team.roles.title")
    button = Button("team.roles", label, str(params["node"]), style="primary", opens_form=True)
    return Message(said, (Text(said), Actions((button,))))


def _team(tx: Tx, params: Params) -> str | None:
    tree, node = people.tree(tx), str(params["node"])
    return tree[node].name if node in tree else None


def _unknown(reader: Reader) -> Message:
    said = reader.words("note.unknown")
    return Message(said, (Text(said),))


WORDERS: Mapping[str, Any] = {
    "team.role": _role,
    "team.led": _led,
    "team.leaderless": _leaderless,
}
