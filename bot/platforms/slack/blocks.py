"""Cards as messages: what stands in a channel or in somebody's conversation with the bot."""

from collections.abc import Sequence

from bot.cards import Message
from bot.content.words import Words
from bot.platforms.slack import limits
from bot.platforms.slack.buttons import decode_action
from bot.platforms.slack.escape import Block, fallback
from bot.platforms.slack.paging import MESSAGE, pages
from bot.platforms.slack.parts import Parts, context_line
from bot.platforms.slack.rendering import Rendered, Rendering

__all__ = ["Rendered", "Rendering", "decode_action", "message"]


def message(card: Message, *, context: Rendering) -> Rendered:
    """Return a card as one message, or as several where it is too long for one.

    Raises ``ValueError`` when a button carries more than Slack lets it.
    """
    chunks = Parts(context, in_message=True).card(card)
    first, *more = _continued(pages(chunks, MESSAGE), context.words)
    text = fallback(card.fallback, limits.MESSAGE_TEXT)
    return Rendered(first, text, tuple(more))


def _continued(found: Sequence[list[Block]], words: Words) -> list[tuple[Block, ...]]:
    """Return pages that say, all but the last, that they go on below."""
    told = []
    for at, page in enumerate(found, 1):
        if at < len(found):
            said = words("slack.continues", at=at, of=len(found))
            told.append((*page, context_line(said)))
        else:
            told.append(tuple(page))
    return told
