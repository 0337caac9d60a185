"""Asking whether an action works: its responsible by name, the team without names.

Whoever speaks by name is not asked without: a colleague who knows two answers could work out the
others. So the responsible is left out of the round, and those who decide afterwards are, too.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.domain.action_items import ActionItem
from bot.domain.effects import Circle, can_be_judged, first_free
from bot.domain.people import NodeId, PersonId, Role, Tree
from bot.domain.rounds import EFFECT, Round
from bot.flows.calendars import team_calendar
from bot.flows.effects.known import round_of
from bot.flows.effects.reckoning import tell_deciders
from bot.flows.env import Env
from bot.flows.rounds import running
from bot.flows.rounds.opening import APART, Reason, Refused, Wish
from bot.flows.telling import channel_moment, to_people
from bot.schedule.calendar import Calendar, NoWorkingDay, to_utc
from bot.storage import actions, outbox, people, rounds
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Store, Tx

OPEN_DAYS = 3
"""Working days the team has to answer, and the longest the lead waits for the responsible."""
_LOOK_BACK = timedelta(days=30)
"""Longer than ``APART`` working days, whatever the holidays."""


async def go(store: Store, env: Env, item: ActionItem, now: datetime) -> bool:
    """Ask the responsible and the team about this turn of an action, once, however often called.

    A team too small to be asked without names is invited to talk about it. ``False``: not before
    everybody in the team's channel is in it; to be called again then. Raises ``KeyStoreUnusable``
    or ``NotSaved``; likewise.
    """
    if not await store.read(lambda tx: _is_to_be_asked(tx, item)):
        return True
    opened = await store.read(lambda tx: round_of(tx, item) is not None)
    if not opened:
        try:
            wish = await store.read(lambda tx: _wish(tx, env, item, now))
            found = await running.open_round(store, env, wish)
            if isinstance(found, Refused) and found.reason is Reason.NOT_READ:
                return False
            opened = isinstance(found, Round)
        except NoWorkingDay:
            opened = False
    await store.write(lambda tx: _tell(tx, env, item, now, team_asked=opened))
    return True


def speaks_by_name(tx: Tx, tree: Tree, item: ActionItem) -> frozenset[PersonId]:
    """Return who says what he thinks by name: responsible, deciders, whoever has said already."""
    over = set(tree.above(item.node))
    deciders = {grant.person for grant in people.grants(tx, Role.LEAD) if grant.node in over}
    said = {
        event.person
        for event in actions.history(tx, item.id)
        if event.kind == "said" and event.item.turn == item.turn and event.person
    }
    return frozenset({item.responsible, *deciders, *said})


def _is_to_be_asked(tx: Tx, item: ActionItem) -> bool:
    now = actions.get(tx, item.id)
    return now is not None and now.turn == item.turn and can_be_judged(now)


def _wish(tx: Tx, env: Env, item: ActionItem, now: datetime) -> Wish:
    tree = people.tree(tx)
    left_out = speaks_by_name(tx, tree, item)
    calendar = team_calendar(tx, tree, env.defaults, (item.node,), now.date())
    under = tree.under(item.node)
    asked = frozenset(one.id for one in people.everybody(tx, under)) - left_out
    mine = Circle(item.id, calendar.next_moment(now), asked)
    return Wish(
        scope=(item.node,),
        instrument=EFFECT,
        opens_at=first_free(mine, _circles(tx, now, under), partial(_later, calendar)),
        open_days=OPEN_DAYS,
        about=item.id,
        left_out=left_out,
        lead_days=0,
    )


def _circles(tx: Tx, now: datetime, nodes: Sequence[NodeId]) -> list[Circle]:
    return [
        Circle(one.about, one.opens_at, frozenset(m.person for m in rounds.members(tx, one.id)))
        for one in rounds.asked_in(tx, EFFECT, now - _LOOK_BACK, nodes)
    ]


def _later(calendar: Calendar, at: datetime) -> datetime:
    local = calendar.local(at)
    day = calendar.add_working_days(local.date(), APART)
    return calendar.next_moment(to_utc(datetime.combine(day, local.time()), calendar.zone))


def _tell(tx: Tx, env: Env, item: ActionItem, now: datetime, *, team_asked: bool) -> None:
    tree = people.tree(tx)
    params = {"action": item.id, "turn": item.turn}
    cause = f"{item.id}:{item.turn}"
    ask = Note("effect.ask", params)
    rows = to_people(tx, env, tree, (item.responsible,), f"effect-ask:{cause}", ask, now)
    if not team_asked:
        at = channel_moment(tx, env, (item.node,), now)
        talk = Note("effect.talk", params)
        rows.append(Outgoing(f"effect-talk:{cause}", f"node:{item.node}", talk, at))
        tell_deciders(tx, env, item, _some_days_on(tx, env, tree, item, now))
    outbox.add(tx, (env.chance.token() for _ in rows), rows)


def _some_days_on(tx: Tx, env: Env, tree: Tree, item: ActionItem, now: datetime) -> datetime:
    calendar = team_calendar(tx, tree, env.defaults, (item.node,), now.date())
    try:
        moment = calendar.local(calendar.next_moment(now))
        day = calendar.add_working_days(moment.date(), OPEN_DAYS)
    except NoWorkingDay:
        return now
    return to_utc(datetime.combine(day, moment.time()), calendar.zone)
