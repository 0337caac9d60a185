"""Sending the outbox's messages into Slack. Invitations, which are stored nowhere: ``nudging``.

What is said in one place keeps its order. A channel is looked at before anything goes there: is it
the one, and still what it was when its team got it? How one message goes out: ``sending``.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.flows.env import Env
from bot.platforms.port import Nudge, Platform, Undelivered
from bot.platforms.slack import wording
from bot.platforms.slack.channels import OUTSIDE, Channels, changed, waiting
from bot.platforms.slack.direct import Direct
from bot.platforms.slack.lookback import Lookback
from bot.platforms.slack.notices import Notices
from bot.platforms.slack.nudging import LONG, Nudging, Told
from bot.platforms.slack.pacing import Paces
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.pictures import Pictures
from bot.platforms.slack.places import Place, place_of
from bot.platforms.slack.posting import Posting
from bot.platforms.slack.sending import Sending
from bot.platforms.slack.trouble import (
    AWAY,
    CLOSED,
    TROUBLE,
    error_of,
    undelivered,
)
from bot.platforms.slack.workspaces import Workspaces, client_of
from bot.storage import outbox, slack_deliveries
from bot.storage.outbox import Delivery
from bot.storage.slack_accounts import Member
from bot.storage.slack_channels import Bound
from bot.storage.slack_deliveries import Begun
from bot.storage.store import Store

IN_ORDER = ("SLACK-2 ", "SLACK-6 ")
"""How trouble of the way begins, for which what is said later in the same place waits. A message
that waits for a lead's word (SLACK-4) keeps nothing else waiting."""
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
        self._paces, self._direct = paces, Direct(paces)
        self._store, self._env, self._people, self._channels = store, env, people, channels
        self._workspaces, self._api = workspaces, api
        self._inner, self._notices = inner, Notices()
        self._sending = Sending(
            store, env, channels, workspaces, api, pictures, posting, look, self._direct, paces
        )
        self._nudging = Nudging(
            store, env, people, workspaces, api, inner, posting, told, look, self._direct, paces
        )

    # --- Messages of the outbox -----------------------------------------------------------------

    async def post(self, deliveries: Sequence[Delivery]) -> dict[str, Undelivered | None]:
        """Send messages; return each delivery's outcome by id."""
        ids = [one.id for one in deliveries]
        before = await self._store.read(lambda tx: slack_deliveries.begun(tx, ids))
        waits = await self._store.read(
            lambda tx: outbox.put_off_before(
                tx, {one.recipient for one in deliveries}, IN_ORDER, ids
            )
        )
        outcomes: dict[str, Undelivered | None] = {}
        others: list[Delivery] = []
        few, until = asyncio.Semaphore(TOGETHER), self._env.clock.now() + LONG
        queues: dict[str, list[Delivery]] = {}
        for one in deliveries:
            queues.setdefault(one.recipient, []).append(one)

        async def send(queue: Sequence[Delivery]) -> None:
            kept = self._behind(waits.get(queue[0].recipient))
            for one in queue:  # what is said in one place keeps its order
                if kept is not None:
                    outcomes[one.id] = kept
                    continue
                async with few:
                    try:
                        if self._env.clock.now() > until:
                            raise Undelivered("SLACK-2 no_time", again_in=1, tries=AWAY)
                        here = await self._post(one, before)
                    except Undelivered as problem:
                        here = problem
                    except TROUBLE as trouble:
                        here = undelivered(trouble)
                if here is None:
                    others.append(one)
                    continue
                outcomes[one.id] = here if isinstance(here, Undelivered) else None
                kept = _behind_it(here) if isinstance(here, Undelivered) else None

        await asyncio.gather(*map(send, queues.values()))
        for code in sorted({one.code for one in outcomes.values() if one and not one.final}):
            self._notices.say(f"{code}: what is to be sent waits")
        if others:
            outcomes |= await self._inner.post(others)
        return outcomes

    def _behind(self, until: datetime | None) -> Undelivered | None:
        """Return what becomes of a message that waits for another, which is tried at ``until``."""
        if until is None:
            return None
        wait = max(0.0, (until - self._env.clock.now()).total_seconds()) + 1
        return Undelivered("SLACK-2 behind", again_in=wait, behind=True)

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
        return await self._sending.send(one, place, worded, begun)

    async def _post_unbound(
        self, one: Delivery, place: Place, begun: Begun | None
    ) -> Undelivered | bool:
        """Send what is said in a channel only as long as it is no team's."""
        if await self._channels.conversation(place.team, place.channel):
            return True
        worded = await self._store.read(lambda tx: wording.for_anybody(tx, self._env, one.note))
        return await self._sending.send(one, place, worded, begun)

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

    async def nudge(self, nudges: Sequence[Nudge]) -> Mapping[Nudge, Undelivered]:
        """Tell people that something waits, with one button (``nudging``)."""
        return await self._nudging.nudge(nudges)

    async def _client(self, team: str) -> Any:
        return await client_of(self._workspaces, self._api, team)


def _behind_it(problem: Undelivered) -> Undelivered | None:
    """Return what becomes of what is said after a message that failed; ``None``: it goes on."""
    waits = not problem.final and problem.code.startswith(IN_ORDER)
    return Undelivered(problem.code, behind=True) if waits else None
