"""What Slack tells by itself: homes opened, people and channels that come, go and change."""

import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from bot.cards import Message, Reply, Say, Show
from bot.cards import Text as Paragraph
from bot.content.words import Words
from bot.domain.languages import Language
from bot.domain.recent import Recent
from bot.platforms.slack import blocks, channels
from bot.platforms.slack.channels import Channels
from bot.platforms.slack.escape import unescape
from bot.platforms.slack.front import Front
from bot.platforms.slack.home import Home
from bot.platforms.slack.once import Once, hashed
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.posting import Posting
from bot.platforms.slack.rendering import Rendering
from bot.platforms.slack.rooms import Rooms
from bot.platforms.slack.roster import Roster
from bot.platforms.slack.screens import inside
from bot.platforms.slack.setup import Setup
from bot.platforms.slack.strangers import Strangers
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import NotNow, Workspaces, client_of
from bot.storage.slack_heard import Turn
from bot.storage.trouble import StorageTrouble

log = logging.getLogger(__name__)

SOON = 2.0
"""Seconds that are waited for before the acknowledgement; what takes longer goes on after it."""
EVENTS_REMEMBERED = 5_000

Json = Mapping[str, Any]
Take = Callable[[str, Json], Coroutine[Any, Any, None]]
"""Takes an event of a workspace."""
AT_EASE = frozenset({"app_home_opened"})
"""Events that may be taken twice: a home is drawn as things stand. Nothing is noted."""


class TellAgain(NotNow):
    """An event cannot be taken now; not acknowledged, it is told again in a minute."""


class Events:
    """Takes events, each once (``once``)."""

    def __init__(
        self,
        front: Front,
        people: Acquaintances,
        channels: Channels,
        rooms: Rooms,
        roster: Roster,
        setup: Setup,
        home: Home,
        strangers: Strangers,
        workspaces: Workspaces,
        api: str,
        tasks: Tasks,
        language: Language,
        once: Once,
        posting: Posting,
        forget: Take | None = None,
    ) -> None:
        self._front, self._people, self._channels, self._rooms = front, people, channels, rooms
        self._roster, self._setup, self._home = roster, setup, home
        self._strangers = strangers
        self._workspaces, self._api, self._tasks = workspaces, api, tasks
        self._language, self._forget = language, forget
        self._once, self._posting = once, posting
        self._seen: Recent[str, bool] = Recent(EVENTS_REMEMBERED)

    def by_name(self) -> dict[str, Callable[[Json], Coroutine[Any, Any, None]]]:
        """Return who takes which event."""
        taken: dict[str, Take] = {
            "app_home_opened": self._opened,
            "message": self._said,
            "member_joined_channel": self._joined,
            "member_left_channel": self._left,
            "user_change": self._changed,
            **dict.fromkeys(("channel_left", "group_left"), self._holding(channels.OUTSIDE)),
            **dict.fromkeys(("channel_archive", "group_archive"), self._holding(channels.ARCHIVED)),
            **dict.fromkeys(("channel_rename", "group_rename"), self._holding(channels.RENAMED)),
            "channel_shared": self._holding(channels.SHARED),
        }
        if self._forget is not None:
            taken |= {"app_uninstalled": self._forget, "tokens_revoked": self._forget}
        return {name: partial(self._take, name, take) for name, take in taken.items()}

    async def _take(self, name: str, take: Take, body: Json) -> None:
        """Take an event nobody has taken. Raises ``TellAgain``."""
        event_id, event = str(body.get("event_id") or ""), body.get("event")
        if not event_id or not isinstance(event, Mapping):
            log.warning("SLACK-1 a payload could not be read")
            return
        if self._seen.find(event_id):
            return
        self._seen.keep(event_id, True)
        team = str(body.get("team_id") or "")
        told = {**event, "event_id": event_id, "enterprise_id": body.get("enterprise_id")}
        told["is_enterprise_install"] = _is_wide(body)
        work = (
            take(team, told)
            if name in AT_EASE
            else self._noted(hashed(team, event_id), take, team, told)
        )
        if await self._tasks.briefly(work, SOON) is False:
            self._seen.keep(event_id, False)
            raise TellAgain

    async def _noted(self, key: str, take: Take, team: str, told: Json) -> bool:
        """Do what an event leads to; ``False`` where it could not be, or another is still at it."""
        try:
            changed = told.get("user") if told.get("type") == "user_change" else None
            if isinstance(changed, Mapping) and not await self._people.is_news(team, changed):
                return True
            turn = await self._once.turn(key)
            if turn is not Turn.MINE:
                return turn is Turn.DONE
            done = False  # also where the bot is stopped in the middle
            try:
                await take(team, told)
                done = True
            except StorageTrouble:
                raise
            except Exception:
                done = True  # it would fail as often as it is told
                raise
            finally:
                await self._once.over(key, done=done)
        except StorageTrouble as trouble:
            log.error("%s", trouble)
            return False
        return True

    async def _opened(self, team: str, event: Json) -> None:
        if event.get("tab") == "home":
            await self._home.publish(team, str(event["user"]))

    async def _said(self, team: str, event: Json) -> None:
        """Answer what is typed to the bot itself; nothing of it is kept, it might be an answer."""
        mine = event.get("channel_type") == "im" and not event.get("subtype")
        if not mine or event.get("bot_id") or not event.get("user"):
            return
        user, channel = str(event["user"]), str(event["channel"])
        person = await self._people.person(team, user)
        language = await self._front.language(person) if person else None
        if person is None or language is None:
            words = self._front.words(self._language)
            await self._post(team, channel, await self._strangers.at_home(team, user, words), words)
            return
        words = self._front.words(language)
        # A verb gets a button, with a stroke before it or not: a form opens only at a click.
        typed = unescape(str(event.get("text") or "")).lstrip("/ ")
        reply = await self._front.say(person, f"person:{person}", str(event["ts"]), typed)
        await self._post(team, channel, _remark(reply, words), words)

    async def _joined(self, team: str, event: Json) -> None:
        user, channel = str(event["user"]), str(event["channel"])
        bot = await self._workspaces.bot(team)
        if bot is not None and user == bot.user:
            await self._setup.welcome(team, channel, str(event["event_id"]))
        else:
            await self._roster.joined(team, channel, user)

    async def _left(self, team: str, event: Json) -> None:
        bot = await self._workspaces.bot(team)
        if bot is not None and str(event["user"]) == bot.user:
            await self._holding(channels.OUTSIDE)(team, event)
            return
        await self._roster.left(team, str(event["channel"]), str(event["user"]))

    async def _changed(self, team: str, event: Json) -> None:
        seen = await self._people.told(team, event["user"])
        if not seen.fit:
            await self._roster.gone(team, seen.user)
        await self._people.learn(seen, team)

    def _holding(self, why: str) -> Take:
        async def held(team: str, event: Json) -> None:
            told = event.get("channel")
            id_ = str(told.get("id")) if isinstance(told, Mapping) else str(told)
            found = await self._channels.of(team, id_)
            if found is None:
                return
            # What is told late may be over, and sharing inside one organisation changes nothing.
            info = await self._rooms.describe(found.team, id_)
            now = channels.changed(found, info) if info else why
            if now is not None:
                await self._channels.hold(found, now)

        return held

    async def _post(self, team: str, channel: str, card: Message, words: Words) -> None:
        """Say something at once: nothing of it is kept, so it is not a message of the outbox."""
        drawn = blocks.message(card, context=Rendering(words, str))
        try:
            to = await client_of(self._workspaces, self._api, team)
            await self._posting.patiently(
                team, channel, lambda: to.chat_postMessage(
                    channel=channel, text=drawn.text, blocks=list(drawn.blocks)
                ),
            )  # fmt: skip
        except TROUBLE as trouble:
            log.warning("SLACK-7 a remark was not said: %s", error_of(trouble))


def _remark(reply: Reply | None, words: Words) -> Message:
    """Return what is said to who has typed; that Slack keeps what he typed is said, too."""
    if isinstance(reply, Show):
        card = inside(reply.message)
    else:
        said = reply.text if isinstance(reply, Say) else words("menu.text")
        card = Message(said, (Paragraph(said),))
    stays = Paragraph(words("slack.stays"), "quiet")
    return replace(card, children=(*card.children, stays))


def _is_wide(body: Json) -> bool:
    """Tell whether an event comes to the install of a whole organisation."""
    told = body.get("authorizations")
    first = told[0] if isinstance(told, list) and told else None
    return isinstance(first, Mapping) and bool(first.get("is_enterprise_install"))
