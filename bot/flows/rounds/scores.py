"""What becomes of a counted round of scores: figures and comments are kept, and people are told.

The leads have it first, the AMR may hold back a comment, then the team's channels get it. When
this is called, and that it happens once, is ``closing``'s.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.people import NodeId, Role
from bot.domain.results import AtomFigure, ParentFigure, Published
from bot.domain.rounds import Invited, Round
from bot.flows.env import Env
from bot.flows.telling import Leads, channel_moment, to_people
from bot.privacy.ballots import Ballot
from bot.privacy.publish import count as counted
from bot.storage import figures, outbox, people, rounds
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx


def count(env: Env, one: Round, ballots: Sequence[tuple[Invited, Ballot]]) -> Published:
    """Return all that may be kept of the ballots."""
    return counted(one, ballots, env.chance)


def keep(tx: Tx, env: Env, one: Round, published: Published, now: datetime) -> None:
    """Store what may be published, and tell the leads and the AMR."""
    total = len(published.atoms) + len(published.parents)
    ids = {at: env.chance.token() for at in range(total)}
    said = sum(len(group.texts) for group in published.comments)
    comment_ids = [env.chance.token() for _ in range(said)]
    figures.insert_published(tx, one.id, published, ids, comment_ids)
    _tell_leads_first(tx, env, one, published, ids, now)
    if said:
        _ask_amr(tx, env, one, published, now)


def publish(tx: Tx, env: Env, one: Round, now: datetime) -> None:
    """Give the team its result; the lead cannot hold it back, the AMR's holds are final now."""
    figures.erase_held(tx, one.id)
    at = channel_moment(tx, env, one.scope, now)
    told: set[NodeId] = set()
    rows: list[Outgoing] = []
    for kept in figures.of_round(tx, one.id):
        if kept.figure.audience.value != "employees":
            continue
        nodes = getattr(kept.figure, "nodes", (kept.figure.at,))
        told.update(nodes)
        note = Note("result.team", {"round": one.id, "figure": kept.id})
        rows += [Outgoing(f"result:{one.id}:{kept.id}", f"node:{node}", note, at) for node in nodes]
    homes = sorted({m.node for m in rounds.members(tx, one.id) if not m.lead})
    for node in homes:
        if node not in told:
            note = Note("result.too_few", {"round": one.id, "node": node})
            rows.append(Outgoing(f"result:{one.id}:none", f"node:{node}", note, at))
    outbox.add(tx, (env.chance.token() for _ in rows), rows)


def _tell_leads_first(
    tx: Tx, env: Env, one: Round, published: Published, ids: dict[int, str], now: datetime
) -> None:
    leads = Leads.read(tx, env, now)
    shown: tuple[AtomFigure | ParentFigure, ...] = (*published.atoms, *published.parents)
    for at, figure in enumerate(shown):
        if figure.audience.value != "employees":
            continue
        nodes = getattr(figure, "nodes", (figure.at,))
        params = {"round": one.id, "figure": ids[at]}
        leads.tell(nodes, f"lead:{one.id}:{ids[at]}", Note("result.lead", params))
    for node in published.too_few:
        params = {"round": one.id, "node": node}
        leads.tell((node,), f"lead:{one.id}:none:{node}", Note("result.too_few", params))
    leads.send(tx, env)


def _ask_amr(tx: Tx, env: Env, one: Round, published: Published, now: datetime) -> None:
    tree = people.tree(tx)
    over = {
        above
        for group in published.comments
        for node in group.nodes
        if node in tree
        for above in tree.above(node)
    }
    amrs = [grant.person for grant in people.grants(tx, Role.AMR) if grant.node in over]
    note = Note("comments.review", {"round": one.id})
    rows = to_people(tx, env, tree, sorted(set(amrs)), f"comments:{one.id}", note, now)
    outbox.add(tx, (env.chance.token() for _ in rows), rows)
