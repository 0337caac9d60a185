"""Who the bot does not know, and channels that are no team's: what is said there, and the way on.

Where teams are their channels' people, whoever is on the staff may set his team up from where he
stands; guests and people from elsewhere are told that they are not asked.
"""

from dataclasses import replace

from bot.cards import Actions, Button, Message, Reply, Say, Show
from bot.cards import Text as Paragraph
from bot.content.words import Words
from bot.platforms.slack.channels import Channels
from bot.platforms.slack.front import Front
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.profiles import Profile
from bot.platforms.slack.setup import SET_UP
from bot.platforms.slack.told import Origin
from bot.storage import people
from bot.storage.store import Store

_DIRECT = "D"
"""What the ids of conversations between two begin with: no team's."""


class Strangers:
    """Answers who is nobody yet. ``on``: teams are the people of their channels."""

    def __init__(
        self,
        store: Store,
        acquaintances: Acquaintances,
        channels: Channels,
        front: Front,
        *,
        on: bool,
    ) -> None:
        self._store, self._people, self._channels = store, acquaintances, channels
        self._front, self._on = front, on

    async def reply(self, here: Origin, words: Words) -> Reply:
        """Tell somebody how the bot comes to know him; in a channel that is free, offer it."""
        seen = await self._people.profile(here.team, here.user)
        if seen is None:  # it cannot be told who he is: nobody is called a stranger for that
            return Say(words("slack.away"), failed=True)
        text = await self.text(words, seen)
        if seen.fit and self._on and await self._is_free(here):
            return Show(_offered(here, words, text))
        return Say(text)

    async def at_home(self, team: str, user: str, words: Words) -> Message:
        """Return the home of somebody who is nobody yet."""
        said = await self.text(words, await self._people.profile(team, user))
        return Message(said, (Paragraph(said),), title=words("slack.home"))

    async def text(self, words: Words, seen: Profile | None) -> str:
        """Say what to do for the bot to know somebody."""
        if seen is not None and not seen.fit:
            return words("slack.stranger.guest")
        if not self._on:
            return words("slack.unknown")
        anybody = await self._store.read(lambda tx: bool(people.all_known(tx)))
        return words("slack.stranger.join" if anybody else "slack.stranger.first")

    async def with_offer(self, here: Origin, person: str, words: Words, menu: Show) -> Show:
        """Add to the menu, opened in a channel that is free, the way to set its team up."""
        if not await self._may_set_up(person) or not await self._is_free(here):
            return menu
        card = menu.message
        offer = _offered(here, words, words("slack.stranger.offer"))
        return replace(menu, message=replace(card, children=(*offer.children, *card.children)))

    async def _may_set_up(self, person: str) -> bool:
        if self._on:
            return True
        sidebar = await self._front.sidebar(person)
        return any(one.path.startswith("team/") for one in sidebar.entries) if sidebar else False

    async def _is_free(self, here: Origin) -> bool:
        if not here.channel or here.channel.startswith(_DIRECT):
            return False
        return not await self._channels.conversation(here.team, here.channel)


def _offered(here: Origin, words: Words, text: str) -> Message:
    label = words("slack.setup.button")
    button = Button(SET_UP, label, here.channel, style="primary", opens_form=True)
    return Message(text, (Paragraph(text), Actions((button,))), title=words("slack.title"))
