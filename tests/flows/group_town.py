"""What the tests of digest, reminder and escalation share: actions of all ages, and what was sent.

``dag-2`` is the AMR of all, ``dag-4`` and ``boss`` are in the group with him.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from town import Town, at

from bot.cards import Actions, Button, Link, Message, Table
from bot.domain.action_items import ActionItem, ActionState
from bot.domain.people import Grant, Role
from bot.flows.programmes import registry as programmes
from bot.storage import actions, people, schedules
from bot.storage.outbox import Note
from bot.storage.schedules import Schedule
from bot.storage.store import Tx

LEAD, AMR, AMG, BOSS, MEMBER = "dag-1", "dag-2", "dag-4", "boss", "dag-5"


def item(id_: str, **changes: Any) -> ActionItem:
    plain = ActionItem(
        id=id_,
        node="dag",
        what=f"Tiltag {id_}",
        first_step=f"Skridt {id_}",
        responsible=MEMBER,
        due=date(2026, 3, 20),
        follow_up=date(2026, 4, 10),
        created_on=date(2026, 3, 2),
    )
    return replace(plain, **changes)


async def agree(t: Town, *items: ActionItem) -> None:
    """Keep actions as if they had been made now, with the team's reminder that comes with them."""
    now = t.clock.now()

    def work(tx: Tx) -> None:
        for one in items:
            assert actions.insert_new(tx, one, now, LEAD)
            programmes.ensure(tx, t.bot.env, "team_reminder", one.node, now)

    await t.bot.store.write(work)


async def change(t: Town, id_: str, **changes: Any) -> None:
    """Change an action now."""

    def work(tx: Tx) -> None:
        one = actions.get(tx, id_)
        assert one is not None
        assert actions.change(tx, replace(one, **changes), t.clock.now(), LEAD, "changed")

    await t.bot.store.write(work)


async def done(t: Town, id_: str, **changes: Any) -> None:
    today = t.clock.now().astimezone(at(2).tzinfo).date()
    await change(t, id_, state=ActionState.DONE, done_on=today, **changes)


async def with_group(t: Town, node: str = "org") -> None:
    """Let a lead and an employee join the AMR in the group, and plan its digest."""

    def work(tx: Tx) -> None:
        boss = people.roles(tx, BOSS)
        people.put_grants(tx, BOSS, [*boss, Grant(BOSS, node, Role.AMG)])
        people.put_grants(tx, AMG, [Grant(AMG, node, Role.AMG)])
        programmes.settle(tx, t.bot.env, t.clock.now())

    await t.bot.store.write(work)


async def plan_of(t: Town, node: str, name: str) -> Schedule:
    found = await t.bot.store.read(lambda tx: schedules.find(tx, (node,), name))
    assert found is not None
    return found


async def sent(t: Town, conversation: str, kind: str) -> list[Note]:
    return [note for note in await t.notes(conversation) if note.kind == kind]


async def card(t: Town, person: str, conversation: str, kind: str) -> Message:
    """Return the newest card of a kind as somebody sees it."""
    notes = await t.notes(conversation)
    shown = await t.shown(person, conversation)
    return next(
        one for note, one in reversed(list(zip(notes, shown, strict=False))) if note.kind == kind
    )


async def page(t: Town, person: str, path: str) -> tuple[Message, ...]:
    found = await t.bot.front.page(person, path)
    assert found is not None, path
    return found.cards


def links(*cards: Message) -> list[str]:
    """Return where cards lead, in order."""
    found = []
    for one in cards:
        for part in one.children:
            if isinstance(part, Actions):
                found += [child.path for child in part.children if isinstance(child, Link)]
            if isinstance(part, Table):
                found += [cell.path for row in part.rows for cell in row if isinstance(cell, Link)]
    return found


def named(card_: Message, action: str) -> list[Button]:
    """Return a card's buttons for an action."""
    return [
        child
        for part in card_.children
        if isinstance(part, Actions)
        for child in part.children
        if isinstance(child, Button) and child.action == action
    ]
