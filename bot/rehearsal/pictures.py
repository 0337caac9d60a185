"""Draws the pictures of the guides anew: ``make pictures``. For development alone.

Each guide shows what its reader meets, in the reader's language; what invented people have written
stays in theirs.
"""

import asyncio
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import click
from PIL import Image

from bot.content.loader import load
from bot.content.model import Pack
from bot.domain.languages import Language
from bot.rehearsal import slack_picture, slack_preview
from bot.rehearsal.organisation import Onlooker
from bot.rehearsal.scenes import world
from bot.rehearsal.slack_scenes import Drawn, drawn

_COLOURS = 64
"""Enough for text and a chart; a picture takes a third of the room then."""


@dataclass(frozen=True)
class Picture:
    """A picture of the guides: what it shows, to whom, and in which languages."""

    scene: str
    role: Onlooker | None = None
    languages: tuple[Language, ...] = get_args(Language)

    def file(self, language: Language) -> str:
        """Return its name, such as ``slack-home-lead-sv.png``."""
        parts = ("slack", self.scene, *((self.role,) if self.role else ()), language)
        return f"{'-'.join(parts)}.png"


PICTURES = (
    Picture("invitation"),
    Picture("home", "employee"),
    Picture("home", "lead"),
    Picture("home", "amg"),
    Picture("menu", "lead"),
    Picture("result"),
    Picture("digest"),
    Picture("set-up", languages=("en",)),
    Picture("dialogue"),
    Picture("action"),
)
"""A dialogue is begun for its picture, and an action's reminder comes days later: they are last."""
QUESTIONS = Picture("checkin")


async def scenes(pack: Pack, language: Language) -> dict[str, Drawn]:
    """Return what is seen in a language, by the picture's file."""
    found = {}
    async with world(pack, language) as there:
        for one in (one for one in PICTURES if language in one.languages):
            seen = await there.see(one.scene, one.role)
            found[one.file(language)] = await drawn(seen, there.words, there.bot.charts)
    return found


def every(pack: Pack) -> Iterator[tuple[str, Drawn]]:
    """Yield every picture, by its file."""
    for language in get_args(Language):
        asked = slack_preview.asked(pack, QUESTIONS.scene, language)
        yield QUESTIONS.file(language), Drawn(asked, {})
        yield from asyncio.run(scenes(pack, language)).items()


def small(png: bytes) -> bytes:
    """Return a picture in few colours."""
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(_COLOURS)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def pictures(folder: Path) -> None:
    """Draw the pictures of the guides into FOLDER."""
    logging.disable(logging.INFO)
    try:
        for name, one in every(load()):
            (folder / name).write_bytes(small(slack_picture.draw(one.surfaces, one.pictures)))
            click.echo(name)
    except slack_picture.CannotDraw as missing:
        raise click.ClickException(str(missing)) from None


if __name__ == "__main__":
    pictures()
