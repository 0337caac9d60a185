"""Draws the pictures of the guides anew: ``make pictures``. For development alone.

Each guide shows what its reader meets, in the reader's language; what invented people have written
stays in theirs.
"""

import asyncio
import io
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import click
from PIL import Image

from bot.content.loader import load
from bot.content.model import Pack
from bot.domain.languages import Language
from bot.rehearsal import slack_picture, slack_preview, web_pictures
from bot.rehearsal.chromium import CannotDraw
from bot.rehearsal.organisation import Onlooker
from bot.rehearsal.scenes import world
from bot.rehearsal.slack_scenes import Drawn, drawn

_COLOURS = 64
"""Enough for text and a chart; a picture takes a third of the room then."""


@dataclass(frozen=True)
class Picture:
    """A picture of Slack in the guides: what it shows, to whom, and in which languages."""

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


def web_files(language: Language) -> Mapping[str, str]:
    """Return the pictures of a browser by the sight they show, such as ``web-result-sv.png``."""
    return {name: f"web-{name}-{language}.png" for name in web_pictures.SIGHTS}


async def scenes(pack: Pack, language: Language) -> dict[str, Drawn]:
    """Return what is seen in Slack in a language, by the picture's file."""
    found = {}
    async with world(pack, language) as there:
        for one in (one for one in PICTURES if language in one.languages):
            seen = await there.see(one.scene, one.role)
            found[one.file(language)] = await drawn(seen, there.words, there.bot.charts)
    return found


def every(pack: Pack) -> Iterator[tuple[str, bytes]]:
    """Yield every picture as a PNG, by its file. Raises ``CannotDraw``."""
    for language in get_args(Language):
        seen = asyncio.run(web_pictures.drawn(pack, language))
        for name, file in web_files(language).items():
            yield file, seen[name]
        asked = Drawn(slack_preview.asked(pack, QUESTIONS.scene, language), {})
        found = {QUESTIONS.file(language): asked, **asyncio.run(scenes(pack, language))}
        for file, one in found.items():
            yield file, slack_picture.draw(one.surfaces, one.pictures)


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
        for name, png in every(load()):
            (folder / name).write_bytes(small(png))
            click.echo(name)
    except CannotDraw as missing:
        raise click.ClickException(str(missing)) from None


if __name__ == "__main__":
    pictures()
