"""What stands in people's modals: the card, for leafing in it, and the pages one came to it by."""

from bot.cards import Message, Reply, Show
from bot.domain.clock import Clock
from bot.domain.recent import Recent
from bot.platforms.slack.passing import A_WHILE, Passing
from bot.platforms.slack.screens import Page
from bot.platforms.slack.told import Origin

CARDS = 500
"""Views that are remembered. One's own answers may stand on a card, so that is remembered for a
while only; the ways to pages, which hold no words, stay."""


class Shown:
    """Remembers what views show, by their ids."""

    def __init__(self, clock: Clock) -> None:
        self._cards: Passing[str, Message] = Passing(CARDS, A_WHILE, clock)
        self._ways: Recent[str, tuple[str, ...]] = Recent(CARDS)

    def card(self, here: Origin) -> Message | None:
        """Return the card that stands in a view, to show another page of it."""
        return self._cards.find(here.view)

    def way(self, here: Origin) -> tuple[str, ...]:
        """Return the pages one came by to the one a modal shows; empty for none.

        That is also the page a modal showed before the form in it, or that lies under a sent form.
        """
        under = self._ways.find(here.below) if here.submitted else None
        return self._ways.find(here.view) or under or ()

    def keep(self, view: str, reply: Reply) -> None:
        """Remember what a view shows now."""
        if isinstance(reply, Show):
            self._cards.keep(view, reply.message)
            self._ways.keep(view, reply.way if isinstance(reply, Page) else ())
