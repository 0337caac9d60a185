"""What people do in Slack, as this adapter understands it. What they chose is not repeated."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class Malformed(Exception):  # noqa: N818 - says what is the case
    """The payload is not what Slack sends; what it held is not repeated here."""


@dataclass(frozen=True)
class Origin:
    """Who did something, where, and by what the answer can reach him.

    ``surface`` is what was pressed on: a modal, the home, a message or nothing (a command).
    """

    team: str
    user: str
    event: str
    trigger: str = ""
    response_url: str = ""
    channel: str = ""
    surface: str = ""
    view: str = ""
    hash: str = ""
    conversation: str = ""
    """As the modal carries it; the bot's own name of the conversation."""
    submitted: bool = False
    inputs: tuple[str, ...] = ()
    """The blocks of a sent form under which an error can stand."""
    context: str = ""
    """What a sent form was about; one that comes back about something else is shown anew."""
    below: str = ""
    """The modal that lies under the one something was done in."""
    depth: int = 1
    """How many modals lie one on another, with that one; Slack takes three."""


@dataclass(frozen=True)
class Typed:
    """A slash command or a shortcut; ``message`` is the text it was used on, as Slack writes it."""

    origin: Origin
    text: str = field(repr=False)
    message: str = field(default="", repr=False)


@dataclass(frozen=True)
class Pressed:
    """A button. ``typed`` is what stands in the inputs beside it, raw, where that is of use."""

    origin: Origin
    action: str
    context: str = ""
    value: str = field(default="", repr=False)
    typed: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Sent:
    """A form."""

    origin: Origin
    form: str
    context: str = ""
    values: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Searched:
    """What somebody has typed so far to find an option of a form's input."""

    origin: Origin
    form: str
    context: str
    name: str
    text: str = field(repr=False)
