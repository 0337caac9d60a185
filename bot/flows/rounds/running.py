"""A round's life as the shell runs it: which store calls, in which order, around the pure steps.

The steps themselves are in ``opening``, ``reminding`` and ``closing``. Every function here may be
called again after a crash at any point.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from bot.domain.people import PersonId, Tree
from bot.domain.rounds import Round, RoundState
from bot.flows.calendars import team_calendar
from bot.flows.env import Env
from bot.flows.rounds import answering, closing, opening, reminding
from bot.flows.rounds.opening import Refused, Wish
from bot.privacy.keys import KeyDestroyed, KeyLost, KeyStoreUnusable
from bot.storage import people, rounds
from bot.storage.rounds import Due
from bot.storage.store import Store, Tx
from bot.storage.trouble import StorageTrouble

log = logging.getLogger(__name__)

YOUNG_KEYS = timedelta(hours=1)
LATERS_WAIT = timedelta(minutes=5)


async def open_round(store: Store, env: Env, wish: Wish) -> Round | Refused | None:
    """Open a round; ``None`` when another process opened it first.

    Raises ``KeyStoreUnusable`` or ``NotSaved``; nothing is open then.
    """
    planned = await store.read(lambda tx: opening.plan(tx, env, wish))
    if isinstance(planned, Refused):
        await store.write(lambda tx: opening.skip(tx, env, wish, planned))
        log.info("round not opened: %s (%s)", planned.reason, wish.instrument)
        return planned
    sealed = await asyncio.to_thread(opening.seal, env, planned)
    opened = await store.write(lambda tx: opening.commit(tx, env, planned, sealed))
    if not opened:
        return None
    log.info("round %s opened: %s, %d invited", planned.round.id, wish.instrument, len(sealed))
    return planned.round


async def go_on(store: Store, env: Env, due: Due, now: datetime) -> None:
    """Do the next step of a round that is due."""
    match due.state:
        case RoundState.OPEN | RoundState.REMINDED | RoundState.CLOSING:
            await _run(store, env, due, now)
        case RoundState.CLOSED:
            await store.write(lambda tx: closing.publish(tx, env, due, now))
            await store.checkpoint()  # the log still holds the comments that were held back
            log.info("round %s reported", due.round)
        case RoundState.VOID:
            await _go_on_void(store, env, due.round, now)
        case RoundState.REPORTED:
            pass


async def wake_laters(store: Store, env: Env, now: datetime) -> tuple[str, ...]:
    """Return who asked to be asked again by now."""
    woken: list[str] = []
    for round_id in env.laters.due(now):

        def wake(tx: Tx, round_id: str = round_id) -> tuple[str, ...]:
            one = rounds.get(tx, round_id)
            return answering.wake_laters(tx, env, one, now) if one else ()

        try:
            woken += await store.write(wake)
        except (KeyLost, KeyDestroyed):
            continue  # the round's own next step finds out and voids it
        except (KeyStoreUnusable, StorageTrouble) as trouble:
            env.laters.note(round_id, now + LATERS_WAIT)
            log.error("ROUND-3 who asked for later is looked for again: %s", trouble)
    return tuple(woken)


async def recover(store: Store, env: Env) -> None:
    """Put right what a crash left: keys of ended rounds, the log, and who asked for "later".

    At the start and every night: what could not be done then is tried again.
    """
    now = env.clock.now()
    known = await store.read(rounds.known_ids)
    standing = await store.read(rounds.taking_answers)
    alive = {one.id for one in standing}
    for one in await store.read(rounds.told_void):
        if not env.keys.tombstoned(one.id):
            try:
                await _finish_void(store, env, one, now)
            except Exception as fault:  # it must not keep the bot from starting
                alive.add(one.id)
                log.error(
                    "ROUND-4 round %s is not asked again yet: %s", one.id, type(fault).__name__
                )
    for round_id in sorted(known - alive - (env.keys.buried() - env.keys.rounds())):
        env.keys.destroy(round_id)
    for one in standing:
        if one.state.takes_answers:
            env.laters.note(one.id, now)
    env.keys.sweep(known, now, YOUNG_KEYS)
    await store.checkpoint()


async def _run(store: Store, env: Env, due: Due, now: datetime) -> None:
    one = await store.read(lambda tx: rounds.get(tx, due.round))
    if one is None:
        return
    try:
        if due.state is not RoundState.CLOSING and now < one.closes_at:
            await store.write(lambda tx: reminding.remind(tx, env, due, now))
            log.info("round %s reminded", one.id)
            return
        await _close(store, env, due, now)
    except KeyLost:
        await _void(store, env, one.id, now)
    except KeyDestroyed:
        await _void_restored(store, one.id)


async def _close(store: Store, env: Env, due: Due, now: datetime) -> None:
    if due.state is not RoundState.CLOSING and not await store.write(
        lambda tx: closing.begin(tx, due, now)
    ):
        return
    found = await store.read(lambda tx: closing.sealed_ballots(tx, due.round))
    if found is None:
        return
    one, members, sealed = found
    counted = await asyncio.to_thread(closing.count_ballots, env, one, members, sealed)
    if not await store.write(lambda tx: closing.finish(tx, env, one, counted, now)):
        return
    await asyncio.to_thread(closing.bury, env, one)
    await store.checkpoint()
    log.info("round %s closed", one.id)
    if counted.unreadable:
        # How many, never whose: the key that could have told is gone.
        log.error(
            "CLOSE-1 round %s: %d ballots could not be opened, and count as not given",
            *(one.id, counted.unreadable),
        )


async def _void(store: Store, env: Env, round_id: str, now: datetime) -> None:
    """A lost key: void the round, tell everybody, and ask again at the next good moment."""
    one = await store.read(lambda tx: rounds.get(tx, round_id))
    if one is None or one.state in (RoundState.VOID, RoundState.CLOSED, RoundState.REPORTED):
        return
    if not await store.write(lambda tx: closing.void(tx, env, one, now)):
        return
    log.error("ROUND-1 round %s void: its key is lost; everybody is told and asked again", round_id)
    await _finish_void(store, env, one, now)


async def _finish_void(store: Store, env: Env, one: Round, now: datetime) -> None:
    """Ask again, then bury: a void round without a tombstone is one a crash left half done."""
    await ask_again(store, env, one, now)
    await asyncio.to_thread(env.keys.destroy, one.id)
    await store.write(lambda tx: closing.asked_again(tx, one))
    await store.checkpoint()


async def _go_on_void(store: Store, env: Env, round_id: str, now: datetime) -> None:
    """Try again to ask again, where it could not be done at once."""
    one = await store.read(lambda tx: rounds.get(tx, round_id))
    if one is not None:
        await _finish_void(store, env, one, now)


async def _void_restored(store: Store, round_id: str) -> None:
    """A tombstone: another process has just closed it, or an old backup was put back."""
    one = await store.read(lambda tx: rounds.get(tx, round_id))
    if one is None or one.state in (RoundState.VOID, RoundState.CLOSED, RoundState.REPORTED):
        return
    if await store.write(lambda tx: closing.drop_restored(tx, one)):
        await store.checkpoint()
        log.error(
            "ROUND-2 round %s was closed after this database was copied; not reopened", one.id
        )


async def ask_again(store: Store, env: Env, voided: Round, now: datetime) -> None:
    """Open the round that replaces a void one, at the team's next working moment."""

    def wish(tx: Tx) -> Wish:
        tree = people.tree(tx)
        scope = tuple(node for node in voided.scope if node in tree) or (tree.root.id,)
        calendar = team_calendar(tx, tree, env.defaults, scope, now.date())
        days = max(
            1,
            calendar.working_days_between(
                calendar.local(voided.opens_at).date(), calendar.local(voided.closes_at).date()
            ),
        )
        return Wish(
            scope=scope,
            instrument=voided.instrument,
            opens_at=calendar.next_moment(now),
            open_days=days,
            questions=len(voided.questions),
            replaces=voided.id,
            about=voided.about,
            left_out=_left_out(tx, tree, voided) if voided.about else frozenset(),
            lead_days=0 if voided.publish_at == voided.closes_at else None,
            asked=() if voided.instrument in env.pack.instruments else voided.questions,
        )

    await open_round(store, env, await store.read(wish))


def _left_out(tx: Tx, tree: Tree, voided: Round) -> frozenset[PersonId]:
    """Return who was not asked the first time: whoever speaks by name is not asked now either."""
    inside = [node for top in voided.scope if top in tree for node in tree.under(top)]
    asked = {member.person for member in rounds.members(tx, voided.id)}
    return frozenset(one.id for one in people.everybody(tx, inside) if one.id not in asked)
