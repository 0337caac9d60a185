"""Where a round's results will be posted: in the channels its teams had when it opened.

People answer for those who were in that channel then. Where a team has none yet, its result stands
in the bot, and the lead is told so while there is time.
"""

from collections.abc import Mapping, Sequence

from bot.domain.people import NodeId
from bot.domain.rounds import Invited, Round
from bot.flows.env import Env
from bot.flows.telling import Leads
from bot.storage import channels, chat
from bot.storage.outbox import Note
from bot.storage.rounds import scope_key
from bot.storage.store import Tx


def of_nodes(tx: Tx, nodes: Sequence[NodeId]) -> Mapping[NodeId, str]:
    """Return the bindings of the nodes' channels; none for a node without one."""
    found = channels.bound_ids(tx, [chat.channel_id(node) for node in nodes])
    named = ((node, found.get(chat.channel_id(node))) for node in nodes)
    return {node: id_ for node, id_ in named if id_}


def half_read(tx: Tx, nodes: Sequence[NodeId]) -> bool:
    """Tell whether somebody of the nodes may be missing yet: a channel is being read in."""
    return channels.half_read(tx, [chat.channel_id(node) for node in nodes])


def tell_without(tx: Tx, env: Env, one: Round, members: Sequence[Invited]) -> None:
    """Tell leads, once for teams that are counted together, that their result has no channel."""
    homes = sorted({member.node for member in members if not member.lead})
    without = [node for node in homes if node not in one.channels]
    if one.about or not without or not channels.in_use(tx):
        return
    leads = Leads.read(tx, env, env.clock.now())
    note = Note("channel.none", {"nodes": without})
    leads.tell(without, f"no-channel:{scope_key(one.scope)}", note)
    leads.send(tx, env)
