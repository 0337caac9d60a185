"""Sends the digest to a work-environment group: to its channel and to each member, once.

The same snapshot goes to all of them; it is worded for whoever reads it, as long as he is in the
group.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.cards import Actions, Button, Link, Message, Text
from bot.domain.people import NodeId, PersonId, Role
from bot.domain.permissions import Action, allowed
from bot.flows import telling
from bot.flows.digests import cards as digest_cards
from bot.flows.digests.facts import gather
from bot.flows.digests.saying import Digest, reckon
from bot.flows.env import Env, Reader
from bot.flows.programmes.occasions import Looking
from bot.storage import chat, people
from bot.storage.outbox import Note, Outgoing
from bot.storage.schedules import Schedule
from bot.storage.store import Tx

NAME = "digest"


def members(tx: Tx, node: NodeId) -> tuple[PersonId, ...]:
    """Return the node's work-environment group."""
    found = (one.person for one in people.grants(tx, Role.AMG, Role.AMR) if one.node == node)
    return tuple(sorted(set(found)))


def write(tx: Tx, env: Env, looking: Looking) -> Sequence[Outgoing]:
    """Return the digest to channel and members; nothing where nobody is in the group any more."""
    node, at = looking.node, looking.at
    if not members(tx, node):
        return ()
    facts = gather(tx, env, node, looking.since, at, looking.soon, looking.calendar)
    params = {"node": node, "last": looking.next_at is None, **reckon(facts).to_plain()}
    return _to_group(tx, env, node, looking.purpose, Note("digest", params), at)


def ask_for_dates(tx: Tx, env: Env, plan: Schedule, now: datetime) -> Sequence[Outgoing]:
    """Return the question for new meeting dates, where the list ran out without a digest."""
    node = plan.scope[0]
    if node not in people.tree(tx):
        return ()
    purpose = f"digest-dates:{plan.id}:{plan.version}"
    at = telling.channel_moment(tx, env, (node,), now)
    return _to_group(tx, env, node, purpose, Note("digest.dates", {"node": node}), at)


def _to_group(
    tx: Tx, env: Env, node: NodeId, purpose: str, note: Note, at: datetime
) -> Sequence[Outgoing]:
    tree, who = people.tree(tx), members(tx, node)
    channel = Outgoing(purpose, chat.group_id(node), note, at)
    return [channel, *telling.to_people(tx, env, tree, who, purpose, note, at)]


def worded(tx: Tx, env: Env, reader: Reader, params: Mapping[str, Any]) -> Message:
    """Return a digest that was sent, to the group's channel or to somebody who is in it now."""
    words, node = reader.words, params["node"]
    if not _in_group(tx, reader, node):
        text = words("note.unknown")
        return Message(text, (Text(text),))
    card = digest_cards.card(tx, env, reader, node, Digest.from_plain(params))
    link = Link(words("digest.button.page"), f"amg/{node}")
    parts = [*card.children, Actions((link,))]
    if params["last"]:
        plan = Button("digest.plan", words("digest.button.dates"), node, opens_form=True)
        parts += [Text(words("digest.last")), Actions((plan,))]
    return Message(card.fallback, tuple(parts), title=card.title)


def worded_dates(tx: Tx, env: Env, reader: Reader, params: Mapping[str, Any]) -> Message:  # noqa: ARG001
    """Return the question for new dates."""
    words, node = reader.words, params["node"]
    if not _in_group(tx, reader, node):
        text = words("note.unknown")
        return Message(text, (Text(text),))
    text = words("digest.dates_over", team=people.tree(tx)[node].name)
    plan = Button("digest.plan", words("digest.button.dates"), node, opens_form=True)
    title = words("digest.dates_title")
    return Message(text, (Text(text), Actions((plan,))), title=title)


def _in_group(tx: Tx, reader: Reader, node: NodeId) -> bool:
    if reader.person is None:
        return reader.channel == chat.group_id(node)
    who = people.who(tx, reader.person)
    return who is not None and allowed(who, Action.SEE_DIGEST, node, people.tree(tx))
