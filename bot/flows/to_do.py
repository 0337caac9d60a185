"""What waits for a person, each as a line with what leads to it: questions, and what his roles ask.

A line names no answer: it says that something waits, and until when.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.cards import Button, Link
from bot.domain.action_items import ActionState
from bot.domain.dialogues import IDEAS, KINDS, VOTES
from bot.domain.effects import can_be_judged
from bot.domain.people import NodeId, Role
from bot.domain.permissions import Action
from bot.domain.rounds import Round
from bot.flows.desk import Guest
from bot.flows.dialogues import waiting as dialogue_waiting
from bot.flows.digests.facts import answered_for
from bot.flows.effects.known import round_of
from bot.flows.env import Env
from bot.flows.escalations.cards import name_of, short, waited
from bot.flows.rounds import answering
from bot.flows.rounds.answering import NotAnswered
from bot.flows.rounds.cards import local
from bot.flows.rounds.titles import round_title
from bot.storage import actions, dialogues, escalations, figures, rounds
from bot.storage.store import Tx

_BEGUN = (ActionState.IN_PROGRESS, ActionState.DONE)


@dataclass(frozen=True)
class ToDo:
    """One thing that waits, and the button or link that leads to it."""

    line: str
    way: Button | Link


def open_rounds(tx: Tx, env: Env, asker: Guest) -> tuple[Round, ...]:
    """Return the open rounds that still wait for something from the person now."""
    now, found = env.clock.now(), []
    for one in rounds.open_for(tx, asker.id):
        seen = answering.look(tx, env, asker.id, one.id)
        if isinstance(seen, NotAnswered) or seen.show is None or one.opens_at > now:
            continue
        postponed = seen.ballot.later is not None and seen.ballot.later > now
        off = one.instrument == "checkin" and asker.person.checkins_off
        if not (postponed or off):
            found.append(one)
    return tuple(found)


def questions(tx: Tx, env: Env, asker: Guest) -> tuple[ToDo, ...]:
    """Return what is asked of the person, with the button that opens it."""
    words = asker.reader.words
    found = [_round(tx, asker, one) for one in open_rounds(tx, env, asker)]
    for one in dialogue_waiting.unwritten(tx, env, asker):
        line = words("todo.dialogue", topic=one.topic)
        found.append(ToDo(line, _button(asker, "ideas.show", one.id)))
    return tuple(found)


def duties(tx: Tx, env: Env, asker: Guest) -> tuple[ToDo, ...]:
    """Return what waits because of the person's roles, or of what he has taken on."""
    return (
        *_comments(tx, env, asker),
        *_wishes(tx, env, asker),
        *_effects(tx, env, asker),
    )


def _round(tx: Tx, asker: Guest, one: Round) -> ToDo:
    words, what = asker.reader.words, round_title(asker.reader.words, one.instrument)
    dialogue = dialogues.get(tx, one.about) if one.instrument in KINDS else None
    if dialogue is not None:
        key = "ideas.title" if one.instrument == IDEAS else "votes.title"
        what = words(key, topic=dialogue.topic)
    closes = local(one.closes_at, asker.reader.zone)
    action = {IDEAS: "ideas.show", VOTES: "votes.cast"}.get(one.instrument, "ask.show")
    about = one.about if one.instrument in KINDS else one.id
    return ToDo(
        words("todo.round", what=what, closes=closes), _button(asker, action, about, "primary")
    )


def _button(
    asker: Guest, action: str, about: str, style: Literal["plain", "primary"] = "plain"
) -> Button:
    label = asker.reader.words("ask.button.now")
    return Button(action, label, about, style=style, opens_form=True)


def _comments(tx: Tx, env: Env, asker: Guest) -> Iterator[ToDo]:
    """Yield the rounds whose comments the person may look through before the team reads them."""
    if not asker.who.has(Role.AMR):
        return
    words = asker.reader.words
    for one in rounds.counted(tx):
        if one.publish_at <= env.clock.now():
            continue
        mine = [
            comment
            for comment in figures.comments(tx, one.id)
            if any(asker.may(Action.REVIEW_COMMENTS, node) for node in comment.nodes)
        ]
        if mine:
            publish = local(one.publish_at, asker.reader.zone)
            line = words("comments.waiting", number=len(mine), publish=publish)
            label = words("comments.button.review")
            yield ToDo(line, Button("comments.open", label, one.id, opens_form=True))


def _wishes(tx: Tx, env: Env, asker: Guest) -> Iterator[ToDo]:
    """Yield what was passed on to a node the person leads, or whose group he is in."""
    words, now = asker.reader.words, env.clock.now()
    mine = [*_led(asker)]
    for node in asker.who.nodes(Role.AMG):
        mine += answered_for(tx, asker.tree, node) if node in asker.tree else ()
    for one in escalations.waiting_at(tx, dict.fromkeys(mine)):
        if asker.may(Action.ANSWER_ESCALATION, one.to_node):
            team, since = name_of(asker.tree, one.from_node), waited(asker.reader, one, now)
            line = words("todo.wish", team=team, waited=since)
            yield ToDo(line, Link(words("home.button.open"), f"escalation/{one.id}"))


def _effects(tx: Tx, env: Env, asker: Guest) -> Iterator[ToDo]:
    """Yield actions whose follow-up has come: his own to speak of, his teams' to decide on."""
    words, now = asker.reader.words, env.clock.now()
    today = local(now, asker.reader.zone).date()
    open_ = words("home.button.open")
    for item in actions.of_responsible(tx, asker.id, _BEGUN):
        if today >= item.follow_up and can_be_judged(item) and item.said is None:
            line = words("todo.effect", what=short(item.what))
            yield ToDo(line, Link(open_, f"action/{item.id}"))
    for item in actions.of_nodes(tx, _led(asker), _BEGUN):
        if today < item.follow_up or not can_be_judged(item):
            continue
        asked = round_of(tx, item)
        if asked is not None and not asked.state.takes_answers and asked.publish_at <= now:
            line = words("todo.decide", what=short(item.what))
            yield ToDo(line, Link(open_, f"action/{item.id}"))


def _led(asker: Guest) -> tuple[NodeId, ...]:
    return tuple(node for node in asker.who.nodes(Role.LEAD) if node in asker.tree)
