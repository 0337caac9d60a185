"""A whole bot as an app of many workspaces, installed nowhere yet, and a browser to do it with.

Its operator has listed Slack's first workspace and the organisation ``nordic``.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from double import App, Enterprise, SlackDouble, Team
from slack_town import URL
from starlette.applications import Starlette
from town import MONDAY, Recorder, cast, shipped

from bot.app import Bot, started
from bot.domain.chance import SeededChance
from bot.domain.clock import MovableClock
from bot.platforms.slack.adapter import Options, Slack
from bot.platforms.slack.consent import BEGIN, Consent
from bot.platforms.slack.installs import Installs
from bot.platforms.slack.manifest import manifest
from bot.platforms.slack.sealing import add_key, read_keys
from bot.platforms.web.delivery import WebDelivery
from bot.rehearsal.organisation import settle
from bot.settings import Settings


@dataclass
class Many:
    """The bot, and what its tests look at."""

    bot: Bot
    slack: Slack
    double: SlackDouble
    installs: Installs
    browser: httpx.AsyncClient
    database: Path
    nordic: Enterprise

    async def install(self, team: Team | None = None, *, wide: bool = False) -> httpx.Response:
        """Let Slack's administrator say yes, in this browser; ``wide``: for all workspaces."""
        began = await self.browser.get(BEGIN)
        where = team or self.double.team
        boss = self.double.person(f"boss-{where.id}", where, role="admin")
        url = began.headers["location"]
        back = self.double.admin.consents(url, boss, None if wide else where)
        return await self.browser.get(back)

    def listing(self, *ids: str) -> Installs:
        """Return the installs as a bot has them whose operator lists others."""
        app, env = self.double.app, self.bot.env
        keys = read_keys(self.database.parent.parent / "slack.keys")
        return Installs(
            self.bot.store, env.clock, keys, self.double.api_url, app.client_id,
            app.client_secret, ids,
        )  # fmt: skip


def app_of_many() -> App:
    """Return the app as Slack knows it by the manifest for many workspaces."""
    return App.of_manifest(manifest(shipped().words("da"), "http", URL, many=True))


@asynccontextmanager
async def many_workspaces(
    folder: Path, double: SlackDouble, clock: MovableClock
) -> AsyncIterator[Many]:
    """Start the bot; Slack reaches it over HTTP."""
    add_key(folder / "slack.keys")
    keys, app = read_keys(folder / "slack.keys"), double.app
    nordic = double.enterprise("Norden")
    settings = Settings(data=folder / "data")
    recorder = Recorder()
    async with started(
        settings, clock=clock, chance=SeededChance(3), platform=recorder, pack=shipped()
    ) as bot:
        installs = Installs(
            bot.store, clock, keys, double.api_url, app.client_id, app.client_secret,
            (double.team.id, nordic.id),
        )  # fmt: skip
        consent = Consent(
            bot.store, clock, bot.env.chance, installs, shipped().words("da"), double.api_url, URL,
            app.client_id, app.client_secret, double.authorize_url,
        )  # fmt: skip
        adapter = Slack(
            bot.store, bot.env, bot.front, installs, WebDelivery(bot.store, clock, bot.hub),
            _draw, Options(signing_secret=app.signing_secret, api=double.api_url), consent=consent,
        )  # fmt: skip
        recorder.inner = adapter.delivery
        await bot.store.write(lambda tx: settle(tx, cast(("dag", 6)), bot.env.chance, MONDAY))
        site = Starlette(routes=adapter.routes())
        double.speaks_http(site)
        transport = httpx.ASGITransport(site)
        async with httpx.AsyncClient(transport=transport, base_url=URL) as browser:
            yield Many(bot, adapter, double, installs, browser, settings.database, nordic)
        await adapter.close()


async def _draw(_: object) -> bytes:
    return b"PNG"
