"""``check`` and ``preview``: content before it meets anybody."""

import sys
from pathlib import Path
from typing import get_args

import click

from bot import settings as reading
from bot.content.check import check as faults_in
from bot.content.loader import load, shipped_folder
from bot.content.preview import preview as as_text
from bot.domain.languages import Language

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--content", type=_FOLDER, help="Check this pack as well, laid over the shipped one.")
def check(content: Path | None) -> None:
    """Check settings and content; every fault at once, with file and key."""
    settings = reading.read()
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


@click.command()
@click.argument("instrument")
@click.option("--lang", type=click.Choice(get_args(Language)), default="da", show_default=True)
@click.option("--content", type=_FOLDER, help="A pack to lay over the shipped one.")
def preview(instrument: str, lang: Language, content: Path | None) -> None:
    """Show INSTRUMENT as people will read it, without sending anything."""
    pack = load(shipped_folder(), *reading.read().content, *((content,) if content else ()))
    if instrument not in pack.instruments:
        known = ", ".join(sorted(pack.instruments))
        raise click.BadParameter(f"no such instrument; there is {known}", param_hint="INSTRUMENT")
    click.echo_via_pager(as_text(pack, instrument, lang)) if sys.stdout.isatty() else click.echo(
        as_text(pack, instrument, lang)
    )


COMMANDS = (check, preview)
