"""What people meet, as Slack's own JSON with its charts as pictures; nothing is sent."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.content.words import Words
from bot.platforms.slack import blocks, views
from bot.platforms.slack.pictures import charts
from bot.platforms.slack.rendering import Rendering
from bot.platforms.slack.screens import inside, screen
from bot.rehearsal.seen import AtHome, Opened, Post, Seen, cards
from bot.rehearsal.slack_picture import Surface
from bot.reports.charts import Charts


@dataclass(frozen=True)
class Drawn:
    """Surfaces, and data URLs of the pictures in them by the id of the file."""

    surfaces: tuple[Surface, ...]
    pictures: Mapping[str, str]


async def drawn(seen: Iterable[Seen], words: Words, draw: Charts) -> Drawn:
    """Return what is seen as Slack gets it. Raises ``ChartFailed``."""
    surfaces: list[Surface] = []
    pictures: dict[str, str] = {}
    for one in seen:
        found = charts(cards(one))
        for chart in found:
            png = base64.b64encode(await draw.draw(chart, "light")).decode()
            pictures[chart.context] = f"data:image/png;base64,{png}"
        files = {chart.context: chart.context for chart in found}
        surfaces += _surfaces(one, Rendering(words, str, files))
    return Drawn(tuple(surfaces), pictures)


def _surfaces(one: Seen, context: Rendering) -> list[Surface]:
    match one:
        case Post(card):
            said = blocks.message(inside(card), context=context)
            return [list(said.blocks), *map(list, said.more)]
        case AtHome(found):
            return [views.home(found, context=context)]
        case Opened(reply):
            return [screen(reply, context=context)]
