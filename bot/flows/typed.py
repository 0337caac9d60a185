"""What is typed to the bot itself: a verb gets its button, everything else a kind word.

Nothing of it is kept, passed on or said again: it might be an answer. So a verb's button does the
verb and nothing of what stood after it. Who writes that it is too much is told what to do now and
whom to talk to; which phrases those are is content (``typed.phrases``).
"""

import unicodedata

from bot.cards import Actions, Message, Part, Reply, Show, Text
from bot.content.model import Pack
from bot.domain.languages import LANGUAGES
from bot.flows import menu
from bot.flows.desk import Guest
from bot.flows.env import Env
from bot.flows.listeners import listeners
from bot.flows.verbs import MENU, NotUnderstood, Understood, understand
from bot.storage.store import Tx

FEW = 4
"""Words; a longer message is no command, whatever it begins with."""
_OF_COMMANDS = frozenset({"trivsel", "trivselsbot"})


def heard(tx: Tx, env: Env, asker: Guest, text: str) -> Reply:
    """Return what somebody is told who has typed to the bot."""
    if _is_hard(env.pack, text):
        return Show(_comfort(tx, asker))
    meant = _verb(env.pack, text)
    if isinstance(meant, Understood):
        return Show(_offer(env, asker, meant.verb))
    return Show(_not_understood(tx, env, asker, meant.nearest if meant else None))


def _not_understood(tx: Tx, env: Env, asker: Guest, nearest: str | None) -> Message:
    words = asker.reader.words
    first = words("chat.only_buttons")
    parts: list[Part] = [Text(first)]
    if nearest:
        parts.append(Text(words("typed.nearest", what=menu.told(env, asker, nearest))))
        parts.append(Actions((menu.verb_button(words, nearest),)))
    parts.append(Text(_talk(tx, asker, now=False), "quiet"))
    parts.append(Actions((menu.verb_button(words, MENU),)))
    return Message(first, tuple(parts))


def _offer(env: Env, asker: Guest, verb: str) -> Message:
    """Return the button that does just that."""
    words = asker.reader.words
    text = words("menu.title") if verb == MENU else menu.told(env, asker, verb)
    return Message(text, (Text(text), Actions((menu.verb_button(words, verb),))))


def _talk(tx: Tx, asker: Guest, *, now: bool) -> str:
    """Say whom to talk to: the elected representatives by name, where there are any."""
    words, names = asker.reader.words, listeners(tx, asker.id)
    if not names:
        return words("typed.talk_now_nobody" if now else "typed.talk_nobody")
    return words("typed.talk_now" if now else "typed.talk", names=list(names))


def _comfort(tx: Tx, asker: Guest) -> Message:
    """Return what to do now and whom to talk to, and that nobody has read it."""
    words = asker.reader.words
    parts: tuple[Part, ...] = (
        Text(words("typed.hard")),
        Text(words("typed.now")),
        Text(_talk(tx, asker, now=True)),
        Text(words("typed.danger")),
        Text(words("typed.unread"), "quiet"),
        Actions((menu.verb_button(words, MENU),)),
    )
    return Message(words("typed.hard"), parts)


def _verb(pack: Pack, text: str) -> Understood | NotUnderstood | None:
    """Return the verb that was meant; ``None`` for what is no command at all."""
    said = [one for one in (word.strip(".,:;!?/\"'") for word in text.split()) if one]
    if said and said[0].lower() in _OF_COMMANDS:
        said = said[1:]
    meant = understand(pack, " ".join(said)) if len(said) <= FEW else None
    # Of several words none is nearly a verb: they are a sentence.
    return None if isinstance(meant, NotUnderstood) and len(said) > 1 else meant


def _is_hard(pack: Pack, text: str) -> bool:
    """Tell whether somebody says that it is too much, in any of the languages."""
    said = f" {_plain(text)} "
    return any(
        f" {_plain(phrase)}" in said
        for language in LANGUAGES
        for phrase in pack.words(language)("typed.phrases").split(",")
    )


def _plain(text: str) -> str:
    """Return a text's words in small letters, a space between them."""
    kept = unicodedata.normalize("NFC", text).casefold().replace("’", "'")
    return " ".join("".join(c if c.isalnum() or c == "'" else " " for c in kept).split())
