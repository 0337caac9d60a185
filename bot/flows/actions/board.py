"""The action board: a team's actions, or those of everybody below, with filters.

The page's path carries the filters (``board/dag/late/promoting``): they are links, so that they
work from the keyboard, without script and on every platform, and a filtered board can be sent on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.cards import Actions, Button, Link, Message, Part, Table, Text
from bot.content.words import Words
from bot.domain.action_items import ActionItem, ActionState, Level, Perspective
from bot.domain.people import NodeId
from bot.domain.permissions import Action
from bot.flows.actions import links as plan_links
from bot.flows.actions import people as action_people
from bot.flows.actions.notes import orphaned
from bot.flows.desk import Guest
from bot.flows.env import Env
from bot.flows.rounds.cards import local
from bot.storage import actions, people
from bot.storage.store import Tx

ALL = "all"
"""Beside the states: also what is done or dropped."""
DATES = ("late", "week", "month")
FILTERS: dict[str, tuple[str, ...]] = {
    "state": (*(state.value for state in ActionState), ALL),
    "when": DATES,
    "perspective": tuple(one.value for one in Perspective),
    "level": tuple(one.value for one in Level),
}
"""What one can filter by, and the words of each; no word stands in two of them."""
_CURRENT = (ActionState.OPEN, ActionState.IN_PROGRESS, ActionState.ESCALATED)


@dataclass(frozen=True)
class Filter:
    """What is looked for; empty is anything, and of the states what is not over."""

    state: str = ""
    when: str = ""
    perspective: str = ""
    level: str = ""

    @classmethod
    def from_path(cls, path: str) -> "Filter":
        """Return the filter a path such as ``late/promoting`` names; raises ``ValueError``."""
        found: dict[str, str] = {}
        for word in filter(None, path.split("/")):
            name = next((name for name, known in FILTERS.items() if word in known), None)
            if name is None or name in found:
                raise ValueError("no such filter")
            found[name] = word
        return cls(**found)

    def path(self, **change: str) -> str:
        """Return the path with one filter changed."""
        found = {name: getattr(self, name) for name in FILTERS} | change
        return "/".join(value for value in found.values() if value)

    def takes(self, item: ActionItem, today: date) -> bool:
        """Tell whether the action is looked for."""
        return (
            self._in_state(item.state)
            and (not self.when or is_when(item, self.when, today))
            and self.perspective in ("", item.perspective.value)
            and self.level in ("", item.level.value)
        )

    def _in_state(self, state: ActionState) -> bool:
        if not self.state:
            return state in _CURRENT
        return self.state in (ALL, state.value)


def is_when(item: ActionItem, when: str, today: date) -> bool:
    """Tell whether an action to be done is late, or due this week or month (late ones are not)."""
    if not item.state.standing:
        return False
    if when == "late":
        return item.due < today
    sunday = today + timedelta(days=6 - today.weekday())
    this_month = (item.due.year, item.due.month) == (today.year, today.month)
    return item.due >= today and (item.due <= sunday if when == "week" else this_month)


def page(tx: Tx, env: Env, asker: Guest, node: NodeId, path: str = "") -> tuple[Message, ...]:
    """Return the cards of the page. Raises ``NotAllowed``, and ``ValueError`` for a wrong path."""
    asker.must(Action.SEE_ACTIONS, node)
    wanted = Filter.from_path(path)
    today = local(env.clock.now(), asker.reader.zone).date()
    nodes = [one for one in asker.tree.under(node) if asker.may(Action.SEE_ACTIONS, one)]
    found = actions.of_nodes(tx, nodes)
    items = [one for one in found if wanted.takes(one, today)]
    listed = _list(tx, env, asker, node, items, wanted)
    if not found and wanted == Filter():
        return (listed,)  # nothing to look through
    return listed, filters(asker.reader.words, node, wanted)


def _list(
    tx: Tx, env: Env, asker: Guest, node: NodeId, items: Sequence[ActionItem], wanted: Filter
) -> Message:
    words = asker.reader.words
    parts: list[Part] = []
    if items:
        parts.append(table(tx, asker, items, words("board.caption", number=len(items))))
        learnt = [one for one in items if one.learnt]
        parts += [Text(words("history.learnt", what=one.what, text=one.learnt)) for one in learnt]
    else:
        parts.append(Text(words("board.none" if wanted != Filter() else "board.empty")))
    if action_people.may_add(env, asker, node):
        label = words("action.button.new")
        add = Button("action.new", label, node, style="primary", opens_form=True)
        parts.append(Actions((add,)))
    parts.append(Actions((Link(words("history.link"), f"history/{node}"),)))
    parts += plan_links.downloads(asker, node)
    title = words("board.page", team=asker.tree[node].name)
    return Message(title, tuple(parts), title=title)


def table(tx: Tx, asker: Guest, items: Sequence[ActionItem], caption: str) -> Table:
    """Return actions as rows, each leading to its page; with the team's name where it differs."""
    words = asker.reader.words
    names = action_people.names(tx, (one.responsible for one in items))
    teams = len({one.node for one in items}) > 1
    columns = ["what", "first_step", "responsible", "due", "state"]
    if teams:
        columns.insert(1, "team")
    rows = []
    for one in items:
        row: list[str | Link] = [
            Link(one.what, f"action/{one.id}"),
            one.first_step,
            names[one.responsible],
            words("action.day", day=one.due),
            words(f"action_state.{one.state.value}"),
        ]
        if teams:
            row.insert(1, asker.tree[one.node].name if one.node in asker.tree else "")
        rows.append(tuple(row))
    return Table(tuple(words(f"board.column.{one}") for one in columns), tuple(rows), caption)


def filters(words: Words, node: NodeId, now: Filter) -> Message:
    """Return the card of the ways to what else can be looked for."""
    parts: list[Part] = []
    for name, known in FILTERS.items():
        chosen = getattr(now, name)
        anything = words("board.current" if name == "state" else "board.any")
        links = [_link(anything, node, now.path(**{name: ""}), not chosen)]
        links += [
            _link(_word(words, name, value), node, now.path(**{name: value}), value == chosen)
            for value in known
        ]
        parts += [Text(words(f"board.by.{name}"), "quiet"), Actions(tuple(links))]
    title = words("board.filter")
    return Message(title, tuple(parts), title=title)


def _link(label: str, node: NodeId, path: str, chosen: bool) -> Link:
    return Link(label, f"board/{node}/{path}".rstrip("/"), chosen)


def _word(words: Words, name: str, value: str) -> str:
    if name == "state" and value != ALL:
        return words(f"action_state.{value}")
    if name in ("state", "when"):
        return words(f"board.{value}")
    return words(f"{name}.{value}")


# --- On other pages -----------------------------------------------------------------------------


def mine(tx: Tx, asker: Guest) -> Message | None:
    """Return the card of what the person is responsible for, on his own page."""
    items = actions.of_responsible(tx, asker.id, [one for one in ActionState if one.standing])
    if not items:
        return None
    words = asker.reader.words
    title = words("board.mine")
    return Message(title, (table(tx, asker, items, title),), title=title)


def ask_lead(tx: Tx, asker: Guest, typed: str) -> Message:
    """Return what somebody sees who may not add an action himself: whom to ask, and his own."""
    words = asker.reader.words
    own = mine(tx, asker)
    link = Link(words("action.button.board"), f"board/{asker.person.home}")
    parts: list[Part] = [Text(words("board.ask_lead"))]
    if typed:
        parts.append(Text(typed, "quote"))
    parts += [*(own.children if own else ()), Actions((link,))]
    return Message(words("board.ask_lead"), tuple(parts), title=words("board.title"))


def of_team(tx: Tx, env: Env, asker: Guest, node: NodeId) -> tuple[Message, ...]:
    """Return what a lead's page says of the team's actions: those nobody has, and how many."""
    if not asker.may(Action.SEE_ACTIONS, node):
        return ()
    items = _standing(actions.of_nodes(tx, [node]))
    left = [one for one in items if _is_orphaned(tx, one)]
    asked = [orphaned(tx, asker, one) for one in left if action_people.may_change(asker, one)]
    return (*asked, _summary(env, asker, node, items))


def _is_orphaned(tx: Tx, item: ActionItem) -> bool:
    responsible = people.get(tx, item.responsible)
    return responsible is None or not responsible.active


def _summary(env: Env, asker: Guest, node: NodeId, items: Sequence[ActionItem]) -> Message:
    words = asker.reader.words
    today = local(env.clock.now(), asker.reader.zone).date()
    late = sum(is_when(one, "late", today) for one in items)
    text = words("board.summary", number=len(items), late=late) if items else words("board.empty")
    row: list[Button | Link] = [Link(words("action.button.board"), f"board/{node}")]
    if action_people.may_add(env, asker, node):
        label = words("action.button.new")
        row.append(Button("action.new", label, node, opens_form=True))
    title = words("board.title")
    return Message(title, (Text(text), Actions(tuple(row))), title=title)


def _standing(items: Iterable[ActionItem]) -> list[ActionItem]:
    return [one for one in items if one.state.standing]
