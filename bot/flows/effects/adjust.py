"""Adjusting an action after its follow-up: it is changed and goes round once more."""

from dataclasses import replace

from bot.cards import Ask, Form, Reply, Show, Submitted, Text
from bot.domain.action_items import ActionItem, ActionState, Verdict
from bot.flows.actions import cards as action_cards
from bot.flows.actions import dates as action_dates
from bot.flows.actions import edit as action_edit
from bot.flows.actions import forms as action_forms
from bot.flows.actions import keep as action_keep
from bot.flows.actions.merge import fields_of, merge
from bot.flows.actions.people import candidates
from bot.flows.desk import Desk, Guest, Handlers, NotUnderstood, Request
from bot.flows.effects.decide import either, not_now, tell_team, to_decide
from bot.flows.effects.reckoning import changed
from bot.storage import actions
from bot.storage.store import Tx


async def adjust(desk: Desk, request: Request) -> Reply:
    """Change an action and let it go round once more, with new dates."""

    def ask(tx: Tx) -> Reply:
        asker, item = to_decide(tx, desk, request)
        told = not_now(tx, desk, asker, item)
        if told is not None:
            return told
        values = {**fields_of(item), **_next_dates(tx, desk, asker, item)}
        context = f"{item.id}:{item.turn}:{item.version}"
        return Ask(_adjust_form(tx, asker, item, values, context))

    return await either(desk, request, ask, lambda tx: _next_turn(tx, desk, request))


HANDLERS: Handlers = {"effect.adjust": adjust}


def _next_dates(tx: Tx, desk: Desk, asker: Guest, item: ActionItem) -> dict[str, object]:
    place = action_edit.place_of(tx, desk.env, asker, item.node)
    due = action_dates.working_days_on(place.calendar, place.today, action_dates.USUAL_DAYS)
    later = action_dates.working_days_on(place.calendar, due, action_dates.UNTIL_FOLLOW_UP)
    return {"due": due, "follow_up": later}


def _adjust_form(
    tx: Tx, asker: Guest, item: ActionItem, values: dict[str, object], context: str
) -> Form:
    words = asker.reader.words
    node = item.node if item.node in asker.tree else asker.tree.root.id
    people = candidates(tx, asker.tree, node)
    form = action_forms.edit_form(words, people, values, context)
    intro = (Text(words("effect.adjust_text")), *form.intro)
    return replace(form, id="effect.adjust", title=words("effect.adjust_title"), intro=intro)


def _next_turn(tx: Tx, desk: Desk, request: Request) -> Reply:
    """Keep the changed action as its next turn; what another changed meanwhile is kept, too."""
    assert isinstance(request, Submitted)
    asker, item = to_decide(tx, desk, request)
    told = not_now(tx, desk, asker, item)
    if told is not None:
        return told
    version = request.context.rpartition(":")[2]
    base = actions.at_version(tx, item.id, int(version)) if version.isdecimal() else None
    if base is None:
        raise NotUnderstood("no such version")
    values: dict[str, object] = {**fields_of(base), **_next_dates(tx, desk, asker, item)}
    form = _adjust_form(tx, asker, item, values, request.context)
    place = action_edit.place_of(tx, desk.env, asker, item.node)
    mine, errors = action_edit.read(form, request.values, asker, place, None)
    if errors:
        return Ask(form, errors)
    # The dates are the new turn's own: whatever another did to the old ones is past.
    same_dates = replace(item, due=base.due, follow_up=base.follow_up)
    merged = merge(base, mine, same_dates, base)
    if merged.disputed:
        disputes = action_cards.disputes(tx, asker, base, item, merged.disputed)
        context = f"{item.id}:{item.turn}:{item.version}"
        return Ask(_adjust_form(tx, asker, item, dict(merged.values), context), disputes)
    judged = changed(
        tx,
        desk.env,
        replace(item, verdict=Verdict.ADJUST),
        desk.now(),
        by=asker.id,
        kind="decided",
    )
    tell_team(tx, desk, judged)
    fresh = replace(
        judged,
        **merged.values,
        turn=item.turn + 1,
        state=ActionState.IN_PROGRESS,
        done_on=None,
        said=None,
        effect=None,
        verdict=None,
        shared=False,
    )
    if not action_keep.change(tx, desk.env, asker, judged, fresh, "changed"):
        raise RuntimeError("the action was changed in between")
    said = asker.reader.words("effect.adjusted")
    after = replace(fresh, version=fresh.version + 1)
    return Show(action_cards.card(tx, asker, after, said=said), done=True)
