"""Draws what Slack will show as a picture: npm's slack-blocks-to-jsx in a Chromium of this machine.

For development alone: it needs a checkout with ``make slack-tools`` done, Playwright (one of the
packages for tests) and Chromium. The bot itself needs none of them.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import bot
from bot.platforms.slack.escape import Block
from bot.rehearsal import chromium
from bot.rehearsal.chromium import CannotDraw

BUILT = Path(bot.__file__).parents[1] / "tools" / "slack" / "build"

_FILES = ("draw.js", "draw.css")
_SHARP = 2
"""Pixels a point."""

Surface = Block | Sequence[Block]
"""A view, or the blocks of a message."""


def missing(built: Path = BUILT) -> str | None:
    """Return what is missing for drawing and how to get it; ``None``: nothing."""
    if not all((built / name).is_file() for name in _FILES):
        return (
            "Pictures need the tools in tools/slack: run `make slack-tools` in a checkout "
            "(it needs node and npm; on Debian: apt install nodejs npm)."
        )
    return chromium.missing()


def draw(
    surfaces: Sequence[Surface], pictures: Mapping[str, str] | None = None, built: Path = BUILT
) -> bytes:
    """Return a PNG of surfaces, one under another. Raises ``CannotDraw``.

    ``pictures`` are data URLs by the id of an uploaded file.
    """
    if lack := missing(built):
        raise CannotDraw(lack)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.found(), args=[*chromium.ARGUMENTS]
        )
        page = browser.new_page(device_scale_factor=_SHARP, viewport={"width": 600, "height": 800})
        page.route("**/*", lambda route: route.abort())  # a picture of a card needs no network
        page.set_content('<!doctype html><meta charset="utf-8"><div id="card"></div>')
        page.add_style_tag(content=(built / "draw.css").read_text("utf-8"))
        page.add_script_tag(content=(built / "draw.js").read_text("utf-8"))
        page.evaluate(
            "([surfaces, pictures]) => draw(surfaces, pictures)",
            [json.loads(json.dumps(surfaces)), dict(pictures or {})],
        )
        page.evaluate("() => Promise.all([...document.images].map(i => i.decode().catch(() => 0)))")
        picture = page.locator("#card").screenshot()
        browser.close()
    return picture
