"""Files to keep, from a page of the bot's: what its links to files become in Slack.

Where people can open pages in the browser it is a link of their own that works once; else the file
is sent to the conversation with the bot, after a word that it bears names and that Slack keeps it.
"""

import logging
from dataclasses import replace

from bot.cards import Actions, Button, Link, Message, Part, Reply, Say, Show
from bot.cards import Text as Paragraph
from bot.content.words import Words
from bot.domain.people import PersonId
from bot.flows.views import Download
from bot.platforms.slack import limits
from bot.platforms.slack.escape import fallback
from bot.platforms.slack.front import Front, Own
from bot.platforms.slack.links import Links
from bot.platforms.slack.posting import Posting
from bot.platforms.slack.showing import Showing
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.told import Origin, Pressed, Sent
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import Workspaces, client_of

log = logging.getLogger(__name__)

FILE, SEND = "slack.file", "slack.file.send"
"""The actions of the buttons that tell what is in a file, and that send it; the value is the file.
"""
_FILES = "export/"
"""What the paths of files begin with."""


class Downloads:
    """Leads to files. Without ``links`` they are sent."""

    def __init__(
        self,
        front: Front,
        workspaces: Workspaces,
        api: str,
        tasks: Tasks,
        posting: Posting,
        showing: Showing,
        links: Links | None,
    ) -> None:
        self._front, self._workspaces, self._api = front, workspaces, api
        self._tasks, self._posting, self._showing = tasks, posting, showing
        self._links = links

    def own(self) -> dict[str, Own]:
        """Return what the buttons of this module do."""
        return {FILE: self._told, SEND: self._sends}

    def reachable(self, person: PersonId, card: Message) -> Message:
        """Return a page as one person gets it, its files within his reach."""
        return replace(card, children=tuple(self._reached(person, one) for one in card.children))

    def _reached(self, person: PersonId, part: Part) -> Part:
        if not isinstance(part, Actions):
            return part
        return replace(part, children=tuple(self._way(person, one) for one in part.children))

    def _way(self, person: PersonId, one: Button | Link) -> Button | Link:
        if isinstance(one, Button) or not one.path.startswith(_FILES):
            return one
        if self._links is not None:
            return Link(one.label, self._links.address(person, one.path))
        return Button(FILE, one.label, value=one.path.removeprefix(_FILES))

    async def _told(self, told: Pressed | Sent, person: str | None, words: Words) -> Reply:
        """Say what is in the file before it is sent."""
        if person is None or not isinstance(told, Pressed):
            return Say(words("slack.unknown"))
        said = words("slack.file.text")
        button = Button(SEND, words("slack.file.send"), value=told.value, style="primary")
        parts = (Paragraph(said), Actions((button,)))
        return Show(Message(said, parts, title=words("slack.file.title")), aside=True)

    async def _sends(self, told: Pressed | Sent, person: str | None, words: Words) -> Reply:
        """Send the file to who asked for it, if it is for him; nobody waits while it goes."""
        if person is None or not isinstance(told, Pressed):
            return Say(words("slack.unknown"))
        found = await self._front.download(person, told.value)
        if found is None:
            return Say(words("slack.no_page"))
        self._tasks.start(self._send(told.origin, found, words))
        return Say(words("slack.file.sent"))

    async def _send(self, here: Origin, file: Download, words: Words) -> None:
        said = fallback(words("slack.file.here"), limits.MESSAGE_TEXT)
        try:
            to = await client_of(self._workspaces, self._api, here.team)
            opened = await to.conversations_open(users=here.user)
            channel = str(opened["channel"]["id"])
            await self._posting.patiently(
                here.team, channel, lambda: to.files_upload_v2(
                    content=file.body, filename=file.name, title=file.name, channel=channel,
                    initial_comment=said,
                ),
            )  # fmt: skip
        except TROUBLE as trouble:
            log.warning("SLACK-7 a file was not sent: %s", error_of(trouble))
            await self._showing.whisper(here, words("slack.file.failed"))
