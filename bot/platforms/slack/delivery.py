"""Sending the outbox's messages into Slack. Invitations, which are stored nowhere: ``nudging``.

A message is sent in four steps, so that a crash between any two repeats and loses nothing:
1. a channel is looked at: is it the one, and still what it was when its team got it?
2. that it is about to be sent is noted; what was noted before is looked for in the channel first
   (``lookback``);
3. the pages that do not stand there go out in order, at Slack's pace;
4. once all of them stand there, it is noted where.
"""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from bot.cards import Message
from bot.content.words import Words
from bot.flows.env import Env
from bot.platforms.port import Nudge, Platform, Undelivered
from bot.platforms.slack import blocks, lookback, wording
from bot.platforms.slack.channels import OUTSIDE, Channels, changed, waiting
from bot.platforms.slack.direct import Direct
from bot.platforms.slack.escape import Block
from bot.platforms.slack.lookback import Lookback
from bot.platforms.slack.notices import Notices
from bot.platforms.slack.nudging import LONG, Nudging, Told
from bot.platforms.slack.pacing import Paces
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.pictures import Pictures
from bot.platforms.slack.places import Place, place_of
from bot.platforms.slack.posting import Posting
from bot.platforms.slack.rendering import Rendered, Rendering
from bot.platforms.slack.screens import inside
from bot.platforms.slack.trouble import (
    AWAY,
    CLOSED,
    TROUBLE,
    error_of,
    refused,
    undelivered,
)
from bot.platforms.slack.workspaces import Workspaces, client_of
from bot.storage import slack
from bot.storage.outbox import Delivery
from bot.storage.slack import Begun, Bound, Member
from bot.storage.store import Store

TOGETHER = 8
"""Messages under way at a time; the pace decides how many a second."""


class SlackDelivery:
    """The outbox's platform for Slack; whom it does not know there, ``inner`` takes care of."""

    def __init__(
        self,
        store: Store,
        env: Env,
        people: Acquaintances,
        channels: Channels,
        workspaces: Workspaces,
        api: str,
        pictures: Pictures,
        inner: Platform,
        posting: Posting,
        told: Told,
        look: Lookback,
        paces: Paces,
    ) -> None:
        self._look, self._paces, self._direct = look, paces, Direct(paces)
        self._store, self._env, self._people, self._channels = store, env, people, channels
        self._workspaces, self._api, self._pictures = workspaces, api, pictures
        self._inner, self._posting, self._notices = inner, posting, Notices()
        self._nudging = Nudging(
            store, env, people, workspaces, api, inner, posting, told, look, self._direct, paces
        )

    # --- Messages of the outbox -----------------------------------------------------------------

    async def post(self, deliveries: Sequence[Delivery]) -> dict[str, Undelivered | None]:
        """Send messages; return each delivery's outcome by id."""
        before = await self._store.read(lambda tx: slack.begun(tx, [one.id for one in deliveries]))
        outcomes: dict[str, Undelivered | None] = {}
        others: list[Delivery] = []
        few, until = asyncio.Semaphore(TOGETHER), self._env.clock.now() + LONG
        queues: dict[str, list[Delivery]] = {}
        for one in deliveries:
            queues.setdefault(one.recipient, []).append(one)

        async def send(queue: Sequence[Delivery]) -> None:
            for one in queue:  # what is said in one place keeps its order
                async with few:
                    try:
                        if self._env.clock.now() > until:
                            raise Undelivered("SLACK-2 no_time", again_in=1, tries=AWAY)
                        here = await self._post(one, before)
                    except Undelivered as problem:
                        outcomes[one.id] = problem
                        continue
                    except TROUBLE as trouble:
                        outcomes[one.id] = undelivered(trouble)
                        continue
                if here is None:
                    others.append(one)
                else:
                    outcomes[one.id] = here if isinstance(here, Undelivered) else None

        await asyncio.gather(*map(send, queues.values()))
        for code in sorted({one.code for one in outcomes.values() if one and not one.final}):
            self._notices.say(f"{code}: what is to be sent waits")
        if others:
            outcomes |= await self._inner.post(others)
        return outcomes

    async def _post(self, one: Delivery, before: Mapping[str, Begun]) -> Undelivered | bool | None:
        """Send one message; ``True`` when it stands there, ``None`` when Slack has no place."""
        begun = before.get(one.id)
        if begun is not None and begun.message:
            return True
        kind, _, who = one.recipient.partition(":")
        if (open_to_all := place_of(one.recipient)) is not None:
            return await self._post_unbound(one, open_to_all, begun)
        if kind == "person":
            account = await self._people.account(who)
            worded = await self._store.read(
                lambda tx: wording.for_person(tx, self._env, who, one.note)
            )
            place: Bound | Member | Undelivered | None = account
        else:
            place = await self._channels.place(one)
            worded = await self._store.read(
                lambda tx: wording.for_channel(tx, self._env, one.recipient, one.note)
            )
        if place is None or isinstance(place, Undelivered):
            return place
        if worded is None:
            return Undelivered("SLACK-2 nobody_there", final=True)
        if isinstance(place, Bound) and (held := await self._held(place)):
            return held
        return await self._send(one, place, worded, begun)

    async def _post_unbound(
        self, one: Delivery, place: Place, begun: Begun | None
    ) -> Undelivered | bool:
        """Send what is said in a channel only as long as it is no team's."""
        if await self._channels.conversation(place.team, place.channel):
            return True
        worded = await self._store.read(lambda tx: wording.for_anybody(tx, self._env, one.note))
        return await self._send(one, place, worded, begun)

    async def _held(self, place: Bound) -> Undelivered | None:
        """Look whether a channel is still what it was; hold it and ask its lead where it is not."""
        why = place.held
        if why is None:
            to = await self._client(place.team)
            await self._paces.of(place.team).call("conversations.info")
            try:
                said = await to.conversations_info(channel=place.channel)
            except TROUBLE as trouble:
                if error_of(trouble) not in CLOSED:
                    raise
                why = OUTSIDE
            else:
                why = changed(place, said["channel"])
            if why is not None:
                await self._channels.hold(place, why)
        return waiting(why) if why else None

    async def _send(
        self,
        one: Delivery,
        place: Bound | Member | Place,
        worded: tuple[Words, Message],
        begun: Begun | None,
    ) -> Undelivered | bool:
        to = await self._client(place.team)
        try:
            standing = await self._standing(to, place, one.id, begun) if begun else {}
        except Undelivered as unknown:
            return unknown
        words, card = worded
        files = await self._pictures.upload(place.team, to, (card,))
        drawn = blocks.message(inside(card), context=Rendering(words, str, files))
        if begun is None:
            now = self._env.clock.now()
            await self._store.write(lambda tx: slack.begin_sending(tx, one.id, now))
        try:
            await self._pages(one.id, place, to, drawn, standing)
        except TROUBLE as trouble:
            if refused(trouble) and not standing:
                await self._store.write(lambda tx: slack.not_sent(tx, [one.id]))
            if error_of(trouble) not in CLOSED:
                raise
            if not isinstance(place, Bound):
                return Undelivered(f"SLACK-2 {error_of(trouble)}", final=True)
            await self._channels.hold(place, OUTSIDE)
            raise
        channel = await self._room(to, place)
        await self._store.write(lambda tx: slack.sent(tx, one.id, channel, standing[1]))
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

    async def nudge(self, nudges: Sequence[Nudge]) -> Mapping[Nudge, Undelivered]:
        """Tell people that something waits, with one button (``nudging``)."""
        return await self._nudging.nudge(nudges)

    async def _room(self, to: Any, place: Bound | Member | Place) -> str:
        """Return the id of the channel, or of somebody's own conversation."""
        return await self._direct.of(to, place) if isinstance(place, Member) else place.channel

    async def _client(self, team: str) -> Any:
        return await client_of(self._workspaces, self._api, team)
