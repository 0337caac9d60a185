"""Whose days are whose: a team's calendar and a person's, from rules and pauses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.domain.people import Away, NodeId, NodeRules, Person, PersonId, Rules, Tree, rules_of
from bot.schedule.calendar import Calendar, NoWorkingDay, local_time
from bot.storage import people
from bot.storage.store import Tx

HALF_HOUR = timedelta(minutes=30)


def calendar_from(rules: Rules, closed: Iterable[Away] = ()) -> Calendar:
    """Return a team's calendar from its rules and pauses."""
    return Calendar(
        zone=rules.zone,
        country=rules.country,
        working_days=rules.working_days,
        day_starts=local_time(rules.day_starts),
        day_ends=local_time(rules.day_ends),
        closed=tuple(closed),
    )


def team_calendar(
    tx: Tx, tree: Tree, defaults: NodeRules, scope: Sequence[NodeId], today: date
) -> Calendar:
    """Return the calendar a round of ``scope`` keeps: the first node's rules, all its pauses."""
    over = {above for node in scope for above in tree.above(node)}
    closed = [span for _, _, span in people.pauses(tx, over, today - timedelta(days=60))]
    return calendar_from(rules_of(tree, scope[0], defaults), closed)


@dataclass(frozen=True)
class Calendars:
    """The calendars of many people at once, for an opening or a reminder."""

    tree: Tree
    defaults: NodeRules
    team_pauses: Mapping[NodeId, Sequence[Away]]
    own_pauses: Mapping[PersonId, Sequence[Away]]
    _teams: dict[NodeId, Calendar] = field(default_factory=dict, repr=False)
    """Calendars made so far: a whole team shares one, and one next moment."""
    _moments: dict[tuple[Calendar, datetime], datetime | None] = field(
        default_factory=dict, repr=False
    )

    @classmethod
    def read(
        cls, tx: Tx, tree: Tree, defaults: NodeRules, who: Sequence[PersonId], today: date
    ) -> "Calendars":
        """Read all pauses that still matter."""
        since = today - timedelta(days=2)
        teams: dict[NodeId, list[Away]] = {}
        for _, node, span in people.pauses(tx, list(tree), since):
            teams.setdefault(node, []).append(span)
        return cls(tree, defaults, teams, people.all_aways(tx, who, since))

    def of(self, person: Person) -> Calendar:
        """Return the person's own calendar."""
        team = self._team(person.home)
        own = tuple(self.own_pauses.get(person.id, ()))
        if person.working_days is None and person.zone is None and not own:
            return team
        return team.for_person(person.working_days, own, zone=person.zone)

    def _team(self, home: NodeId) -> Calendar:
        if home not in self._teams:
            rules = rules_of(self.tree, home, self.defaults)
            over = self.tree.above(home)
            pauses = [span for node in over for span in self.team_pauses.get(node, ())]
            self._teams[home] = calendar_from(rules, pauses)
        return self._teams[home]

    def first_moment(self, person: Person, at: datetime, latest: datetime) -> datetime:
        """Return when the person may be written to, from ``at`` on; ``latest`` if never before."""
        calendar = self.of(person)
        if (calendar, at) not in self._moments:
            self._moments[calendar, at] = _next_moment(calendar, at)
        moment = self._moments[calendar, at]
        return latest if moment is None else min(moment, latest)


def _next_moment(calendar: Calendar, at: datetime) -> datetime | None:
    try:
        return calendar.next_moment(at)
    except NoWorkingDay:
        return None


def later_time(now: datetime, calendar: Calendar, closes_at: datetime) -> datetime | None:
    """Return when to ask again somebody who says "later".

    About three hours on, the same day; near the end of the day, half an hour before it ends or
    else the next working morning. ``None`` when the round has closed by then.
    """
    today = calendar.local(now).date()
    starts, ends = calendar.hours(today)
    wish = min(_half_hour_up(now + timedelta(hours=3)), ends - HALF_HOUR)
    if wish < now + HALF_HOUR or not calendar.is_working_day(today):
        morning = _next_moment(calendar, max(ends, now))
        if morning is None:
            return None
        wish = _half_hour_up(morning + HALF_HOUR)
    wish = max(wish, starts)
    return wish if wish < closes_at else None


def _half_hour_up(at: datetime) -> datetime:
    base = at.replace(minute=0, second=0, microsecond=0)
    return base + HALF_HOUR * -(-(at - base) // HALF_HOUR)
