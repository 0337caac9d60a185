"""What is planned and is no instrument: the team's own reminder, and the work-environment group's
digest. How such a plan comes into being by itself, and what is done when its time has come.

Each is sent at most once on a local date, whatever is planned, changed or missed: the outbox takes
a purpose with the date in it once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.people import NodeId, Role
from bot.flows.calendars import team_calendar
from bot.flows.digests import telling as digest_tell
from bot.flows.env import Env
from bot.flows.programmes import team_reminder
from bot.flows.programmes.occasions import Looking
from bot.flows.programmes.times import calendar_of, occasion
from bot.schedule.cadence import Cadence
from bot.schedule.calendar import NoWorkingDay
from bot.schedule.plans import next_run
from bot.storage import actions, meta, outbox, people, schedules
from bot.storage.outbox import Outgoing
from bot.storage.schedules import Schedule
from bot.storage.store import Tx

MONDAY, TUESDAY, NINE = 0, 1, time(9)


@dataclass(frozen=True)
class Programme:
    """``write`` returns what is to be said when a plan's time has come; nothing, when there is
    nothing to say. ``over`` returns what is said when listed dates ran out without an occasion.
    """

    usual: Callable[[date], Cadence]
    span: timedelta
    """How far back the first one looks."""
    write: Callable[[Tx, Env, Looking], Sequence[Outgoing]]
    over: Callable[[Tx, Env, Schedule, datetime], Sequence[Outgoing]]


def _mondays(today: date) -> Cadence:
    return Cadence.weekly(MONDAY, NINE, today)


def _first_tuesdays(today: date) -> Cadence:  # noqa: ARG001 - a month has no beginning to choose
    return Cadence.monthly(1, TUESDAY, NINE)


def _never_over(tx: Tx, env: Env, plan: Schedule, now: datetime) -> Sequence[Outgoing]:  # noqa: ARG001
    return ()


PROGRAMMES: Mapping[str, Programme] = {
    team_reminder.NAME: Programme(
        _mondays,
        timedelta(days=14),
        team_reminder.write,
        _never_over,
    ),
    digest_tell.NAME: Programme(
        _first_tuesdays,
        timedelta(days=31),
        digest_tell.write,
        digest_tell.ask_for_dates,
    ),
}


def run(tx: Tx, env: Env, plan: Schedule, now: datetime) -> None:
    """Do what a plan whose time has come is for, and move it on; both or nothing."""
    met = occasion(tx, env, plan, now)
    if not schedules.claim(tx, plan, met.next_nominal, met.next_run_at):
        return  # another process got there first
    programme = PROGRAMMES[plan.instrument]
    if met.at is None:
        rows = programme.over(tx, env, plan, now) if met.over else ()
    else:
        looking = Looking(
            plan=plan,
            at=met.at,
            since=looked(tx, plan) or met.at - programme.span,
            next_at=met.next_run_at,
            calendar=calendar_of(tx, env, plan, now),
        )
        rows = programme.write(tx, env, looking)
        meta.put(tx, _key(plan), met.at.isoformat())
    outbox.add(tx, (env.chance.token() for _ in rows), rows)


def looked(tx: Tx, plan: Schedule) -> datetime | None:
    """Return until when the plan's last occasion looked."""
    kept = meta.get(tx, _key(plan))
    return datetime.fromisoformat(kept) if kept else None


def _key(plan: Schedule) -> str:
    return f"looked:{plan.id}"


def ensure(tx: Tx, env: Env, name: str, node: NodeId, now: datetime) -> bool:
    """Plan the programme for a node with its usual rhythm; tell whether that was new.

    A plan that is there already stays as it is, also one that somebody has switched off.
    """
    if schedules.find(tx, (node,), name) is not None:
        return False
    calendar = team_calendar(tx, people.tree(tx), env.defaults, (node,), now.date())
    rule = PROGRAMMES[name].usual(calendar.local(now).date())
    try:
        due = next_run(rule, calendar, now)
    except NoWorkingDay:
        return False
    assert due is not None  # a recurring rule always goes on
    plan = Schedule(
        id=env.chance.token(),
        scope=(node,),
        instrument=name,
        cadence=rule.to_dict(),
        open_days=1,
        nominal=due.nominal,
        next_run_at=due.at,
    )
    return schedules.insert_new(tx, plan)


def settle(tx: Tx, env: Env, now: datetime) -> int:
    """Plan what is missing: a digest for every work-environment group, a reminder for every node
    with actions. Return how many were new. At the start, at night, and after people were imported.
    """
    if not people.everybody(tx):
        return 0
    tree = people.tree(tx)
    groups = {grant.node for grant in people.grants(tx, Role.AMG, Role.AMR)}
    acting = actions.nodes(tx)
    wanted = [(digest_tell.NAME, node) for node in sorted(groups) if node in tree]
    wanted += [(team_reminder.NAME, node) for node in sorted(acting) if node in tree]
    return sum(ensure(tx, env, name, node, now) for name, node in wanted)
