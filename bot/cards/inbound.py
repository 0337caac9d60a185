"""What comes in: a command, a pressed button, a sent form."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Command:
    """``/trivsel …`` as typed, without the slash word."""

    event: str
    person: str
    conversation: str
    text: str
    locale: str | None = None


@dataclass(frozen=True)
class Clicked:
    """A button was pressed. ``whole``: a short round is to be shown on one view, as a sheet."""

    event: str
    person: str
    conversation: str
    action: str
    context: str = ""
    value: str = field(default="", repr=False)
    locale: str | None = None
    whole: bool = False


@dataclass(frozen=True)
class Submitted:
    """A form was sent; ``values`` are raw, one entry an input that was touched."""

    event: str
    person: str
    conversation: str
    form: str
    context: str = ""
    values: Mapping[str, object] = field(default_factory=dict, repr=False)
    locale: str | None = None


Inbound = Command | Clicked | Submitted
