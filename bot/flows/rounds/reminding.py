"""The one reminder of a round, and the one bit its lead may see.

Everybody invited gets the same row in the outbox; whether somebody is reached is decided at the
moment of sending, by looking at his slot, and leaves no trace in the row (privacy, protocol 7).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.dialogues import KINDS
from bot.domain.people import NodeId, PersonId
from bot.domain.rounds import Invited, Round, RoundState
from bot.flows.calendars import Calendars
from bot.flows.env import Env
from bot.flows.rounds.answering import ballots
from bot.flows.telling import Leads
from bot.privacy.ballots import Ballot
from bot.privacy.keys import KeyDestroyed, KeyLost
from bot.privacy.publish import threshold_reached
from bot.storage import outbox, people, rounds
from bot.storage.outbox import Delivery, Note, Outgoing
from bot.storage.rounds import Due
from bot.storage.store import Tx

INVITE, REMINDER = "round.invite", "round.reminder"
PRIVATE = frozenset({INVITE, REMINDER})
"""Kinds of notes whose rows are handled alike whether or not somebody is reached."""


def remind(tx: Tx, env: Env, due: Due, now: datetime) -> bool:
    """Write everybody's reminder and the leads' bit; ``False`` when another got there first."""
    one = rounds.get(tx, due.round)
    if one is None or not rounds.advance(
        tx, one.id, RoundState.OPEN, RoundState.REMINDED, one.closes_at, claimed=due.at
    ):
        return False
    members = rounds.members(tx, one.id)
    tree = people.tree(tx)
    everyone = [member.person for member in members]
    known = people.by_ids(tx, everyone)
    calendars = Calendars.read(tx, tree, env.defaults, everyone, now.date())
    rows = []
    for member in members:
        person = known.get(member.person)
        at = calendars.first_moment(person, now, one.closes_at) if person else one.closes_at
        note = Note(REMINDER, {"round": one.id})
        rows.append(Outgoing(f"remind:{one.id}", f"person:{member.person}", note, at))
    outbox.add(tx, (env.chance.token() for _ in rows), rows)
    _tell_bit(tx, env, one, now)
    return True


def to_reach(
    tx: Tx, env: Env, deliveries: Sequence[Delivery], now: datetime
) -> dict[str, PersonId]:
    """Return whom to reach, by delivery id: those asked to answer who still can and have not.

    Nobody is reached twice at once for the same round. A round whose key is gone reaches nobody:
    its own next step finds out and voids it.
    """
    found: dict[str, PersonId] = {}
    by_round: dict[str, list[Delivery]] = {}
    for delivery in deliveries:
        by_round.setdefault(str(delivery.note.params["round"]), []).append(delivery)
    for round_id, rows in by_round.items():
        one = rounds.get(tx, round_id)
        if one is None or not one.state.takes_answers or now >= one.closes_at:
            continue
        asked = {row.recipient.partition(":")[2]: row.id for row in rows}
        try:
            standing = ballots(tx, env, one, asked)
        except (KeyLost, KeyDestroyed):
            continue
        waiting = [person for person, ballot in standing.items() if _waits(ballot, now)]
        for person in _who_may_be_asked(tx, env, waiting, one, now):
            found[asked[person]] = person
    return found


def _waits(ballot: Ballot, now: datetime) -> bool:
    """Nothing is answered yet, and the person has not named a later time himself."""
    return ballot.is_empty and (ballot.later is None or ballot.later <= now)


def _who_may_be_asked(
    tx: Tx, env: Env, who: Sequence[PersonId], one: Round, now: datetime
) -> frozenset[PersonId]:
    calendars = Calendars.read(tx, people.tree(tx), env.defaults, who, now.date())
    return frozenset(
        id_
        for id_, person in people.by_ids(tx, who).items()
        if person.wants(one.instrument)
        and calendars.first_moment(person, now, one.closes_at) == now
    )


def _tell_bit(tx: Tx, env: Env, one: Round, now: datetime) -> None:
    """Tell each lead, once, whether enough have answered for the team's figures to be shown.

    Of a dialogue nobody is told it: what is written there is the team's from the first moment.
    """
    if one.instrument in KINDS:
        return
    standing = ballots(tx, env, one)
    answered: dict[tuple[NodeId, ...], int] = {}
    for member in rounds.members(tx, one.id):
        if not member.lead:
            group = _unit(one, member.node)
            answered[group] = answered.get(group, 0) + standing[member.person].answered
    bits = {group: threshold_reached(n, one.threshold) for group, n in answered.items()}
    reached = {node: bit for group, bit in bits.items() for node in group}
    rounds.set_reached(tx, one.id, reached)
    leads = Leads.read(tx, env, now)
    for group, bit in sorted(bits.items()):
        params = {"round": one.id, "nodes": list(group), "reached": bit}
        leads.tell(group, f"bit:{one.id}:{','.join(group)}", Note("round.bit", params))
    leads.send(tx, env)


def nodes_with_bit(one: Round, members: Iterable[Invited]) -> frozenset[NodeId]:
    """Return the nodes whose leads are told a bit: teams, never the departments above them."""
    if one.instrument in KINDS:
        return frozenset()
    return frozenset(
        node for member in members if not member.lead for node in _unit(one, member.node)
    )


def _unit(one: Round, node: NodeId) -> tuple[NodeId, ...]:
    """Return the nodes counted together with ``node`` (itself, where it was not paired)."""
    return next((unit for unit in (*one.units, one.scope) if node in unit), (node,))
