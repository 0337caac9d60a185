"""A channel that is no team's yet, as a recipient of the outbox: ``slack:TEAM:CHANNEL``."""

from dataclasses import dataclass

KIND = "slack"


@dataclass(frozen=True)
class Place:
    """A channel of a workspace, whoever's it is."""

    team: str
    channel: str


def recipient(team: str, channel: str) -> str:
    """Return a channel as the outbox names it."""
    return f"{KIND}:{team}:{channel}"


def place_of(name: str) -> Place | None:
    """Return the channel of a recipient; ``None`` for people, teams and groups."""
    kind, _, rest = name.partition(":")
    team, _, channel = rest.partition(":")
    return Place(team, channel) if kind == KIND and channel else None
