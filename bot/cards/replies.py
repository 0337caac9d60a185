"""What goes back, to the person who asked and to nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.cards.forms import Form
from bot.cards.messages import Message
from bot.domain.languages import Language


@dataclass(frozen=True)
class Show:
    """Show a card in place of what was there, privately. ``done``: nothing more is expected.

    Also of a form: ``language`` is the one it is worded in, where the flow says so; ``common``
    that many are shown the very same, with nothing in it of what anybody has said or done, so
    that a platform may keep it drawn. ``aside``: it only explains; where the platform can, it is
    laid over what the person is doing, so that nothing he has typed there is lost.
    """

    message: Message
    done: bool = False
    language: Language | None = field(default=None, compare=False)
    common: bool = field(default=False, compare=False)
    aside: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Ask:
    """Open a form, or show it again with ``errors`` (input name to text) and what was typed."""

    form: Form
    errors: Mapping[str, str] = field(default_factory=dict)
    language: Language | None = field(default=None, compare=False)
    common: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Say:
    """A short remark; an open dialog closes.

    With ``failed`` nothing was saved: a dialog stays open with what was typed, to try again.
    """

    text: str
    failed: bool = False


Reply = Show | Ask | Say
