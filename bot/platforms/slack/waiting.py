"""What waits for a person: a short round is opened on one view, whatever leads to it.

Where questions stand among other things (the home, a page) they are only named, with one button:
no home shows an answer, and an answer is sent with its view, never clicked.
"""

from dataclasses import replace

from bot.cards import Actions, Ask, Button, Clicked, Message, Part, Reply, Say, Show
from bot.cards import Text as Paragraph
from bot.content.words import Words
from bot.platforms.slack.front import WAITING, Front
from bot.platforms.slack.screens import holds, is_question
from bot.platforms.slack.told import Pressed, Sent

SHEET = "ask.sheet"
"""Opens a round with all its questions on one view, where it is short enough for that."""
_ANSWER = "ask.answer"


class Waiting:
    """Opens what waits."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def opened(self, told: Pressed | Sent, person: str | None, words: Words) -> Reply:
        """Show what the person was written to about, else the first thing that waits for him."""
        if person is None:
            return Say(words("slack.unknown"))
        event = told.origin.event
        if told.context:
            sheet = await self._front.handle(_sheet(event, person, told.context))
            if isinstance(sheet, Ask):
                return sheet
        found = await self._front.conversation(person, f"person:{person}")
        waiting = found.waiting if found else ()
        wanted = [one for one in waiting if told.context and holds(one, told.context)]
        shown = wanted or list(waiting)
        if not shown:
            return Say(words("slack.nothing_waits"))
        return await self.whole(event, person, Show(shown[0]))

    async def whole(self, event: str, person: str, reply: Reply) -> Reply:
        """Return a short round's questions all at once in place of the first of them."""
        about = asks_about(reply.message) if isinstance(reply, Show) else ""
        if not about:
            return reply
        sheet = await self._front.handle(_sheet(event, person, about))
        return sheet if isinstance(sheet, Ask) else reply


def _sheet(event: str, person: str, about: str) -> Clicked:
    return Clicked(event, person, f"person:{person}", SHEET, about)


def asks_about(card: Message) -> str:
    """Return the round a card asks a question of; empty for another card."""
    if not is_question(card):
        return ""
    choices = (p for p in card.children if isinstance(p, Actions) and p.layout != "row")
    buttons = (one for part in choices for one in part.children if isinstance(one, Button))
    return next((one.context for one in buttons if one.action == _ANSWER), "")


def named(card: Message, words: Words) -> Message:
    """Return a question's card with one button in place of its answers; others as they are."""
    about = asks_about(card)
    if not about:
        return card
    said: list[Part] = [
        part for part in card.children if isinstance(part, Paragraph) and part.style == "body"
    ]
    button = Button(WAITING, words("slack.answer"), about, style="primary", opens_form=True)
    return replace(card, children=(*said[:1], Actions((button,))), progress=None)
