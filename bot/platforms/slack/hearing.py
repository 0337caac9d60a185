"""What happens when Slack tells something: who it was, what the flows say, and how it is shown.

1. A payload that came before gets the same answer as then, and is done once.
2. Who it is: nobody the bot knows gets a line that says so.
3. The flows answer; what they keep is durable by then.
4. The answer is shown (``showing``), before or with the acknowledgement.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.cards import (
    Actions,
    Clicked,
    Command,
    Inbound,
    Link,
    Reply,
    Say,
    Show,
    Submitted,
    Text,
)
from bot.content.words import Words
from bot.domain.languages import Language, choose_language
from bot.domain.recent import Recent
from bot.platforms.slack.buttons import LINK
from bot.platforms.slack.front import MENU, WAITING, Front
from bot.platforms.slack.home import Home
from bot.platforms.slack.inbound import Origin, Pressed, Sent, Typed
from bot.platforms.slack.links import Links
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.screens import OPEN, Page, holds, together
from bot.platforms.slack.showing import BRIEFLY, Ack, Showing
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.views import PAGE, QUESTIONS

log = logging.getLogger(__name__)

ANSWERS = 2_000
"""Payloads whose answers are remembered, for one that comes twice."""

Told = Typed | Pressed | Sent


Own = Callable[[Pressed | Sent, str | None, Words], Awaitable[Reply | None]]
"""What a button or form of the adapter's own does, for a person or (``None``) for somebody the bot
does not know; ``None``: it has shown what there is to show."""
Where = Callable[[str, str], Awaitable[str]]
"""Returns the bot's conversation of a workspace's channel; empty for none."""


class Hearing:
    """Answers commands, buttons, forms and shortcuts."""

    def __init__(
        self,
        front: Front,
        people: Acquaintances,
        showing: Showing,
        where: Where,
        home: Home,
        tasks: Tasks,
        language: Language,
        links: Links | None = None,
    ) -> None:
        self._front, self._people, self._showing = front, people, showing
        self._where, self._home, self._tasks = where, home, tasks
        self._language, self._links = language, links
        self._answered: Recent[tuple[str, str], asyncio.Future[Ack]] = Recent(ANSWERS)
        self.own: dict[str, Own] = {
            OPEN: self._open,
            WAITING: self._waiting,
            MENU: self._menu,
            QUESTIONS: _choose,
            LINK: self._pressed_link,
        }

    async def hears(self, told: Told) -> Ack:
        """Answer; return what goes out with the acknowledgement. Never raises."""
        key = told.origin.team, told.origin.event
        before = self._answered.find(key)
        if before is not None:
            return await asyncio.shield(before)
        answer: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._answered.keep(key, answer)
        ack: Ack = {}
        try:
            ack = await self._answer(told)
        except Exception as fault:
            log.error("SLACK-3 a payload was not handled: %s", type(fault).__name__)
            ack = await self._sorry(told.origin)
        finally:
            answer.set_result(ack)
        return ack

    async def _answer(self, told: Told) -> Ack:
        if isinstance(told, Sent):
            told = self._showing.whole(told)
        here = told.origin
        person = await self._people.person(here.team, here.user)
        name = told.form if isinstance(told, Sent) else getattr(told, "action", "")
        own = self.own.get(name)
        if person is not None and own is None and name != PAGE:
            return await self._asked(told, person)
        language = await self._front.language(person) if person else None
        words = self._front.words(language or await self._guess(here))
        if own is not None and isinstance(told, Pressed | Sent):
            reply = await own(told, person if language else None, words)
        elif name == PAGE and language and isinstance(told, Pressed):
            return await self._leaf(told, words)
        else:
            reply = Say(words("slack.unknown"))
        return await self._shown(told, reply, words, here.conversation) if reply else {}

    async def _asked(self, told: Told, person: str) -> Ack:
        """Have the flows answer; who has left is told that he is not known any more."""
        here = told.origin
        conversation = here.conversation or await self._conversation(here, person)
        reply = await self._front.handle(_inbound(told, person, conversation))
        language = getattr(reply, "language", None) or await self._front.language(person)
        words = self._front.words(language or self._language)
        if language is None:
            reply = Say(words("slack.unknown"))
        elif isinstance(reply, Say) and not reply.failed and here.surface == "modal":
            reply = await self._back(here, person, words, reply)
        return await self._shown(told, reply, words, conversation)

    async def _back(self, here: Origin, person: str, words: Words, said: Say) -> Reply:
        """Return the page something was done from, as it is now, under what is said about it."""
        path = self._showing.path(here)
        page = await self._page(person, path, words) if path else None
        if not isinstance(page, Page):
            return said
        card = page.message
        return replace(page, message=replace(card, children=(Text(said.text), *card.children)))

    async def _shown(self, told: Told, reply: Reply, words: Words, conversation: str) -> Ack:
        here = told.origin
        ack = await self._showing.show(here, reply, words, conversation)
        if here.surface == "home":
            self._tasks.start(self._home.publish(here.team, here.user))
        return ack

    async def _leaf(self, told: Pressed, words: Words) -> Ack:
        """Show another page of what stands in a modal or in the home."""
        if told.origin.surface == "home":
            return await self._leaf_home(told)
        card = self._showing.leafed(told.origin)
        page = int(told.value) if told.value.isdecimal() else 0
        reply = Show(card) if card else Say(words("slack.not_shown"))
        return await self._showing.show(
            told.origin, reply, words, told.origin.conversation, page=page
        )

    async def _leaf_home(self, told: Pressed) -> Ack:
        page = int(told.value) if told.value.isdecimal() else 0
        await self._tasks.briefly(
            self._home.publish(told.origin.team, told.origin.user, page), BRIEFLY
        )
        return {}

    async def _open(self, told: Pressed | Sent, person: str | None, words: Words) -> Reply:
        """Show a page of the bot's in Slack."""
        path = told.value if isinstance(told, Pressed) else ""
        if person is None:
            return Say(words("slack.unknown"))
        return await self._page(person, path, words)

    async def _page(self, person: str, path: str, words: Words) -> Reply:
        kind, _, id_ = path.partition("/")
        if kind == "c":
            found = await self._front.conversation(person, id_)
            if found is None:
                return Say(words("slack.no_page"))
            cards = (*(one.card for one in found.items[-5:]), *found.waiting)
            return Show(together(found.title, cards))
        page = await self._front.page(person, path)
        if page is None:
            return Say(words("slack.no_page"))
        card = together(page.title, page.cards)
        if self._links is not None:
            link = Link(words("slack.browser"), self._links.address(person, path))
            card = replace(card, children=(*card.children, Actions((link,))))
        return Page(card, path=path)

    async def _pressed_link(
        self,
        told: Pressed | Sent,
        person: str | None,
        words: Words,  # noqa: ARG002
    ) -> None:
        """Slack tells of a pressed link while the browser is on its way: it may open now."""
        if self._links is not None and isinstance(told, Pressed):
            await self._links.pressed(told.value, person)

    async def _waiting(self, told: Pressed | Sent, person: str | None, words: Words) -> Reply:
        """Show what the person was written to about, else the first thing that waits for him."""
        if person is None:
            return Say(words("slack.unknown"))
        found = await self._front.conversation(person, f"person:{person}")
        waiting = found.waiting if found else ()
        wanted = [one for one in waiting if told.context and holds(one, told.context)]
        shown = wanted or list(waiting)
        return Show(shown[0]) if shown else Say(words("slack.nothing_waits"))

    async def _menu(self, told: Pressed | Sent, person: str | None, words: Words) -> Reply:
        if person is None:
            return Say(words("slack.unknown"))
        return await self._front.handle(Command(told.origin.event, person, f"person:{person}", ""))

    async def _conversation(self, here: Origin, person: str) -> str:
        if not here.channel:
            return f"person:{person}"
        return await self._where(here.team, here.channel)

    async def _guess(self, here: Origin) -> Language:
        """Return the language of somebody the bot does not know: his profile's."""
        seen = await self._people.profile(here.team, here.user)
        return choose_language(seen.locale if seen else None, self._language)

    async def _sorry(self, here: Origin) -> Ack:
        words = self._front.words(self._language)
        reply = Say(words("error.not_saved"), failed=True)
        try:
            return await self._showing.show(here, reply, words, here.conversation)
        except Exception as fault:
            log.error("SLACK-3 not even that could be said: %s", type(fault).__name__)
            return {}


def _inbound(told: Told, person: str, conversation: str) -> Inbound:
    event = told.origin.event
    match told:
        case Typed(text=text):
            return Command(event, person, conversation, text)
        case Pressed(action=action, context=context, value=value):
            return Clicked(event, person, conversation, action, context, value)
        case Sent(form=form, context=context, values=values):
            return Submitted(event, person, conversation, form, context, values)


async def _choose(told: Pressed | Sent, person: str | None, words: Words) -> Reply:  # noqa: ARG001
    """Answer a question that was sent without a choice, where it cannot be skipped."""
    return Say(words("slack.choose"), failed=True)
