"""``run`` and ``demo``: the bot itself, in the browser."""

import asyncio
import contextlib
import logging
import shutil
import signal
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import uvicorn
from starlette.applications import Starlette

from bot import settings as reading
from bot.app import Bot, session_key, started, steady, web
from bot.platforms.web.session import Sessions
from bot.rehearsal.demo import CLOCK_FILE, Stage, clock_for
from bot.settings import Settings
from bot.settings.values import LOOPBACK
from bot.storage import people

DEMO_MARK = "this-is-a-demo"
"""A file in the folders that ``demo`` may empty: another one may be somebody's data."""


@click.command()
@click.option("--new-keys", is_flag=True, help="Accept an empty key folder: open rounds are void.")
def run(new_keys: bool) -> None:
    """Run the bot for real, with the settings in force."""
    settings = reading.read()
    logging.getLogger().setLevel(settings.log_level.upper())
    asyncio.run(_run(settings, new_keys=new_keys))


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8710, show_default=True)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data/demo"),
    show_default=True,
    help="Where the demo's own database lives.",
)
@click.option("--fresh", is_flag=True, help="Start over with a new invented organisation.")
def demo(port: int, data: Path, fresh: bool) -> None:
    """Try the bot out: an invented organisation, and a clock that you can move."""
    settings = reading.read(
        data=data,
        port=port,
        host="127.0.0.1",
        organisation="Solgården",
        sign_in="local",
        slack_mode="off",  # invented people write to nobody
    )
    _make_room(data, fresh=fresh)
    asyncio.run(_demo(settings))


def _make_room(data: Path, *, fresh: bool) -> None:
    """Empty the demo's folder where it begins anew; only ever a folder that is a demo's."""
    if data.is_dir() and any(data.iterdir()) and not (data / DEMO_MARK).is_file():
        raise click.BadParameter(f"{data} holds something that is no demo.", param_hint="--data")
    if fresh or not (data / CLOCK_FILE).is_file():
        shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / DEMO_MARK).touch()


async def _run(settings: Settings, *, new_keys: bool) -> None:
    async with started(settings, new_keys=new_keys) as bot:
        if not await bot.store.read(people.everybody):
            click.echo(f"Nobody is here yet: {_first_step(settings)}", err=True)
        if settings.slack_mode == "off" and settings.slack_bot_token:
            click.echo("Slack is off, though there is a token: set slack_mode.", err=True)
        bot.runner.start()
        if bot.slack is not None:
            await bot.slack.start()
        at_https = (settings.public_url or "").startswith("https:")
        sessions = Sessions(session_key(settings.data), secure=at_https)
        try:
            await serve(settings, web(bot, sessions), bot)
        finally:
            await bot.runner.stop()


def _first_step(settings: Settings) -> str:
    """Return how the first people come in."""
    if settings.slack_mode != "off" and settings.slack_rosters == "channel":
        return "invite the bot into a team's channel in Slack"
    return "trivselsbot people import FILE --apply"


async def _demo(settings: Settings) -> None:
    today = datetime.now(UTC).date()
    clock = clock_for(settings.data, today)
    async with started(settings, clock=clock, demo=True) as bot:
        sessions = Sessions(session_key(settings.data))
        stage = Stage(bot, clock, sessions)
        await stage.set_up(today)
        await serve(settings, web(bot, sessions, stage.parts()), bot)


async def serve(settings: Settings, app: Starlette, bot: Bot) -> None:
    """Serve the web chat until asked to stop; open pages are told to look elsewhere first."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
        server_header=False,
    )
    server = _Server(config, bot)
    steady()
    _refuse_taken_port(settings)
    with contextlib.suppress(KeyboardInterrupt):
        await server.serve()


class CannotListen(Exception):  # noqa: N818 - says what is the case
    """The address is taken, or not this machine's."""

    def __init__(self, settings: Settings, why: str) -> None:
        super().__init__(
            f"WEB-1: cannot listen on {settings.host}:{settings.port} ({why}); "
            "end what uses it, or choose another port."
        )


def _refuse_taken_port(settings: Settings) -> None:
    """Say plainly that something else listens there, before anything has started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as taken:
            raise CannotListen(settings, str(taken.strerror)) from None


class _Server(uvicorn.Server):
    """Says where it listens, and ends live streams before it waits for them."""

    def __init__(self, config: uvicorn.Config, bot: Bot) -> None:
        super().__init__(config)
        self._bot = bot

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if not self.should_exit:
            port = self.servers[0].sockets[0].getsockname()[1]
            host = "127.0.0.1" if self.config.host in LOOPBACK else self.config.host
            click.echo(f"Trivselsbot: http://{host}:{port}  (Ctrl-C stops it)")

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take a signal as the wish to stop, and no more.

        uvicorn raises it anew when the server has ended; SIGTERM would then kill the bot before
        the outbox is drained.
        """
        taken = (signal.SIGINT, signal.SIGTERM)
        before = {one: signal.signal(one, self.handle_exit) for one in taken}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        self._bot.hub.close()
        await super().shutdown(sockets)  # type: ignore[arg-type]


COMMANDS = (run, demo)
