"""Cards in views: a card in a modal, cards as the home tab, leafed through where one is too small.

Their buttons act at once. What is sent instead: ``modals`` and ``questions``.
"""

from collections.abc import Sequence

from bot.cards import Actions, Button, Message
from bot.platforms.slack.escape import Block
from bot.platforms.slack.frames import frame, full_title
from bot.platforms.slack.metadata import carried
from bot.platforms.slack.paging import VIEW, Chunk, pages
from bot.platforms.slack.parts import Parts, context_line
from bot.platforms.slack.rendering import Rendering

PAGE = "slack.page"
"""The action of the buttons that leaf through a view too long for one; the value is the page."""


def question(card: Message, *, context: Rendering, conversation: str = "", page: int = 0) -> Block:
    """Return a card as a modal whose buttons answer it at once; a long card has several pages."""
    parts = Parts(context, in_message=False).card(card, titled=False)
    chunks = [full_title(card.title), *parts]
    blocks = _page([chunk for chunk in chunks if chunk], page, context)
    return {
        **frame(card.title or card.fallback, blocks, context.words),
        "private_metadata": carried("", conversation),
    }


def home(cards: Sequence[Message], *, context: Rendering, page: int = 0) -> Block:
    """Return cards as the home tab; more than it holds is leafed through with buttons.

    Raises ``ValueError`` for no card at all: Slack takes no empty tab.
    """
    if not cards:
        raise ValueError("no card")
    drawn = Parts(context, in_message=False)
    chunks: list[Chunk] = []
    for card in cards:
        if chunks:
            chunks.append([{"type": "divider"}])
        chunks += drawn.card(card)
    return {"type": "home", "blocks": _page(chunks, page, context)}


def _page(chunks: Sequence[Chunk], page: int, context: Rendering) -> list[Block]:
    """Return one page of a view, with buttons to the others where there are any."""
    found = pages(chunks, VIEW)
    at = min(max(page, 0), len(found) - 1)
    if len(found) == 1:
        return found[0]
    words = context.words
    leaves = []
    if at > 0:
        leaves.append(Button(PAGE, words("slack.previous"), value=str(at - 1)))
    if at < len(found) - 1:
        leaves.append(Button(PAGE, words("slack.next"), value=str(at + 1)))
    (buttons,) = Parts(context, in_message=False).part(Actions(tuple(leaves)))
    return [*found[at], context_line(words("slack.page", at=at + 1, of=len(found))), *buttons]
