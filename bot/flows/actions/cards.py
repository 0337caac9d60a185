"""An action as cards: what it is and what to do next, all five parts of it, and its history."""

from collections.abc import Mapping, Sequence

from bot.cards import Actions, Button, Fields, Link, Message, Part, Table, Text
from bot.content.words import Words
from bot.domain.action_items import ActionItem, ActionState, Source
from bot.domain.permissions import Action
from bot.flows.actions import dates as action_dates
from bot.flows.actions import people as action_people
from bot.flows.actions.merge import FIELDS
from bot.flows.desk import Guest
from bot.flows.rounds.cards import local
from bot.storage import actions, figures, rounds
from bot.storage.actions import Event
from bot.storage.store import Tx

_EVENTS = frozenset(
    {
        "created",
        "changed",
        "started",
        "done",
        "reopened",
        "dropped",
        "date",
        "escalated",
        "answered",
        "said",
        "effect",
        "decided",
        "shared",
    }
)
"""Kinds of change that have words of their own."""


def card(
    tx: Tx, asker: Guest, item: ActionItem, *, said: str = "", also: Sequence[Part] = ()
) -> Message:
    """Return the action in short, with the buttons this person has; ``said`` stands above it."""
    words = asker.reader.words
    names = action_people.names(tx, (item.responsible, *item.helpers))
    parts: list[Part] = [Text(said)] if said else []
    parts.append(Fields(_short(words, item, names)))
    if item.learnt:
        parts += [Text(words("action.learnt_was"), "quiet"), Text(item.learnt, "quote")]
    parts += also
    for row in (_next(asker, item), _other(asker, item)):
        if row:
            parts.append(Actions(row))
    return Message(f"{item.what}. {said}".strip(), tuple(parts), title=item.what)


def page(tx: Tx, asker: Guest, item: ActionItem) -> tuple[Message, ...]:
    """Return everything about the action: the card, its five parts, and its history."""
    words = asker.reader.words
    title = words("action.parts")
    parts = Message(title, (Fields(_parts(tx, words, item)),), title=title)
    return card(tx, asker, item), parts, _history(tx, asker, item)


def _short(words: Words, item: ActionItem, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    rows = [
        (words("action.state"), words(f"action_state.{item.state.value}")),
        (words("action.responsible"), names[item.responsible]),
        (words("action.due"), words("action.day", day=item.due)),
        (words("action.first_step"), item.first_step),
        (words("action.follow_up"), words("action.day", day=item.follow_up)),
    ]
    if item.helpers:
        helping = [names[one] for one in item.helpers]
        rows.insert(2, (words("action.helpers"), words("people.names", names=helping)))
    if item.effect or item.said:
        found = item.effect or item.said
        assert found is not None
        rows.append((words("action.effect"), words(f"effect_word.{found.value}")))
    if item.verdict:
        rows.append((words("action.verdict"), words(f"verdict.{item.verdict.value}")))
    return tuple(rows)


def _parts(tx: Tx, words: Words, item: ActionItem) -> tuple[tuple[str, str], ...]:
    rows = [
        (words(f"action.{name}"), told)
        for name in ("goal", "problem", "where", "how", "milestones")
        if (told := value_of(words, {}, item, name))
    ]
    rows += [
        (words(f"action.{name}"), value_of(words, {}, item, name))
        for name in ("perspective", "level", "prevention", "factor", "trial")
    ]
    return (*rows, (words("action.source"), _source(tx, words, item.source)))


def _source(tx: Tx, words: Words, source: Source) -> str:
    if source.kind == "dialogue":
        return words("action.source_dialogue", what=source.topic)
    kept = figures.get(tx, source.id) if source.kind == "result" else None
    one = rounds.get(tx, kept.round) if kept else None
    questions = words.instrument(one.instrument).questions if one else {}
    if source.topic in questions:
        return words("action.source_result", what=questions[source.topic].short)
    return words("action.source_own")


def value_of(words: Words, names: Mapping[str, str], item: ActionItem, name: str) -> str:
    """Return what an action says in one field, in words; empty where it says nothing."""
    value = getattr(item, name)
    match name:
        case "due" | "follow_up":
            return words("action.day", day=value)
        case "responsible":
            return names[value]
        case "helpers":
            return words("people.names", names=[names[one] for one in value])
        case "milestones":
            return action_dates.written(words, value)
        case "level":
            return words(f"level.{value.value}")
        case "prevention":
            return words(f"prevention.{value.value}")
        case "perspective":
            return words(f"perspective.{value.value}")
        case "factor":
            return words(f"factor.{value.value}") if value else words("action.no_factor")
        case "trial":
            return words("action.is_trial" if value else "action.is_lasting")
    return str(value)


def disputes(
    tx: Tx, asker: Guest, base: ActionItem, now: ActionItem, names: Sequence[str]
) -> dict[str, str]:
    """Return by field what somebody else has written there since, and who."""
    words = asker.reader.words
    people = action_people.names(tx, (now.responsible, *now.helpers))
    since = [one for one in actions.history(tx, now.id) if one.version > base.version]
    found = {}
    for name in names:
        # the newest change whose value stands
        at = next(
            (
                event
                for before, event in reversed(list(zip([None, *since], since, strict=False)))
                if getattr(event.item, name) != getattr(before.item if before else base, name)
            ),
            None,
        )
        told = value_of(words, people, now, name) or words("action.nothing")
        found[name] = words("action.disputed", who=_who(tx, words, at), value=told)
    return found


def _who(tx: Tx, words: Words, event: Event | None) -> str:
    if event is None or event.person is None:
        return words("chat.bot")
    return action_people.names(tx, (event.person,))[event.person]


# --- Buttons ------------------------------------------------------------------------------------


def _next(asker: Guest, item: ActionItem) -> tuple[Button | Link, ...]:
    """Return what moves the action on; the first is what to do next."""
    if not action_people.may_change(asker, item):
        return ()
    match item.state:
        case ActionState.OPEN:
            return (
                button(asker, item, "start", "primary"),
                button(asker, item, "done"),
                button(asker, item, "date"),
                *_help(asker, item),
            )
        case ActionState.IN_PROGRESS:
            return (
                button(asker, item, "done", "primary"),
                button(asker, item, "date"),
                *_help(asker, item),
            )
    return ()


def _help(asker: Guest, item: ActionItem) -> tuple[Button, ...]:
    return (button(asker, item, "help"),) if asker.id == item.responsible else ()


def _other(asker: Guest, item: ActionItem) -> tuple[Button | Link, ...]:
    words = asker.reader.words
    found: list[Button | Link] = []
    if action_people.may_change(asker, item):
        found.append(button(asker, item, "edit", "quiet"))
        if item.state.standing:
            found.append(button(asker, item, "drop", "quiet"))
        elif item.state is not ActionState.ESCALATED and item.verdict is None:
            found.append(button(asker, item, "reopen", "quiet"))
    if item.state.standing and asker.may(Action.ESCALATE, item.node):
        label = words("action.button.escalate")
        found.append(Button("escalation.new", label, item.node, item.id, "quiet", opens_form=True))
    found.append(Link(words("action.button.page"), f"action/{item.id}"))
    if asker.may(Action.SEE_ACTIONS, item.node):
        found.append(Link(words("action.button.board"), f"board/{item.node}"))
    return tuple(found)


_OPEN_FORMS = frozenset({"edit", "drop", "date"})


def button(asker: Guest, item: ActionItem, does: str, style: str = "plain") -> Button:
    """Return the button that does one thing with the action."""
    return Button(
        action=f"action.{does}",
        label=asker.reader.words(f"action.button.{does}"),
        context=item.id,
        style=style,  # type: ignore[arg-type]
        opens_form=does in _OPEN_FORMS,
    )


# --- History ------------------------------------------------------------------------------------


def _history(tx: Tx, asker: Guest, item: ActionItem) -> Message:
    words = asker.reader.words
    events = actions.history(tx, item.id)
    rows = tuple(
        (
            words("action.at", at=local(event.at, asker.reader.zone)),
            _who(tx, words, event),
            _what_happened(words, before.item if before else None, event),
        )
        for before, event in zip([None, *events], events, strict=False)
    )
    columns = tuple(words(f"action.column.{name}") for name in ("when", "who", "what"))
    title = words("action.history")
    return Message(title, (Table(columns, tuple(reversed(rows))),), title=title)


def _what_happened(words: Words, before: ActionItem | None, event: Event) -> str:
    kind = event.kind if event.kind in _EVENTS else "changed"
    told = words(f"action.event.{kind}")
    if before is None or kind not in ("changed", "date"):
        return told
    fields = [
        words(f"action.{name}")
        for name in FIELDS
        if getattr(before, name) != getattr(event.item, name)
    ]
    return words("action.event.fields", what=told, fields=fields) if fields else told
