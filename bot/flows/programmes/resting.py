"""Plans whose team is gone: they are laid to rest, and the administrators are told once.

It takes a restored backup, or a hand in the database, to come to this: an import stops the plans
of the teams it removes.
"""

import logging
from dataclasses import replace
from datetime import datetime

from bot.domain.people import Role
from bot.flows.env import Env
from bot.flows.telling import to_people
from bot.storage import outbox, people, schedules
from bot.storage.outbox import Note
from bot.storage.schedules import Schedule
from bot.storage.store import Tx

log = logging.getLogger(__name__)

CODE = "TICK-4"


def orphaned(tx: Tx, plan: Schedule) -> bool:
    """Tell whether a node the plan is for is not in the tree any more."""
    tree = people.tree(tx)
    return any(node not in tree for node in plan.scope)


def lay_to_rest(tx: Tx, env: Env, plan: Schedule, now: datetime) -> bool:
    """Stop the plan and tell the administrators; ``False`` when somebody else changed it."""
    if not schedules.replace(tx, replace(plan, active=False, nominal=None, next_run_at=None)):
        return False
    tree = people.tree(tx)
    admins = sorted({grant.person for grant in people.grants(tx, Role.ADMIN)})
    note = Note("operations.plan", {"code": CODE})
    rows = to_people(tx, env, tree, admins, f"rest:{plan.id}", note, now)
    outbox.add(tx, (env.chance.token() for _ in rows), rows)
    tx.after_commit(lambda: log.error("%s plan %s rests: its team is gone", CODE, plan.id))
    return True


def number(tx: Tx) -> int:
    """Return how many plans rest because their team is gone."""
    tree = people.tree(tx)
    return sum(
        not plan.active and any(node not in tree for node in plan.scope)
        for plan in schedules.everything(tx)
    )
