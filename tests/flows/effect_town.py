"""What the tests about effect share: an action whose follow-up day has come, and who says what."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from town import Town, at

from bot.domain.action_items import ActionItem, ActionState
from bot.domain.rounds import EFFECT, Round
from bot.flows.actions import agenda
from bot.flows.effects import ask as effect_ask
from bot.storage import actions, rounds
from bot.storage.store import Tx

LEAD, RESPONSIBLE = "dag-1", "dag-3"
MADE = date(2026, 3, 2)


def item(**changes: Any) -> ActionItem:
    plain = ActionItem(
        id="a" * 32,
        node="dag",
        what="Ti minutters ro hver morgen",
        first_step="Find et sted uden telefon",
        responsible=RESPONSIBLE,
        due=date(2026, 3, 9),
        follow_up=date(2026, 3, 16),
        created_on=MADE,
        state=ActionState.IN_PROGRESS,
    )
    return replace(plain, **changes)


async def agree(t: Town, one: ActionItem) -> ActionItem:
    """Keep an action as if it had been made now."""
    now = t.clock.now()

    def work(tx: Tx) -> None:
        assert actions.insert_new(tx, one, now, LEAD)
        agenda.replan(tx, t.bot.env, one, now)

    await t.bot.store.write(work)
    return one


async def follow_up(t: Town, one: ActionItem, when: datetime | None = None) -> None:
    """Come to the follow-up day and ask."""
    await t.travel(when or at(16, 9))
    await effect_ask.go(t.bot.store, t.bot.env, one, t.clock.now())


async def asked(t: Town, action_id: str) -> tuple[Round, ...]:
    return await t.bot.store.read(lambda tx: rounds.about(tx, EFFECT, action_id))


async def one_round(t: Town, action_id: str = "a" * 32) -> Round:
    found = await asked(t, action_id)
    assert len(found) == 1
    return found[0]


async def roster(t: Town, one: Round) -> frozenset[str]:
    members = await t.bot.store.read(lambda tx: rounds.members(tx, one.id))
    return frozenset(member.person for member in members)


async def answer(t: Town, one: Round, values: Iterable[int]) -> None:
    """Let as many of those asked answer as there are values."""
    for person, value in zip(sorted(await roster(t, one)), values, strict=False):
        reply = await t.answer(person, one.id, value)
        assert getattr(reply, "done", False), reply


async def now(t: Town, action_id: str = "a" * 32) -> ActionItem:
    found = await t.bot.store.read(lambda tx: actions.get(tx, action_id))
    assert found is not None
    return found
