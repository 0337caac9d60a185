"""What stored notes about actions say. They are drawn from the action as it is when one looks."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.cards import Actions, Button, Fields, Link, Message, Part, Text
from bot.domain.action_items import ActionItem, ActionState
from bot.flows.actions import people as action_people
from bot.flows.actions.cards import button
from bot.flows.desk import Guest, NotAllowed, guest
from bot.flows.env import Env, Reader
from bot.flows.people.applying import GONE
from bot.storage import actions, people
from bot.storage.store import Tx

Params = Mapping[str, Any]
Worder = Callable[[Tx, Env, Reader, Params], Message]

REMINDERS = ("first", "soon", "late", "again", "stalled")
_DATED = ("soon", "late")


def _reminder(kind: str) -> Worder:
    """Return how one reminder is worded: the action, one question, and what one can do."""

    def worded(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
        mine = _mine(tx, env, reader, params)
        if isinstance(mine, Message):
            return mine
        asker, item = mine
        words = reader.words
        if not _counts(tx, item, kind, str(params["cause"])):
            state = reader.words(f"action_state.{item.state.value}")
            return _without_buttons(asker, item, reader.words("action.stands", state=state))
        dated = {"due": item.due} if kind in _DATED else {}
        text = words(f"agenda.{kind}", **dated)
        parts: tuple[Part, ...] = (
            Text(text),
            Fields(((words("action.first_step"), item.first_step),)),
            Actions(_buttons(asker, item)),
        )
        return Message(f"{item.what}: {text}", parts, title=item.what)

    return worded


def _counts(tx: Tx, item: ActionItem, kind: str, cause: str) -> bool:
    """Tell whether it is the newest reminder, of the date that is still in force."""
    said = [one for one in actions.told(tx, item.id) if one.startswith("action-")]
    day = {"soon": item.due, "late": item.due, "stalled": item.follow_up}.get(kind)
    return said[-1:] == [cause] and (day is None or day.isoformat() in cause)


def _buttons(asker: Guest, item: ActionItem) -> tuple[Button | Link, ...]:
    begin = (button(asker, item, "start", "primary"),) if item.state is ActionState.OPEN else ()
    return (
        *begin,
        button(asker, item, "done", "plain" if begin else "primary"),
        button(asker, item, "date"),
        button(asker, item, "help"),
        button(asker, item, "snooze", "quiet"),
        _page(asker, item),
    )


def _yours(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    mine = _mine(tx, env, reader, params)
    if isinstance(mine, Message):
        return mine
    asker, item = mine
    words = reader.words
    text = words("agenda.yours", team=_team(asker, item), due=item.due)
    fields = Fields(((words("action.first_step"), item.first_step),))
    row = Actions((button(asker, item, "start", "primary"), _page(asker, item)))
    return Message(f"{item.what}: {text}", (Text(text), fields, row), title=item.what)


def _help(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    asker, item = _known(tx, env, reader, params)
    if asker is None or item is None or not action_people.may_change(asker, item):
        return _plain(reader.words("note.unknown"))
    name = action_people.names(tx, (params["who"],))[params["who"]]
    if not item.state.standing:
        return _over(asker, item)
    text = reader.words("agenda.help", who=name, due=item.due)
    fields = Fields(((reader.words("action.first_step"), item.first_step),))
    row = Actions((button(asker, item, "edit"), _page(asker, item)))
    return Message(f"{item.what}: {text}", (Text(text), fields, row), title=item.what)


def _orphan(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    asker, item = _known(tx, env, reader, params)
    if asker is None or item is None or not action_people.may_change(asker, item):
        return _plain(reader.words("note.unknown"))
    responsible = people.get(tx, item.responsible)
    if not item.state.standing or (responsible is not None and responsible.active):
        return _over(asker, item)
    return orphaned(tx, asker, item)


def orphaned(tx: Tx, asker: Guest, item: ActionItem) -> Message:
    """Return the card that asks who takes over from somebody who has left."""
    words = asker.reader.words
    gone = people.get(tx, item.responsible)
    if gone is None or gone.name == GONE:
        text = words("agenda.gone", due=item.due)
    else:
        text = words("agenda.orphan", who=gone.name, due=item.due)
    choose = Button(
        "action.edit", words("agenda.button.choose"), item.id, style="primary", opens_form=True
    )
    parts = (Text(text), Actions((choose, _page(asker, item))))
    return Message(f"{item.what}: {text}", parts, title=item.what)


def _over(asker: Guest, item: ActionItem) -> Message:
    state = asker.reader.words(f"action_state.{item.state.value}")
    return _without_buttons(asker, item, asker.reader.words("agenda.over", state=state))


def _without_buttons(asker: Guest, item: ActionItem, text: str) -> Message:
    parts: list[Part] = [Text(text)]
    if action_people.may_see(asker, item):
        parts.append(Actions((_page(asker, item),)))
    return Message(f"{item.what}: {text}", tuple(parts), title=item.what)


def _known(
    tx: Tx, env: Env, reader: Reader, params: Params
) -> tuple[Guest | None, ActionItem | None]:
    item = actions.get(tx, params["action"])
    try:
        return (guest(tx, env, reader.person) if reader.person else None), item
    except NotAllowed:
        return None, item


def _mine(tx: Tx, env: Env, reader: Reader, params: Params) -> tuple[Guest, ActionItem] | Message:
    """Return who is responsible for an action that stands, and it; else what is said instead."""
    asker, item = _known(tx, env, reader, params)
    if asker is None or item is None:
        return _plain(reader.words("note.unknown"))
    if item.responsible != asker.id or not item.state.standing:
        return _over(asker, item)
    return asker, item


def _team(asker: Guest, item: ActionItem) -> str:
    return asker.tree[item.node].name if item.node in asker.tree else ""


def _page(asker: Guest, item: ActionItem) -> Link:
    return Link(asker.reader.words("action.button.page"), f"action/{item.id}")


def _plain(text: str) -> Message:
    return Message(text, (Text(text),))


KINDS: Mapping[str, Worder] = {
    **{f"action.{kind}": _reminder(kind) for kind in REMINDERS},
    "action.yours": _yours,
    "action.help": _help,
    "action.orphan": _orphan,
}
