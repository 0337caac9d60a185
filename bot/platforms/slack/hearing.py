"""What happens when Slack tells something: who it was, what the flows say, and how it is shown.

1. What must not be done twice is done once, whichever process hears it (``once``).
2. Who it is: nobody the bot knows gets a line that says so.
3. The flows answer; what they keep is durable by then.
4. The answer is shown (``showing``), before or with the acknowledgement.

That Slack is answered in time, and the same each time it asks, is ``promptly``'s.
"""

import logging
from collections.abc import Awaitable, Callable

from bot.cards import (
    Ask,
    Clicked,
    Command,
    Inbound,
    Reply,
    Say,
    Show,
    Submitted,
)
from bot.content.words import Words
from bot.domain.languages import Language, choose_language
from bot.domain.recent import Recent
from bot.flows.menu import ACTION as VERB
from bot.platforms.slack.buttons import LINK
from bot.platforms.slack.choices import Choices
from bot.platforms.slack.folding import MORE
from bot.platforms.slack.front import WAITING, Front, Own
from bot.platforms.slack.home import Home
from bot.platforms.slack.links import Links
from bot.platforms.slack.mentions import worded
from bot.platforms.slack.once import LOOKING, Once
from bot.platforms.slack.pages import Pages
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.screens import OPEN
from bot.platforms.slack.showing import BRIEFLY, Ack, Showing
from bot.platforms.slack.strangers import Strangers
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.told import Origin, Pressed, Sent, Typed
from bot.platforms.slack.views import PAGE, QUESTIONS
from bot.platforms.slack.waiting import Waiting

log = logging.getLogger(__name__)

SPEAKERS = 2_000
"""People whose language is remembered, for when something goes wrong."""

Told = Typed | Pressed | Sent

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
        strangers: Strangers,
        tasks: Tasks,
        language: Language,
        once: Once,
        links: Links | None = None,
    ) -> None:
        self._front, self._people, self._showing = front, people, showing
        self._where, self._home, self._tasks = where, home, tasks
        self._strangers = strangers
        self._language, self._once = language, once
        self._waiting = Waiting(front)
        self.pages = Pages(front, showing, tasks, links)
        self._spoken: Recent[tuple[str, str], Language] = Recent(SPEAKERS)
        self.own: dict[str, Own] = {
            OPEN: self.pages.opened,
            WAITING: self._waiting.opened,
            QUESTIONS: _choose,
            LINK: self.pages.pressed_link,
        }
        self.first: dict[str, Own] = {}
        """What is shown in place of a form of the flows that a command or the menu leads to."""
        self.choices = Choices(front, people, self.own)
        self.own[MORE] = self.choices.unfolded

    async def hears(self, told: Told) -> Ack:
        """Answer; return what goes out with the acknowledgement. Never raises."""
        try:
            if isinstance(told, Sent):
                told = await self.choices.whole(told)
            return await self._once.answer(told, self._answer, self._before)
        except Exception as fault:
            log.error("SLACK-3 a payload was not handled: %s", type(fault).__name__)
            return await self._sorry(told.origin)

    def words_for(self, here: Origin) -> Words:
        """Return the words for somebody, in the language he was answered in last."""
        spoken = self._spoken.find((here.team, here.user))
        return self._front.words(spoken or self._language)

    async def _before(self, told: Told, done: bool) -> Ack:
        """Tell who sent a form again what became of it; what he pressed stands as it is."""
        here = told.origin
        if not isinstance(told, Sent):
            return {}
        person = await self._people.person(here.team, here.user)
        language = await self._front.language(person) if person else None
        words = self._front.words(language or self._language)
        reply = Say(words("slack.sent_before" if done else "slack.under_way"), failed=not done)
        return await self._showing.show(here, reply, words, here.conversation)

    async def _answer(self, told: Told) -> Ack:
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
            if person is not None and isinstance(told, Sent) and reply is not None:
                reply = await self.pages.back(told, person, words, reply)
        elif name == PAGE and language and isinstance(told, Pressed):
            return await self._leaf(told, person, words)
        else:
            reply = await self._strangers.reply(here, words)
        if reply is None:
            await self._once.came(told, reply)
            return {}
        return await self._shown(told, reply, words, here.conversation)

    async def _asked(self, told: Told, person: str) -> Ack:
        """Have the flows answer; who has left is told that he is not known any more."""
        here = told.origin
        if isinstance(told, Typed) and told.message:
            language = await self._front.language(person)
            words = self._front.words(language or self._language)
            told = await worded(told, self._people, words)
        conversation = here.conversation or await self._conversation(here, person)
        reply = await self._front.handle(_inbound(told, person, conversation))
        typed = isinstance(told, Typed) or getattr(told, "action", "") == VERB
        if typed:
            reply = await self._waiting.whole(here.event, person, reply)
        language = getattr(reply, "language", None) or await self._front.language(person)
        words = self._front.words(language or self._language)
        if language is None:
            reply = await self._strangers.reply(here, words)
        elif isinstance(told, Typed) and not told.text and isinstance(reply, Show):
            reply = await self._strangers.with_offer(here, person, words, reply)
        elif isinstance(reply, Ask) and not isinstance(told, Sent):
            reply = await self._before_it(told, person, words, reply)
        elif here.surface == "modal":
            reply = await self.pages.back(told, person, words, reply)
        return await self._shown(told, reply, words, conversation)

    async def _before_it(
        self, told: Typed | Pressed, person: str, words: Words, asked: Ask
    ) -> Reply:
        """Return the adapter's own form that comes before one of the flows, unless that was named.

        Whoever presses a button of a form's own name wants that form.
        """
        first = self.first.get(asked.form.id)
        if first is None or getattr(told, "action", "") == asked.form.id:
            return asked
        mine = Pressed(told.origin, asked.form.id, asked.form.context)
        return await first(mine, person, words) or asked

    async def _shown(self, told: Told, reply: Reply, words: Words, conversation: str) -> Ack:
        here = told.origin
        self._spoken.keep((here.team, here.user), words.language)
        await self._once.came(told, reply)
        ack = await self._showing.show(here, reply, words, conversation)
        if isinstance(told, Sent) or (isinstance(told, Pressed) and told.action not in LOOKING):
            self._home.soon(here.team, here.user)
        return ack

    async def _leaf(self, told: Pressed, person: str | None, words: Words) -> Ack:
        """Show another page of what stands in a modal or in the home."""
        if told.origin.surface == "home":
            return await self._leaf_home(told)
        card = self._showing.shown.card(told.origin)
        again = await self.pages.again(told.origin, person, words) if card is None else None
        page = int(told.value) if told.value.isdecimal() else 0
        reply = again or (Show(card) if card else Say(words("slack.not_shown")))
        return await self._showing.show(
            told.origin, reply, words, told.origin.conversation, page=page
        )

    async def _leaf_home(self, told: Pressed) -> Ack:
        page = int(told.value) if told.value.isdecimal() else 0
        await self._tasks.briefly(
            self._home.publish(told.origin.team, told.origin.user, page), BRIEFLY
        )
        return {}

    async def _conversation(self, here: Origin, person: str) -> str:
        if not here.channel:
            return f"person:{person}"
        return await self._where(here.team, here.channel)

    async def _guess(self, here: Origin) -> Language:
        """Return the language of somebody the bot does not know: his profile's."""
        seen = await self._people.profile(here.team, here.user)
        return choose_language(seen.locale if seen else None, self._language)

    async def _sorry(self, here: Origin) -> Ack:
        words = self.words_for(here)
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
            return Clicked(event, person, conversation, action, context, value, whole=True)
        case Sent(form=form, context=context, values=values):
            return Submitted(event, person, conversation, form, context, values)


async def _choose(told: Pressed | Sent, person: str | None, words: Words) -> Reply:  # noqa: ARG001
    """Answer a question that was sent without a choice, where it cannot be skipped."""
    return Say(words("slack.choose"), failed=True)
