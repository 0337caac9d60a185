"""What a card is drawn with, and what comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.content.words import Words
from bot.domain.languages import Language
from bot.platforms.slack.escape import Block


@dataclass(frozen=True)
class Rendering:
    """The reader's words, and what leads out of a card.

    ``page_url`` gives the address of one of the bot's pages, for this reader; ``files`` the id
    of a chart's uploaded picture by the chart's ``context``. A chart without one is drawn in
    words alone.
    """

    words: Words
    page_url: Callable[[str], str]
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """Return the language everything is worded in."""
        return self.words.language


@dataclass(frozen=True)
class Rendered:
    """A card as messages: the first one's blocks and fallback, then what did not fit in it.

    ``more`` is to be posted after it, in order; each page but the last says that it goes on.
    """

    blocks: tuple[Block, ...]
    text: str
    more: tuple[tuple[Block, ...], ...] = ()
