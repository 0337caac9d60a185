"""What the web chat needs from the rest of the bot, and what its builder may choose.

Everything that comes through ``Front`` is permission-checked and worded in the reader's language.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import urlsplit

from bot.cards import Chart, Inbound, Reply
from bot.domain.languages import Language
from bot.flows.views import Conversation, Download, Page, Sidebar, SignInChoice
from bot.settings import Settings

Theme = Literal["light", "dark"]
Draw = Callable[[Chart, Theme], Awaitable[bytes]]
"""Draws a chart as a PNG for a light or a dark page."""


class Wording(Protocol):
    """One language's messages, as ``bot.content.words.Words`` has them."""

    language: Language

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the message ``key`` filled with ``values``."""


class Front(Protocol):
    """The flows as the web chat sees them; see each method for what ``None`` means."""

    async def handle(self, inbound: Inbound) -> Reply:
        """Return what a click, a form or a command leads to."""

    async def say(self, person: str, conversation: str, event: str, text: str) -> Reply | None:
        """Take text typed in the composer; ``None``: it was posted as an ordinary message."""

    async def language(self, person: str) -> Language | None:
        """Return somebody's language; ``None``: nobody active has this id."""

    async def sidebar(self, person: str) -> Sidebar | None:
        """Return where somebody can go; ``None``: nobody active has this id."""

    async def conversation(
        self, person: str, conversation: str, /, before: int | None = None
    ) -> Conversation | None:
        """Return a conversation; ``None``: there is none, or not for this person."""

    async def page(self, person: str, path: str) -> Page | None:
        """Return a page; ``None``: there is none, or not for this person."""

    async def chart(self, person: str, figure: str) -> Chart | None:
        """Return the chart of a published figure; ``None``: none, or not for this person."""

    async def download(self, person: str, file: str) -> Download | None:
        """Return an action plan as a file; ``None``: none, or not for this person."""

    async def choices(self) -> tuple[SignInChoice, ...]:
        """Return whom one can sign in as, where sign-in is local."""

    async def by_email(self, email: str) -> str | None:
        """Return the person with an e-mail address, where a proxy signs people in."""

    def words(self, language: Language) -> Wording:
        """Return a language's messages."""


def _own_host(settings: Settings) -> tuple[str, ...]:
    found = urlsplit(settings.public_url).hostname if settings.public_url else None
    return (found,) if found else ()


@dataclass(frozen=True)
class DemoBar:
    """The bar over a demo's pages: what time it is there, and what one can do with it.

    ``hint`` says what to try; ``buttons`` are (path, label), each posted to and answered with a
    redirect.
    """

    now: str
    hint: str
    buttons: tuple[tuple[str, str], ...]
    people: tuple[SignInChoice, ...]


Demo = Callable[[Sidebar], Awaitable[DemoBar]]
"""Returns the bar in the language of the person who is signed in."""


@dataclass(frozen=True)
class Options:
    """What an operator chose for the web chat; ``session_key`` signs the sign-in cookies."""

    session_key: bytes = field(repr=False)
    organisation: str = ""
    language: Language = "da"
    sign_in: Literal["local", "header", "link", "none"] = "local"
    sign_in_header: str = "X-Forwarded-Email"
    sign_in_secret: str | None = field(default=None, repr=False)
    hosts: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings, session_key: bytes) -> "Options":
        """Return the web chat's part of the settings."""
        secret = settings.sign_in_secret
        return cls(
            session_key=session_key,
            organisation=settings.organisation,
            language=settings.language,
            sign_in=settings.sign_in,
            sign_in_header=settings.sign_in_header,
            sign_in_secret=secret.get_secret_value() if secret else None,
            hosts=(*settings.hosts, *_own_host(settings)),
        )
