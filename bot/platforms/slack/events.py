"""What Slack tells by itself: homes opened, people and channels that come, go and change."""

import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from bot.cards import Actions, Button, Message, Say
from bot.cards import Text as Paragraph
from bot.content.words import Words
from bot.domain.languages import Language
from bot.domain.recent import Recent
from bot.platforms.slack import blocks, channels
from bot.platforms.slack.channels import Channels
from bot.platforms.slack.escape import unescape
from bot.platforms.slack.front import MENU, Front
from bot.platforms.slack.home import Home
from bot.platforms.slack.people import Acquaintances, profile
from bot.platforms.slack.rendering import Rendering
from bot.platforms.slack.roster import Roster
from bot.platforms.slack.setup import Setup
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import Workspaces, client_of

log = logging.getLogger(__name__)

SOON = 2.0
"""Seconds that are waited for before the acknowledgement; what takes longer goes on after it."""
EVENTS_REMEMBERED = 5_000

Json = Mapping[str, Any]
Take = Callable[[str, Json], Coroutine[Any, Any, None]]
"""Takes an event of a workspace."""


class Events:
    """Takes events, each once."""

    def __init__(
        self,
        front: Front,
        people: Acquaintances,
        channels: Channels,
        roster: Roster,
        setup: Setup,
        home: Home,
        workspaces: Workspaces,
        api: str,
        tasks: Tasks,
        language: Language,
        forget: Take | None = None,
    ) -> None:
        self._front, self._people, self._channels = front, people, channels
        self._roster, self._setup, self._home = roster, setup, home
        self._workspaces, self._api, self._tasks = workspaces, api, tasks
        self._language, self._forget = language, forget
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
        return {name: self._once(take) for name, take in taken.items()}

    def _once(self, take: Take) -> Callable[[Json], Coroutine[Any, Any, None]]:
        async def taken(body: Json) -> None:
            key, event = str(body.get("event_id") or ""), body.get("event")
            if not key or not isinstance(event, Mapping):
                log.warning("SLACK-1 a payload could not be read")
                return
            if self._seen.find(key):
                return
            self._seen.keep(key, True)
            told = {**event, "enterprise_id": body.get("enterprise_id")}
            told["is_enterprise_install"] = _is_wide(body)
            await self._tasks.briefly(take(str(body.get("team_id") or ""), told), SOON)

        return taken

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
        words = self._front.words(language or self._language)
        said = words("slack.unknown")
        if person and language:
            typed = unescape(str(event.get("text") or ""))
            reply = await self._front.say(person, f"person:{person}", str(event["ts"]), typed)
            said = reply.text if isinstance(reply, Say) else words("menu.text")
        button = Button(MENU, words("slack.menu"), opens_form=True)
        card = Message(said, (Paragraph(said), Actions((button,))))
        await self._post(team, channel, card, words)

    async def _joined(self, team: str, event: Json) -> None:
        user, channel = str(event["user"]), str(event["channel"])
        bot = await self._workspaces.bot(team)
        if bot is not None and user == bot.user:
            await self._setup.welcome(team, channel, self._front.words(self._language))
        else:
            await self._roster.joined(team, channel, user)

    async def _left(self, team: str, event: Json) -> None:
        await self._roster.left(team, str(event["channel"]), str(event["user"]))

    async def _changed(self, team: str, event: Json) -> None:
        user = event["user"]
        seen = profile(str(user.get("team_id") or team), user)
        if user.get("deleted"):
            await self._roster.gone(seen.team, seen.user)
        await self._people.learn(seen)

    def _holding(self, why: str) -> Take:
        async def held(team: str, event: Json) -> None:
            told = event.get("channel")
            id_ = str(told.get("id")) if isinstance(told, Mapping) else str(told)
            found = await self._channels.of(team, id_)
            if found is not None:
                await self._channels.hold(found, why)

        return held

    async def _post(self, team: str, channel: str, card: Message, words: Words) -> None:
        drawn = blocks.message(card, context=Rendering(words, str))
        try:
            to = await client_of(self._workspaces, self._api, team)
            await to.chat_postMessage(channel=channel, text=drawn.text, blocks=list(drawn.blocks))
        except TROUBLE as trouble:
            log.warning("SLACK-7 a remark was not said: %s", error_of(trouble))


def _is_wide(body: Json) -> bool:
    """Tell whether an event comes to the install of a whole organisation."""
    told = body.get("authorizations")
    first = told[0] if isinstance(told, list) and told else None
    return isinstance(first, Mapping) and bool(first.get("is_enterprise_install"))
