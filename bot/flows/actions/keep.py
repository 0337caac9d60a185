"""Keeping an action: the row, its history, what comes next, and a word to who becomes responsible.

Every change of an action goes through here or calls ``agenda.replan`` itself.
"""

from dataclasses import replace

from bot.domain.action_items import ActionItem
from bot.domain.people import PersonId
from bot.flows import telling
from bot.flows.actions import agenda
from bot.flows.desk import Guest
from bot.flows.env import Env
from bot.flows.programmes import registry as programmes
from bot.flows.programmes import team_reminder
from bot.storage import actions, dialogues, outbox
from bot.storage.outbox import Note
from bot.storage.store import Tx


def keep_new(tx: Tx, env: Env, asker: Guest, item: ActionItem, group: str = "") -> None:
    """Keep a new action; ``group`` are the ideas it comes from. Once made, it is left as it is."""
    now = env.clock.now()
    if not actions.insert_new(tx, item, now, asker.id):
        return
    if group:
        dialogues.link_action(tx, group, item.id)
    agenda.replan(tx, env, item, now)
    programmes.ensure(tx, env, team_reminder.NAME, item.node, now)
    _tell(tx, env, asker, item)


def change(
    tx: Tx, env: Env, asker: Guest, before: ActionItem, after: ActionItem, kind: str
) -> bool:
    """Keep a change of ``before``, the action as it stands; ``False`` if it no longer does."""
    now = env.clock.now()
    if not actions.change(tx, after, now, asker.id, kind):
        return False
    kept = replace(after, version=after.version + 1)
    agenda.replan(tx, env, kept, now)
    if kept.responsible != before.responsible:
        _tell(tx, env, asker, kept)
    return True


def _tell(tx: Tx, env: Env, asker: Guest, item: ActionItem) -> None:
    """Tell who has become responsible, unless he did it himself."""
    if item.responsible == asker.id:
        return
    note = Note("action.yours", {"action": item.id})
    cause = f"action-yours:{item.id}:{item.version}"
    write_to(tx, env, asker, (item.responsible,), cause, note)


def write_to(
    tx: Tx, env: Env, asker: Guest, whom: tuple[PersonId, ...], cause: str, note: Note
) -> int:
    """Write a note to people in their own hours; return to how many it had not been written yet."""
    rows = telling.to_people(tx, env, asker.tree, whom, cause, note, env.clock.now())
    return outbox.add(tx, (env.chance.token() for _ in rows), rows)
