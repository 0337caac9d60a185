"""Both sides of the figures from Slack: the whole bot, and a bare Bolt that only acknowledges."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.types import ASGIApp

from bot.cards import Chart, Clicked
from bot.platforms.slack.adapter import Options, Slack
from bot.platforms.slack.listening import ANY
from bot.platforms.slack.waiting import SHEET
from bot.platforms.slack.workspaces import Bot, authorize
from bot.platforms.web.delivery import WebDelivery
from bot.rehearsal.bench.slack_requests import SECRET, TEAM
from bot.rehearsal.bench.village import Village, village
from bot.storage.store import Tx
from bot.storage.tables import slack_person


@dataclass(frozen=True)
class Both:
    """Both sides, and what is sent to them."""

    bot: ASGIApp
    bare: ASGIApp
    village: Village


class _Here:
    """The one workspace of the bench; nobody is asked."""

    async def bot(self, team: str | None, enterprise: str | None = None) -> Bot | None:  # noqa: ARG002
        return Bot(TEAM, None, "UBOT", "BBOT", "xoxb-bench")

    async def teams(self) -> tuple[str, ...]:
        return (TEAM,)


@asynccontextmanager
async def both(folder: Path, people: int) -> AsyncIterator[Both]:
    """Start both sides in a folder; everybody has opened a check-in he has not sent."""
    async with village(folder, people) as one:
        bot = one.bot

        def known(tx: Tx) -> None:
            rows = [
                {"team_id": TEAM, "user_id": f"U{n}", "person_id": person}
                for n, person in enumerate(one.people)
            ]
            tx.insert_new(slack_person, rows)

        await bot.store.write(known)
        inner = WebDelivery(bot.store, one.clock, bot.hub)
        slack = Slack(
            bot.store, bot.env, bot.front, _Here(), inner, _draw, Options(signing_secret=SECRET)
        )
        try:
            await _everybody_opens(slack, one)
            yield Both(Starlette(routes=slack.routes()), _bare(), one)
        finally:
            await slack.close()


async def _everybody_opens(slack: Slack, one: Village) -> None:
    """Have everybody press the invitation's button, as they did before they could send anything."""
    waiting = iter(enumerate(one.people))

    async def presses() -> None:
        for number, person in waiting:
            await slack.people.person(TEAM, f"U{number}")
            press = Clicked(f"open.{number}", person, f"person:{person}", SHEET, one.round.id)
            await one.bot.front.handle(press)

    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(presses())


async def _draw(_: Chart) -> bytes:
    return b""


def _bare() -> ASGIApp:
    """Return Bolt with a handler that only acknowledges, as its own examples have it."""
    app = AsyncApp(
        signing_secret=SECRET,
        authorize=authorize(_Here()),  # type: ignore[arg-type]
        process_before_response=True,
    )

    @app.view(ANY)
    async def acknowledges(ack: Any) -> None:
        await ack()

    handler: ASGIApp = AsyncSlackRequestHandler(app)  # type: ignore[assignment]
    return handler
