"""What becomes of a plan whose time has come: when it takes place, and when it is due next.

The same for rounds and for programmes: working days, pauses, and what downtime made it miss.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.flows.calendars import team_calendar
from bot.flows.env import Env
from bot.schedule.calendar import Calendar, NoWorkingDay
from bot.schedule.plans import next_run, rule_of, takes_place
from bot.storage import people
from bot.storage.schedules import Schedule
from bot.storage.store import Tx

log = logging.getLogger(__name__)

LOOK_AGAIN = timedelta(days=7)
"""After this, a plan that met no working day (a pause without end) is looked at again."""


@dataclass(frozen=True)
class Occasion:
    """One due time of a plan. ``at``: when it takes place, ``None`` when it is left out."""

    at: datetime | None
    next_nominal: date | None
    next_run_at: datetime | None

    @property
    def over(self) -> bool:
        """Tell whether the plan's listed dates have run out."""
        return self.next_run_at is None


def calendar_of(tx: Tx, env: Env, plan: Schedule, now: datetime) -> Calendar:
    """Return the calendar a plan keeps: its nodes', or the root's where they are gone."""
    tree = people.tree(tx)
    scope = tuple(node for node in plan.scope if node in tree) or (tree.root.id,)
    return team_calendar(tx, tree, env.defaults, scope, now.date())


def occasion(tx: Tx, env: Env, plan: Schedule, now: datetime) -> Occasion:
    """Decide about a plan whose time has come. Reads only.

    Where no working day is in sight it is left out and looked at again, then without ``nominal``.
    """
    assert plan.next_run_at is not None
    calendar = calendar_of(tx, env, plan, now)
    rule = rule_of(plan.cadence)
    try:
        at = None
        if plan.nominal is not None:
            at = takes_place(rule, calendar, plan.next_run_at, plan.nominal, now)
        following = next_run(rule, calendar, now)
    except NoWorkingDay:
        log.warning("TICK-3 no working day in sight for plan %s", plan.id)
        return Occasion(None, None, now + LOOK_AGAIN)
    if any(node not in people.tree(tx) for node in plan.scope):
        at = None
    if following is None:
        return Occasion(at, None, None)
    return Occasion(at, following.nominal, following.at)
