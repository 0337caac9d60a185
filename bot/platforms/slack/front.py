"""The flows as this adapter sees them, and the buttons it adds of its own."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.cards import Form, Inbound, Reply
from bot.content.words import Words
from bot.domain.languages import Language
from bot.flows.views import Conversation, Download, Page, Sidebar
from bot.platforms.slack.told import Pressed, Sent

WAITING = "slack.waiting"
"""Shows what waits for the person; the context is the round he was written to about."""
Own = Callable[[Pressed | Sent, str | None, Words], Awaitable[Reply | None]]
"""What a button or form of the adapter's own does, for a person or (``None``) for somebody the bot
does not know; ``None``: it has shown what there is to show. A press by a form's name shows the form
and does nothing else.
"""


class Front(Protocol):
    """The flows as this adapter sees them."""

    async def handle(self, inbound: Inbound) -> Reply:
        """Return what a click, a form or a command leads to."""

    async def form(self, person: str, conversation: str, form: str, context: str) -> Form | None:
        """Return a form as the person would be shown it now, and do nothing; ``None``: no such."""

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

    async def download(self, person: str, file: str) -> Download | None:
        """Return a file to keep; ``None``: none, or not for this person."""

    def words(self, language: Language) -> Words:
        """Return a language's messages."""
