"""Passing on what cannot be solved here to the next level of management: an action, or a wish.

How it is answered: ``escalations.answering``; what it looks like: ``escalations.cards``. Whatever
was typed comes back to whoever typed it when it could not be taken.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.cards import Ask, Clicked, Form, Reply, Say, Submitted, Text, TextInput
from bot.domain.action_items import ActionItem, ActionState
from bot.domain.escalations import Escalation, next_level
from bot.domain.people import NodeId, PersonId, Role
from bot.domain.permissions import Action
from bot.flows import forms, telling
from bot.flows.actions import keep as action_keep
from bot.flows.desk import Desk, Guest, Handlers, NotUnderstood, Request, guest
from bot.flows.env import Env
from bot.flows.escalations.cards import name_of
from bot.flows.rounds.cards import local
from bot.storage import actions, escalations, outbox, people
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx

LONGEST = 1000
"""Characters of a wish, and of its answer."""


async def new(desk: Desk, request: Request) -> Reply:
    """Ask what cannot be solved here, or pass it on. Context: ``node`` or ``node:action``."""
    if isinstance(request, Clicked):
        return await desk.store.read(lambda tx: _ask(tx, desk, request))
    return await desk.store.write(lambda tx: _pass_on(tx, desk, request))


HANDLERS: Handlers = {"escalation.new": new}


def _ask(tx: Tx, desk: Desk, request: Request) -> Reply:
    asker, node, item = _about(tx, desk, request)
    problem = _refusal(tx, asker, item)
    return Say(problem) if problem else Ask(_new_form(tx, asker, node, item))


def _about(tx: Tx, desk: Desk, request: Request) -> tuple[Guest, NodeId, ActionItem | None]:
    """Return who asks, for which node, about which action. Raises ``NotAllowed``."""
    asker = guest(tx, desk.env, request.person)
    node, _, action = request.context.partition(":")
    action = action or str(getattr(request, "value", ""))
    asker.must(Action.ESCALATE, node)
    item = actions.get(tx, action) if action else None
    if action and (item is None or item.node != node):
        raise NotUnderstood("no such action here")
    return asker, node, item


def _refusal(tx: Tx, asker: Guest, item: ActionItem | None) -> str:
    """Say why an action cannot be passed on now; nothing when it can."""
    words = asker.reader.words
    if item is None or item.state.standing:
        return ""
    sent = escalations.waiting_for(tx, item.id)
    if sent is None:
        return words("escalation.over")
    to = name_of(asker.tree, sent.to_node)
    return words("escalation.already", to=to, day=local(sent.asked_at, asker.reader.zone))


def _new_form(tx: Tx, asker: Guest, node: NodeId, item: ActionItem | None, typed: str = "") -> Form:
    words = asker.reader.words
    to = _level_above(tx, asker, node)
    key = "escalation.top" if to == node else "escalation.intro"
    intro = [Text(words(key, to=name_of(asker.tree, to)))]
    if not _holders(tx, to, Role.LEAD, Role.AMG):
        intro = [Text(words("escalation.nobody"))]
    if item is not None:
        intro.append(Text(item.what, "quote"))
    return Form(
        id="escalation.new",
        title=words("escalation.new_title"),
        inputs=(
            TextInput(
                "wish",
                words("escalation.wish"),
                typed,
                hint=words("escalation.wish_hint"),
                lines=4,
                limit=LONGEST,
            ),
        ),
        submit=words("escalation.submit"),
        context=f"{node}:{item.id}" if item else node,
        intro=(*intro, Text(words("escalation.named", team=asker.tree[node].name), "quiet")),
    )


def _level_above(tx: Tx, asker: Guest, node: NodeId) -> NodeId:
    held = {grant.node for grant in people.grants(tx, Role.LEAD, Role.AMG)}
    return next_level(asker.tree, node, held)


def _holders(tx: Tx, node: NodeId, *roles: Role) -> tuple[PersonId, ...]:
    return tuple(sorted({one.person for one in people.grants(tx, *roles) if one.node == node}))


def _pass_on(tx: Tx, desk: Desk, request: Submitted | Clicked) -> Reply:
    assert isinstance(request, Submitted)
    asker, node, item = _about(tx, desk, request)
    words, now = asker.reader.words, desk.now()
    typed = str(request.values.get("wish") or "")
    form = _new_form(tx, asker, node, item, typed)
    values = forms.taken(form, request, words)
    if isinstance(values, Ask):
        return values
    one = Escalation(
        id=desk.env.chance.token(),
        from_node=node,
        to_node=_level_above(tx, asker, node),
        wish=values["wish"],
        asked_by=asker.id,
        asked_at=now,
        action=item.id if item else None,
    )
    sent = words("escalation.sent", to=name_of(asker.tree, one.to_node))
    if _is_there(tx, one):
        return Say(sent)
    refusal = _refusal(tx, asker, item)
    if refusal:
        return Ask(form, {"wish": refusal})
    if item is not None and not action_keep.change(
        tx, desk.env, asker, item, replace(item, state=ActionState.ESCALATED), "escalated"
    ):
        return Ask(form, {"wish": words("escalation.meanwhile")})
    escalations.insert_new(tx, one)
    _tell_level(tx, desk.env, asker, one, now)
    return Say(sent)


def _is_there(tx: Tx, wanted: Escalation) -> bool:
    """Tell whether the same form was sent before."""
    return any(
        one.waiting
        and (one.wish, one.asked_by, one.action) == (wanted.wish, wanted.asked_by, wanted.action)
        for one in escalations.sent_from(tx, (wanted.from_node,))
    )


def _tell_level(tx: Tx, env: Env, asker: Guest, one: Escalation, now: datetime) -> None:
    """Tell leads and work-environment group of the level, each privately."""
    told = set(_holders(tx, one.to_node, Role.LEAD, Role.AMG, Role.AMR))
    told = told - {asker.id} or told
    note = Note("escalation.new", {"escalation": one.id})
    send(tx, env, asker, told, f"escalation:{one.id}", note, now)


def send(
    tx: Tx,
    env: Env,
    asker: Guest,
    who: Iterable[PersonId],
    purpose: str,
    note: Note,
    now: datetime,
    more: Iterable[Outgoing] = (),
) -> None:
    """Put a private note to some people into the outbox, each in his hours, and what goes along."""
    rows = [*telling.to_people(tx, env, asker.tree, sorted(who), purpose, note, now), *more]
    outbox.add(tx, (env.chance.token() for _ in rows), rows)
