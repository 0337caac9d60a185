"""Answering what a team could not solve itself, and bringing the answer back to it.

Given once: who comes second sees the first's answer, and his own text is shown to him again.
"""

from dataclasses import replace
from datetime import datetime

from bot.cards import Ask, Clicked, Form, Reply, Say, SelectInput, Show, Submitted, Text, TextInput
from bot.domain.action_items import ActionId, ActionItem, ActionState
from bot.domain.escalations import ANSWERS, Escalation, EscalationState
from bot.domain.people import PersonId
from bot.domain.permissions import Action
from bot.flows import forms, telling
from bot.flows.actions import keep as action_keep
from bot.flows.calendars import team_calendar
from bot.flows.desk import Desk, Guest, Handlers, NotUnderstood, Request, guest
from bot.flows.env import Env
from bot.flows.escalations.cards import answered_already, name_of, waited
from bot.flows.escalations.passing_on import LONGEST, send
from bot.schedule.calendar import NoWorkingDay
from bot.storage import actions, chat, escalations, people
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx

NEW_DATE = 10
"""Working days from the answer to the new date of an action whose date passed while it waited."""
THEN = {"reopen": ActionState.OPEN, "done": ActionState.DONE, "drop": ActionState.DROPPED}
"""What may become of an action that was passed on, when its answer has come."""


async def answer(desk: Desk, request: Request) -> Reply:
    """Ask for the answer to what was passed on, or give it. Context: the escalation's id."""
    if isinstance(request, Clicked):
        return await desk.store.read(lambda tx: _ask_answer(tx, desk, request))
    return await desk.store.write(lambda tx: _give_answer(tx, desk, request))


HANDLERS: Handlers = {"escalation.answer": answer}


def _asked(tx: Tx, desk: Desk, request: Request) -> tuple[Guest, Escalation]:
    """Return who answers, and what. Raises ``NotAllowed``."""
    asker = guest(tx, desk.env, request.person)
    one = escalations.get(tx, request.context)
    if one is None:
        raise NotUnderstood("no such escalation")
    asker.must(Action.ANSWER_ESCALATION, one.to_node)
    return asker, one


def _ask_answer(tx: Tx, desk: Desk, request: Request) -> Reply:
    asker, one = _asked(tx, desk, request)
    if not one.waiting:
        return Show(answered_already(tx, asker.reader, one))
    return Ask(_answer_form(tx, desk, asker, one))


def _answer_form(tx: Tx, desk: Desk, asker: Guest, one: Escalation, typed: str = "") -> Form:
    words = asker.reader.words
    options = tuple((state.value, words(f"escalation.answer.{state.value}")) for state in ANSWERS)
    inputs: list[SelectInput | TextInput] = [
        SelectInput("state", words("escalation.answer_label"), options),
        TextInput("text", words("escalation.text"), typed, lines=4, limit=LONGEST),
    ]
    if _held_back(tx, one.action) is not None:
        then = tuple((name, words(f"escalation.then.{name}")) for name in THEN)
        inputs.append(SelectInput("then", words("escalation.then_label"), then, ("reopen",)))
    team = name_of(asker.tree, one.from_node)
    return Form(
        id="escalation.answer",
        title=words("escalation.answer_title"),
        inputs=tuple(inputs),
        submit=words("escalation.submit"),
        context=one.id,
        intro=(
            Text(one.wish, "quote"),
            Text(words("escalation.from", team=team, waited=waited(asker.reader, one, desk.now()))),
            Text(words("escalation.answer_goes", team=team), "quiet"),
        ),
    )


def _held_back(tx: Tx, action: ActionId | None) -> ActionItem | None:
    """Return the action that waits for the answer."""
    item = actions.get(tx, action) if action else None
    return item if item is not None and item.state is ActionState.ESCALATED else None


def _give_answer(tx: Tx, desk: Desk, request: Submitted | Clicked) -> Reply:
    assert isinstance(request, Submitted)
    asker, one = _asked(tx, desk, request)
    words, now = asker.reader.words, desk.now()
    typed = str(request.values.get("text") or "").strip()
    if not one.waiting:
        return Show(answered_already(tx, asker.reader, one, typed))
    form = _answer_form(tx, desk, asker, one, typed)
    values = forms.taken(form, request, words)
    if isinstance(values, Ask):
        return values
    state = EscalationState(values["state"][0])
    text = values["text"]
    if not escalations.answer(tx, one.id, state, text, asker.id, now):
        first = escalations.get(tx, one.id)
        return Show(answered_already(tx, asker.reader, first or one, typed))
    then = values.get("then", ("reopen",))[0]
    item = _take_back(tx, desk, asker, one, THEN[then], text)
    who = {one.asked_by, item.responsible} if item else {one.asked_by}
    _tell_team(tx, desk.env, asker, one, who, now)
    return Say(words("escalation.answered", team=name_of(asker.tree, one.from_node)))


def _take_back(
    tx: Tx, desk: Desk, asker: Guest, one: Escalation, state: ActionState, text: str
) -> ActionItem | None:
    """Give the action back to its team, as answered; return it as it was before."""
    for _ in range(3):  # somebody may edit its text at this moment; both are kept
        item = _held_back(tx, one.action)
        if item is None:
            return actions.get(tx, one.action) if one.action else None
        after = _as_answered(tx, desk, item, state, text)
        if action_keep.change(tx, desk.env, asker, item, after, "answered"):
            return item
    raise RuntimeError("an action that keeps changing under an answer")


def _as_answered(tx: Tx, desk: Desk, item: ActionItem, state: ActionState, text: str) -> ActionItem:
    """Return the action after the answer. While it waited no date of it ran: one that has passed
    is moved, and its follow-up with it.
    """
    tree = people.tree(tx)
    calendar = team_calendar(tx, tree, desk.env.defaults, (item.node,), desk.now().date())
    today = calendar.local(desk.now()).date()
    if state is ActionState.DONE:
        return replace(item, state=state, done_on=today)
    if state is ActionState.DROPPED:
        return replace(item, state=state, learnt=item.learnt or text)
    if item.due >= today:
        return replace(item, state=state)
    try:
        due = calendar.add_working_days(today, NEW_DATE)
        follow_up = calendar.next_working_day(due + (item.follow_up - item.due))
    except NoWorkingDay:
        return replace(item, state=state)
    return replace(item, state=state, due=due, follow_up=follow_up)


def _tell_team(
    tx: Tx, env: Env, asker: Guest, one: Escalation, who: set[PersonId], now: datetime
) -> None:
    """Bring the answer to the team's channel, to who asked, and to the action's responsible."""
    purpose = f"escalation-answer:{one.id}"
    note = Note("escalation.answered", {"escalation": one.id})
    at = telling.channel_moment(tx, env, (one.from_node,), now)
    channel = Outgoing(purpose, chat.channel_id(one.from_node), note, at)
    send(tx, env, asker, who, purpose, note, now, (channel,))
