"""The app's home: what waits for the person, his page, and the way to everything else.

It is drawn when he opens it, and again, as long as he may be looking at it, whenever he has done
something or what his teams see together has changed. What waits is only named here: the questions
open in a modal, so that no home shows an answer. Who has opened his home stands in memory alone.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.cards import Actions, Button, Link, Message
from bot.content.words import Words
from bot.domain.languages import Language, choose_language
from bot.domain.recent import Recent
from bot.flows.env import Env
from bot.flows.views import Sidebar
from bot.platforms.slack import views
from bot.platforms.slack.front import Front
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.pictures import Pictures
from bot.platforms.slack.rendering import Rendering
from bot.platforms.slack.screens import OPEN, inside
from bot.platforms.slack.strangers import Strangers
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.waiting import named
from bot.platforms.slack.workspaces import Workspaces, client

log = logging.getLogger(__name__)

A_DAY = timedelta(days=1)
"""So long after he opened it somebody's home follows what happens."""
HOMES = 2_000
"""Homes that follow; the ones opened longest ago are let go first."""

Who = tuple[str, str]
"""A workspace and an account."""


@dataclass(frozen=True)
class _Open:
    """A home somebody may be looking at: which page of it, and what is told of his teams."""

    at: datetime
    page: int = 0
    sees: frozenset[str] = frozenset()


class Home:
    """Publishes people's homes."""

    def __init__(
        self,
        env: Env,
        front: Front,
        people: Acquaintances,
        strangers: Strangers,
        workspaces: Workspaces,
        api: str,
        pictures: Pictures,
        tasks: Tasks,
        language: Language,
    ) -> None:
        self._env, self._front, self._people, self._strangers = env, front, people, strangers
        self._pictures, self._tasks = pictures, tasks
        self._workspaces, self._api, self._language = workspaces, api, language
        self._open: Recent[Who, _Open] = Recent(HOMES)
        self._drawing: set[Who] = set()
        self._again: set[Who] = set()

    def follow(self) -> None:
        """From now on, draw open homes again when what a team sees has changed."""
        loop = asyncio.get_running_loop()

        def heard(conversations: Iterable[str]) -> None:
            changed = frozenset(conversations)
            try:
                loop.call_soon_threadsafe(lambda: self._tasks.start(self._refresh(changed)))
            except RuntimeError:  # the loop has ended, and the adapter with it
                return

        self._env.news.listen(heard)

    async def publish(self, team: str, user: str, page: int = 0) -> None:
        """Draw somebody's home as things stand now; he is looking at it."""
        now = self._env.clock.now()
        before = self._open.find((team, user)) or _Open(now)
        self._open.keep((team, user), replace(before, at=now, page=page))
        await self._once((team, user))

    def soon(self, team: str, user: str) -> None:
        """Draw the home of somebody who has done something, or who was told something, again.

        Nothing is drawn for who has not opened it today.
        """
        if self._is_open((team, user)):
            self._tasks.start(self._once((team, user)))

    async def _refresh(self, changed: frozenset[str]) -> None:
        for who, found in self._open.items():
            if found.sees & changed and self._is_open(who):
                await self._once(who, patient=True)

    def _is_open(self, who: Who) -> bool:
        found = self._open.find(who)
        return found is not None and self._env.clock.now() - found.at < A_DAY

    async def _once(self, who: Who, *, patient: bool = False) -> None:
        """Draw a home; what happens while it is under way is drawn by who is at it."""
        self._again.add(who)
        if who in self._drawing:
            return
        self._drawing.add(who)
        try:
            while who in self._again:
                self._again.discard(who)
                await self._draw(*who, patient=patient)
        finally:
            self._drawing.discard(who)

    async def _draw(self, team: str, user: str, *, patient: bool) -> None:
        bot = await self._workspaces.bot(team)
        if bot is None:
            return
        words, cards = await self._cards(team, user)
        found = self._open.find((team, user))
        context = Rendering(words, str, await self._pictures.known(team, cards))
        view = views.home(cards, context=context, page=found.page if found else 0)
        to = client(self._api, bot.token, patient=patient)
        try:
            await to.views_publish(user_id=user, view=view)
        except TROUBLE as trouble:
            log.warning("SLACK-2 views.publish: %s", error_of(trouble))

    async def _cards(self, team: str, user: str) -> tuple[Words, tuple[Message, ...]]:
        person = await self._people.person(team, user)
        sidebar = await self._front.sidebar(person) if person else None
        if person is None or sidebar is None:
            seen = await self._people.profile(team, user)
            spoken = choose_language(seen.locale if seen else None, self._language)
            words = self._front.words(spoken)
            return words, (await self._strangers.at_home(team, user, words),)
        if (found := self._open.find((team, user))) is not None:
            sees = frozenset(one.path.removeprefix("c/") for one in sidebar.entries)
            self._open.keep((team, user), replace(found, sees=sees))
        words = self._front.words(sidebar.language)
        return words, await drawn(self._front, sidebar, words)


async def drawn(front: Front, sidebar: Sidebar, words: Words) -> tuple[Message, ...]:
    """Return the cards of somebody's home: his page, and the way to the others."""
    mine = await front.page(sidebar.person, "me")
    cards = [named(card, words) for card in (mine.cards if mine else ())]
    return *map(inside, cards), _pages(sidebar, cards, words)


def _pages(sidebar: Sidebar, cards: Iterable[Message], words: Words) -> Message:
    """Return the way to the pages that no card leads to."""
    led = {
        one.path
        for card in cards
        for part in card.children
        if isinstance(part, Actions)
        for one in part.children
        if isinstance(one, Link)
    }
    links = tuple(
        Button(OPEN, entry.label, value=entry.path, opens_form=True)
        for entry in sidebar.entries
        if entry.kind == "page" and entry.path != "me" and entry.path not in led
    )
    return Message(words("slack.pages"), (Actions(links),), title=words("slack.pages"))
