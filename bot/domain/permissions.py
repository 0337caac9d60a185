"""Who may do what: deny by default, asked each time something is done.

An action is named here or it cannot be done. Whether it is allowed depends on the person's roles at
the node it concerns *now*; nothing is remembered from when a button was drawn.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.people import Grant, NodeId, Person, Role, Tree


class Action(StrEnum):
    """Everything a person can ask the bot to do that concerns more than himself."""

    SEE_TEAM = "see_team"
    """The team's page: members, schedule, state of the open round."""
    SEE_RESULTS = "see_results"
    """Published results of a node."""
    SEE_RESULTS_EARLY = "see_results_early"
    """A result in the days before the team gets it."""
    REVIEW_COMMENTS = "review_comments"
    """Read comments before publication and hold back one that names a person."""
    SEE_BIT = "see_bit"
    """The one bit of an open round: whether enough have answered for figures to be shown."""
    START_ROUND = "start_round"
    CHANGE_SCHEDULE = "change_schedule"
    PAUSE_TEAM = "pause_team"
    CHANGE_TEAM_RULES = "change_team_rules"
    IMPORT_PEOPLE = "import_people"
    SEE_OPERATIONS = "see_operations"
    """What could not be delivered, and the bot's health."""
    POST_IN_CHANNEL = "post_in_channel"
    SEE_ACTIONS = "see_actions"
    """A node's action board, its dialogues and its history."""
    ADD_ACTION = "add_action"
    CHANGE_ACTION = "change_action"
    """Change an action of the node; its responsible may always change his own."""
    DECIDE_ACTION = "decide_action"
    """Decide after the follow-up: scale, keep, adjust, drop; share it with other teams."""
    START_DIALOGUE = "start_dialogue"
    """Start and lead a dialogue; where the team's rules say so, its members may, too."""
    ESCALATE = "escalate"
    """Pass an action or a wish on to the level above."""
    ANSWER_ESCALATION = "answer_escalation"
    SEE_DIGEST = "see_digest"
    """The work-environment group's digest and its channel."""
    PLAN_DIGEST = "plan_digest"
    """When the digest and the team's own reminder come."""


class Standing(StrEnum):
    """How a person stands to a node: the columns of the matrix below."""

    MEMBER = "member"
    """At home in the node or below it."""
    LEAD = "lead"
    AMG = "amg"
    AMR = "amr"
    ADMIN = "admin"


_MATRIX: dict[Action, frozenset[Standing]] = {
    Action.SEE_TEAM: frozenset({Standing.LEAD, Standing.AMG, Standing.AMR, Standing.ADMIN}),
    Action.SEE_RESULTS: frozenset(
        {Standing.MEMBER, Standing.LEAD, Standing.AMG, Standing.AMR, Standing.ADMIN}
    ),
    Action.SEE_RESULTS_EARLY: frozenset({Standing.LEAD}),
    Action.REVIEW_COMMENTS: frozenset({Standing.AMR}),
    Action.SEE_BIT: frozenset({Standing.LEAD}),
    Action.START_ROUND: frozenset({Standing.LEAD}),
    Action.CHANGE_SCHEDULE: frozenset({Standing.LEAD, Standing.ADMIN}),
    Action.PAUSE_TEAM: frozenset({Standing.LEAD, Standing.ADMIN}),
    Action.CHANGE_TEAM_RULES: frozenset({Standing.LEAD, Standing.ADMIN}),
    Action.IMPORT_PEOPLE: frozenset({Standing.ADMIN}),
    Action.SEE_OPERATIONS: frozenset({Standing.ADMIN}),
    Action.POST_IN_CHANNEL: frozenset({Standing.MEMBER, Standing.LEAD, Standing.AMG, Standing.AMR}),
    Action.SEE_ACTIONS: frozenset({Standing.MEMBER, Standing.LEAD, Standing.AMG, Standing.AMR}),
    Action.ADD_ACTION: frozenset({Standing.LEAD, Standing.AMG, Standing.AMR}),
    Action.CHANGE_ACTION: frozenset({Standing.LEAD, Standing.AMG, Standing.AMR}),
    Action.DECIDE_ACTION: frozenset({Standing.LEAD}),
    Action.START_DIALOGUE: frozenset({Standing.LEAD, Standing.AMR}),
    Action.ESCALATE: frozenset({Standing.LEAD, Standing.AMG, Standing.AMR}),
    Action.ANSWER_ESCALATION: frozenset({Standing.LEAD, Standing.AMG}),
    Action.SEE_DIGEST: frozenset({Standing.AMG, Standing.AMR}),
    Action.PLAN_DIGEST: frozenset({Standing.LEAD, Standing.AMG, Standing.AMR}),
}


@dataclass(frozen=True)
class Who:
    """A person with the roles he has now."""

    person: Person
    grants: tuple[Grant, ...]

    def has(self, role: Role) -> bool:
        """Tell whether the person has the role anywhere."""
        return any(grant.role is role for grant in self.grants)

    def nodes(self, *roles: Role) -> tuple[NodeId, ...]:
        """Return the nodes at which the person has one of the roles."""
        return tuple(dict.fromkeys(grant.node for grant in self.grants if grant.role in roles))


def standings(who: Who, node: NodeId, tree: Tree) -> frozenset[Standing]:
    """Return how the person stands to the node; a role holds for everything below it."""
    if not who.person.active or node not in tree:
        return frozenset()
    above = tree.above(node)
    found = {Standing(grant.role.value) for grant in who.grants if grant.node in above}
    if who.person.home in tree and node in tree.above(who.person.home):
        found.add(Standing.MEMBER)
    return frozenset(found)


def allowed(who: Who, action: Action, nodes: NodeId | Iterable[NodeId], tree: Tree) -> bool:
    """Tell whether the person may do the action at *all* of the nodes. No node: no."""
    at = (nodes,) if isinstance(nodes, str) else tuple(nodes)
    return bool(at) and all(standings(who, node, tree) & _MATRIX[action] for node in at)
