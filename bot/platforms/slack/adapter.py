"""Slack as one thing: what is built for it, how it starts and how it ends.

In Socket Mode the bot connects to Slack; over HTTP, Slack's requests come in at ``routes``.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from starlette.routing import BaseRoute, Route

from bot.domain.languages import Language, choose_language
from bot.flows.env import Env
from bot.platforms.port import Platform
from bot.platforms.slack.channels import Channels
from bot.platforms.slack.consent import Consent
from bot.platforms.slack.delivery import SlackDelivery
from bot.platforms.slack.edge import EVENTS, Edge
from bot.platforms.slack.events import Events, Take
from bot.platforms.slack.front import Front
from bot.platforms.slack.hearing import Hearing
from bot.platforms.slack.home import Home
from bot.platforms.slack.installs import Installs
from bot.platforms.slack.links import Links
from bot.platforms.slack.listening import bolt
from bot.platforms.slack.pacing import Pace
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.pictures import Draw, Pictures
from bot.platforms.slack.roster import Roster
from bot.platforms.slack.setup import Setup
from bot.platforms.slack.showing import Showing
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.trouble import NO_TOKEN, TROUBLE, error_of
from bot.platforms.slack.workspaces import API, Workspaces, client
from bot.storage.store import Store

log = logging.getLogger(__name__)


FIRST_WAITS = (2, 5, 15, 60)
"""Seconds between tries to connect."""


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
        links: Links | None = None,
        consent: Consent | None = None,
    ) -> None:
        api, language = options.api, choose_language(options.language)
        self._options, self.tasks = options, Tasks()
        self.workspaces, self.links, self._consent = workspaces, links, consent
        self.people = Acquaintances(store, workspaces, api)
        self.channels = Channels(store, env)
        pictures = Pictures(draw)
        showing = Showing(workspaces, api, pictures, self.tasks)
        self.home = Home(front, self.people, workspaces, api, pictures, language)
        self.roster = Roster(store, env, self.people, workspaces, api, on=options.channel_rosters)
        where = self.channels.conversation
        self.hearing = Hearing(
            front, self.people, showing, where, self.home, self.tasks, language, links
        )
        self.setup = Setup(
            store, env, self.channels, self.roster, self.people, workspaces, api, self.tasks
        )
        self.hearing.own |= self.setup.own()
        self.events = Events(
            front, self.people, self.channels, self.roster, self.setup, self.home, workspaces,
            api, self.tasks, language, self._forgetting(),
        )  # fmt: skip
        self.delivery = SlackDelivery(
            store, env, self.people, self.channels, workspaces, api, pictures, inner, pace
        )
        self.bolt = bolt(
            self.hearing, self.events.by_name(), workspaces, api, options.signing_secret
        )
        self._socket: AsyncSocketModeHandler | None = None
        self._connecting: asyncio.Task[None] | None = None

    def routes(self) -> tuple[BaseRoute, ...]:
        """Return where Slack's requests come in; none in Socket Mode."""
        consent = self._consent.routes() if self._consent else ()
        if self._options.app_token or not self._options.signing_secret:
            return consent
        return (
            *consent,
            Route(EVENTS, Edge(self.bolt, self._options.signing_secret).answer, methods=["POST"]),
        )

    async def start(self) -> None:
        """Connect, where the bot is the one who calls; then see who is in the teams' channels."""
        if self._options.app_token:
            self._connecting = self.tasks.start(self._connect(self._options.app_token))
        self.tasks.start(self.roster.catch_up())

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

    async def _connect(self, token: str) -> None:
        """Connect; where Slack is away try again, where the token is no good say so and stop."""
        api = self._options.api
        self._socket = AsyncSocketModeHandler(
            self.bolt, token, logger=self.bolt.logger, web_client=client(api, token)
        )
        for wait in chain(FIRST_WAITS, repeat(FIRST_WAITS[-1])):
            try:
                await self._socket.connect_async()  # type: ignore[no-untyped-call]
            except TROUBLE as trouble:
                error = error_of(trouble)
                log.error("SLACK-6 no connection to Slack: %s", error)
                if error in NO_TOKEN:
                    return
                await asyncio.sleep(wait)
            else:
                log.info("connected to Slack")
                return

    async def close(self) -> None:
        """Take nothing more in, and end what is under way."""
        if self._connecting is not None:
            self._connecting.cancel()
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
            self._socket = None
        await self.tasks.drain()
