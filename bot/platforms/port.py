"""What delivery asks of a platform. Slack, Teams and the web chat each have one of these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.people import PersonId
from bot.storage.outbox import Delivery


class Undelivered(Exception):  # noqa: N818 - says what is the case
    """A message did not go out. ``code`` goes to the operator; never a text.

    ``again_in`` is how many seconds the platform asked to wait; ``tries`` how often it may be tried
    before it is given up, where that is not as usual; ``final`` that trying again is of no use;
    ``unsure`` that it may have gone out all the same; ``behind`` that it was not tried, because
    something said before it in the same place has not gone out yet.
    """

    def __init__(
        self,
        code: str,
        *,
        again_in: float | None = None,
        tries: int | None = None,
        final: bool = False,
        unsure: bool = False,
        behind: bool = False,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.again_in = again_in
        self.tries = tries
        self.final = final
        self.unsure = unsure
        self.behind = behind


@dataclass(frozen=True)
class Nudge:
    """Somebody to be told, privately, that something waits for him; nothing is stored.

    ``id`` is that of his row in the outbox, where there is one; ``again`` says that it may have
    gone out before and is to be looked for, where the platform allows it.
    """

    person: PersonId
    kind: str
    round: str
    id: str = ""
    again: bool = False


class Platform(Protocol):
    """Sends what the outbox holds."""

    async def post(self, deliveries: Sequence[Delivery]) -> dict[str, Undelivered | None]:
        """Send messages; return each delivery's outcome by id, ``None`` where it went out.

        Sending the same delivery twice must have one effect: its id goes with the message.
        """
        ...

    async def nudge(self, nudges: Sequence[Nudge]) -> Mapping[Nudge, Undelivered]:
        """Tell people that a question waits; return those who were not reached, with why.

        Raises ``Undelivered``, before anybody was told, where nobody can be told at present. That
        must not depend on who is to be told: it is asked with nobody, too.
        """
        ...
