"""The composition root: the only place that builds things, and the order of starting and stopping.

Start: settings and content are sound, the key folder is private and the database's own, the schema
is current, what a crash left is put right; then the doors open. Stop: the doors close, the tick
ends, the outbox is drained, the database is closed.
"""

import asyncio
import gc
import logging
import os
import secrets
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.cards import Chart
from bot.content.loader import load, shipped_folder
from bot.content.model import Pack
from bot.delivery.sender import Sender
from bot.domain.chance import Chance, SystemChance
from bot.domain.clock import Clock
from bot.domain.dialogues import KINDS
from bot.domain.rounds import Round
from bot.flows import forgetting
from bot.flows.env import Env
from bot.flows.front import Front
from bot.flows.health import health_of
from bot.flows.programmes import registry as programmes
from bot.flows.rounds import running as running_rounds
from bot.platforms.port import Platform, Undelivered
from bot.platforms.web.app import build
from bot.platforms.web.delivery import WebDelivery
from bot.platforms.web.hub import Hub
from bot.platforms.web.port import Demo, Options, Theme
from bot.platforms.web.session import Sessions
from bot.privacy.keys import KeyStore
from bot.reports.charts import Charts
from bot.schedule.runner import Runner
from bot.schedule.tick import Tick
from bot.settings import Settings
from bot.storage import meta, migrate, rounds
from bot.storage.store import Store, Tx

if TYPE_CHECKING:
    from bot.platforms.slack.adapter import Slack

log = logging.getLogger(__name__)

TURN = 0.0005
"""Seconds after which a thread that waits for its turn gets it. Longer lets the last in a burst
wait, shorter costs answers a second."""
LAST_MOMENT = 5.0
"""Seconds that are left for sending when the bot is asked to stop."""
KEY_FOLDER = "key_folder"
"""Under this key the database notes which key folder is its own."""


@dataclass
class Bot:
    """Everything that was built, for whoever runs it."""

    settings: Settings
    env: Env
    store: Store
    hub: Hub
    platform: Platform
    sender: Sender
    tick: Tick
    runner: Runner
    front: Front
    charts: Charts
    slack: "Slack | None" = None

    async def drain(self) -> None:
        """Send what is due before stopping; what takes too long goes out after the next start."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_MOMENT):
                await self.sender.send_due(self.env.clock.now())

    async def keep_house(self) -> None:
        """The nightly chores: keys nobody needs, what is past its days, free pages, the log."""
        await running_rounds.recover(self.store, self.env)
        await self.store.write(lambda tx: programmes.settle(tx, self.env, self.env.clock.now()))
        await forgetting.forget(self.store, self.settings.retention, self.env.clock.now())
        if self.slack is not None:
            await self.slack.roster.catch_up()
        await self.store.vacuum()
        await self.store.checkpoint()


@dataclass(frozen=True)
class DemoParts:
    """What a demo adds to the web chat: its bar, and what the bar's buttons post to."""

    bar: Demo
    routes: tuple[BaseRoute, ...]


class UnknownQuestions(Exception):  # noqa: N818 - says what is the case
    """Open rounds ask questions the content pack no longer has."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(
            "CONTENT-1: open rounds ask questions this content does not have: "
            f"{', '.join(missing)}. Put them back until these rounds have closed."
        )


@asynccontextmanager
async def started(
    settings: Settings,
    *,
    clock: Clock | None = None,
    chance: Chance | None = None,
    demo: bool = False,
    new_keys: bool = False,
    platform: Platform | None = None,
    pack: Pack | None = None,
) -> AsyncIterator[Bot]:
    """Build the bot and put it right after whatever happened before; stop it cleanly at the end.

    ``pack`` is content that was read and checked before; without it, the settings say which.

    Raises ``ContentFaults``, ``KeyStoreUnusable``, ``StorageUnusable`` or ``UnknownQuestions``:
    a bot never starts on something it cannot trust.
    """
    pack = pack or load(shipped_folder(), *settings.content)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = KeyStore(settings.key_folder)
    keys.check()
    migrate.upgrade(settings.database)
    env = Env(
        pack=pack,
        keys=keys,
        clock=clock or Clock(),
        chance=chance or SystemChance(),
        defaults=settings.rules,
        organisation=settings.own_name,
        demo=demo,
    )
    async with Store.open(settings.database) as store:
        bot = _built(settings, env, store, platform)
        await store.write(lambda tx: _own_key_folder(tx, env, new_keys=new_keys))
        _check_open_rounds(pack, await store.read(rounds.taking_answers))
        await running_rounds.recover(store, env)
        await store.write(lambda tx: programmes.settle(tx, env, env.clock.now()))
        log.info("started: %s", settings.database.name)
        try:
            yield bot
        finally:
            bot.hub.close()
            if bot.slack is not None:
                await bot.slack.close()
            await bot.drain()
            await bot.charts.close()
            log.info("stopped")


def web(bot: Bot, sessions: Sessions, demo: DemoParts | None = None) -> Starlette:
    """Return the web chat of a started bot, with its health check."""

    async def health(request: Request) -> JSONResponse:  # noqa: ARG001
        told = await bot.store.read(lambda tx: health_of(tx, bot.env))
        return JSONResponse(told, 200 if told["ok"] else 503)

    async def draw(chart: Chart, theme: Theme) -> bytes:
        return await bot.charts.draw(chart, theme)

    begun = _links(bot, sessions)
    chat = build(
        bot.front,
        bot.hub,
        Options.of(bot.settings, session_key(bot.settings.data)),
        draw=draw,
        chance=SystemChance(),
        sessions=sessions,
        demo=demo.bar if demo else None,
        extra_routes=(Route("/health", health), *begun, *(demo.routes if demo else ())),
    )
    beside = bot.slack.routes() if bot.slack else ()  # others post there: no guard of the chat's
    return Starlette(routes=[*beside, Mount("", app=chat)]) if beside else chat


def _built(settings: Settings, env: Env, store: Store, platform: Platform | None) -> Bot:
    hub, front, charts = Hub(), Front(store, env), Charts()
    own = WebDelivery(store, env.clock, hub)
    slack = _slack(settings, env, store, front, own, charts) if platform is None else None
    chosen = platform or (slack.delivery if slack else own)
    env.news.listen(hub.changed)
    sender = Sender(store, env, chosen)

    async def wake(people: tuple[str, ...]) -> None:
        try:
            await sender.again.woken(people, env.clock.now())
        except Undelivered as problem:
            log.error("SEND-2 who asked for later is not told: %s", problem.code)

    tick = Tick(store, env, sender.send_due, wake)
    bot = Bot(
        settings=settings,
        env=env,
        store=store,
        hub=hub,
        platform=chosen,
        sender=sender,
        tick=tick,
        runner=Runner(tick, env.clock, lambda: bot.keep_house()),
        front=front,
        charts=charts,
        slack=slack,
    )
    return bot


def _slack(
    settings: Settings, env: Env, store: Store, front: Front, inner: Platform, charts: Charts
) -> "Slack | None":
    """Build what speaks to Slack, where the settings want it; its packages are loaded only then."""
    if settings.slack_mode == "off":
        return None
    from bot.platforms.slack.building import from_settings

    async def draw(chart: Chart) -> bytes:
        return await charts.draw(chart, "light")

    key = session_key(settings.data)
    return from_settings(settings, env, store, front, inner, draw, key)


def _links(bot: Bot, sessions: Sessions) -> tuple[Route, ...]:
    """Return where a link out of Slack begins a session, where pages are reached so."""
    if bot.slack is None or bot.slack.links is None:
        return ()
    from bot.platforms.slack.links import PATH

    async def fault(request: Request, status: int) -> Response:  # noqa: ARG001
        raise HTTPException(status)

    return (Route(PATH, bot.slack.links.endpoint(bot.front, sessions.begin, fault)),)


def _own_key_folder(tx: Tx, env: Env, *, new_keys: bool) -> None:
    """Tie database and key folder together; another folder is refused while rounds are open."""
    name = meta.get(tx, KEY_FOLDER)
    fresh = name is None or new_keys or not rounds.taking_answers(tx)
    if name is None:
        name = env.chance.token()
        meta.put(tx, KEY_FOLDER, name)
    env.keys.belong(str(name), fresh=fresh)


def _check_open_rounds(pack: Pack, standing: Iterable[Round]) -> None:
    known = {
        (one.id, question.id) for one in pack.instruments.values() for question in one.questions
    }
    missing = {
        f"{one.instrument}.{asked.id}"
        for one in standing
        for asked in one.questions
        if one.instrument not in KINDS and (one.instrument, asked.id) not in known
    }
    if missing:
        raise UnknownQuestions(tuple(sorted(missing)))


def steady() -> None:
    """Have the garbage collector pass over what has been built: it stays as long as the bot does.

    And have it look less often: a reply makes thousands of small objects, hardly ever in rings.
    Measured: a tenth of the processor time of an answer. For a process that is the bot's alone.

    Also have threads take turns sooner. The writer gives up its turn at every statement; at
    Python's usual interval it could get it back only 5 ms later while the event loop was busy.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    sys.setswitchinterval(TURN)


def session_key(folder: Path) -> bytes:
    """Return the key that signs sign-in cookies; made at the first start, private to the bot."""
    file = folder / "session.key"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_bytes()
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(secrets.token_bytes(32))
    return file.read_bytes()
