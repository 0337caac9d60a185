"""The frame of a modal: its title, and an introduction that gives way to the inputs."""

from collections.abc import Sequence

from bot.content.words import Words
from bot.platforms.slack import limits
from bot.platforms.slack.escape import Block, plain, size
from bot.platforms.slack.paging import weight
from bot.platforms.slack.parts import context_line, heading


def frame(title: str, blocks: Sequence[Block], words: Words) -> Block:
    """Return a modal that nothing is sent from yet."""
    return {
        "type": "modal",
        "title": plain(title, limits.MODAL_TITLE),
        "blocks": list(blocks),
        "close": plain(words("slack.close"), limits.MODAL_TITLE),
    }


def full_title(title: str) -> list[Block]:
    """Return the whole title to stand in the view where Slack's frame cannot hold it."""
    return heading(title) if size(title) > limits.MODAL_TITLE else []


def fits(blocks: Sequence[Block]) -> bool:
    """Tell whether a view holds all the blocks."""
    return len(blocks) <= limits.VIEW_BLOCKS and sum(map(weight, blocks)) <= limits.VIEW_BYTES


def above(intro: Sequence[Block], fields: Sequence[Block]) -> list[Block]:
    """Return an introduction, cut visibly where the inputs leave it no room."""
    if fits([*intro, *fields]):
        return list(intro)
    cut = context_line("…")
    kept = list(intro)
    while kept and not fits([*kept, cut, *fields]):
        kept.pop()
    return [*kept, cut] if fits([cut, *fields]) else []
