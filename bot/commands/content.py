"""``check`` and ``preview``: content before it meets anybody."""

import asyncio
import sys
from pathlib import Path
from typing import get_args

import click

from bot import settings as reading
from bot.commands.online import tried
from bot.content.check import check as faults_in
from bot.content.loader import load, shipped_folder
from bot.content.model import Pack
from bot.content.preview import preview as as_text
from bot.domain.languages import Language
from bot.rehearsal import slack_picture, slack_preview

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


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


@click.command()
@click.argument("instrument")
@click.option("--lang", type=click.Choice(get_args(Language)), default="da", show_default=True)
@click.option("--content", type=_FOLDER, help="A pack to lay over the shipped one.")
@click.option("--platform", type=click.Choice(["slack"]), help="As it will look there.")
@click.option("--png", type=_FILE, help="Draw it into this file; needs --platform.")
@click.option("--question", "questions", multiple=True, help="Draw this question; may be repeated.")
def preview(
    instrument: str,
    lang: Language,
    content: Path | None,
    platform: str | None,
    png: Path | None,
    questions: tuple[str, ...],
) -> None:
    """Show INSTRUMENT as people will read it, without sending anything."""
    if (platform is None) != (png is None) or (questions and png is None):
        raise click.UsageError("a picture needs both: --platform slack --png FILE")
    pack = load(shipped_folder(), *reading.read().content, *((content,) if content else ()))
    if instrument not in pack.instruments:
        known = ", ".join(sorted(pack.instruments))
        raise click.BadParameter(f"no such instrument; there is {known}", param_hint="INSTRUMENT")
    if png is not None:
        _draw(pack, instrument, lang, png, questions)
        return
    click.echo_via_pager(as_text(pack, instrument, lang)) if sys.stdout.isatty() else click.echo(
        as_text(pack, instrument, lang)
    )


def _draw(
    pack: Pack, instrument: str, lang: Language, png: Path, questions: tuple[str, ...]
) -> None:
    """Draw questions as Slack will show them; what is missing on this machine is said."""
    try:
        surfaces = slack_preview.asked(pack, instrument, lang, questions)
        png.write_bytes(slack_picture.draw(surfaces))
    except slack_preview.UnknownQuestion as unknown:
        raise click.BadParameter(
            f"{instrument} has no question {unknown.args[0]}", param_hint="--question"
        ) from None
    except (slack_picture.CannotDraw, OSError) as failed:
        raise click.ClickException(str(failed)) from None
    click.echo(f"{png}: {len(surfaces)} as in Slack.")


COMMANDS = (check, preview)
