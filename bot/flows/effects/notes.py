"""What stored notes about an action's effect say, as one reader may see them now."""

from collections.abc import Mapping
from typing import Any

from bot.cards import Message, Text
from bot.domain.action_items import ActionItem
from bot.domain.effects import can_be_judged
from bot.domain.permissions import Action, allowed
from bot.flows.effects import cards as effect_cards
from bot.flows.effects.known import at_turn
from bot.flows.env import Env, Reader
from bot.storage import actions, figures, people
from bot.storage.store import Tx

Params = Mapping[str, Any]


def ask(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:  # noqa: ARG001
    """Ask the responsible, as long as he is that."""
    item = _item(tx, params)
    if item is None or item.responsible != reader.person:
        return _gone(reader)
    return effect_cards.ask(reader, item)


def decide(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    """Let whoever leads the team now decide, or say what was decided."""
    item = _item(tx, params)
    who = people.who(tx, reader.person) if reader.person else None
    if item is None or who is None:
        return _gone(reader)
    if not allowed(who, Action.DECIDE_ACTION, item.node, people.tree(tx)):
        return _gone(reader)
    if can_be_judged(item):
        return effect_cards.decide(tx, env, reader, item)
    now = actions.get(tx, item.id)
    return effect_cards.outcome(reader, item, lead=now is not None and now.turn == item.turn)


def talk(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:  # noqa: ARG001
    """Invite a small team to talk."""
    item = _item(tx, params)
    return effect_cards.talk(reader, item) if item else _gone(reader)


def outcome(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:  # noqa: ARG001
    """Tell the team what was decided."""
    item = _item(tx, params)
    return effect_cards.outcome(reader, item) if item else _gone(reader)


def result(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    """Tell the team what its own answers show."""
    item = actions.get(tx, params["action"])
    kept = figures.get(tx, params["figure"]) if params["figure"] else None
    if item is None or (kept is not None and env.clock.now() < kept.publish_at):
        return _gone(reader)
    asked = actions.as_of(tx, item.id, kept.closed_at) if kept else None
    return effect_cards.result(reader, asked or item, kept)


KINDS = {
    "effect.ask": ask,
    "effect.talk": talk,
    "effect.result": result,
    "effect.decide": decide,
    "effect.outcome": outcome,
}


def _item(tx: Tx, params: Params) -> ActionItem | None:
    """Return the action as it stands, or as it stood at the end of the turn the note is about."""
    return at_turn(tx, params["action"], params["turn"])


def _gone(reader: Reader) -> Message:
    text = reader.words("note.unknown")
    return Message(text, (Text(text),))
