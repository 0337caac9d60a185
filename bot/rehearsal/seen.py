"""What somebody sees of the bot, and where, whatever the platform."""

from dataclasses import dataclass

from bot.cards import Message, Reply, Show


@dataclass(frozen=True)
class Post:
    """A message in a channel, or in somebody's own conversation with the bot."""

    card: Message


@dataclass(frozen=True)
class Opened:
    """What opens over everything else."""

    reply: Reply


@dataclass(frozen=True)
class AtHome:
    """The bot's home."""

    cards: tuple[Message, ...]


Seen = Post | Opened | AtHome


def cards(one: Seen) -> tuple[Message, ...]:
    """Return the cards in what is seen; a form has none."""
    match one:
        case Post(card):
            return (card,)
        case AtHome(found):
            return found
        case Opened(Show(message)):
            return (message,)
    return ()
