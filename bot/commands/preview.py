"""``preview``: what people will meet, before anybody meets it."""

import asyncio
import logging
import sys
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from bot import settings as reading
from bot.content.loader import load, shipped_folder
from bot.content.model import Pack
from bot.content.preview import preview as as_text
from bot.domain.languages import Language
from bot.rehearsal import slack_picture, slack_preview
from bot.rehearsal.chromium import CannotDraw
from bot.rehearsal.organisation import ONLOOKERS, Onlooker

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_T = TypeVar("_T")
_ONLOOKER = click.Choice(tuple(ONLOOKERS))
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("what")
@click.option("--lang", type=click.Choice(get_args(Language)), default="da", show_default=True)
@click.option(
    "--as", "role", type=click.Choice(tuple(ONLOOKERS)), help="Whose view of it, where it differs."
)
@click.option("--content", type=_FOLDER, help="A pack to lay over the shipped one.")
@click.option("--platform", type=click.Choice(["slack"]), help="As it will look there.")
@click.option("--png", type=_FILE, help="Draw it into this file; needs --platform.")
@click.option("--question", "questions", multiple=True, help="Draw this question; may be repeated.")
def preview(
    what: str,
    lang: Language,
    role: Onlooker | None,
    content: Path | None,
    platform: str | None,
    png: Path | None,
    questions: tuple[str, ...],
) -> None:
    """Show WHAT people will meet, without sending anything.

    WHAT is an instrument, such as checkin or maturity, or one of these, as an invented organisation
    sees it: home, menu, invitation, result, action, dialogue, digest, set-up.
    """
    if (platform is None) != (png is None):
        raise click.UsageError("a picture needs both: --platform slack --png FILE")
    pack = load(shipped_folder(), *reading.read().content, *((content,) if content else ()))
    if what in pack.instruments:
        _instrument(pack, what, lang, role, png, questions)
        return
    from bot.rehearsal.scenes import SCENES  # with Slack's packages, which nobody else needs

    scene = SCENES.get(what)
    if scene is None:
        known = ", ".join((*sorted(pack.instruments), *SCENES))
        raise click.BadParameter(f"no such thing; there is {known}", param_hint="WHAT")
    if role is not None and role not in scene.roles:
        fit = ", ".join(scene.roles)
        raise click.BadParameter(f"{what} is seen as {fit}", param_hint="--as")
    if questions:
        raise click.UsageError("--question picks one of an instrument's questions")
    _scene(pack, what, lang, role, png)


def _instrument(
    pack: Pack,
    instrument: str,
    lang: Language,
    role: Onlooker | None,
    png: Path | None,
    questions: tuple[str, ...],
) -> None:
    if role is not None:
        raise click.UsageError(f"{instrument} asks everybody the same: --as fits the other things")
    if png is not None:
        _draw(pack, instrument, lang, png, questions)
    elif questions:
        raise click.UsageError("--question is for pictures: --platform slack --png FILE")
    else:
        _tell(as_text(pack, instrument, lang))


def _draw(
    pack: Pack, instrument: str, lang: Language, png: Path, questions: tuple[str, ...]
) -> None:
    """Draw questions as Slack will show them; what is missing on this machine is said."""
    try:
        surfaces = slack_preview.asked(pack, instrument, lang, questions)
    except slack_preview.UnknownQuestion as unknown:
        raise click.BadParameter(
            f"{instrument} has no question {unknown.args[0]}", param_hint="--question"
        ) from None
    _write(png, surfaces, {})


def _scene(pack: Pack, name: str, lang: Language, role: Onlooker | None, png: Path | None) -> None:
    """Show one thing of an organisation that is invented for it."""
    from bot.rehearsal import slack_scenes
    from bot.rehearsal.in_words import in_words
    from bot.rehearsal.scenes import world

    if png is not None:
        _drawable()

    async def seen() -> tuple[str, slack_scenes.Drawn | None]:
        async with world(pack, lang) as there:
            found = await there.see(name, role)
            drawn = slack_scenes.drawn(found, there.words, there.bot.charts) if png else None
            return in_words(found), await drawn if drawn else None

    click.echo("Inventing an organisation and its first weeks ...", err=True)
    text, drawn = _quietly(seen())
    if png is None or drawn is None:
        _tell(text)
    else:
        _write(png, drawn.surfaces, drawn.pictures)


def _quietly(seen: Coroutine[Any, Any, _T]) -> _T:
    """Run it without a word about the weeks that are lived through."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        return asyncio.run(seen)
    finally:
        logging.disable(before)


def _drawable() -> None:
    if lack := slack_picture.missing(slack_picture.BUILT):
        raise click.ClickException(lack)


def _write(
    png: Path, surfaces: Sequence[slack_picture.Surface], pictures: Mapping[str, str]
) -> None:
    """Draw what Slack will show; what is missing on this machine is said."""
    try:
        png.write_bytes(slack_picture.draw(surfaces, pictures))
    except (CannotDraw, OSError) as failed:
        raise click.ClickException(str(failed)) from None
    click.echo(f"{png}: {len(surfaces)} as in Slack.")


def _tell(text: str) -> None:
    click.echo_via_pager(text) if sys.stdout.isatty() else click.echo(text)


COMMANDS = (preview,)
