"""Sending one message to where it belongs, so that a crash between any two steps loses nothing.

1. That it is about to be sent is noted; what was noted before is looked for there first
   (``lookback``).
2. The pages that do not stand there go out in order, at Slack's pace.
3. Once all of them stand there, it is noted where.
"""

from functools import partial
from typing import Any

from bot.cards import Message
from bot.content.words import Words
from bot.flows.env import Env
from bot.platforms.port import Undelivered
from bot.platforms.slack import blocks, lookback
from bot.platforms.slack.channels import OUTSIDE, Channels
from bot.platforms.slack.direct import Direct
from bot.platforms.slack.escape import Block
from bot.platforms.slack.lookback import Lookback
from bot.platforms.slack.pacing import Paces
from bot.platforms.slack.pictures import Pictures
from bot.platforms.slack.places import Place
from bot.platforms.slack.posting import Posting
from bot.platforms.slack.rendering import Rendered, Rendering
from bot.platforms.slack.screens import inside
from bot.platforms.slack.trouble import CLOSED, TROUBLE, error_of, refused
from bot.platforms.slack.workspaces import Workspaces, client_of
from bot.storage import slack_deliveries
from bot.storage.outbox import Delivery
from bot.storage.slack_accounts import Member
from bot.storage.slack_channels import Bound
from bot.storage.slack_deliveries import Begun
from bot.storage.store import Store


class Sending:
    """Sends messages, one at a time."""

    def __init__(
        self,
        store: Store,
        env: Env,
        channels: Channels,
        workspaces: Workspaces,
        api: str,
        pictures: Pictures,
        posting: Posting,
        look: Lookback,
        direct: Direct,
        paces: Paces,
    ) -> None:
        self._store, self._env, self._channels = store, env, channels
        self._workspaces, self._api, self._pictures = workspaces, api, pictures
        self._posting, self._look, self._direct, self._paces = posting, look, direct, paces

    async def send(
        self,
        one: Delivery,
        place: Bound | Member | Place,
        worded: tuple[Words, Message],
        begun: Begun | None,
    ) -> Undelivered | bool:
        """Send a message; return ``True`` once it stands there. Raises ``TROUBLE``."""
        to = await client_of(self._workspaces, self._api, place.team)
        try:
            standing = await self._standing(to, place, one.id, begun) if begun else {}
        except Undelivered as unknown:
            return unknown
        words, card = worded
        files = await self._pictures.upload(place.team, to, (card,))
        drawn = blocks.message(inside(card), context=Rendering(words, str, files))
        if begun is None:
            now = self._env.clock.now()
            await self._store.write(lambda tx: slack_deliveries.begin_sending(tx, one.id, now))
        try:
            await self._pages(one.id, place, to, drawn, standing)
        except TROUBLE as trouble:
            if refused(trouble) and not standing:
                await self._store.write(lambda tx: slack_deliveries.not_sent(tx, [one.id]))
            if error_of(trouble) not in CLOSED:
                raise
            if not isinstance(place, Bound):
                return Undelivered(f"SLACK-2 {error_of(trouble)}", final=True)
            await self._channels.hold(place, OUTSIDE)
            raise
        channel = await self._room(to, place)
        await self._store.write(lambda tx: slack_deliveries.sent(tx, one.id, channel, standing[1]))
        return True

    async def _standing(
        self, to: Any, place: Bound | Member | Place, id_: str, begun: Begun
    ) -> dict[int, str]:
        """Return the pages of a message that stand already, as ``Lookback`` does."""
        channel = await self._room(to, place)
        await self._paces.of(place.team).call("conversations.history")
        return await self._look.standing(to, channel, id_, begun.at)

    async def _pages(
        self,
        id_: str,
        place: Bound | Member | Place,
        to: Any,
        drawn: Rendered,
        standing: dict[int, str],
    ) -> None:
        """Post the pages that do not stand there yet, and note them in ``standing``."""
        team = place.team
        channel = place.user if isinstance(place, Member) else place.channel
        for number, page in enumerate((drawn.blocks, *drawn.more), 1):
            if number in standing:
                continue
            post = partial(
                to.chat_postMessage, channel=channel, text=drawn.text,
                metadata=lookback.mark(id_, number), unfurl_links=False, unfurl_media=False,
            )  # fmt: skip

            async def show(blocks: list[Block], post: Any = post) -> Any:
                return await self._posting.paced(team, channel, partial(post, blocks=blocks))

            said = await self._pictures.shown(team, page, show)
            standing[number] = str(said["ts"])
            if isinstance(place, Member):
                self._direct.learn(place, said)

    async def _room(self, to: Any, place: Bound | Member | Place) -> str:
        """Return the id of the channel, or of somebody's own conversation."""
        return await self._direct.of(to, place) if isinstance(place, Member) else place.channel
