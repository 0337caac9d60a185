"""What a dialogue does by itself, and the rounds it holds: the shell around ``dialogues.phases``.

Every function may be called again after a crash at any point.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.dialogues import IDEAS, STEPS, VOTES, Dialogue, Phase, Way
from bot.domain.rounds import AskedQuestion, Round, RoundState
from bot.flows.dialogues import phases
from bot.flows.dialogues.people import calendar_of, look_again, tell_channel, tell_leads
from bot.flows.env import Env
from bot.flows.rounds import running
from bot.flows.rounds.opening import NOT_READ_WAITS, Reason, Refused, Wish
from bot.schedule.windows import window
from bot.storage import dialogues, people, rounds
from bot.storage.store import Store, Tx

log = logging.getLogger(__name__)

NO_VALUES: tuple[int, ...] = ()
"""The scale of a question that is answered in words."""
ONE_VOTE = (1,)


async def go_on(store: Store, env: Env, one: Dialogue, now: datetime) -> None:
    """Do what is due about a dialogue."""
    opens = await store.write(lambda tx: _step(tx, env, one, now))
    if opens:
        await open_votes(store, env, one.id, now)


async def open_votes(store: Store, env: Env, dialogue_id: str, now: datetime) -> None:
    """Open the vote of a dialogue that is to vote and has none; else do nothing.

    Raises ``KeyStoreUnusable`` or ``NotSaved``; the tick tries again then.
    """
    wish = await store.read(lambda tx: _votes(tx, env, dialogue_id, now))
    if wish is None:
        return
    opened = await running.open_round(store, env, wish)
    if isinstance(opened, Refused) and opened.reason is Reason.NOT_READ:
        await store.write(lambda tx: dialogues.plan(tx, dialogue_id, now + NOT_READ_WAITS))
        return
    if isinstance(opened, Refused):
        await store.write(lambda tx: _without_vote(tx, env, dialogue_id, now))
    elif opened is not None:
        await store.write(lambda tx: _vote_is_open(tx, env, dialogue_id, opened, now))


async def open_ideas(
    store: Store, env: Env, one: Dialogue, days: int, now: datetime
) -> Round | Refused | None:
    """Begin a dialogue whose ideas are written under a seal; ``None``: there is one like it."""
    wish = await store.read(lambda tx: _ideas(tx, env, one, days, now))
    opened = await running.open_round(store, env, wish)
    if isinstance(opened, Round):
        log.info("dialogue %s begun", one.id)
    return opened


def _ideas(tx: Tx, env: Env, one: Dialogue, days: int, now: datetime) -> Wish:
    calendar = calendar_of(tx, env, one.node, now)
    opens_at = phases.open_from(calendar, now)
    closes = window(opens_at, calendar, days)

    def begin(tx: Tx) -> bool:
        return begun(tx, env, one, closes, now)

    return Wish(
        scope=(one.node,),
        instrument=IDEAS,
        opens_at=opens_at,
        open_days=days,
        about=one.id,
        lead_days=0,
        asked=tuple(AskedQuestion(step.value, scale=NO_VALUES) for step in STEPS),
        closes_at=closes,
        claim=begin,
    )


def begun(tx: Tx, env: Env, one: Dialogue, until: datetime | None, now: datetime) -> bool:
    """Keep a new dialogue and tell the team; ``False``: there is one on the same topic."""
    kept = one
    if until is not None:
        next_at = phases.after_close(until) if one.sealed else until
        kept = replace(one, until=until, next_at=next_at)
    if not dialogues.insert_new(tx, kept):
        return False
    tell_channel(tx, env, one, "meeting" if one.way is Way.MEETING else "begun", now)
    look_again(tx, env, one)
    return True


def _step(tx: Tx, env: Env, due: Dialogue, now: datetime) -> bool:
    """Do the next step; tell whether a vote is to be opened."""
    one = dialogues.get(tx, due.id)
    if one is None or one.next_at is None or one.next_at > now:
        return False
    if one.node not in people.tree(tx):
        phases.enter(tx, env, one, Phase.ENDED, now)  # its team is gone; what was said is kept
        return False
    match one.phase:
        case Phase.COLLECTING if one.sealed:
            _after_round(tx, env, one, IDEAS, now)
        case Phase.COLLECTING:
            phases.collected(tx, env, one, now)
        case Phase.VOTING if phases.round_standing(tx, one, VOTES) is None:
            return True
        case Phase.VOTING:
            _after_round(tx, env, one, VOTES, now)
        case Phase.GROUPING if one.way is Way.DAYS:
            phases.grouped(tx, env, one, now)
            after = dialogues.get(tx, one.id)
            return after is not None and after.phase is Phase.VOTING
        case _:
            _stands_still(tx, env, one, now)
    return False


def _after_round(tx: Tx, env: Env, one: Dialogue, instrument: str, now: datetime) -> None:
    """Look whether the round that should have moved the dialogue on still can."""
    found = rounds.about(tx, instrument, one.id)
    standing = found[0] if found else None
    if standing is not None and (
        standing.state.takes_answers or standing.state is RoundState.CLOSING
    ):
        again = max(phases.after_close(standing.closes_at), now + timedelta(hours=1))
        dialogues.plan(tx, one.id, again)
    elif instrument == IDEAS:
        phases.collected(tx, env, one, now)
    else:
        phases.choose(tx, env, one, now)


def _stands_still(tx: Tx, env: Env, one: Dialogue, now: datetime) -> None:
    """Ask who leads it about a dialogue that stands still; in the end it ends, and all is kept."""
    idle = phases.idle_days(tx, env, one, now)
    calendar = calendar_of(tx, env, one.node, now)
    if idle >= phases.ENDS_DAYS:
        if phases.enter(tx, env, one, Phase.ENDED, now):
            tell_channel(tx, env, one, "stopped", now)
        return
    if idle >= phases.STILL_DAYS:
        tell_leads(tx, env, one, "still", now)
        dialogues.plan(tx, one.id, phases.days_on(calendar, one.moved_at, phases.ENDS_DAYS))
        return
    dialogues.plan(tx, one.id, phases.days_on(calendar, one.moved_at, phases.STILL_DAYS))


def _votes(tx: Tx, env: Env, dialogue_id: str, now: datetime) -> Wish | None:
    one = dialogues.get(tx, dialogue_id)
    if one is None or not _is_to_vote(tx, one):
        return None
    calendar = calendar_of(tx, env, one.node, now)
    meeting = one.way is Way.MEETING
    opens_at = now if meeting else phases.open_from(calendar, now)
    groups = phases.votable_groups(tx, one)

    def still(tx: Tx) -> bool:
        again = dialogues.get(tx, dialogue_id)
        return again is not None and _is_to_vote(tx, again)

    return Wish(
        scope=(one.node,),
        instrument=VOTES,
        opens_at=opens_at,
        open_days=phases.VOTING_DAYS,
        about=one.id,
        lead_days=0,
        asked=tuple(AskedQuestion(group.id, scale=ONE_VOTE) for group in groups),
        closes_at=now + timedelta(seconds=phases.VOTE_SECONDS) if meeting else None,
        claim=still,
    )


def _is_to_vote(tx: Tx, one: Dialogue) -> bool:
    return one.phase is Phase.VOTING and phases.round_standing(tx, one, VOTES) is None


def _vote_is_open(tx: Tx, env: Env, dialogue_id: str, opened: Round, now: datetime) -> None:
    one = dialogues.get(tx, dialogue_id)
    if one is None or one.phase is not Phase.VOTING:
        return
    dialogues.plan(tx, one.id, phases.after_close(opened.closes_at))
    if one.way is Way.DAYS:
        tell_channel(tx, env, one, "vote", now)
    look_again(tx, env, one)


def _without_vote(tx: Tx, env: Env, dialogue_id: str, now: datetime) -> None:
    """Go on without a vote: people have left since, and a vote of so few would not be secret."""
    one = dialogues.get(tx, dialogue_id)
    if one is not None and one.phase is Phase.VOTING:
        phases.choose(tx, env, one, now)
