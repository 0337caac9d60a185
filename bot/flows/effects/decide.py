"""Saying whether an action works, by name, and deciding what becomes of it.

The responsible says; the lead decides: do more of it, keep it, adjust it (it goes round once more)
or stop it and say what was learnt. The team is told the outcome. Nothing is decided while the team
is still answering.
"""

from collections.abc import Callable
from dataclasses import replace

from bot.cards import Ask, Clicked, Form, Reply, Say, Show, Submitted, Text, TextInput
from bot.domain.action_items import ActionItem, ActionState, Effect, Verdict
from bot.domain.effects import can_be_judged, can_be_shared
from bot.domain.permissions import Action
from bot.flows import forms
from bot.flows.desk import Desk, Guest, Handlers, NotAllowed, NotUnderstood, Request, guest
from bot.flows.effects import cards as effect_cards
from bot.flows.effects.known import round_of
from bot.flows.effects.reckoning import changed
from bot.flows.rounds.cards import local
from bot.flows.telling import channel_moment
from bot.storage import actions, outbox, rounds
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx

LEARNT = 1000
"""Characters of what was learnt."""


async def say(desk: Desk, request: Request) -> Reply:
    """Keep what the responsible says of this turn: the context is ``action:turn``."""

    def work(tx: Tx) -> Reply:
        asker, item = _named(tx, desk, request)
        if asker.id != item.responsible:
            raise NotAllowed("only the responsible says it by name")
        _check_turn(item, request)
        said = Effect(_value(request))
        words = asker.reader.words
        if not can_be_judged(item):
            return Show(effect_cards.outcome(asker.reader, item))
        one = round_of(tx, item)
        if one is not None and rounds.member(tx, one.id, asker.id) is not None:
            return Say(words("effect.said_with_team"))
        if said is not item.said:
            item = replace(item, said=said)
            item = changed(tx, desk.env, item, desk.now(), by=asker.id, kind="said")
        word = words(f"effect_word.{said.value}")
        return Say(words("effect.said", effect=word))

    return await desk.store.write(work)


async def keep(desk: Desk, request: Request) -> Reply:
    """Go on with an action that has been tried: ``scale`` or ``keep``. It is lasting from now."""

    def work(tx: Tx) -> Reply:
        asker, item = to_decide(tx, desk, request)
        verdict = Verdict(_value(request))
        if verdict not in (Verdict.SCALE, Verdict.KEEP):
            raise NotUnderstood("not a way to go on")
        told = not_now(tx, desk, asker, item)
        if told is not None:
            return told
        done = item.done_on or local(desk.now(), asker.reader.zone).date()
        after = replace(item, verdict=verdict, state=ActionState.DONE, done_on=done, trial=False)
        return _decided(tx, desk, asker, after)

    return await desk.store.write(work)


async def stop(desk: Desk, request: Request) -> Reply:
    """Ask what was learnt, and stop an action."""

    def ask(tx: Tx) -> Reply:
        asker, item = to_decide(tx, desk, request)
        return not_now(tx, desk, asker, item) or Ask(_stop_form(asker, item))

    def work(tx: Tx) -> Reply:
        assert isinstance(request, Submitted)
        asker, item = to_decide(tx, desk, request)
        form = _stop_form(asker, item)
        values = forms.taken(form, request, asker.reader.words)
        if isinstance(values, Ask):
            return values
        told = not_now(tx, desk, asker, item)
        if told is not None:
            return told
        learnt = str(values["learnt"])
        after = replace(item, verdict=Verdict.DROP, state=ActionState.DROPPED, learnt=learnt)
        return _decided(tx, desk, asker, after)

    return await either(desk, request, ask, work)


async def share(desk: Desk, request: Request) -> Reply:
    """Show an action that worked to the other teams, or take it back: ``yes`` or ``no``."""

    def work(tx: Tx) -> Reply:
        asker, item = _named(tx, desk, request)
        asker.must(Action.DECIDE_ACTION, item.node)
        wanted = {"yes": True, "no": False}[_value(request)]
        words = asker.reader.words
        if wanted and not can_be_shared(item):
            return Say(words("shared.not_yet"))
        if wanted is not item.shared:
            item = replace(item, shared=wanted)
            changed(tx, desk.env, item, desk.now(), by=asker.id, kind="shared")
        return Say(words("shared.done" if wanted else "shared.undone"))

    return await desk.store.write(work)


HANDLERS: Handlers = {
    "effect.say": say,
    "effect.keep": keep,
    "effect.stop": stop,
    "effect.share": share,
}


async def either(
    desk: Desk, request: Request, ask: Callable[[Tx], Reply], work: Callable[[Tx], Reply]
) -> Reply:
    """Open a form on a click, and take it when it is sent."""
    if isinstance(request, Clicked):
        return await desk.store.read(ask)
    return await desk.store.write(work)


def _named(tx: Tx, desk: Desk, request: Request) -> tuple[Guest, ActionItem]:
    asker = guest(tx, desk.env, request.person)
    item = actions.get(tx, request.context.partition(":")[0])
    if item is None:
        raise NotUnderstood("no such action")
    return asker, item


def _check_turn(item: ActionItem, request: Request) -> None:
    """Raise ``NotUnderstood`` for a card of an earlier turn."""
    _, turn, *_ = (*request.context.split(":"), "")
    if turn != str(item.turn):
        raise NotUnderstood("no such turn of an action")


def to_decide(tx: Tx, desk: Desk, request: Request) -> tuple[Guest, ActionItem]:
    """Return who asks and the action he may decide on. Raises ``NotAllowed``, ``NotUnderstood``."""
    asker, item = _named(tx, desk, request)
    asker.must(Action.DECIDE_ACTION, item.node)
    _check_turn(item, request)
    return asker, item


def _value(request: Request) -> str:
    if not isinstance(request, Clicked):
        raise NotUnderstood("not a click")
    return request.value


def not_now(tx: Tx, desk: Desk, asker: Guest, item: ActionItem) -> Reply | None:
    """Answer where there is nothing to decide: it was, or the team is still answering."""
    if not can_be_judged(item):
        return Show(effect_cards.outcome(asker.reader, item, lead=True), done=True)
    one = round_of(tx, item)
    if one is not None and desk.now() < one.publish_at:
        closes = local(one.closes_at, asker.reader.zone)
        return Say(asker.reader.words("effect.wait", closes=closes))
    return None


def _decided(tx: Tx, desk: Desk, asker: Guest, item: ActionItem) -> Reply:
    after = changed(tx, desk.env, item, desk.now(), by=asker.id, kind="decided")
    tell_team(tx, desk, after)
    return Show(effect_cards.outcome(asker.reader, after, lead=True), done=True)


def tell_team(tx: Tx, desk: Desk, item: ActionItem) -> None:
    """Tell the team what was decided, by action; the words are those of this version."""
    at = channel_moment(tx, desk.env, (item.node,), desk.now())
    note = Note("effect.outcome", {"action": item.id, "turn": item.turn})
    purpose = f"effect-outcome:{item.id}:{item.turn}"
    row = Outgoing(purpose, f"node:{item.node}", note, at)
    outbox.add(tx, (desk.env.chance.token(),), (row,))


def _stop_form(asker: Guest, item: ActionItem) -> Form:
    words = asker.reader.words
    box = TextInput(
        "learnt",
        words("effect.learnt_label"),
        hint=words("effect.learnt_hint"),
        lines=3,
        limit=LEARNT,
    )
    return Form(
        id="effect.stop",
        title=words("effect.stop_title"),
        inputs=(box,),
        submit=words("effect.stop_submit"),
        context=f"{item.id}:{item.turn}",
        intro=(Text(item.what, "quote"), Text(words("effect.stop_named"), "quiet")),
    )
