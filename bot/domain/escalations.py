"""An escalation: what a team cannot solve itself, passed on to the next level of management.

It is about one of the team's actions, or a wish of its own. Named, never anonymous. Whom it goes
to is decided here; what the answer brings is the flow's (``flows.escalations.passing_on``).
(Source: SDU's guide to preventing work-related stress, the stone in the shoe: what must be passed
on.)
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.action_items import ActionId
from bot.domain.people import NodeId, PersonId, Tree

EscalationId = str


class EscalationState(StrEnum):
    """Waiting, or what was answered."""

    WAITING = "waiting"
    YES = "yes"
    """The level above takes it on, or allows it."""
    NOT_NOW = "not_now"
    OTHER = "other"
    """Something else is done about it."""


ANSWERS = tuple(state for state in EscalationState if state is not EscalationState.WAITING)


@dataclass(frozen=True)
class Escalation:
    """One escalation as it stands. ``wish`` is what was typed; ``answer`` likewise."""

    id: EscalationId
    from_node: NodeId
    to_node: NodeId
    wish: str
    asked_by: PersonId
    asked_at: datetime
    action: ActionId | None = None
    state: EscalationState = EscalationState.WAITING
    answer: str = ""
    answered_by: PersonId | None = None
    answered_at: datetime | None = None
    version: int = 1

    @property
    def waiting(self) -> bool:
        """Tell whether nobody has answered yet."""
        return self.state is EscalationState.WAITING


def next_level(tree: Tree, node: NodeId, held: Collection[NodeId]) -> NodeId:
    """Return the nearest node above that is one of ``held`` (has a lead or a work-environment
    group); the root where there is none above, so also for the root itself.
    """
    above = tree.above(node)[1:]
    return next((one for one in above if one in held), tree.root.id)
