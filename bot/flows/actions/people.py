"""Who has to do with an action: who may be responsible, change it, or be asked for help."""

from collections.abc import Iterable, Sequence

from bot.domain.action_items import ActionId, ActionItem
from bot.domain.people import NodeId, Person, PersonId, Role, Tree, rules_of
from bot.domain.permissions import Action
from bot.flows.desk import Desk, Guest, NotAllowed, NotUnderstood, guest
from bot.flows.env import Env
from bot.storage import actions, people
from bot.storage.store import Tx

MANY = 200
"""A list to choose from is no longer than this where the place has people of its own."""


def seen(tx: Tx, desk: Desk, person: PersonId, action_id: ActionId) -> tuple[Guest, ActionItem]:
    """Return who asks and the action. Raises ``NotUnderstood`` and ``NotAllowed``."""
    asker = guest(tx, desk.env, person)
    item = actions.get(tx, action_id)
    if item is None:
        raise NotUnderstood("no such action")
    if not may_see(asker, item):
        raise NotAllowed("see an action")
    return asker, item


def changed_by(
    tx: Tx, desk: Desk, person: PersonId, action_id: ActionId
) -> tuple[Guest, ActionItem]:
    """Return who asks and the action he may change. Raises as ``seen`` does."""
    asker, item = seen(tx, desk, person, action_id)
    if not may_change(asker, item):
        raise NotAllowed("change an action")
    return asker, item


def may_see(asker: Guest, item: ActionItem) -> bool:
    """Tell whether the person sees it: his team's, or one he is part of.

    Of one that is shared others see a few words, and nobody's name (``shared``).
    """
    part = asker.id == item.responsible or asker.id in item.helpers
    return part or asker.may(Action.SEE_ACTIONS, item.node)


def may_change(asker: Guest, item: ActionItem) -> bool:
    """Tell whether the person may change it: the responsible, the lead and the AMG."""
    return asker.id == item.responsible or asker.may(Action.CHANGE_ACTION, item.node)


def may_add(env: Env, asker: Guest, node: NodeId) -> bool:
    """Tell whether the person may add an action: lead and AMG, members where the rules say so."""
    if node not in asker.tree:
        return False
    member = asker.person.home in asker.tree and node in asker.tree.above(asker.person.home)
    return asker.may(Action.ADD_ACTION, node) or (
        member and rules_of(asker.tree, node, env.defaults).members_start
    )


def who_decides(tx: Tx, tree: Tree, node: NodeId, *, but: PersonId) -> Sequence[PersonId]:
    """Return who is asked about an action: the nearest lead; of a lead's own, the nearest AMG.

    ``but`` is whoever asks. Where there is no such group, the next lead above is asked.
    """
    up = tree.above(node) if node in tree else (tree.root.id,)
    held = people.grants(tx, Role.LEAD, Role.AMG, Role.AMR)

    def nearest(*roles: Role, without: PersonId = "") -> Sequence[PersonId]:
        for one in up:
            here = [g.person for g in held if g.node == one and g.role in roles]
            if found := [person for person in dict.fromkeys(here) if person != without]:
                return found
        return ()

    leads = nearest(Role.LEAD)
    if leads and but not in leads:
        return leads
    return nearest(Role.AMG, Role.AMR, without=but) or nearest(Role.LEAD, without=but)


def candidates(
    tx: Tx, tree: Tree, node: NodeId, also: Iterable[PersonId] = ()
) -> tuple[Person, ...]:
    """Return who may be responsible: the people of the place and those who lead or support it.

    ``also`` are those who are part of the action already, wherever they are at home now.
    """
    inside = people.everybody(tx, tree.under(node))
    if len(inside) > MANY:
        inside = people.everybody(tx, (node,))
    up = tree.above(node)
    held = people.grants(tx, Role.LEAD, Role.AMG, Role.AMR)
    around = people.by_ids(tx, sorted({*also, *(g.person for g in held if g.node in up)}))
    everybody = {one.id: one for one in (*inside, *around.values()) if one.active}
    return tuple(sorted(everybody.values(), key=lambda one: (one.name, one.id)))


def names(tx: Tx, who: Iterable[PersonId]) -> dict[PersonId, str]:
    """Return people's names by id, also of those who have left."""
    wanted = sorted(set(who))
    known = people.by_ids(tx, wanted)
    return {one: known[one].name if one in known else "–" for one in wanted}
