"""How a dialogue goes from phase to phase, in one transaction each; what has to be said goes along.

Opening the rounds it holds needs a key on disk first: that is ``dialogues.run``'s. Every step may
be asked for twice: the version decides, and the second time nothing happens.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.dialogues import Dialogue, Group, Idea, Phase, Step, Way, after
from bot.domain.rounds import RoundState
from bot.flows.dialogues.people import (
    calendar_of,
    look_again,
    tell_channel,
    tell_leads,
    too_small,
)
from bot.flows.env import Env
from bot.schedule.calendar import Calendar, NoWorkingDay, to_utc
from bot.schedule.windows import window
from bot.storage import dialogues, ideas, people, rounds
from bot.storage.store import Tx

COLLECTING_DAYS = 3
GROUPING_DAYS = 3
VOTING_DAYS = 2
"""Working days each phase takes over some days."""
STEP_SECONDS = 300
"""What a meeting's clock begins with at each question."""
MORE_SECONDS = 120
VOTE_SECONDS = 180
STILL_DAYS = 10
"""Working days after which who leads a dialogue that stands still is asked about it."""
ENDS_DAYS = 30
"""Working days after which it ends by itself; everything is kept."""
_GRACE = timedelta(hours=1)
"""After a round's close it is looked whether the round has moved the dialogue on."""


def enter(tx: Tx, env: Env, one: Dialogue, phase: Phase, now: datetime) -> bool:
    """Bring the dialogue to a phase; ``False``: another got there first.

    In ``VOTING`` it is due at once: the tick, or whoever asked for it, opens the vote.
    """
    entered = timed(replace(one, phase=phase, moved_at=now), tx, env, now)
    if not dialogues.change(tx, entered):
        return False
    if phase is Phase.ENDED:
        ideas.erase_held(tx, one.id)
    look_again(tx, env, one)
    return True


def go_on(tx: Tx, env: Env, one: Dialogue, now: datetime) -> bool:
    """Leave the phase for what comes next; ``False``: another got there first.

    Everybody was told until when he may write or vote over some days: those two phases end by
    themselves, and nobody can end them early.
    """
    match one.phase:
        case Phase.HOW:
            return collected(tx, env, one, now)
        case Phase.GROUPING:
            return grouped(tx, env, one, now)
        case Phase.CHOOSING:
            return end(tx, env, one, now)
        case Phase.COLLECTING | Phase.VOTING | Phase.ENDED:
            return False
        case _:
            return enter(tx, env, one, after(one.phase), now)


def collected(tx: Tx, env: Env, one: Dialogue, now: datetime) -> bool:
    """Show the ideas and let them be grouped; without any, the dialogue ends kindly."""
    if not ideas.of_dialogue(tx, one.id):
        if not enter(tx, env, one, Phase.ENDED, now):
            return False
        tell_channel(tx, env, one, "destroyed" if one.sealed else "empty", now)
        return True
    if not enter(tx, env, one, Phase.GROUPING, now):
        return False
    if one.way is Way.DAYS:
        tell_channel(tx, env, one, "ideas", now)
        tell_leads(tx, env, one, "group", now)
    return True


def grouped(tx: Tx, env: Env, one: Dialogue, now: datetime) -> bool:
    """Make a group of everything that stands alone, and vote where there is something to vote on.

    With one group there is nothing to vote on; in a team under the threshold a secret vote would
    not be secret, so its order is found together.
    """
    settle(tx, env, one)
    votable = votable_groups(tx, one)
    small = too_small(tx, env, people.tree(tx), one.node) is not None
    if len(votable) > 1 and not small:
        return enter(tx, env, one, Phase.VOTING, now)
    dialogues.set_places(tx, [group.id for group in votable] if len(votable) == 1 else [])
    return choose(tx, env, one, now)


def choose(tx: Tx, env: Env, one: Dialogue, now: datetime) -> bool:
    """Show the order, where there is one, and let ideas become actions."""
    if not enter(tx, env, one, Phase.CHOOSING, now):
        return False
    if one.way is Way.DAYS:
        placed = dialogues.groups(tx, one.id, Step.HOW, placed=True)
        tell_channel(tx, env, one, "order" if placed else "no_order", now)
        tell_leads(tx, env, one, "choose", now)
    return True


def end(tx: Tx, env: Env, one: Dialogue, now: datetime) -> bool:
    """End it and tell the team's channel what became of its ideas."""
    if not enter(tx, env, one, Phase.ENDED, now):
        return False
    tell_channel(tx, env, one, "outcome", now)
    return True


def settle(tx: Tx, env: Env, one: Dialogue) -> None:
    """Give every idea that stands alone a group of its own; the same words share one."""
    ideas_left = [idea for idea in ideas.of_dialogue(tx, one.id) if not (idea.group or idea.held)]
    together: dict[tuple[Step, str], list[Idea]] = {}
    for idea in ideas_left:
        together.setdefault((idea.step, idea.text.casefold()), []).append(idea)
    for (step, _), alike in together.items():
        factors = {idea.factor for idea in alike}
        factor = factors.pop() if len(factors) == 1 else None
        made = Group(env.chance.token(), one.id, step, alike[0].text, factor)
        dialogues.insert_groups(tx, [made])
        ideas.put_in_group(tx, [idea.id for idea in alike], made.id)


def votable_groups(tx: Tx, one: Dialogue) -> tuple[Group, ...]:
    """Return the groups of "how do we get there" that hold an idea one may see."""
    shown = {idea.group for idea in ideas.of_dialogue(tx, one.id, Step.HOW) if not idea.held}
    return tuple(group for group in dialogues.groups(tx, one.id, Step.HOW) if group.id in shown)


def round_standing(tx: Tx, one: Dialogue, instrument: str) -> RoundState | None:
    """Return the state of the dialogue's newest round of one kind, ``None`` without any."""
    found = rounds.about(tx, instrument, one.id)
    return found[0].state if found else None


def idle_days(tx: Tx, env: Env, one: Dialogue, now: datetime) -> int:
    """Return for how many working days nobody has moved the dialogue on."""
    calendar = calendar_of(tx, env, one.node, now)
    moved, today = calendar.local(one.moved_at).date(), calendar.local(now).date()
    return calendar.working_days_between(moved, today)


def days_on(calendar: Calendar, at: datetime, days: int) -> datetime:
    """Return the same time of day, some working days later; 60 days where there are none."""
    local = calendar.local(at)
    try:
        day: date = calendar.add_working_days(local.date(), days)
    except NoWorkingDay:
        return at + timedelta(days=60)
    return to_utc(datetime.combine(day, local.time()), calendar.zone)


def open_from(calendar: Calendar, now: datetime) -> datetime:
    """Return from when on a team can be asked: now, or its next working moment."""
    try:
        return calendar.next_moment(now)
    except NoWorkingDay:
        return now


def after_close(close: datetime) -> datetime:
    """Return when to look whether a round that closes then has moved its dialogue on."""
    return close + _GRACE


def timed(one: Dialogue, tx: Tx, env: Env, now: datetime) -> Dialogue:
    """Return the dialogue with the times of its phase; ``COLLECTING`` brings its own."""
    calendar = calendar_of(tx, env, one.node, now)
    untimed = replace(one, until=None, seconds_left=None, next_at=None)
    if one.phase is Phase.ENDED:
        return replace(untimed, ended_at=now)
    if one.phase is Phase.VOTING:
        return replace(untimed, next_at=now)
    if one.phase is Phase.GROUPING and one.way is Way.DAYS:
        until = window(open_from(calendar, now), calendar, GROUPING_DAYS)
        return replace(untimed, until=until, next_at=until)
    still = days_on(calendar, now, STILL_DAYS)
    if one.phase.step is not None:
        return replace(untimed, seconds_left=STEP_SECONDS, next_at=still)
    return replace(untimed, next_at=still)
