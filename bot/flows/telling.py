"""When people and channels may be written to, and the notes to team leads.

Everybody in his own hours; a channel in its team's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.people import NodeId, Person, PersonId, Role, Tree, rules_of
from bot.flows.calendars import Calendars, calendar_from
from bot.flows.env import Env
from bot.schedule.calendar import NoWorkingDay
from bot.storage import outbox, people
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx

LATEST = timedelta(days=14)
"""A lead who is away longer than this is written to all the same."""
LATEST_OF_ALL = timedelta(days=60)
"""So is anybody else who is away longer than this."""


@dataclass(frozen=True)
class Leads:
    """Who leads what, and when each may be written to from ``at`` on."""

    tree: Tree
    at: datetime
    _at_node: dict[NodeId, list[PersonId]]
    _people: dict[PersonId, Person]
    _calendars: Calendars
    _notes: list[Outgoing] = field(default_factory=list)

    @classmethod
    def read(cls, tx: Tx, env: Env, at: datetime) -> "Leads":
        """Read all leads with their calendars."""
        tree = people.tree(tx)
        at_node: dict[NodeId, list[PersonId]] = {}
        for grant in people.grants(tx, Role.LEAD):
            at_node.setdefault(grant.node, []).append(grant.person)
        everybody = sorted({one for here in at_node.values() for one in here})
        calendars = Calendars.read(tx, tree, env.defaults, everybody, at.date())
        return cls(tree, at, at_node, people.by_ids(tx, everybody), calendars)

    def tell(self, scope: Sequence[NodeId], purpose: str, note: Note) -> None:
        """Write a note to the nearest lead of each node: his own, or else the next one above."""
        for lead in sorted({lead for node in scope for lead in self._nearest(node)}):
            due = self._calendars.first_moment(self._people[lead], self.at, self.at + LATEST)
            self._notes.append(Outgoing(purpose, f"person:{lead}", note, due))

    def send(self, tx: Tx, env: Env) -> None:
        """Put what was written into the outbox."""
        outbox.add(tx, (env.chance.token() for _ in self._notes), self._notes)
        self._notes.clear()

    def _nearest(self, node: NodeId) -> Sequence[PersonId]:
        up = self.tree.above(node) if node in self.tree else ()
        return next((self._at_node[one] for one in up if one in self._at_node), ())


def to_people(
    tx: Tx,
    env: Env,
    tree: Tree,
    who: Iterable[PersonId],
    purpose: str,
    note: Note,
    now: datetime,
) -> list[Outgoing]:
    """Return the note to each of them who is still here, in his own hours from ``now`` on."""
    wanted = list(who)
    calendars = Calendars.read(tx, tree, env.defaults, wanted, now.date())
    known = people.by_ids(tx, wanted)
    rows = []
    for person_id in wanted:
        person = known.get(person_id)
        if person is not None and person.active:
            at = calendars.first_moment(person, now, now + LATEST_OF_ALL)
            rows.append(Outgoing(purpose, f"person:{person_id}", note, at))
    return rows


def channel_moment(tx: Tx, env: Env, nodes: Sequence[NodeId], now: datetime) -> datetime:
    """Return when to post in the nodes' channels: now, or in the morning when they are off."""
    tree = people.tree(tx)
    known = [node for node in nodes if node in tree] or [tree.root.id]
    calendar = calendar_from(rules_of(tree, known[0], env.defaults))
    try:
        return calendar.next_moment(now)
    except NoWorkingDay:
        return now
