"""How long what is over is kept."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Retention:
    """Days that each is kept; 0: for good."""

    figures: int
    """Published figures, with who was invited and what the bot wrote about them."""
    comments: int
    messages: int
    """What people typed in channels."""
    outbox: int
    """Rows of messages that were sent."""
