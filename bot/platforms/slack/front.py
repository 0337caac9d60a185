"""The flows as this adapter sees them, and the buttons it adds of its own."""

from typing import Protocol

from bot.cards import Inbound, Reply
from bot.content.words import Words
from bot.domain.languages import Language
from bot.flows.views import Conversation, Page, Sidebar

WAITING = "slack.waiting"
"""Shows what waits for the person; the context is the round he was written to about."""
MENU = "slack.menu"
"""Shows the menu of ``/trivsel``."""


class Front(Protocol):
    """The flows as this adapter sees them."""

    async def handle(self, inbound: Inbound) -> Reply:
        """Return what a click, a form or a command leads to."""

    async def say(self, person: str, conversation: str, event: str, text: str) -> Reply | None:
        """Take what was typed."""

    async def language(self, person: str) -> Language | None:
        """Return somebody's language; ``None``: nobody active has this id."""

    async def page(self, person: str, path: str) -> Page | None:
        """Return a page; ``None``: there is none, or not for this person."""

    async def sidebar(self, person: str) -> Sidebar | None:
        """Return where somebody can go."""

    async def conversation(
        self, person: str, id_: str, before: int | None = None
    ) -> Conversation | None:
        """Return a conversation with what waits in it."""

    def words(self, language: Language) -> Words:
        """Return a language's messages."""
