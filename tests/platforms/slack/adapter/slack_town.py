"""A whole bot with Slack's double beside it, over either transport.

``async with slack_town(tmp_path, slack, clock) as t:`` – the people of ``town.cast`` have accounts
in Slack under their own e-mail; ``t.anna("dag-3")`` is one of them, with hands.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from double import Channel, Person, SlackDouble
from starlette.applications import Starlette
from town import Recorder, Town, cast, shipped

from bot.app import started
from bot.domain.chance import SeededChance
from bot.domain.clock import MovableClock
from bot.platforms.slack.adapter import Options, Slack
from bot.platforms.slack.channels import bound
from bot.platforms.slack.links import Links
from bot.platforms.slack.pacing import Pace
from bot.platforms.slack.workspaces import OwnWorkspace
from bot.platforms.web.delivery import WebDelivery
from bot.rehearsal.organisation import Cast, settle
from bot.settings import Settings
from bot.storage import slack_channels

KEY, URL = b"k" * 32, "https://trivsel.example.org"
PICTURE = b"\x89PNG of a chart"


@dataclass
class SlackTown(Town):
    """A running bot whose people are in Slack."""

    double: SlackDouble
    slack: Slack

    def somebody(self, id_: str, **traits: Any) -> Person:
        """Return a person of the town with his hands at Slack."""
        return self.double.person(id_, **traits)

    async def bind(self, channel: Channel, conversation: str) -> None:
        """Give a channel to a team, as its lead's form does."""
        one = bound(self.bot.env.chance, channel.team, channel.shown(), conversation)
        await self.bot.store.write(lambda tx: slack_channels.bind(tx, one))

    async def settled(self) -> None:
        """Wait for what goes on after an acknowledgement."""
        await self.slack.tasks.drain()

    async def sends(self) -> None:
        """Let what is under way end, and what it left in the outbox go out."""
        await self.settled()
        await self.bot.tick(self.clock.now())


def with_addresses(people: Cast, double: SlackDouble) -> Cast:
    """Return the people with the addresses of their accounts."""
    domain = f"{double.team.domain}.example"
    named = tuple(replace(one, email=f"{one.id}@{domain}") for one in people.people)
    return replace(people, people=named)


@asynccontextmanager
async def slack_town(
    folder: Path,
    double: SlackDouble,
    clock: MovableClock,
    people: Cast | None = None,
    *,
    transport: str = "http",
    seed: int = 7,
    pages: bool = True,
    **set_: Any,
) -> AsyncIterator[SlackTown]:
    """Start a bot and its adapter; without people where ``people`` has none.

    ``pages``: whether people can open the bot's pages in the browser.
    """
    recorder = Recorder()
    settings = Settings(data=folder / "data", **set_)
    chance = SeededChance(seed)
    async with started(
        settings, clock=clock, chance=chance, platform=recorder, pack=shipped()
    ) as bot:
        slack = Slack(
            bot.store,
            bot.env,
            bot.front,
            OwnWorkspace(double.api_url, double.bot_token),
            WebDelivery(bot.store, clock, bot.hub),
            _draw,
            Options(
                app_token=double.app.app_token if transport == "socket" else None,
                signing_secret=double.app.signing_secret,
                channel_rosters=set_.get("slack_rosters", "channel") == "channel",
                api=double.api_url,
            ),
            links=Links(bot.store, clock, bot.env.chance, KEY, URL) if pages else None,
            pace=lambda: Pace(_waits(clock), lambda: clock.now().timestamp()),
            wait=_waits(clock),
        )
        recorder.inner = slack.delivery
        bot.slack = slack
        chosen = cast(("dag", 11), ("aften", 8)) if people is None else people
        if chosen.people:
            known = with_addresses(chosen, double)
            await bot.store.write(lambda tx: settle(tx, known, bot.env.chance, clock.now()))
        if transport == "socket":
            double.speaks_socket_mode()
        else:
            double.speaks_http(Starlette(routes=slack.routes()))
        await slack.start()
        if transport == "socket":
            await double.until(lambda: double.socket.connections)
        try:
            yield SlackTown(bot, clock, recorder, double, slack)
        finally:
            await slack.close()


async def _draw(_: object) -> bytes:
    return PICTURE


def _waits(clock: MovableClock) -> Any:
    async def wait(seconds: float) -> None:
        clock.move_to(clock.now() + timedelta(seconds=seconds))

    return wait


@asynccontextmanager
async def greeted_town(
    folder: Path, double: SlackDouble, clock: MovableClock, transport: str = "http"
) -> AsyncIterator[SlackTown]:
    """Start a bot with a team of eleven who have had their welcome; a few have hands at Slack."""
    people = cast(("dag", 11))
    async with slack_town(folder, double, clock, people, transport=transport) as town:
        for person in ("dag-1", "dag-2", "dag-3", "boss"):
            town.somebody(person)
        await town.bot.tick(clock.now())
        await town.travel(clock.now() + timedelta(minutes=5))
        yield town
