"""Voting on how to get there: a few votes each, always secret, taken in one form.

A vote lies in the person's sealed ballot and changes nothing else; what becomes of it is in
``votes``. It can be changed until the close.
"""

from dataclasses import replace
from datetime import datetime

from bot.cards import Actions, Ask, Button, Clicked, Form, Message, Reply, Say, SelectInput, Text
from bot.domain.dialogues import VOTES, Dialogue, Phase, Step
from bot.flows import forms
from bot.flows.desk import Desk, Guest, Handlers, NotUnderstood, Request, guest
from bot.flows.dialogues.people import seen
from bot.flows.dialogues.votes import chosen
from bot.flows.dialogues.words import factor_label, threshold_of, who_button
from bot.flows.env import Env, Reader
from bot.flows.rounds import answering
from bot.flows.rounds.answering import Missed, NotAnswered, View
from bot.flows.rounds.cards import local
from bot.flows.rounds.engine import Choose
from bot.privacy.talks import votes_each
from bot.storage import dialogues, rounds
from bot.storage.store import Tx


def waiting(tx: Tx, env: Env, asker: Guest, one: Dialogue, now: datetime) -> Message | None:
    """Return the card to vote on, as it stands for this person; ``None`` when he cannot vote."""
    found = _ballot(tx, env, asker, one)
    if isinstance(found, NotAnswered):
        return None
    words = asker.reader.words
    again = found.ballot.later
    if again is not None and again > now:
        text = words("ask.later_set", at=local(again, asker.reader.zone))
    else:
        text = _text(asker.reader, found)
    label = words("votes.button.change" if chosen(found.ballot) else "votes.button.vote")
    vote = Button("votes.cast", label, one.id, opens_form=True)
    if not chosen(found.ballot):
        vote = replace(vote, style="primary")
    buttons = [vote, who_button(asker.reader, one.id)]
    if not chosen(found.ballot) and again is None:
        later = Button("ask.later", words("ask.button.later"), found.round, "", "quiet")
        buttons.insert(1, later)
    title = words("votes.title", topic=one.topic)
    return Message(f"{title}: {text}", (Text(text), Actions(tuple(buttons))), title=title)


async def cast(desk: Desk, request: Request) -> Reply:
    """Open the form to vote with, or take the votes."""
    if isinstance(request, Clicked):
        return await desk.store.read(lambda tx: _open(tx, desk, request))
    return await desk.store.write(lambda tx: _take(tx, desk, request))


HANDLERS: Handlers = {"votes.cast": cast}


def _text(reader: Reader, found: View) -> str:
    number, closes = len(chosen(found.ballot)), local(found.closes_at, reader.zone)
    if number:
        return reader.words("votes.given", number=number, closes=closes)
    most = votes_each(len(found.path.questions))
    return reader.words("votes.waiting", most=most, closes=closes)


def _open(tx: Tx, desk: Desk, request: Clicked) -> Reply:
    asker = guest(tx, desk.env, request.person)
    one = seen(tx, asker, request.context)
    found = _ballot(tx, desk.env, asker, one)
    if isinstance(found, NotAnswered):
        return Say(_why(asker.reader, found))
    return Ask(_form(tx, desk.env, asker, one, found))


def _take(tx: Tx, desk: Desk, request: Request) -> Reply:
    assert not isinstance(request, Clicked)
    dialogue_id, _, revision = request.context.partition(":")
    asker = guest(tx, desk.env, request.person)
    words, one = asker.reader.words, seen(tx, asker, dialogue_id)
    before = _ballot(tx, desk.env, asker, one)
    if isinstance(before, NotAnswered):
        return Say(_why(asker.reader, before))
    form = _form(tx, desk.env, asker, one, before)
    filled = forms.read(form, request.values, words)
    most = votes_each(len(before.path.questions))
    if filled.errors:
        return Ask(form, filled.errors)
    wanted = frozenset(filled.values["groups"])
    if len(wanted) > most:
        return Ask(form, {"groups": words("votes.too_many", most=most, number=len(wanted))})
    if not (revision.isascii() and revision.isdigit()) or len(revision) > 9:
        raise NotUnderstood("revision")
    move = Choose(wanted)
    found = answering.move(tx, desk.env, asker.id, before.round, move, int(revision))
    if isinstance(found, NotAnswered):
        return Say(_why(asker.reader, found))
    if found.stale or found.lost:
        told = "ideas.lost" if found.lost else "votes.stale"
        return Ask(_form(tx, desk.env, asker, one, found), {"groups": words(told)})
    return Say(_text(asker.reader, found) if wanted else words("votes.withdrawn"))


def _form(tx: Tx, env: Env, asker: Guest, one: Dialogue, found: View) -> Form:
    words = asker.reader.words
    most = votes_each(len(found.path.questions))
    asked = set(found.path.questions)
    options = []
    for group in dialogues.groups(tx, one.id, Step.HOW):
        if group.id in asked:
            label = group.name
            if group.factor is not None:
                mark = factor_label(words, group.factor)
                label = words("ideas.marked", text=group.name, mark=mark)
            options.append((group.id, label))
    return Form(
        id="votes.cast",
        title=words("votes.form_title"),
        inputs=(
            SelectInput(
                "groups",
                words("votes.label", most=most),
                tuple(options),
                tuple(sorted(chosen(found.ballot))),
                many=True,
                required=False,
            ),
        ),
        submit=words("votes.submit"),
        context=f"{one.id}:{found.ballot.revision}",
        intro=(Text(words("votes.secret", threshold=threshold_of(tx, env, asker, one)), "quiet"),),
    )


def _ballot(tx: Tx, env: Env, asker: Guest, one: Dialogue) -> View | NotAnswered:
    found = rounds.about(tx, VOTES, one.id)
    if not found or one.phase is not Phase.VOTING:
        return NotAnswered(Missed.CLOSED)
    return answering.look(tx, env, asker.id, found[0].id)


def _why(reader: Reader, why: NotAnswered) -> str:
    match why.why:
        case Missed.CLOSED:
            return reader.words("votes.closed")
        case Missed.VOID:
            return reader.words("ask.void")
        case _:
            return reader.words("votes.not_invited")
