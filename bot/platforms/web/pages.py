"""Draws whole pages and their parts around the cards. Pure, as ``render`` is.

A visitor is whoever is signed in; what he may see was decided before it comes here.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from jinja2 import Environment
from markupsafe import Markup

from bot.cards import Message
from bot.flows.views import Conversation, Page, Sidebar, SignInChoice
from bot.platforms.web.port import DemoBar, Wording
from bot.platforms.web.render import Place, href

VERBS = ("checkin", "results", "away", "privacy", "help")
"""The verbs the composer hints at; all of them are known to the flows alone. Their words are the
first of ``verbs.…`` and ``help.…``."""
_HUES = 6


@dataclass(frozen=True)
class Visitor:
    """Who is signed in, his words, the demo's bar if there is one, whether he can sign out."""

    sidebar: Sidebar
    words: Wording
    demo: DemoBar | None = None
    can_leave: bool = True


class Pages:
    """Draws pages. ``static`` is where the style and the script are served."""

    def __init__(self, env: Environment, static: str) -> None:
        self._env = env
        env.globals["static"] = static
        env.filters.update(initials=initials, hue=hue, within=within)

    def conversation(self, visitor: Visitor, conversation: Conversation, place: Place) -> str:
        """Return a conversation's page."""
        return self._shell(
            "conversation.html",
            visitor,
            place,
            conversation.title,
            conversation=conversation,
            verbs=VERBS,
        )

    def conversation_parts(
        self, visitor: Visitor, conversation: Conversation, place: Place
    ) -> dict[str, str | int]:
        """Return what the script puts in place of what it shows: HTML by element id."""
        macros = self._env.get_template("stream.html").module
        return {
            "stream": str(macros.items(conversation, place)),  # type: ignore[attr-defined]
            "waiting": str(macros.waiting(conversation, place)),  # type: ignore[attr-defined]
            "earlier-slot": str(macros.earlier(conversation, place)),  # type: ignore[attr-defined]
            **self._list_parts(visitor, place, conversation.title),
        }

    def page(self, visitor: Visitor, page: Page, place: Place) -> str:
        """Return a page of cards."""
        return self._shell("page.html", visitor, place, page.title, cards=page.cards)

    def page_parts(self, visitor: Visitor, page: Page, place: Place) -> dict[str, str | int]:
        """Return what the script puts in place of what it shows: HTML by element id."""
        cards = self._env.get_template("cards.html").render(cards=page.cards, place=place)
        return {"cards": cards, **self._list_parts(visitor, place, page.title)}

    def reply(
        self, visitor: Visitor, place: Place, heading: str, drawn: Markup | None, said: str = ""
    ) -> str:
        """Return the answer to a click as a page of its own, for browsers without the script."""
        return self._shell("reply.html", visitor, place, heading, drawn=drawn, said=said)

    def sign_in(
        self, words: Wording, organisation: str, choices: Sequence[SignInChoice], next_path: str
    ) -> str:
        """Return the page to choose who one is, grouped by team."""
        ordered = sorted(choices, key=lambda one: (one.team, one.name))
        teams = [(team, list(people)) for team, people in groupby(ordered, lambda one: one.team)]
        title = words("web.signin.title")
        return self._env.get_template("sign_in.html").render(
            w=words, title=title, organisation=organisation, teams=teams, next=next_path
        )

    def fault(
        self, words: Wording, heading: str, lines: Sequence[str], *, home: bool = True
    ) -> str:
        """Return a page that says what went wrong and what to do."""
        return self._env.get_template("fault.html").render(
            w=words, title=heading, heading=heading, lines=lines, home=home
        )

    def _list_parts(self, visitor: Visitor, place: Place, heading: str) -> dict[str, str | int]:
        macros = self._env.get_template("list.html").module
        entries = macros.entries(visitor.sidebar, place.back, place.words)  # type: ignore[attr-defined]
        title = f"{_title(visitor, heading)} – {place.words('web.product')}"
        return {"entries": str(entries), "title": title}

    def _shell(
        self, template: str, visitor: Visitor, place: Place, heading: str, **values: object
    ) -> str:
        return self._env.get_template(template).render(
            w=place.words,
            place=place,
            here=place.back,
            sidebar=visitor.sidebar,
            demo=visitor.demo,
            can_leave=visitor.can_leave,
            heading=heading,
            title=_title(visitor, heading),
            **values,
        )


def within(place: Place, ids: str, level: int = 2) -> Place:
    """Return the place of one card of several on a page."""
    return replace(place, ids=ids, level=level)


def initials(name: str) -> str:
    """Return up to two letters that stand for a person."""
    letters = [word[0] for word in name.split() if word[0].isalpha()]
    return "".join(letters[:1] + letters[1:][-1:]).upper() or "?"


def hue(name: str) -> int:
    """Return the number of the colour a name is shown with, the same on every page."""
    return zlib.crc32(name.encode(errors="replace")) % _HUES


def heading_of(card: Message) -> str:
    """Return what a card is called where it stands alone."""
    return card.title or card.fallback


def first_page(sidebar: Sidebar) -> str:
    """Return the address to begin at: where something waits, else the bot's own conversation."""
    order = sorted(sidebar.entries, key=lambda one: (not one.waiting, one.kind != "direct"))
    return href(order[0].path) if order else "/help"


def _title(visitor: Visitor, heading: str) -> str:
    waiting = sum(one.waiting for one in visitor.sidebar.entries)
    return f"({waiting}) {heading}" if waiting else heading
