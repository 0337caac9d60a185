"""What delivery asks of a platform. Slack, Teams and the web chat each have one of these."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.people import PersonId
from bot.storage.outbox import Delivery


class Undelivered(Exception):  # noqa: N818 - says what is the case
    """A message did not go out. ``code`` goes to the operator; never a text.

    ``again_in`` is how many seconds the platform asked to wait; ``final`` that trying again is
    of no use.
    """

    def __init__(self, code: str, *, again_in: float | None = None, final: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.again_in = again_in
        self.final = final


@dataclass(frozen=True)
class Nudge:
    """Somebody to be told, privately, that something waits for him; nothing is stored."""

    person: PersonId
    kind: str
    round: str


class Platform(Protocol):
    """Sends what the outbox holds."""

    async def post(self, deliveries: Sequence[Delivery]) -> dict[str, Undelivered | None]:
        """Send messages; return each delivery's outcome by id, ``None`` where it went out.

        Sending the same delivery twice must have one effect: its id goes with the message.
        """
        ...

    async def nudge(self, nudges: Sequence[Nudge]) -> None:
        """Tell people that a question waits; may be repeated without harm."""
        ...
