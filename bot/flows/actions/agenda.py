"""What an action's responsible is told next, and when. Decisions are pure; ``replan`` keeps them.

A few calm reminders, each in the responsible's own hours and each said once: the first step, before
the date, when it is late. On the follow-up day the effect is asked for. Whoever changes an action
calls ``replan`` afterwards; what is due is said by ``actions.agenda_tick``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.action_items import ActionItem, ActionState
from bot.domain.people import PersonId, rules_of
from bot.flows.calendars import Calendars, calendar_from
from bot.flows.env import Env
from bot.schedule.calendar import Calendar, NoWorkingDay, to_utc
from bot.storage import actions, people
from bot.storage.store import Tx

FIRST_AFTER = 2
"""Working days after an action was agreed on that its first step is asked about."""
SOON_BEFORE = 2
"""Working days before the date."""
LATE_AFTER = (1, 6)
"""Working days after the date; then the team's own reminder and the digest are left to it."""
LOOK_AGAIN = timedelta(days=7)
"""After this, an action whose responsible has no working day in sight is looked at again."""
_LATER = "later:"
"""What begins a snooze among the things told: "later:2026-03-12"."""


class Kind(StrEnum):
    """Everything that is ever said about an action by itself."""

    FIRST = "first"
    SOON = "soon"
    LATE = "late"
    AGAIN = "again"
    """What the responsible put off himself."""
    STALLED = "stalled"
    """The follow-up day has come and nobody has begun."""
    FOLLOW_UP = "follow_up"
    """The responsible and the team are asked whether it works (``effects.ask``)."""
    ORPHAN = "orphan"
    """The responsible has left; the lead is asked."""

    @property
    def reminds(self) -> bool:
        """Tell whether it is a reminder to the responsible, which a later one replaces."""
        return self not in (Kind.FOLLOW_UP, Kind.ORPHAN)


@dataclass(frozen=True)
class Point:
    """One thing to say from ``at`` on, unless it is ``until`` by then. ``cause`` names it once."""

    kind: Kind
    cause: str
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Step:
    """What to say now, what is said thereafter, and when to look again."""

    say: tuple[Point, ...]
    told: tuple[str, ...]
    next_at: datetime | None


@dataclass(frozen=True)
class Days:
    """Whose days count: the responsible's for reminders, the team's for the follow-up.

    ``own`` is ``None`` for somebody who has left.
    """

    own: Calendar | None
    team: Calendar


def ahead(item: ActionItem, told: Sequence[str], days: Days, now: datetime) -> tuple[Point, ...]:
    """Return what is still to be said, in order; nobody is reminded who has no working day."""
    if item.state.standing and days.own is None:
        cause = f"action-orphan:{item.id}:{item.responsible}"
        found = [Point(Kind.ORPHAN, cause, now)]
    else:
        found = [*_reminders(item, told, days.own), *_follow_up(item, days.team)]
    return tuple(sorted((one for one in found if one.cause not in told), key=lambda one: one.at))


def step(points: Sequence[Point], told: Sequence[str], open_at: datetime, now: datetime) -> Step:
    """Decide at ``now``; ``open_at`` is the responsible's first moment from then on.

    Of several reminders that have come due only the newest is said; outside his hours none is.
    """
    due = [one for one in points if one.at <= now]
    waits = open_at > now and any(one.kind.reminds for one in due)
    if waits:
        due = [one for one in due if not one.kind.reminds]
    fresh = [one for one in due if one.until is None or now < one.until]
    say = [one for one in fresh if not one.kind.reminds]
    say += [one for one in fresh if one.kind.reminds][-1:]
    later = [one.at for one in points if one.at > now] + ([open_at] if waits else [])
    return Step(tuple(say), (*told, *(one.cause for one in due)), min(later, default=None))


def settled(points: Sequence[Point], told: Sequence[str], now: datetime) -> Step:
    """Decide after a change: whoever has just changed the action is not reminded of the past."""
    passed = [one.cause for one in points if one.kind.reminds and one.at <= now]
    left = [one.at for one in points if one.cause not in passed]
    return Step((), (*told, *passed), min(left, default=None))


def _reminders(item: ActionItem, told: Sequence[str], own: Calendar | None) -> list[Point]:
    if own is None or not item.state.standing:
        return []
    try:
        found = [*_first(item, own), *_soon(item, own), *_late(item, own), *_stalled(item, own)]
    except NoWorkingDay:
        return []
    put_off = [date.fromisoformat(one[len(_LATER) :]) for one in told if one.startswith(_LATER)]
    if put_off:
        until = _morning(own, max(put_off))
        found = [one for one in found if one.at > until]
        found.append(Point(Kind.AGAIN, f"action-again:{item.id}:{max(put_off)}", until))
    return found


def _first(item: ActionItem, own: Calendar) -> Iterable[Point]:
    if item.state is not ActionState.OPEN or item.turn > 1:
        return  # who goes round again has just talked about it
    at = _morning(own, own.add_working_days(item.created_on, FIRST_AFTER))
    before = own.add_working_days(item.due, -SOON_BEFORE)
    if own.local(at).date() < before:
        yield Point(Kind.FIRST, f"action-first:{item.id}", at)


def _soon(item: ActionItem, own: Calendar) -> Iterable[Point]:
    day = own.add_working_days(item.due, -SOON_BEFORE)
    at = _morning(own, day)
    _, evening = own.hours(item.due)
    if day > item.created_on and at < evening:
        yield Point(Kind.SOON, f"action-soon:{item.id}:{item.due}", at, evening)


def _late(item: ActionItem, own: Calendar) -> Iterable[Point]:
    for number, after in enumerate(LATE_AFTER, start=1):
        at = _morning(own, own.add_working_days(item.due, after))
        yield Point(Kind.LATE, f"action-late:{item.id}:{item.due}:{number}", at)


def _stalled(item: ActionItem, own: Calendar) -> Iterable[Point]:
    if item.state is ActionState.OPEN:
        cause = f"action-stalled:{item.id}:{item.follow_up}"
        yield Point(Kind.STALLED, cause, _morning(own, item.follow_up))


def _follow_up(item: ActionItem, team: Calendar) -> Iterable[Point]:
    begun = item.state in (ActionState.IN_PROGRESS, ActionState.DONE)
    if begun and item.verdict is None:
        at = _morning(team, item.follow_up)
        yield Point(Kind.FOLLOW_UP, f"follow-up:{item.id}:{item.turn}", at)


def _morning(calendar: Calendar, day: date) -> datetime:
    """Return the first moment of the day, or of the next working day."""
    return calendar.next_moment(to_utc(datetime.combine(day, time()), calendar.zone))


# --- Keeping it ---------------------------------------------------------------------------------


def replan(tx: Tx, env: Env, item: ActionItem, now: datetime) -> None:
    """Work out anew when the action has something to say next, after any change of it."""
    told = actions.told(tx, item.id)
    found = decide(tx, env, item, told, now, lambda points, _: settled(points, told, now))
    actions.plan(tx, item.id, found.next_at, found.told)


def put_off(tx: Tx, env: Env, item: ActionItem, day: date, now: datetime) -> None:
    """Say nothing to the responsible before ``day``, and then ask again."""
    told = [one for one in actions.told(tx, item.id) if not one.startswith(_LATER)]
    told.append(f"{_LATER}{day.isoformat()}")
    found = decide(tx, env, item, told, now, lambda points, _: settled(points, told, now))
    actions.plan(tx, item.id, found.next_at, found.told)


def replan_all_of(tx: Tx, env: Env, who: Iterable[PersonId], now: datetime) -> None:
    """Do so for every action of people who have come or gone."""
    for person in sorted(actions.everybody_responsible(tx).intersection(who)):
        for item in actions.of_responsible(tx, person):
            replan(tx, env, item, now)


def decide(
    tx: Tx,
    env: Env,
    item: ActionItem,
    told: Sequence[str],
    now: datetime,
    rule: Callable[[Sequence[Point], datetime], Step],
) -> Step:
    """Apply a rule to what is ahead and to the responsible's first moment from now on.

    Where the team has no working day in sight, it is looked at again in a while.
    """
    days = days_of(tx, env, item, now)
    try:
        return rule(ahead(item, told, days, now), _open_at(days.own, now))
    except NoWorkingDay:
        return Step((), tuple(told), now + LOOK_AGAIN)


def _open_at(own: Calendar | None, now: datetime) -> datetime:
    try:
        return own.next_moment(now) if own else now
    except NoWorkingDay:
        return now  # nobody reminds somebody who never works; nothing else waits for his hours


def days_of(tx: Tx, env: Env, item: ActionItem, now: datetime) -> Days:
    """Return whose days count for an action, as they are now."""
    tree = people.tree(tx)
    person = people.get(tx, item.responsible)
    calendars = Calendars.read(tx, tree, env.defaults, [item.responsible], now.date())
    own = calendars.of(person) if person and person.active and person.home in tree else None
    node = item.node if item.node in tree else tree.root.id
    pauses = [span for over in tree.above(node) for span in calendars.team_pauses.get(over, ())]
    return Days(own, calendar_from(rules_of(tree, node, env.defaults), pauses))
