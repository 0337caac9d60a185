"""Opening a round: plan, make the key, seal an empty ballot for everybody, commit.

1. ``plan`` reads who is invited, which questions, and every time of the round; it writes nothing.
2. ``seal`` makes the round key durable in the key folder, *then* makes the slots.
3. ``commit`` inserts round, roster, slots and invitations in one transaction, or nothing.

A crash between 2 and 3 leaves an orphaned key, which the nightly sweep takes; it opens nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.people import NodeId, NodeRules, Person, PersonId, Role, Tree, rules_of
from bot.domain.rounds import AskedQuestion, Invited, Round, RoundId, RoundState
from bot.flows.calendars import Calendars, team_calendar
from bot.flows.env import Env
from bot.flows.rounds import channels
from bot.flows.rounds.selection import choose
from bot.flows.telling import Leads
from bot.privacy.atoms import pair_small
from bot.privacy.ballots import BallotBox, Sealed
from bot.schedule.calendar import Calendar, to_utc
from bot.schedule.windows import reminder_at, window
from bot.storage import outbox, people, rounds, schedules, slots
from bot.storage.outbox import Note, Outgoing
from bot.storage.schedules import Schedule
from bot.storage.store import Tx

APART = 5
"""Working days before anybody is given the same instrument again."""


NOT_READ_WAITS = timedelta(minutes=5)
"""When what asks a team by itself looks again whether everybody in its channel is in it."""


class Reason(StrEnum):
    """Why a round was not opened."""

    TOO_FEW = "too_few"
    """Fewer people than the threshold: they are counted with others, or talk instead."""
    ASKED_RECENTLY = "asked_recently"
    NOT_READ = "not_read"
    """Not everybody in a team's channel is in the team yet: it was chosen a moment ago."""


@dataclass(frozen=True)
class Refused:
    """No round was opened. ``earliest`` is the first day it may be tried again, where known."""

    reason: Reason
    earliest: date | None = None
    people: int = 0
    threshold: int = 0


@dataclass(frozen=True)
class Wish:
    """What is to be opened. ``schedule`` is set when a plan's time has come."""

    scope: tuple[NodeId, ...]
    instrument: str
    opens_at: datetime
    open_days: int
    questions: int | None = None
    nominal: date | None = None
    schedule: Schedule | None = None
    next_nominal: date | None = None
    next_run_at: datetime | None = None
    replaces: RoundId | None = None
    about: str = ""
    """The one thing it is to ask about, where it is one: an action, a dialogue."""
    left_out: frozenset[PersonId] = frozenset()
    """Who belongs to the scope and is not asked, because he speaks by name."""
    lead_days: int | None = None
    """Working days the leads have the result before the team; ``None``: as the rules say."""
    asked: tuple[AskedQuestion, ...] = ()
    """The questions themselves, where no instrument of the content has them; all are counted
    together then, whatever teams they are from."""
    closes_at: datetime | None = None
    """When it closes, where that is not after ``open_days``."""
    claim: Callable[[Tx], bool] | None = None
    """Done first in the opening transaction; ``False``: another got there first."""


@dataclass(frozen=True)
class Plan:
    """A round ready to be opened."""

    round: Round
    members: tuple[Invited, ...]
    invitations: tuple[Outgoing, ...]
    wish: Wish


def plan(tx: Tx, env: Env, wish: Wish) -> Plan | Refused:
    """Decide what the round would be. Reads only."""
    tree = people.tree(tx)
    calendar = team_calendar(tx, tree, env.defaults, wish.scope, wish.opens_at.date())
    threshold = threshold_for(tree, env.defaults, wish.scope)
    under = [node for top in wish.scope for node in tree.under(top)]
    everybody = [one for one in people.everybody(tx, under) if one.id not in wish.left_out]
    all_of_them = roster_of(tx, env, tree, everybody, wish.instrument)
    counted = sum(not one.lead for one in all_of_them)
    if channels.half_read(tx, under):
        return Refused(Reason.NOT_READ, people=counted, threshold=threshold)
    if counted < threshold:
        return Refused(Reason.TOO_FEW, people=counted, threshold=threshold)
    recent = _asked_recently(tx, wish, calendar)
    invited = [person for person in everybody if person.id not in recent]
    members = tuple(one for one in all_of_them if one.person not in recent)
    if sum(not one.lead for one in members) < threshold:
        earliest = _earliest(tx, wish, calendar)
        return Refused(Reason.ASKED_RECENTLY, earliest, counted, threshold)
    opening = _round(tx, env, wish, tree, calendar, members, threshold)
    calendars = Calendars.read(
        tx, tree, env.defaults, [person.id for person in invited], wish.opens_at.date()
    )
    invitations = tuple(
        Outgoing(
            purpose=f"invite:{opening.id}",
            recipient=f"person:{person.id}",
            note=Note("round.invite", {"round": opening.id}),
            due_at=calendars.first_moment(person, opening.opens_at, opening.closes_at),
        )
        for person in invited
    )
    return Plan(opening, members, invitations, wish)


def seal(env: Env, planned: Plan) -> tuple[Sealed, ...]:
    """Make the round's key durable and return everybody's slot with an empty ballot in it.

    Raises ``KeyStoreUnusable`` when the key folder cannot be written; nothing is opened then.
    """
    key = env.keys.create(planned.round.id)
    box = BallotBox.of(planned.round, key)
    return tuple(sorted(box.empty(member.person) for member in planned.members))


def commit(tx: Tx, env: Env, planned: Plan, sealed: Sequence[Sealed]) -> bool:
    """Insert it all; ``False`` when another process opened the same round first."""
    wish, opening = planned.wish, planned.round
    if wish.claim is not None and not wish.claim(tx):
        return False
    if wish.schedule is not None and not schedules.claim(
        tx, wish.schedule, wish.next_nominal, wish.next_run_at
    ):
        return False
    if wish.replaces is not None and rounds.replaced(tx, wish.replaces):
        return False
    first = min(at for at in (opening.remind_at, opening.closes_at) if at is not None)
    if not rounds.insert_new(tx, opening, planned.members, first):
        return False
    slots.insert_all(tx, opening.id, sealed)
    outbox.add(tx, (env.chance.token() for _ in planned.invitations), planned.invitations)
    channels.tell_without(tx, env, opening, planned.members)
    return True


def skip(tx: Tx, env: Env, wish: Wish, refused: Refused) -> bool:
    """Move a plan on whose round could not be opened, and tell its leads why.

    So too when it is a void round that cannot be asked again. Who starts a round himself is told
    in the direct reply.
    """
    if wish.schedule is not None:
        cause = f"{wish.schedule.id}:{wish.nominal}"
        if not schedules.claim(tx, wish.schedule, wish.next_nominal, wish.next_run_at):
            return False
    elif wish.replaces is not None:
        cause = wish.replaces
    else:
        return False
    params = {
        "scope": list(wish.scope),
        "instrument": wish.instrument,
        "reason": refused.reason.value,
        "people": refused.people,
        "threshold": refused.threshold,
    }
    leads = Leads.read(tx, env, wish.opens_at)
    leads.tell(wish.scope, f"refused:{cause}", Note("round.refused", params))
    leads.send(tx, env)
    return True


def threshold_for(tree: Tree, defaults: NodeRules, scope: Sequence[NodeId]) -> int:
    """Return the fewest answers a figure may stand on: the highest any node in it asks for."""
    inside = {node for top in scope for node in tree.under(top)}
    return max(rules_of(tree, node, defaults).threshold for node in inside)


def roster_of(
    tx: Tx, env: Env, tree: Tree, invited: Sequence[Person], instrument: str
) -> tuple[Invited, ...]:
    """Return the roster's lines; leads stand apart only where the instrument counts them so."""
    leads: set[str] = set()
    known = env.pack.instruments.get(instrument)
    if known is not None and known.leads_apart:
        leads = {grant.person for grant in people.grants(tx, Role.LEAD) if grant.node in tree}
    return tuple(Invited(person.id, person.home, person.id in leads) for person in invited)


def _asked_recently(tx: Tx, wish: Wish, calendar: Calendar) -> frozenset[str]:
    if wish.replaces is not None:
        return frozenset()
    opens = calendar.local(wish.opens_at)
    since = calendar.add_working_days(opens.date(), -APART)
    start = to_utc(datetime.combine(since, opens.time()), calendar.zone)
    return rounds.asked_since(tx, wish.instrument, start, wish.about)


def _earliest(tx: Tx, wish: Wish, calendar: Calendar) -> date | None:
    inside = {node for top in wish.scope for node in people.tree(tx).under(top)}
    latest = next(
        (
            one
            for one in rounds.touching(tx, inside)
            if one.instrument == wish.instrument and one.about == wish.about
        ),
        None,
    )
    if latest is None:
        return None
    after = max(calendar.local(latest.closes_at), calendar.local(latest.opens_at)).date()
    apart = calendar.add_working_days(calendar.local(latest.opens_at).date(), APART)
    return max(after, apart)


def _round(
    tx: Tx,
    env: Env,
    wish: Wish,
    tree: Tree,
    calendar: Calendar,
    members: Sequence[Invited],
    threshold: int,
) -> Round:
    instrument = None if wish.asked else env.pack.instruments[wish.instrument]
    inside = [node for top in wish.scope for node in tree.under(top)]
    comment_answers = max(
        threshold, *(rules_of(tree, node, env.defaults).comment_answers for node in inside)
    )
    reminds = all(rules_of(tree, node, env.defaults).reminders for node in wish.scope)
    employees = [member for member in members if not member.lead]
    comments = bool(instrument and instrument.comment) and len(employees) >= comment_answers
    lead_days = wish.lead_days
    if lead_days is None:
        lead_days = max(rules_of(tree, node, env.defaults).lead_days for node in wish.scope)
    # The AMR needs a working day to read comments before the team does.
    lead_days = max(int(comments), lead_days)
    closes_at = wish.closes_at or window(wish.opens_at, calendar, wish.open_days)
    closing = calendar.local(closes_at)
    publish_day = calendar.add_working_days(closing.date(), lead_days)
    draft = Round(
        id=env.chance.token(),
        scope=wish.scope,
        instrument=wish.instrument,
        questions=_questions(tx, env, wish),
        comments=comments,
        threshold=threshold,
        comment_answers=comment_answers,
        zone=calendar.zone,
        local_date=wish.nominal or calendar.local(wish.opens_at).date(),
        opens_at=wish.opens_at,
        remind_at=reminder_at(wish.opens_at, closes_at, calendar) if reminds else None,
        closes_at=closes_at,
        publish_at=to_utc(datetime.combine(publish_day, closing.time()), calendar.zone)
        if lead_days
        else closes_at,
        state=RoundState.OPEN,
        nodes={
            node: (tree[node].name, None if node in wish.scope else tree[node].parent)
            for node in inside
        },
        schedule=wish.schedule.id if wish.schedule else None,
        replaces=wish.replaces,
        about=wish.about,
        channels=channels.of_nodes(tx, inside),
    )
    return draft if wish.asked else replace(draft, units=pair_small(draft, members))


def _questions(tx: Tx, env: Env, wish: Wish) -> tuple[AskedQuestion, ...]:
    if wish.asked:
        return wish.asked
    past = rounds.past_questions(tx, wish.instrument, rounds.scope_key(wish.scope))
    return choose(env.pack.instruments[wish.instrument], past, wish.questions)
