"""What was passed on, as cards: while it waits, when it is answered, and who may see it.

Whoever passed it on, the level it went to, and those who lead or look after the team it came from;
with the answer, everybody in that team.
"""

import textwrap
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.cards import Actions, Button, Link, Message, Part, Table, Text
from bot.domain.escalations import Escalation
from bot.domain.people import NodeId, PersonId, Tree
from bot.domain.permissions import Action, Who, allowed
from bot.flows.desk import Guest
from bot.flows.env import Env, Reader
from bot.flows.rounds.cards import local
from bot.storage import actions, chat, escalations, people
from bot.storage.store import Tx

LINE = 120
"""Characters of a wish in a list; the whole of it stands on its own page."""
REMEMBERED = timedelta(days=90)
"""An answer stands on the team's page this long."""


def short(text: str) -> str:
    """Return a text for a list, with "…" where it was cut."""
    return textwrap.shorten(text, LINE, placeholder=" …") or text[:LINE]


def name_of(tree: Tree, node: NodeId) -> str:
    """Return a node's name; a dash for one that is gone."""
    return tree[node].name if node in tree else "–"


def waited(reader: Reader, one: Escalation, now: datetime) -> str:
    """Say how long something has waited, in the reader's days."""
    until = one.answered_at or now
    days = local(until, reader.zone).date() - local(one.asked_at, reader.zone).date()
    return reader.words("digest.waited", days=days.days)


def may_see(tx: Tx, who: Who, tree: Tree, one: Escalation) -> bool:
    """Tell whether the person may see an escalation as it stands now."""
    item = actions.get(tx, one.action) if one.action else None
    if who.person.id in (one.asked_by, item.responsible if item else None):
        return True
    wanted = [
        (Action.ESCALATE, one.from_node),
        (Action.ANSWER_ESCALATION, one.to_node),
        (Action.SEE_DIGEST, one.to_node),
    ]
    if not one.waiting:
        wanted.append((Action.SEE_ACTIONS, one.from_node))
    return any(allowed(who, action, node, tree) for action, node in wanted)


def page(tx: Tx, env: Env, asker: Guest, escalation_id: str) -> Message | None:
    """Return an escalation's own page; ``None`` when there is none or it is not for him."""
    one = escalations.get(tx, escalation_id)
    if one is None or not may_see(tx, asker.who, asker.tree, one):
        return None
    return _card(tx, env, asker.reader, asker.who, one)


def worded(tx: Tx, env: Env, reader: Reader, params: Mapping[str, Any]) -> Message:
    """Return the note that something was passed on, or that it was answered."""
    one = escalations.get(tx, params["escalation"])
    who = people.who(tx, reader.person) if reader.person else None
    if one is not None and who is not None and may_see(tx, who, people.tree(tx), one):
        return _card(tx, env, reader, who, one)
    if one is not None and reader.person is None and _is_the_teams(reader, one):
        return _card(tx, env, reader, None, one)
    text = reader.words("note.unknown")
    return Message(text, (Text(text),))


def _is_the_teams(reader: Reader, one: Escalation) -> bool:
    """Tell whether it is read in the channel of the team it came from, which sees an answer."""
    return not one.waiting and reader.channel == chat.channel_id(one.from_node)


def answered_already(tx: Tx, reader: Reader, one: Escalation, typed: str = "") -> Message:
    """Tell who comes second what the first answered, and give back what he typed himself."""
    words = reader.words
    parts: list[Part] = [Text(words("escalation.second"))]
    parts += _answer(tx, reader, one)
    if typed:
        parts += [Text(words("escalation.yours")), Text(typed, "quote")]
    return Message(words("escalation.second"), tuple(parts), title=words("escalation.title"))


def _card(tx: Tx, env: Env, reader: Reader, who: Who | None, one: Escalation) -> Message:
    words, tree, now = reader.words, people.tree(tx), env.clock.now()
    team, to = name_of(tree, one.from_node), name_of(tree, one.to_node)
    title = words("escalation.title" if one.waiting else "escalation.answered_title")
    line = words("escalation.passed_on", team=team, to=to, name=_name(tx, one.asked_by))
    parts: list[Part] = [Text(line), Text(one.wish, "quote")]
    if one.action and (item := actions.get(tx, one.action)) is not None:
        parts.append(Actions((Link(short(item.what), f"action/{item.id}"),)))
    if one.waiting:
        parts.append(Text(words("escalation.waits", waited=waited(reader, one, now)), "quiet"))
        if who is not None and allowed(who, Action.ANSWER_ESCALATION, one.to_node, tree):
            parts.append(Actions((answer_button(reader, one, primary=True),)))
    else:
        parts += _answer(tx, reader, one)
    fallback = words("escalation.fallback" if one.waiting else "escalation.fallback_answered")
    return Message(fallback, tuple(parts), title=title)


def _answer(tx: Tx, reader: Reader, one: Escalation) -> list[Part]:
    words = reader.words
    name = _name(tx, one.answered_by)
    day = local(one.answered_at or one.asked_at, reader.zone)
    what = words(f"escalation.answer.{one.state.value}")
    said = words("escalation.answered_by", name=name, day=day, what=what)
    return [Text(said), Text(one.answer, "quote")]


def _name(tx: Tx, person: PersonId | None) -> str:
    found = people.get(tx, person) if person else None
    return found.name if found else "–"


def answer_button(reader: Reader, one: Escalation, *, primary: bool = False) -> Button:
    """Return the button that opens the form for the answer."""
    label = reader.words("escalation.button.answer")
    style = "primary" if primary else "plain"
    return Button("escalation.answer", label, one.id, style=style, opens_form=True)  # type: ignore[arg-type]


def waiting_here(tx: Tx, env: Env, asker: Guest, nodes: tuple[NodeId, ...]) -> list[Part]:
    """Return what waits for an answer of these nodes, with the button for who may answer."""
    parts: list[Part] = []
    for one in escalations.waiting_at(tx, nodes):
        team = name_of(asker.tree, one.from_node)
        how_long = waited(asker.reader, one, env.clock.now())
        parts.append(Text(asker.reader.words("escalation.from", team=team, waited=how_long)))
        way = [Link(short(one.wish), f"escalation/{one.id}")]
        if asker.may(Action.ANSWER_ESCALATION, one.to_node):
            parts.append(Actions((*way, answer_button(asker.reader, one))))
        else:
            parts.append(Actions(tuple(way)))
    return parts


def team_card(tx: Tx, env: Env, asker: Guest, node: NodeId) -> Message | None:
    """Return what a team's page says: what waits for an answer here, what was passed on, and the
    way to pass on a wish; ``None`` for who has no part in that.
    """
    words, now = asker.reader.words, env.clock.now()
    may_send = asker.may(Action.ESCALATE, node)
    if not may_send and not asker.may(Action.ANSWER_ESCALATION, node):
        return None
    parts: list[Part] = []
    if asker.may(Action.ANSWER_ESCALATION, node):
        here = waiting_here(tx, env, asker, (node,))
        parts += [Text(words("escalation.waiting_here")), *here] if here else []
    rows = []
    for one in escalations.sent_from(tx, (node,)):
        if one.answered_at is not None and now - one.answered_at > REMEMBERED:
            continue
        state = words(f"escalation.answer.{one.state.value}")
        row = (Link(short(one.wish), f"escalation/{one.id}"), state, waited(asker.reader, one, now))
        rows.append(row)
    if rows:
        names = ("wish", "answer", "waited")
        columns = tuple(words(f"escalation.column.{name}") for name in names)
        parts.append(Table(columns, tuple(rows), words("escalation.sent_from")))
    else:
        parts.append(Text(words("escalation.text_for_team"), "quiet"))
    if may_send:
        wish = Button("escalation.new", words("escalation.button.wish"), node, opens_form=True)
        parts.append(Actions((wish,)))
    title = words("escalation.team_title")
    return Message(title, tuple(parts), title=title)
