"""What a note of the outbox says in Slack: to a person in his language, in a channel in its own."""

from bot.cards import Message
from bot.content.words import Words
from bot.domain.languages import choose_language
from bot.domain.people import PersonId, rules_of
from bot.flows import notes
from bot.flows.desk import NotAllowed, guest
from bot.flows.env import Env, Reader
from bot.platforms.slack.channels import node_of
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


def words_of(tx: Tx, env: Env, person: PersonId) -> Words | None:
    """Return the words of a person's language; ``None`` for somebody who is gone."""
    try:
        return guest(tx, env, person).reader.words
    except NotAllowed:
        return None
