"""Slack as one thing: what is built for it, how it starts and how it ends.

In Socket Mode the bot connects to Slack; over HTTP, Slack's requests come in at ``routes``.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.routing import BaseRoute, Route

from bot.domain.languages import Language, choose_language
from bot.flows.env import Env
from bot.platforms.port import Platform
from bot.platforms.slack.channels import Channels
from bot.platforms.slack.consent import Consent
from bot.platforms.slack.delivery import SlackDelivery
from bot.platforms.slack.downloads import Downloads
from bot.platforms.slack.edge import EVENTS, Edge
from bot.platforms.slack.events import Events, Take
from bot.platforms.slack.front import Front
from bot.platforms.slack.hearing import Hearing
from bot.platforms.slack.held import Held
from bot.platforms.slack.home import Home
from bot.platforms.slack.installs import Installs
from bot.platforms.slack.links import Links
from bot.platforms.slack.listening import bolt
from bot.platforms.slack.lookback import A_FEW, AT_A_TIME, Lookback
from bot.platforms.slack.once import Once
from bot.platforms.slack.pacing import Pace, Paces, Wait
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.pictures import Draw, Pictures
from bot.platforms.slack.posting import Posting
from bot.platforms.slack.promptly import Promptly
from bot.platforms.slack.rooms import Rooms
from bot.platforms.slack.roster import Roster
from bot.platforms.slack.setup import Setup
from bot.platforms.slack.showing import Showing
from bot.platforms.slack.socket import Socket
from bot.platforms.slack.strangers import Strangers
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.team_settings import TeamSettings
from bot.platforms.slack.trouble import TROUBLE, coded
from bot.platforms.slack.turns import Turns
from bot.platforms.slack.workspaces import API, Workspaces
from bot.storage.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Options:
    """What an operator chose. Without ``app_token`` Slack comes over HTTP."""

    app_token: str | None = None
    signing_secret: str | None = None
    channel_rosters: bool = True
    language: Language = "da"
    api: str = API


class Slack:
    """The adapter. ``delivery`` is the outbox's platform; ``inner`` takes what Slack has no place
    for: people and teams that are not there.
    """

    def __init__(
        self,
        store: Store,
        env: Env,
        front: Front,
        workspaces: Workspaces,
        inner: Platform,
        draw: Draw,
        options: Options,
        pace: Callable[[], Pace] = Pace,
        wait: Wait = asyncio.sleep,
        links: Links | None = None,
        consent: Consent | None = None,
    ) -> None:
        api, language = options.api, choose_language(options.language)
        env.rosters.by_channel = options.channel_rosters
        self._options, self.tasks = options, Tasks()
        self.workspaces, self.links, self._consent = workspaces, links, consent
        paces = Paces(pace)
        self.people = Acquaintances(store, workspaces, api, paces)
        self.channels = Channels(store, env, self.people.together)
        pictures = Pictures(draw, store, env.clock, wait)
        once, posting = Once(store, env.clock), Posting(paces)
        showing = Showing(workspaces, api, pictures, self.tasks, posting, env.clock)
        strangers = Strangers(store, self.people, self.channels, front, on=options.channel_rosters)
        self.home = Home(
            env, front, self.people, strangers, workspaces, api, pictures, self.tasks, language
        )
        rooms = Rooms(workspaces, api)
        self.roster = Roster(
            store, env, self.people, rooms, workspaces, api, paces, on=options.channel_rosters
        )
        where = self.channels.conversation
        self.hearing = Hearing(
            front, self.people, showing, where, self.home, strangers, self.tasks, language, once,
            links,
        )  # fmt: skip
        settings = TeamSettings(store, env, self.roster, self.people, rooms, self.tasks)
        self.setup = Setup(
            store, env, self.channels, self.roster, self.people, rooms, settings,
            Held(store, env, self.channels, rooms, self.roster), self.tasks,
        )  # fmt: skip
        downloads = Downloads(front, workspaces, api, self.tasks, posting, showing, links)
        self.hearing.own |= self.setup.own() | settings.own() | downloads.own()
        self.hearing.pages.files = downloads.reachable
        self.hearing.pages.ways, self.hearing.first = settings.ways, {"team.rules": settings.change}
        self.events = Events(
            front, self.people, self.channels, rooms, self.roster, self.setup, self.home, strangers,
            workspaces, api, self.tasks, language, once, posting, self._forgetting(),
        )  # fmt: skip
        self.delivery = SlackDelivery(
            store, env, self.people, self.channels, workspaces, api, pictures, inner, posting,
            self.home.soon, Lookback(A_FEW if isinstance(workspaces, Installs) else AT_A_TIME),
            paces,
        )  # fmt: skip
        self.prompt = Promptly(self.hearing, showing, self.tasks, paces, env.clock)
        self.bolt = bolt(
            self.prompt, lambda: self.hearing.choices, self.events.by_name(), workspaces, api,
            options.signing_secret, front.words(language)("slack.away"),
        )  # fmt: skip
        self._turns, self._env = Turns(self.bolt.async_dispatch), env
        self._socket = (
            Socket(self._turns, api, options.app_token, env.clock, env.contact)
            if options.app_token
            else None
        )

    def routes(self) -> tuple[BaseRoute, ...]:
        """Return where Slack's requests come in; none in Socket Mode."""
        consent = self._consent.routes() if self._consent else ()
        if self._options.app_token or not self._options.signing_secret:
            return consent
        edge = Edge(self._turns, self._options.signing_secret, self._heard)
        return *consent, Route(EVENTS, edge.answer, methods=["POST"])

    def _heard(self) -> None:
        self._env.contact.heard(self._env.clock.now())

    async def start(self) -> None:
        """Connect, where the bot is the one who calls; then look around beside that."""
        self._env.contact.begin("Slack", self._env.clock.now(), held=self._socket is not None)
        if self._socket is not None:
            self._socket.start()
        self.home.follow()
        self.tasks.start(self._look_around())

    async def _look_around(self) -> None:
        """See whether Slack lets the bot in at all, so that nobody hears of it at his first click;
        then who is in the teams' channels.
        """
        try:
            await self.workspaces.teams()
        except TROUBLE as trouble:
            log.warning(coded(trouble, "auth.test"))
        await self.roster.catch_up()

    def _forgetting(self) -> Take | None:
        """Return what is done when the app is taken out of a workspace, or its token revoked."""
        installs = self.workspaces
        if not isinstance(installs, Installs):
            return None

        async def forget(team: str, event: Mapping[str, Any]) -> None:
            out = event.get("type") == "app_uninstalled"
            revoked = event.get("tokens")
            if out or (isinstance(revoked, Mapping) and revoked.get("bot")):
                enterprise = event.get("enterprise_id")
                await installs.forget(
                    team,
                    str(enterprise or "") or None,
                    everything=out,
                    wide=bool(event.get("is_enterprise_install")),
                )
                self.people.forget()

        return forget

    async def close(self) -> None:
        """Take nothing more in, and end what is under way."""
        if self._socket is not None:
            await self._socket.close()
        await self.tasks.drain()
