"""Charts as pictures in Slack: drawn, uploaded with their alt text, known again by what they show.

A picture is uploaded to no channel: only who sees the message or view with it sees it. Slack takes
a moment to prepare one, and says so only by refusing it; without a picture the figures still stand
in words.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Chart, Message
from bot.domain.clock import Clock
from bot.domain.recent import Recent
from bot.platforms.slack import limits, rich
from bot.platforms.slack.escape import Block, plain
from bot.platforms.slack.notices import Notices
from bot.platforms.slack.pacing import Wait
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.reports.charts import ChartFailed
from bot.storage import slack_pictures
from bot.storage.slack_pictures import Picture
from bot.storage.store import Store

Draw = Callable[[Chart], Awaitable[bytes]]
"""Draws a chart as a PNG."""
Files = Mapping[str, str]
"""The ids of uploaded pictures, by the charts' context."""
Show = Callable[[list[Block]], Awaitable[Any]]
"""Shows blocks; awaited anew for each try."""
MOST = 2_000
PREPARING = timedelta(seconds=2)
"""The time Slack has for a new picture before it is shown."""
PATIENCE = (2.0, 4.0, 8.0)
"""Seconds that are waited for besides, before a message goes out without its picture."""
UNREADY = frozenset({"invalid_arguments", "invalid_blocks"})
"""What Slack says to a picture it has not prepared yet, in a view and in a message."""


class Pictures:
    """Uploads charts, each once in a workspace."""

    def __init__(self, draw: Draw, store: Store, clock: Clock, wait: Wait = asyncio.sleep) -> None:
        self._draw, self._store, self._clock, self._wait = draw, store, clock, wait
        self._notices = Notices()
        self._known: Recent[tuple[str, str], Picture] = Recent(MOST)
        self._turns: Recent[tuple[str, str], asyncio.Lock] = Recent(MOST)

    async def known(self, team: str, cards: Iterable[Message]) -> dict[str, str]:
        """Return the files of the charts that can be shown already, by the charts' context."""
        found = await self._uploaded(team, charts(cards))
        ready = self._clock.now() - PREPARING
        return {context: one.file for context, one in found.items() if one.at <= ready}

    async def upload(self, team: str, to: AsyncWebClient, cards: Iterable[Message]) -> Files:
        """Return the files of all charts of some cards, uploaded now and prepared where need be.

        What fails is only logged: the picture is left out.
        """
        found = {}
        for chart in charts(cards):
            async with self._turns.get((team, _name(chart)), asyncio.Lock):
                one = await self._one(team, to, chart)  # many may open the same result at once
            if one is not None:
                found[chart.context] = one
        ready = max((one.at for one in found.values()), default=self._clock.now()) + PREPARING
        if found and (left := (ready - self._clock.now()).total_seconds()) > 0:
            await self._wait(left)
        return {context: one.file for context, one in found.items()}

    async def _uploaded(self, team: str, some: Iterable[Chart]) -> dict[str, Picture]:
        names = {_name(one): one for one in some}
        unknown = [name for name in names if self._known.find((team, name)) is None]
        if unknown:
            kept = await self._store.read(lambda tx: slack_pictures.known(tx, team, unknown))
            for name, picture in kept.items():
                self._known.keep((team, name), picture)
        found = ((one, self._known.find((team, name))) for name, one in names.items())
        return {one.context: picture for one, picture in found if picture}

    async def _one(self, team: str, to: AsyncWebClient, chart: Chart) -> Picture | None:
        before = await self._uploaded(team, (chart,))
        if before:
            return before[chart.context]
        try:
            file = await self._upload(to, chart)
        except (*TROUBLE, ChartFailed) as trouble:
            self._notices.say(f"SLACK-2 a picture was not uploaded: {error_of(trouble)}")
            return None
        name, one = _name(chart), Picture(file, self._clock.now())
        await self._store.write(lambda tx: slack_pictures.keep(tx, team, name, one))
        self._known.keep((team, name), one)
        return one

    async def _upload(self, to: AsyncWebClient, chart: Chart) -> str:
        said = await to.files_upload_v2(
            content=await self._draw(chart),
            filename="chart.png",
            title=plain(chart.title, limits.IMAGE_TITLE)["text"],
            alt_txt=plain(chart.alt, 1_000)["text"],
        )
        return str(said["files"][0]["id"])

    async def shown(
        self, team: str, blocks: Sequence[Block], show: Show, patience: Sequence[float] = PATIENCE
    ) -> Any:
        """Show blocks, their pictures once Slack has prepared them; at last without.

        Raises what ``show`` raises, but for a picture that cannot be shown.
        """
        for seconds in (*patience, 0.0):
            try:
                return await show(list(blocks))
            except TROUBLE as trouble:
                if not _unready(trouble, blocks):
                    raise
            if seconds:
                await self._wait(seconds)
        await self._forget(team, blocks)
        return await show(without(blocks))

    async def at_once(self, team: str, blocks: Sequence[Block], show: Show) -> Any:
        """Show blocks as they are, once. Raises what ``show`` raises.

        A picture that cannot be shown is uploaded anew the next time.
        """
        try:
            return await show(list(blocks))
        except TROUBLE as trouble:
            if _unready(trouble, blocks):
                await self._forget(team, blocks)
            raise

    async def _forget(self, team: str, blocks: Sequence[Block]) -> None:
        self._notices.say("SLACK-2 a picture was not shown")
        files = _files_in(blocks)
        await self._store.write(lambda tx: slack_pictures.drop(tx, team, files))
        self._known = Recent(MOST)


def charts(cards: Iterable[Message]) -> list[Chart]:
    """Return the charts of some cards that have a figure to be asked for by."""
    return [
        part for card in cards for part in card.children if isinstance(part, Chart) and part.context
    ]


def without(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks with the titles of uploaded pictures in place of the pictures."""
    return [one for block in blocks for one in _titled(block)]


def _titled(block: Block) -> Sequence[Block]:
    return rich.bold(str(block["title"]["text"])) if "slack_file" in block else (block,)


def _unready(trouble: Exception, blocks: Sequence[Block]) -> bool:
    return error_of(trouble) in UNREADY and bool(_files_in(blocks))


def _files_in(blocks: Sequence[Block]) -> list[str]:
    return [str(one["slack_file"]["id"]) for one in blocks if "slack_file" in one]


def _name(chart: Chart) -> str:
    return hashlib.sha256(repr(chart).encode()).hexdigest()
