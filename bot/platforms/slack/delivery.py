"""Sending into Slack: the outbox's messages, and invitations, which are stored nowhere.

A message is sent in four steps, so that a crash between any two repeats and loses nothing:
1. that it is about to be sent is noted; what was noted before is looked for in the channel first,
   by the delivery's id and the page's number in the metadata of each page;
2. a channel is looked at: is it still what it was when its team got it?
3. the pages that do not stand there go out in order, at Slack's pace;
4. once all of them stand there, it is noted where.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.cards import Actions, Button, Message
from bot.cards import Text as Paragraph
from bot.content.words import Words
from bot.flows.env import Env
from bot.platforms.port import Nudge, Platform, Undelivered
from bot.platforms.slack import blocks, wording
from bot.platforms.slack.channels import OTHER, Channels, changed
from bot.platforms.slack.front import WAITING
from bot.platforms.slack.pacing import Pace
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.pictures import Pictures
from bot.platforms.slack.rendering import Rendered, Rendering
from bot.platforms.slack.screens import inside
from bot.platforms.slack.trouble import (
    CLOSED,
    MENDING,
    TROUBLE,
    error_of,
    refused,
    retry_after,
    undelivered,
)
from bot.platforms.slack.workspaces import Workspaces, client_of
from bot.storage import slack
from bot.storage.outbox import Delivery
from bot.storage.slack import Bound, Member
from bot.storage.store import Store

log = logging.getLogger(__name__)

EVENT = "trivselsbot_delivery"
"""The type of the metadata that carries a delivery's id and a page's number."""
LOOKED_BACK = 100
"""Messages of a channel that are looked through for one that may have gone out."""
TOGETHER = 8
"""Messages under way at a time; the pace decides how many a second."""
PATIENCE = 30.0
"""The longest Slack's wish to wait is followed for an invitation at once."""
HELD = 24 * MENDING
"""Seconds until a message in a held channel is tried again."""


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
        pace: Callable[[], Pace] = Pace,
    ) -> None:
        self._store, self._env, self._people, self._channels = store, env, people, channels
        self._workspaces, self._api, self._pictures = workspaces, api, pictures
        self._inner, self._pace = inner, pace
        self._paces: dict[str, Pace] = {}

    # --- Messages of the outbox -----------------------------------------------------------------

    async def post(self, deliveries: Sequence[Delivery]) -> dict[str, Undelivered | None]:
        """Send messages; return each delivery's outcome by id."""
        before = await self._store.write(
            lambda tx: slack.begin_sending(tx, [one.id for one in deliveries])
        )
        outcomes: dict[str, Undelivered | None] = {}
        others: list[Delivery] = []
        few = asyncio.Semaphore(TOGETHER)
        queues: dict[str, list[Delivery]] = {}
        for one in deliveries:
            queues.setdefault(one.recipient, []).append(one)

        async def send(queue: Sequence[Delivery]) -> None:
            for one in queue:  # what is said in one place keeps its order
                async with few:
                    try:
                        here = await self._post(one, before)
                    except TROUBLE as trouble:
                        outcomes[one.id] = undelivered(trouble)
                        continue
                if here is None:
                    others.append(one)
                else:
                    outcomes[one.id] = here if isinstance(here, Undelivered) else None

        await asyncio.gather(*map(send, queues.values()))
        if others:
            outcomes |= await self._inner.post(others)
        return outcomes

    async def _post(
        self, one: Delivery, before: Mapping[str, str | None]
    ) -> Undelivered | bool | None:
        """Send one message; ``True`` when it stands there, ``None`` when Slack has no place."""
        kind, _, who = one.recipient.partition(":")
        if kind == "person":
            account = await self._people.account(who)
            worded = await self._store.read(
                lambda tx: wording.for_person(tx, self._env, who, one.note)
            )
            place: Bound | Member | None = account
        else:
            bound = await self._channels.bound_to(one.recipient)
            worded = await self._store.read(
                lambda tx: wording.for_channel(tx, self._env, one.recipient, one.note)
            )
            place = bound
        if place is None:
            return None
        if worded is None:
            return Undelivered("SLACK-2 nobody_there", final=True)
        if before.get(one.id):
            return True
        if isinstance(place, Bound) and (held := await self._held(place, one)):
            return held
        return await self._send(one, place, worded, again=one.id in before)

    async def _held(self, place: Bound, one: Delivery) -> Undelivered | None:
        """Look whether a channel is still what it was; hold it and ask its lead where it is not."""
        why = place.held
        if why is None:
            to = await self._client(place.team)
            try:
                said = await to.conversations_info(channel=place.channel)
            except TROUBLE as trouble:
                if error_of(trouble) not in CLOSED:
                    raise
                why = "outside"
            else:
                why = changed(place, said["channel"])
            if why is None and await self._channels.rebound_since(place, one):
                why = OTHER
            if why is not None:
                log.warning("SLACK-4 a channel is held: %s", why)
                await self._channels.hold(place, why)
        return Undelivered(f"SLACK-4 {why}", again_in=HELD) if why else None

    async def _send(
        self, one: Delivery, place: Bound | Member, worded: tuple[Words, Message], *, again: bool
    ) -> Undelivered | bool:
        to = await self._client(place.team)
        channel = place.channel if isinstance(place, Bound) else await self._direct(to, place)
        standing = await self._standing(to, channel, one.id) if again else {}
        words, card = worded
        files = await self._pictures.upload(place.team, to, card)
        drawn = blocks.message(inside(card), context=Rendering(words, str, files))
        try:
            await self._pages(one.id, place.team, to, channel, drawn, standing)
        except TROUBLE as trouble:
            if refused(trouble) and not standing:
                await self._store.write(lambda tx: slack.not_sent(tx, [one.id]))
            if error_of(trouble) in CLOSED and isinstance(place, Member):
                return Undelivered(f"SLACK-2 {error_of(trouble)}", final=True)
            if error_of(trouble) in CLOSED and isinstance(place, Bound):
                await self._channels.hold(place, "outside")
            raise
        await self._store.write(lambda tx: slack.sent(tx, one.id, channel, standing[1]))
        return True

    async def _pages(
        self, id_: str, team: str, to: Any, channel: str, drawn: Rendered, standing: dict[int, str]
    ) -> None:
        """Post the pages that do not stand there yet, and note them in ``standing``."""
        for number, page in enumerate((drawn.blocks, *drawn.more), 1):
            if number in standing:
                continue
            payload = {"id": id_, "page": number}
            said = await self._paced(
                team, channel, lambda page=page, payload=payload: to.chat_postMessage(
                    channel=channel, text=drawn.text, blocks=list(page),
                    metadata={"event_type": EVENT, "event_payload": payload},
                    unfurl_links=False, unfurl_media=False,
                ),
            )  # fmt: skip
            standing[number] = str(said["ts"])

    async def _standing(self, to: Any, channel: str, delivery: str) -> dict[int, str]:
        """Return the messages by page of a delivery that may have gone out before."""
        said = await to.conversations_history(
            channel=channel, limit=LOOKED_BACK, include_all_metadata=True
        )
        found: dict[int, str] = {}
        for message in said["messages"]:
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == EVENT and payload.get("id") == delivery:
                found[int(payload.get("page", 1))] = str(message["ts"])
        return found

    # --- Invitations and reminders ----------------------------------------------------------------

    async def nudge(self, nudges: Sequence[Nudge]) -> None:
        """Tell people that something waits, with one button; nothing of it is kept.

        Who cannot be reached is passed over, and does not keep the others waiting.
        """
        few = asyncio.Semaphore(TOGETHER)
        others: list[Nudge] = []

        async def tell(one: Nudge) -> None:
            async with few:
                try:
                    if not await self._nudge(one):
                        others.append(one)
                except TROUBLE as trouble:
                    log.warning("SLACK-5 an invitation did not arrive: %s", error_of(trouble))

        await asyncio.gather(*(tell(one) for one in nudges))
        if others:
            await self._inner.nudge(others)

    async def _nudge(self, one: Nudge) -> bool:
        account = await self._people.account(one.person)
        words = await self._store.read(lambda tx: wording.words_of(tx, self._env, one.person))
        if account is None or words is None:
            return False
        card = invitation(words, one)
        drawn = blocks.message(card, context=Rendering(words, str))
        to = await self._client(account.team)
        channel = await self._direct(to, account)
        for _ in range(3):
            try:
                await self._paced(
                    account.team, channel, lambda: to.chat_postMessage(
                        channel=channel, text=drawn.text, blocks=list(drawn.blocks)
                    ),
                )  # fmt: skip
            except TROUBLE as trouble:
                wait = retry_after(trouble)
                if wait is None or wait > PATIENCE:
                    raise  # else the pace waits
            else:
                return True
        return True

    # --- How --------------------------------------------------------------------------------------

    async def _paced(self, team: str, channel: str, call: Any) -> Any:
        pace = self._paces.setdefault(team, self._pace())
        await pace.turn(channel)
        try:
            said = await call()
        except TROUBLE as trouble:
            if (seconds := retry_after(trouble)) is not None:
                pace.too_fast(seconds)
            raise
        pace.well()
        return said

    async def _direct(self, to: Any, account: Member) -> str:
        """Return the conversation with somebody; opening it twice is opening it once."""
        said = await to.conversations_open(users=account.user)
        return str(said["channel"]["id"])

    async def _client(self, team: str) -> Any:
        return await client_of(self._workspaces, self._api, team)


def invitation(words: Words, one: Nudge) -> Message:
    """Return what somebody is told: that there are questions, never what they are."""
    text = words("slack.reminder" if one.kind.endswith("reminder") else "slack.invite")
    button = Button(WAITING, words("slack.answer"), one.round, style="primary", opens_form=True)
    return Message(text, (Paragraph(text), Actions((button,))))
