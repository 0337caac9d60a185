"""Charts as pictures in Slack: drawn, uploaded with their alt text, remembered by what they show.

A picture is uploaded to no channel: only who sees the message or view with it sees it.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterable

from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Chart, Message
from bot.domain.recent import Recent
from bot.platforms.slack import limits
from bot.platforms.slack.escape import plain
from bot.platforms.slack.trouble import TROUBLE, error_of

log = logging.getLogger(__name__)

Draw = Callable[[Chart], Awaitable[bytes]]
"""Draws a chart as a PNG."""
MOST = 2_000


class Pictures:
    """Uploads charts, each once in a workspace."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._files: Recent[tuple[str, str], str] = Recent(MOST)

    def known(self, team: str, cards: Iterable[Message]) -> dict[str, str]:
        """Return the files of the charts that are uploaded already, by the charts' context."""
        found = ((one, self._files.find((team, _name(one)))) for one in charts(cards))
        return {one.context: file for one, file in found if file}

    async def upload(self, team: str, to: AsyncWebClient, card: Message) -> dict[str, str]:
        """Return the files of all charts of a card, uploaded now where they are not yet.

        Without a picture the figures still stand in words: what fails is only logged.
        """
        for one in charts((card,)):
            key = team, _name(one)
            if self._files.find(key) is None:
                try:
                    self._files.keep(key, await self._upload(to, one))
                except TROUBLE as trouble:
                    log.warning("SLACK-2 a picture was not uploaded: %s", error_of(trouble))
        return self.known(team, (card,))

    async def _upload(self, to: AsyncWebClient, chart: Chart) -> str:
        said = await to.files_upload_v2(
            content=await self._draw(chart),
            filename="chart.png",
            title=plain(chart.title, limits.IMAGE_TITLE)["text"],
            alt_txt=plain(chart.alt, 1_000)["text"],
        )
        return str(said["files"][0]["id"])


def charts(cards: Iterable[Message]) -> list[Chart]:
    """Return the charts of some cards that have a figure to be asked for by."""
    return [
        part for card in cards for part in card.children if isinstance(part, Chart) and part.context
    ]


def _name(chart: Chart) -> str:
    return hashlib.sha256(repr(chart).encode()).hexdigest()
