"""Says what an action's agenda has due: the tick's part of ``agenda``.

Each thing is said at most once, whatever happens in between: the action is taken by a conditional
update, what was said is remembered beside it in the same transaction, and a row of the outbox is
unique on its cause.
"""

from datetime import datetime
from functools import partial

from bot.domain.action_items import ActionItem
from bot.flows import telling
from bot.flows.actions import agenda
from bot.flows.actions import people as action_people
from bot.flows.actions.agenda import Kind, Point
from bot.flows.effects import ask as effect_ask
from bot.flows.env import Env
from bot.flows.rounds.opening import NOT_READ_WAITS
from bot.storage import actions, outbox, people
from bot.storage.actions import Due
from bot.storage.outbox import Note
from bot.storage.store import Store, Tx


async def go_on(store: Store, env: Env, due: Due, now: datetime) -> None:
    """Say what is due about one action. Can be repeated, also after a crash half-way.

    The effect is asked for first: it opens a round, whose key is on disk before any transaction.
    """

    def follow_up(tx: Tx) -> ActionItem | None:
        item = actions.get(tx, due.id)
        return item if item and _asks(_step(tx, env, item, now)) else None

    item = await store.read(follow_up)
    if item is not None and not await effect_ask.go(store, env, item, now):
        again = now + NOT_READ_WAITS
        await store.write(lambda tx: actions.claim(tx, due, again, actions.told(tx, due.id)))
        return
    await store.write(lambda tx: _say(tx, env, due, now, asked=item is not None))


def _asks(found: agenda.Step) -> bool:
    return any(point.kind is Kind.FOLLOW_UP for point in found.say)


def _step(tx: Tx, env: Env, item: ActionItem, now: datetime) -> agenda.Step:
    told = actions.told(tx, item.id)
    rule = partial(_decided, told, now)
    return agenda.decide(tx, env, item, told, now, rule)


def _decided(
    told: tuple[str, ...], now: datetime, points: tuple[Point, ...], open_at: datetime
) -> agenda.Step:
    return agenda.step(points, told, open_at, now)


def _say(tx: Tx, env: Env, due: Due, now: datetime, *, asked: bool) -> None:
    if not actions.take(tx, due):
        return  # another got there first, or somebody has just changed it
    item = actions.get(tx, due.id)
    if item is None:
        return
    found = _step(tx, env, item, now)
    if _asks(found) and not asked:
        actions.plan(tx, item.id, now, actions.told(tx, item.id))  # it came due just now
        return
    for point in found.say:
        _put(tx, env, item, point, now)
    actions.plan(tx, item.id, found.next_at, found.told)


def _put(tx: Tx, env: Env, item: ActionItem, point: Point, now: datetime) -> None:
    if point.kind is Kind.FOLLOW_UP:
        return  # asked already
    tree = people.tree(tx)
    note = Note(f"action.{point.kind.value}", {"action": item.id, "cause": point.cause})
    if point.kind is Kind.ORPHAN:
        whom = action_people.who_decides(tx, tree, item.node, but=item.responsible)
    else:
        whom = (item.responsible,)
    rows = telling.to_people(tx, env, tree, whom, point.cause, note, now)
    outbox.add(tx, (env.chance.token() for _ in rows), rows)
