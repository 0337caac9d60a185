"""The command line: ``trivselsbot COMMAND``. Each command lives in ``bot.commands``.

Exit codes: 0 done, 1 what was looked at is not in order, 2 the settings or arguments are wrong or
the bot cannot start.
"""

import logging
import sys

import click

from bot import settings as reading
from bot.commands import content, database, people, serving, trying
from bot.content.faults import ContentFaults
from bot.privacy.keys import KeyStoreUnusable
from bot.storage.trouble import StorageTrouble

REFUSALS = (reading.SettingsFaults, ContentFaults, KeyStoreUnusable, StorageTrouble)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="trivselsbot")
def commands() -> None:
    """Trivselsbot: check-ins and well-being dialogue in chat, from question to effect."""


for command in (
    *serving.COMMANDS,
    *content.COMMANDS,
    *people.COMMANDS,
    *database.COMMANDS,
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
    for chatty in ("apscheduler", "alembic", "sse_starlette", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        commands(prog_name="trivselsbot")
    except REFUSALS as refused:
        faults = getattr(refused, "faults", (refused,))
        for fault in faults:
            click.echo(str(fault), err=True)
        click.echo(f"Not started: {len(faults)} thing(s) to put right.", err=True)
        sys.exit(2)
