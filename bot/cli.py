"""The command line: ``trivselsbot COMMAND``. Each command lives in ``bot.commands``.

Exit codes: 0 done, 1 what was looked at is not in order, 2 the settings or arguments are wrong or
the bot cannot start.
"""

import logging
import sys
import traceback
from collections.abc import Iterator

import click

from bot import settings as reading
from bot.app import UnknownQuestions
from bot.commands import content, database, keeping, people, preview, serving, slack, trying
from bot.commands.serving import CannotListen
from bot.content.faults import ContentFaults
from bot.platforms.slack.sealing import TokenKeysUnusable
from bot.privacy.keys import KeyStoreUnusable
from bot.rehearsal.bench.process import NotStarted
from bot.storage.trouble import StorageTrouble

REFUSALS = (
    reading.SettingsFaults,
    ContentFaults,
    UnknownQuestions,
    KeyStoreUnusable,
    StorageTrouble,
    CannotListen,
    NotStarted,
    TokenKeysUnusable,
)
CHATTY = ("alembic", "sse_starlette", "asyncio", "matplotlib", "PIL", "uvicorn")
"""Loggers that say more than an operator needs."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--debug", is_flag=True, help="If a command fails unexpectedly, show where.")
@click.version_option(package_name="trivselsbot")
def commands(debug: bool) -> None:
    """Trivselsbot: check-ins and well-being dialogue in chat, from question to effect."""
    if debug:
        logging.getLogger().setLevel(logging.DEBUG)


for command in (
    *serving.COMMANDS,
    *content.COMMANDS,
    *preview.COMMANDS,
    *people.COMMANDS,
    *keeping.COMMANDS,
    *database.COMMANDS,
    *slack.COMMANDS,
    *trying.COMMANDS,
):
    commands.add_command(command)


def main() -> None:
    """Run a command; refuse with every fault and what to do, never with a traceback."""
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        commands(prog_name="trivselsbot")
    except REFUSALS as refused:
        faults = getattr(refused, "faults", (refused,))
        for fault in faults:
            click.echo(str(fault), err=True)
        click.echo(f"Not started: {len(faults)} thing(s) to put right.", err=True)
        sys.exit(2)
    except Exception as unexpected:
        click.echo(_unexpected(unexpected), err=True)
        if logging.getLogger().isEnabledFor(logging.DEBUG):
            for line in _places(unexpected):
                click.echo(line, err=True)
        sys.exit(2)


def _unexpected(failure: Exception) -> str:
    return (
        f"CLI-1: something unexpected happened ({type(failure).__name__}). What was confirmed "
        "before is kept. See where with: trivselsbot --debug COMMAND; then report it."
    )


def _places(failure: BaseException | None) -> Iterator[str]:
    """Yield where a failure and its causes happened. Their texts may quote somebody: left out."""
    while failure is not None:
        yield f"{type(failure).__qualname__}:"
        for frame in traceback.extract_tb(failure.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
        failure = failure.__cause__ or failure.__context__
