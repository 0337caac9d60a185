"""The bot's pages in Slack: opened from a button, and shown again once something was done there."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.cards import Actions, Button, Link, Message, Part, Reply, Say, Show, Text
from bot.content.words import Words
from bot.platforms.slack.front import Front
from bot.platforms.slack.links import Links
from bot.platforms.slack.screens import OPEN, Page, led, together
from bot.platforms.slack.showing import Showing
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.told import Origin, Pressed, Sent, Typed
from bot.platforms.slack.waiting import named

Told = Typed | Pressed | Sent
Ways = Callable[[str, str, Words], Awaitable[tuple[Part, ...]]]
"""Returns what this adapter adds to a page of the bot's, for a person and a path."""
Files = Callable[[str, Message], Message]
"""Returns a page as a person gets it, its files within his reach."""


class Pages:
    """Shows pages. ``links`` lead to the same ones in the browser, where there are any."""

    def __init__(self, front: Front, showing: Showing, tasks: Tasks, links: Links | None) -> None:
        self._front, self._showing, self._tasks, self._links = front, showing, tasks, links
        self.ways: Ways = _no_ways
        self.files: Files = _as_it_is

    async def opened(self, told: Pressed | Sent, person: str | None, words: Words) -> Reply:
        """Show a page of the bot's in Slack."""
        path = told.value if isinstance(told, Pressed) else ""
        if person is None:
            return Say(words("slack.unknown"))
        return await self._page(
            person, path, words, led(self._showing.shown.way(told.origin), path)
        )

    async def again(self, here: Origin, person: str | None, words: Words) -> Page | None:
        """Return the page a modal shows as it is now; ``None`` where it shows none."""
        way = self._showing.shown.way(here)
        found = await self._page(person, way[-1], words, way[:-1]) if person and way else None
        return found if isinstance(found, Page) else None

    async def _page(self, person: str, path: str, words: Words, before: tuple[str, ...]) -> Reply:
        """Return a page as a reply; ``before`` are the pages one came to it by."""
        kind, _, id_ = path.partition("/")
        if kind == "c":
            found = await self._front.conversation(person, id_)
            if found is None:
                return Say(words("slack.no_page"))
            waiting = (named(one, words) for one in found.waiting)
            cards = (*(one.card for one in found.items[-5:]), *waiting)
            return Show(together(found.title, cards))
        page = await self._front.page(person, path)
        if page is None:
            return Say(words("slack.no_page"))
        card = together(page.title, [named(one, words) for one in page.cards])
        card = self.files(person, card)
        own = await self.ways(person, path, words)
        card = replace(card, children=(*card.children, *own))
        ways_on: list[Button | Link] = [
            Button(OPEN, words("slack.back"), value=one) for one in before[-1:]
        ]
        if self._links is not None:
            ways_on.append(Link(words("slack.browser"), self._links.address(person, path)))
        if ways_on:
            card = replace(card, children=(*card.children, Actions(tuple(ways_on))))
        return Page(card, way=(*before, path))

    async def pressed_link(
        self,
        told: Pressed | Sent,
        person: str | None,
        words: Words,  # noqa: ARG002
    ) -> None:
        """Slack tells of a pressed link while the browser is on its way: it may open now."""
        if self._links is not None and isinstance(told, Pressed):
            await self._links.pressed(told.value, person)

    async def back(self, told: Told, person: str, words: Words, said: Reply) -> Reply:
        """Return the page something was done from, as it is now, under what is said about it.

        A card that comes of a form stands over that page.
        """
        here, shows = told.origin, isinstance(said, Show) and isinstance(told, Sent)
        way = self._showing.shown.way(here)
        if not way or not (shows or (isinstance(said, Say) and not said.failed)):
            return said
        page = await self._page(person, way[-1], words, way[:-1])
        if not isinstance(page, Page):
            return said
        if isinstance(said, Say):
            card = page.message
            return replace(page, message=replace(card, children=(Text(said.text), *card.children)))
        if here.below:
            self._tasks.start(self._showing.below(here, page, words))
        return said


def _as_it_is(person: str, card: Message) -> Message:  # noqa: ARG001
    return card


async def _no_ways(person: str, path: str, words: Words) -> tuple[Part, ...]:  # noqa: ARG001
    return ()
