"""The app's home: what waits for the person, his page, and the way to everything else.

It is drawn when he opens it or presses something in it. What waits is only named here: the
questions open in a modal, so that no home shows an answer.
"""

import logging
from dataclasses import replace

from bot.cards import Actions, Button, Message, Part
from bot.cards import Text as Paragraph
from bot.content.words import Words
from bot.domain.languages import Language
from bot.flows.views import Sidebar
from bot.platforms.slack import views
from bot.platforms.slack.front import WAITING, Front
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.pictures import Pictures
from bot.platforms.slack.rendering import Rendering
from bot.platforms.slack.screens import OPEN, inside, is_question
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import Workspaces, client

log = logging.getLogger(__name__)


class Home:
    """Publishes people's homes."""

    def __init__(
        self,
        front: Front,
        people: Acquaintances,
        workspaces: Workspaces,
        api: str,
        pictures: Pictures,
        language: Language,
    ) -> None:
        self._front, self._people, self._pictures = front, people, pictures
        self._workspaces, self._api, self._language = workspaces, api, language

    async def publish(self, team: str, user: str, page: int = 0) -> None:
        """Draw somebody's home as things stand now."""
        bot = await self._workspaces.bot(team)
        if bot is None:
            return
        words, cards = await self._cards(team, user)
        context = Rendering(words, str, self._pictures.known(team, cards))
        view = views.home(cards, context=context, page=page)
        try:
            await client(self._api, bot.token).views_publish(user_id=user, view=view)
        except TROUBLE as trouble:
            log.warning("SLACK-2 views.publish: %s", error_of(trouble))

    async def _cards(self, team: str, user: str) -> tuple[Words, tuple[Message, ...]]:
        person = await self._people.person(team, user)
        sidebar = await self._front.sidebar(person) if person else None
        if person is None or sidebar is None:
            words = self._front.words(self._language)
            said = words("slack.unknown")
            return words, (Message(said, (Paragraph(said),), title=words("slack.home")),)
        words = self._front.words(sidebar.language)
        mine = await self._front.page(person, "me")
        cards = [_named(card, words) for card in (mine.cards if mine else ())]
        return words, (*map(inside, cards), _pages(sidebar, words))


def _named(card: Message, words: Words) -> Message:
    """Return a question's card with one button in place of its answers; others as they are."""
    if not is_question(card):
        return card
    about = next(
        (
            one.context
            for part in card.children
            if isinstance(part, Actions) and part.layout != "row"
            for one in part.children
            if isinstance(one, Button)
        ),
        "",
    )
    said: list[Part] = [
        part for part in card.children if isinstance(part, Paragraph) and part.style == "body"
    ]
    button = Button(WAITING, words("slack.answer"), about, style="primary", opens_form=True)
    return replace(card, children=(*said[:1], Actions((button,))), progress=None)


def _pages(sidebar: Sidebar, words: Words) -> Message:
    """Return the way to results, boards, the team's and the group's pages, and who sees what."""
    links = tuple(
        Button(OPEN, entry.label, value=entry.path, opens_form=True)
        for entry in sidebar.entries
        if entry.kind == "page" and entry.path != "me"
    )
    return Message(words("slack.pages"), (Actions(links),), title=words("slack.pages"))
