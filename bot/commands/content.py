"""``check``: settings and content before anybody meets them."""

import asyncio
import sys
from pathlib import Path
from typing import get_args

import click

from bot import settings as reading
from bot.commands.online import tried
from bot.content.check import check as faults_in
from bot.content.loader import load, shipped_folder
from bot.domain.languages import Language

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--content", type=_FOLDER, help="Check this pack as well, laid over the shipped one.")
@click.option("--online", is_flag=True, help="Also try Slack: tokens, scopes and channels.")
def check(content: Path | None, online: bool) -> None:
    """Check settings and content; every fault at once, with file and key."""
    settings = reading.read()
    if online and not asyncio.run(tried(settings)):
        sys.exit(1)
    folders = (shipped_folder(), *settings.content, *((content,) if content else ()))
    faults = faults_in(*folders)
    for fault in faults:
        click.echo(str(fault))
    if faults:
        click.echo(f"{len(faults)} faults.", err=True)
        sys.exit(1)
    pack = load(*folders)
    questions = sum(len(one.questions) for one in pack.instruments.values())
    click.echo(
        f"No faults: {len(pack.instruments)} instruments, {questions} questions, "
        f"{len(pack.keys)} messages, in {', '.join(get_args(Language))}."
    )


COMMANDS = (check,)
