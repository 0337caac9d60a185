"""Which channel is whose, and whether a channel still is what it was when it was bound.

Results go to the channel that was bound when their round opened and to no other; one that was
archived, renamed, shared with others or made public since is held, and its lead is asked.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.clock import Clock
from bot.domain.people import NodeId
from bot.flows.env import Env
from bot.flows.telling import Leads
from bot.storage import rounds, slack
from bot.storage.outbox import Delivery, Note
from bot.storage.slack import Bound
from bot.storage.store import Store, Tx

ARCHIVED, RENAMED, SHARED, PUBLIC = "archived", "renamed", "shared", "public"
EVER = datetime(2000, 1, 1, tzinfo=UTC)
"""Since when a channel is a team's that its lead has confirmed."""
OUTSIDE, OTHER = "outside", "other"
"""The bot is not in the channel any more; the team got another channel while a round was open."""


class Channels:
    """Binds channels to conversations."""

    def __init__(self, store: Store, env: Env) -> None:
        self._store, self._env = store, env

    async def conversation(self, team: str, channel: str) -> str:
        """Return the bot's conversation of a channel; empty for none."""
        found = await self._store.read(lambda tx: slack.channel(tx, team, channel))
        return found.conversation if found else ""

    async def of(self, team: str, channel: str) -> Bound | None:
        """Return what a channel is bound to."""
        return await self._store.read(lambda tx: slack.channel(tx, team, channel))

    async def bound_to(self, conversation: str) -> Bound | None:
        """Return the channel of a conversation."""
        return await self._store.read(lambda tx: slack.bound_to(tx, conversation))

    async def hold(self, one: Bound, why: str) -> None:
        """Post nothing there any more, and ask the team's leads once what is to happen."""

        def write(tx: Tx) -> None:
            if slack.hold(tx, one, why):
                ask(tx, self._env, one, why)

        await self._store.write(write)

    async def go_on(self, now: Bound) -> None:
        """Take a channel as it is now, on a lead's word; also for rounds that are open."""
        await self._store.write(lambda tx: slack.bind(tx, replace(now, at=EVER, held=None)))

    async def rebound_since(self, one: Bound, delivery: Delivery) -> bool:
        """Tell whether the team got this channel after the round of a message had opened."""
        round_id = delivery.note.params.get("round")
        if not isinstance(round_id, str):
            return False
        found = await self._store.read(lambda tx: rounds.get(tx, round_id))
        return found is not None and one.at > found.opens_at


def bound(
    clock: Clock, team: str, info: Mapping[str, Any], conversation: str, at: datetime | None = None
) -> Bound:
    """Return a binding of a channel as Slack describes it now."""
    return Bound(
        team=team,
        channel=str(info["id"]),
        conversation=conversation,
        name=str(info.get("name") or ""),
        private=bool(info.get("is_private")),
        at=at or clock.now(),
    )


def changed(one: Bound, info: Mapping[str, Any]) -> str | None:
    """Return what is different from when the channel was bound; ``None`` where nothing matters."""
    if info.get("is_archived"):
        return ARCHIVED
    if info.get("is_member") is False:
        return OUTSIDE
    if info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
        return SHARED
    if one.private and not info.get("is_private"):
        return PUBLIC
    if str(info.get("name") or one.name) != one.name:
        return RENAMED
    return None


def ask(tx: Tx, env: Env, one: Bound, why: str) -> None:
    """Ask the leads of a held channel's team what is to happen; through the outbox, like all."""
    now = env.clock.now()
    leads = Leads.read(tx, env, now)
    params = {"channel": f"{one.team}:{one.channel}", "name": one.name, "why": why}
    leads.tell(
        (node_of(one.conversation),),
        f"held:{one.channel}:{why}:{now:%Y%m%d%H%M}",
        Note("channel.held", params),
    )
    leads.send(tx, env)


def node_of(conversation: str) -> NodeId:
    """Return the node whose channel a conversation is."""
    return conversation.partition(":")[2]
