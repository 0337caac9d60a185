"""The bot the figures are taken from: a whole one in a folder of its own, with people and a round.

Its clock stands still on an ordinary Monday morning, so that nothing falls due meanwhile.
"""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from bot import settings as reading
from bot.app import Bot, session_key, started, web
from bot.domain.clock import MovableClock
from bot.domain.people import PersonId
from bot.domain.rounds import Round
from bot.flows.rounds import running
from bot.flows.rounds.opening import Wish
from bot.platforms.web.session import Sessions
from bot.rehearsal.bench.browser import HOST, Browser
from bot.rehearsal.organisation import many_teams, settle
from bot.storage import rounds

MONDAY = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Europe/Copenhagen")).astimezone(UTC)
TEAM = 12


@dataclass(frozen=True)
class Village:
    """A started bot with one open check-in for everybody, and a way to be any of its people."""

    bot: Bot
    clock: MovableClock
    app: ASGIApp
    sessions: Sessions
    round: Round
    people: tuple[PersonId, ...]
    """Everybody who is invited."""

    def browser(self, person: PersonId) -> Browser:
        """Return the person's browser, signed in."""
        response = Response()
        scope = {"type": "http", "scheme": "http", "headers": [(b"host", HOST.encode())]}
        self.sessions.begin(Request(scope | {"path": "/", "server": (HOST, 80)}), response, person)
        return Browser(self.app, response.headers["set-cookie"].partition(";")[0])


@asynccontextmanager
async def village(folder: Path, people: int) -> AsyncIterator[Village]:
    """Start a bot in ``folder``, with about that many people in teams of twelve; ask them all."""
    clock = MovableClock(MONDAY)
    settings = reading.read(data=folder)
    async with started(settings, clock=clock) as bot:
        cast = many_teams(-(-people // TEAM), TEAM, random.Random(people))  # noqa: S311
        await bot.store.write(lambda tx: settle(tx, cast, bot.env.chance, MONDAY))
        await bot.tick(clock.now())
        opened = await running.open_round(
            bot.store, bot.env, Wish(("org",), "checkin", MONDAY, open_days=3, questions=3)
        )
        assert isinstance(opened, Round), opened
        await bot.tick(clock.now())
        roster = await bot.store.read(lambda tx: rounds.members(tx, opened.id))
        sessions = Sessions(session_key(settings.data))
        invited = tuple(member.person for member in roster)
        yield Village(bot, clock, web(bot, sessions), sessions, opened, invited)
