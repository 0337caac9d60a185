"""Quiet hours at the moment of sending: after downtime a row may come due at night.

When a row is written its time lies in the person's own hours; here it is moved on when that time
was missed. Whether somebody has answered plays no part, so all rows of a round fare alike.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.flows.calendars import Calendars
from bot.flows.env import Env
from bot.flows.rounds.reminding import PRIVATE
from bot.storage import people
from bot.storage.outbox import Delivery
from bot.storage.store import Tx

AT_ONCE = frozenset({"welcome", "operations.dead", "team.filled", "team.unread"})
"""Kinds that do not wait: nobody is asked for anything, or somebody has to know now."""
A_NIGHT = timedelta(days=4)
"""The longest a message waits for somebody's hours: a night, a weekend, a long one. Who is away
for longer has had his time set accordingly when the row was written."""
AN_INVITATION = timedelta(days=60)
"""An invitation or a reminder waits as long as it takes; when its round has closed, it is void."""


def not_now(tx: Tx, env: Env, rows: Sequence[Delivery], now: datetime) -> dict[str, datetime]:
    """Return until when to keep rows back, by delivery id: those whose person is off just now."""
    personal = {
        row.id: row.recipient.partition(":")[2]
        for row in rows
        if row.recipient.startswith("person:") and row.note.kind not in AT_ONCE
    }
    wanted = sorted(set(personal.values()))
    if not wanted:
        return {}
    known = people.by_ids(tx, wanted)
    calendars = Calendars.read(tx, people.tree(tx), env.defaults, wanted, now.date())
    found = {}
    for row in rows:
        person = known.get(personal.get(row.id, ""))
        if person is None:
            continue
        longest = AN_INVITATION if row.note.kind in PRIVATE else A_NIGHT
        at = calendars.first_moment(person, now, now + longest)
        if now < at < now + longest:
            found[row.id] = at
    return found
