"""What a note of the outbox says in Slack: to a person in his language, in a channel in its own."""

from bot.cards import Message
from bot.content.words import Words
from bot.domain.languages import choose_language
from bot.domain.people import PersonId, rules_of
from bot.flows import notes
from bot.flows.channels import node_of
from bot.flows.desk import NotAllowed, guest
from bot.flows.env import Env, Reader
from bot.storage import people
from bot.storage.outbox import Note
from bot.storage.store import Tx


def for_person(tx: Tx, env: Env, person: PersonId, note: Note) -> tuple[Words, Message] | None:
    """Return a note as a person reads it; ``None`` for somebody who is gone."""
    try:
        reader = guest(tx, env, person).reader
    except NotAllowed:
        return None
    return reader.words, notes.card(tx, env, reader, note)


def for_channel(tx: Tx, env: Env, conversation: str, note: Note) -> tuple[Words, Message] | None:
    """Return a note as a channel reads it; ``None`` where there is no such team any more."""
    tree, node = people.tree(tx), node_of(conversation)
    if node not in tree:
        return None
    rules = rules_of(tree, node, env.defaults)
    words = env.pack.words(choose_language(rules.language))
    reader = Reader(words, rules.zone, channel=conversation)
    return reader.words, notes.card(tx, env, reader, note)


def for_anybody(tx: Tx, env: Env, note: Note) -> tuple[Words, Message]:
    """Return a note as a channel reads it that is no team's."""
    words = env.pack.words(choose_language(env.defaults.language))
    reader = Reader(words, env.defaults.zone or "UTC")
    return words, notes.card(tx, env, reader, note)
