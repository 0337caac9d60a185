"""What a programme is given when its time has come: the stretch of time it looks at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.people import NodeId
from bot.schedule.calendar import Calendar
from bot.storage.schedules import Schedule

SHORTEST, LONGEST = timedelta(days=7), timedelta(days=31)


@dataclass(frozen=True)
class Looking:
    """One occasion of a plan: ``at`` is when, ``since`` until when the last one looked.

    ``next_at`` is the next occasion, ``None`` where listed dates have run out.
    """

    plan: Schedule
    at: datetime
    since: datetime
    next_at: datetime | None
    calendar: Calendar

    @property
    def node(self) -> NodeId:
        """The node it is about; a programme has one."""
        return self.plan.scope[0]

    @property
    def today(self) -> date:
        """The local date."""
        return self.calendar.local(self.at).date()

    @property
    def soon(self) -> date:
        """The last local date that counts as near: until the next occasion, a week to a month."""
        ahead = self.next_at - self.at if self.next_at else LONGEST
        return self.calendar.local(self.at + min(max(ahead, SHORTEST), LONGEST)).date()

    @property
    def purpose(self) -> str:
        """What the outbox takes once: the programme, its plan and the local date."""
        return f"{self.plan.instrument}:{self.plan.id}:{self.today}"
