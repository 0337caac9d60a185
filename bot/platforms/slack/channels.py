"""Which channel is whose, and whether a channel still is what it was when it was bound.

Results go to the channel that was bound when their round opened and to no other; one that was
archived, renamed, shared with others or made public since is held, and whose it is is asked.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.chance import Chance
from bot.flows.channels import Moved, ask_where, opened_with, tell_whose_it_is
from bot.flows.env import Env
from bot.platforms.port import Undelivered
from bot.platforms.slack.trouble import MENDING
from bot.storage import channels, outbox, slack_channels
from bot.storage.outbox import Delivery, Note
from bot.storage.slack_channels import Bound
from bot.storage.store import Store, Tx

ARCHIVED, RENAMED, SHARED, PUBLIC = "archived", "renamed", "shared", "public"
OUTSIDE = "outside"
"""The bot is not in the channel any more."""
BACK = "back"
"""The bot is in the channel again; nothing to be asked, only told."""
BY_WORD = frozenset({RENAMED, PUBLIC})
"""What a lead can say yes to; the others have to be mended in Slack first."""
MOVED = "moved"
"""Its round opened with another channel than the team has now, or with none."""
HELD = 24 * MENDING
"""Seconds until a message that waits for a lead's word is looked at again."""
Together = Callable[[str], Awaitable[Iterable[str]]]
"""Returns the workspaces that share their channels with one."""
WEEKS = 21
"""How often that is done before the message is given up and an administrator told."""


class Channels:
    """Binds channels to conversations."""

    def __init__(self, store: Store, env: Env, together: Together) -> None:
        self._store, self._env, self._together = store, env, together

    async def conversation(self, team: str, channel: str) -> str:
        """Return the bot's conversation of a channel; empty for none."""
        found = await self.of(team, channel)
        return found.conversation if found else ""

    async def of(self, team: str, channel: str) -> Bound | None:
        """Return what a channel is bound to, seen from any workspace of an organisation."""
        teams = await self._together(team)
        return await self._store.read(lambda tx: slack_channels.channel_among(tx, teams, channel))

    async def bound_to(self, conversation: str) -> Bound | None:
        """Return the channel of a conversation."""
        return await self._store.read(lambda tx: slack_channels.bound_to(tx, conversation))

    async def place(self, one: Delivery) -> Bound | Undelivered | None:
        """Return the channel a message goes to; ``None``: it stays in the bot.

        A result whose channel is another by now waits, and the team's leads are asked once.
        """
        found = await self._store.read(lambda tx: place_of(tx, one))
        if not isinstance(found, Moved):
            return found
        await self._store.write(lambda tx: ask_where(tx, self._env, found))
        return waiting(MOVED)

    async def hold(self, one: Bound, why: str) -> None:
        """Post nothing there any more, and ask the team's leads once what is to happen."""

        def write(tx: Tx) -> None:
            if slack_channels.hold(tx, one, why):
                ask(tx, self._env, one, why)

        await self._store.write(write)

    async def go_on(self, now: Bound) -> None:
        """Take a channel as it is now, on a lead's word, and send what has waited for it."""

        def write(tx: Tx) -> None:
            slack_channels.bind(tx, replace(now, held=None))
            outbox.hurry(tx, now.conversation, self._env.clock.now())

        await self._store.write(write)

    async def come_back(self, now: Bound) -> None:
        """Take a channel up again that nothing is different with, and tell who was asked."""

        def write(tx: Tx) -> None:
            slack_channels.bind(tx, replace(now, held=None))
            outbox.hurry(tx, now.conversation, self._env.clock.now())
            ask(tx, self._env, now, BACK)

        await self._store.write(write)

    async def ask_again(self, one: Bound, why: str) -> None:
        """Ask once more about a channel that is held, whatever was asked before."""

        def write(tx: Tx) -> None:
            slack_channels.hold(tx, one, why)
            ask(tx, self._env, one, why)

        await self._store.write(write)


def waiting(why: str) -> Undelivered:
    """Return what becomes of a message that waits for a lead's word."""
    return Undelivered(f"SLACK-4 {why}", again_in=HELD, tries=WEEKS)


def place_of(tx: Tx, one: Delivery) -> Bound | Moved | None:
    """Return where a message goes: a channel, the bot itself (``None``), or where a lead says."""
    bound = slack_channels.bound_to(tx, one.recipient)
    was, now = opened_with(tx, one), bound.id if bound else ""
    if was is None or was == now:
        return bound
    if not now and not channels.in_use(tx):
        return None  # the app was taken out: nobody can be asked there
    chosen = channels.choice(tx, one.recipient, was, now)
    if chosen is None:
        return Moved(one.recipient, was, now, bound.name if bound else "")
    return bound if chosen else None


def bound(chance: Chance, team: str, info: Mapping[str, Any], conversation: str) -> Bound:
    """Return a new binding of a channel as Slack describes it now."""
    return Bound(
        id=chance.token(),
        team=team,
        channel=str(info["id"]),
        conversation=conversation,
        name=str(info.get("name") or ""),
        private=bool(info.get("is_private")),
    )


def as_now(one: Bound, info: Mapping[str, Any]) -> Bound:
    """Return the same binding with the channel as Slack describes it now."""
    name = str(info.get("name") or one.name)
    return replace(one, name=name, private=bool(info.get("is_private")), held=None)


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
    """Ask whose channel it is what is to happen with it; through the outbox, like all."""
    params = {"channel": f"{one.team}:{one.channel}", "name": one.name, "why": why}
    params["conversation"] = one.conversation
    purpose = f"held:{one.channel}:{why}:{env.clock.now():%Y%m%d%H%M}"
    tell_whose_it_is(tx, env, one.conversation, purpose, Note("channel.held", params))
