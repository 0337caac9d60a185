"""What a platform with pages of its own shows: conversations and pages, made of cards."""

from dataclasses import dataclass

from bot.cards import Message
from bot.domain.languages import Language


@dataclass(frozen=True)
class Entry:
    """One line of the list at the side: a conversation or a page."""

    path: str
    """``c/<conversation id>`` or a page's path such as ``me`` or ``team/<node id>``."""
    label: str
    kind: str
    """``channel``, ``direct`` or ``page``."""
    newest: int = 0
    """The newest message's id, for the unread mark; 0 where there is none."""
    waiting: int = 0
    """How many cards wait for an answer there."""


@dataclass(frozen=True)
class Sidebar:
    """Who is signed in, and where he can go."""

    person: str
    name: str
    language: Language
    organisation: str
    entries: tuple[Entry, ...]
    demo: bool


@dataclass(frozen=True)
class Item:
    """A message in a conversation, worded for the reader; ``author`` is ``None`` for the bot."""

    id: int
    author: str | None
    at: str
    """When, in words and in the reader's zone."""
    card: Message


@dataclass(frozen=True)
class Conversation:
    """A channel or the direct conversation with the bot."""

    id: str
    title: str
    note: str
    """One line under the title: who is here, or what this place is for."""
    items: tuple[Item, ...]
    waiting: tuple[Message, ...]
    """Cards drawn from the state for this reader alone; never stored."""
    older: int | None
    """Ask for messages before this id to see more."""
    can_post: bool


@dataclass(frozen=True)
class Page:
    """A page made of cards."""

    path: str
    title: str
    cards: tuple[Message, ...]


@dataclass(frozen=True)
class Download:
    """A file to keep: its name, what kind it is, and what stands in it."""

    name: str
    media: str
    body: bytes

    def __repr__(self) -> str:
        return f"Download({self.name!r}, {len(self.body)} bytes)"


@dataclass(frozen=True)
class SignInChoice:
    """Somebody one can sign in as, where sign-in is local."""

    person: str
    name: str
    about: str
    """Roles, in words."""
    team: str = ""
    """What he is listed under: his team, in words."""
