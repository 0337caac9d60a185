"""Who takes part in a dialogue, who leads it, and when they may be written to."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.dialogues import VOTES, Dialogue, DialogueId
from bot.domain.people import NodeId, Person, Tree, rules_of
from bot.domain.permissions import Action
from bot.flows.calendars import team_calendar
from bot.flows.desk import Guest, NotAllowed, NotUnderstood
from bot.flows.env import Env
from bot.flows.rounds.opening import threshold_for
from bot.flows.telling import Leads, channel_moment, to_people
from bot.schedule.calendar import Calendar
from bot.storage import chat, dialogues, outbox, people, rounds
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx

SHOWS_ORDER = ("order", "outcome")
"""Events with which the order of the ideas is shown."""


def may_start(env: Env, asker: Guest, node: NodeId) -> bool:
    """Tell whether the person may start a dialogue here: by role, or where members may."""
    if asker.may(Action.START_DIALOGUE, node):
        return True
    return belongs(asker, node) and rules_of(asker.tree, node, env.defaults).members_start


def belongs(asker: Guest, node: NodeId) -> bool:
    """Tell whether the person is at home in the node or below it, and so takes part."""
    home = asker.person.home
    return home in asker.tree and node in asker.tree.above(home)


def leads(asker: Guest, one: Dialogue) -> bool:
    """Tell whether the person may lead the dialogue: who started it, its leads, its AMR."""
    if asker.id == one.started_by:
        return one.node in asker.tree and asker.person.active
    return asker.may(Action.START_DIALOGUE, one.node)


def seen(tx: Tx, asker: Guest, dialogue_id: DialogueId) -> Dialogue:
    """Return a dialogue the person may see. Raises ``NotAllowed`` or ``NotUnderstood``."""
    one = dialogues.get(tx, dialogue_id)
    if one is None:
        raise NotUnderstood("dialogue")
    if not (leads(asker, one) or asker.may(Action.SEE_ACTIONS, one.node)):
        raise NotAllowed(Action.SEE_ACTIONS.value)
    return one


def led(tx: Tx, asker: Guest, dialogue_id: DialogueId) -> Dialogue:
    """Return a dialogue the person may lead. Raises ``NotAllowed`` or ``NotUnderstood``."""
    one = seen(tx, asker, dialogue_id)
    if not leads(asker, one):
        raise NotAllowed(Action.START_DIALOGUE.value)
    return one


def members(tx: Tx, tree: Tree, node: NodeId) -> tuple[Person, ...]:
    """Return everybody who takes part in a dialogue of the node."""
    return people.everybody(tx, tree.under(node))


def too_small(tx: Tx, env: Env, tree: Tree, node: NodeId) -> int | None:
    """Return the threshold where the node has fewer people than that; else ``None``."""
    threshold = threshold_for(tree, env.defaults, (node,))
    return threshold if len(members(tx, tree, node)) < threshold else None


def calendar_of(tx: Tx, env: Env, node: NodeId, now: datetime) -> Calendar:
    """Return the node's calendar; the whole organisation's where the node is gone."""
    tree = people.tree(tx)
    at = node if node in tree else tree.root.id
    return team_calendar(tx, tree, env.defaults, (at,), now.date())


def tell_channel(tx: Tx, env: Env, one: Dialogue, event: str, now: datetime) -> None:
    """Tell the team's channel, once, that something has happened to its dialogue."""
    at = channel_moment(tx, env, (one.node,), now)
    params = {"dialogue": one.id, "event": event}
    voted = rounds.about(tx, VOTES, one.id) if event in SHOWS_ORDER else ()
    if voted:
        params["round"] = voted[0].id  # a result goes where its round said it would
    note = Note("dialogue.news", params)
    row = Outgoing(f"dialogue-{event}:{one.id}", f"node:{one.node}", note, at)
    outbox.add(tx, (env.chance.token(),), (row,))


def tell_leads(tx: Tx, env: Env, one: Dialogue, event: str, now: datetime) -> None:
    """Tell who leads the dialogue, once: who started it, or the nearest lead where he has left."""
    purpose = f"dialogue-mine-{event}:{one.id}:{one.phase.value}"
    note = Note("dialogue.mine", {"dialogue": one.id, "event": event})
    starter = people.active(tx, one.started_by)
    if starter is None:
        nearest = Leads.read(tx, env, now)
        nearest.tell((one.node,), purpose, note)
        nearest.send(tx, env)
        return
    tell_people(tx, env, (starter.id,), purpose, note, now)


def tell_people(
    tx: Tx, env: Env, who: Iterable[str], purpose: str, note: Note, now: datetime
) -> None:
    """Write the note to each of them, in his own hours."""
    rows = to_people(tx, env, people.tree(tx), who, purpose, note, now)
    outbox.add(tx, (env.chance.token() for _ in rows), rows)


def look_again(tx: Tx, env: Env, one: Dialogue) -> None:
    """Have the team's open pages look again once this is saved."""
    channel = chat.channel_id(one.node)
    tx.after_commit(lambda: env.news.changed(channel))
