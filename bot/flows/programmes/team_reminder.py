"""The team's own short, regular reminder of what it agreed on, in its channel.

Told by action: what is due, what was done since last, the next first step. Never who is late, and
nobody's name at all. Silent when there is nothing. What it says is a snapshot of ids, decided here
purely and worded when it is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.cards import Actions, Button, Link, Message, Part, Table, Text
from bot.domain.action_items import ActionId, ActionItem, ActionState
from bot.flows.env import Env, Reader
from bot.flows.escalations.cards import short
from bot.flows.programmes.occasions import Looking
from bot.storage import actions, chat
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx

NAME = "team_reminder"
SHOWN = 5
"""Lines of each kind; the rest stands on the board."""


@dataclass(frozen=True)
class Reminder:
    """What there is to say, by action; ``more`` counts what was left out for length."""

    due: tuple[ActionId, ...] = ()
    done: tuple[ActionId, ...] = ()
    first: ActionId = ""
    more: int = 0

    @property
    def silent(self) -> bool:
        """Tell whether there is nothing to say."""
        return not (self.due or self.done or self.first)


def decide(
    standing: Sequence[ActionItem],
    done: Sequence[ActionItem],
    fresh: Sequence[ActionId],
    soon: date,
) -> Reminder:
    """Return what to say: actions due until ``soon`` or before, those done since last, and the
    next first step of an action nobody has begun.

    A first step alone is reason enough only while its action is new (``fresh``): who has agreed on
    something for the autumn is not told so every week.
    """
    due = [one.id for one in sorted(standing, key=_order) if one.due <= soon]
    began_not = [one for one in sorted(standing, key=_order) if one.state is ActionState.OPEN]
    first = next((one.id for one in began_not if one.first_step.strip()), "")
    news = bool(due or done or any(one.id in set(fresh) for one in began_not))
    if not news:
        return Reminder()
    ended = [one.id for one in sorted(done, key=_order)]
    more = sum(max(0, len(some) - SHOWN) for some in (due, ended))
    return Reminder(tuple(due[:SHOWN]), tuple(ended[:SHOWN]), first, more)


def _order(one: ActionItem) -> tuple[date, ActionId]:
    return one.due, one.id


def write(tx: Tx, env: Env, looking: Looking) -> Sequence[Outgoing]:  # noqa: ARG001
    """Return the reminder to the team's channel, or nothing."""
    here = actions.of_nodes(tx, (looking.node,))
    events = actions.events_since(tx, (looking.node,), looking.since)
    ended = actions.became(tx, events, ActionState.DONE)
    found = decide(
        [one for one in here if one.state.standing],
        [one for one in here if one.id in ended and one.state is ActionState.DONE],
        [event.item.id for event in events if event.kind == "created"],
        looking.soon,
    )
    if found.silent:
        return ()
    params = {
        "node": looking.node,
        "day": looking.today.isoformat(),
        "due": list(found.due),
        "done": list(found.done),
        "first": found.first,
        "more": found.more,
    }
    note = Note("team.reminder", params)
    return (Outgoing(looking.purpose, chat.channel_id(looking.node), note, looking.at),)


def worded(tx: Tx, env: Env, reader: Reader, params: Mapping[str, Any]) -> Message:  # noqa: ARG001
    """Return the reminder as a card."""
    words = reader.words
    day = date.fromisoformat(params["day"])
    parts: list[Part] = []
    for kind in ("done", "due"):
        items = [item for id_ in params[kind] if (item := actions.get(tx, id_)) is not None]
        if items:
            parts.append(_table(reader, kind, items, day))
    item = actions.get(tx, params["first"]) if params["first"] else None
    if item is not None:
        text = words("reminder.first", step=item.first_step, what=item.what)
        parts.append(Text(text))
        show = Button("action.show", words("reminder.button.show"), item.id)
        parts.append(Actions((show,)))
    board = f"board/{params['node']}"
    label = words("reminder.more", number=params["more"]) if params["more"] else ""
    parts.append(Actions((Link(label or words("reminder.button.board"), board),)))
    title = words("reminder.title")
    return Message(title, (Text(words("reminder.intro"), "quiet"), *parts), title=title)


def _table(reader: Reader, kind: str, items: Sequence[ActionItem], day: date) -> Table:
    """Return a line for each action: what it is, and when; what is late, by a kind question."""
    words = reader.words
    columns = (words("reminder.column.what"), words(f"reminder.column.{kind}"))
    rows = []
    for one in items:
        when = words("reminder.day", day=(one.done_on or one.due) if kind == "done" else one.due)
        if kind == "due" and one.due < day:
            when = words("reminder.passed", day=one.due)
        rows.append((Link(short(one.what), f"action/{one.id}"), when))
    return Table(columns, tuple(rows), words(f"reminder.{kind}"))
