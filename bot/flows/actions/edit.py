"""Making an action and changing it: what was typed is checked, merged and kept, never lost.

Two people may edit at once: what only one of them changed is kept from both; where both changed the
same, the form comes back with what was typed and says what the other wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.cards import Ask, Clicked, Form, Message, Reply, Say, Show, Submitted
from bot.domain.action_items import ActionItem
from bot.domain.people import NodeId, PersonId
from bot.flows import forms
from bot.flows.actions import cards as action_cards
from bot.flows.actions import dates as action_dates
from bot.flows.actions import forms as action_forms
from bot.flows.actions import people as action_people
from bot.flows.actions.keep import change, keep_new
from bot.flows.actions.merge import FIELDS, fields_of, merge
from bot.flows.calendars import team_calendar
from bot.flows.desk import Desk, Guest, Handlers, NotAllowed, NotUnderstood, Request, guest
from bot.flows.env import Env
from bot.schedule.calendar import Calendar
from bot.storage import actions
from bot.storage.store import Tx

_ID = 32
"""Characters of an action's id."""


@dataclass(frozen=True)
class Place:
    """The team an action belongs to: whose days count, and which day it is there."""

    calendar: Calendar
    today: date


def place_of(tx: Tx, env: Env, asker: Guest, node: NodeId) -> Place:
    """Return the calendar and the day at a node."""
    at = node if node in asker.tree else asker.tree.root.id
    now = env.clock.now()
    calendar = team_calendar(tx, asker.tree, env.defaults, (at,), now.date())
    return Place(calendar, calendar.local(now).date())


async def new(desk: Desk, request: Request) -> Reply:
    """Ask for a new action at the node of the context, or keep it.

    A click's value is its source (``action_forms.start_of``). Sent twice it is made once.
    """
    if isinstance(request, Clicked):
        node, source = request.context, request.value
        return await desk.store.read(lambda tx: ask_new(tx, desk, request.person, node, source))
    return await desk.store.write(lambda tx: _keep_new(tx, desk, request))


def ask_new(
    tx: Tx, desk: Desk, person: PersonId, node: NodeId, source: str = "", text: str = ""
) -> Reply:
    """Return the form of a new action, filled in with what is known. Raises ``NotAllowed``."""
    asker = guest(tx, desk.env, person)
    if not action_people.may_add(desk.env, asker, node):
        raise NotAllowed("add an action")
    start = action_forms.start_of(tx, asker, node, source, text)
    made = actions.get(tx, start.made) if start.made else None
    if made is not None:
        return Show(action_cards.card(tx, asker, made))
    context = f"{node}:{desk.env.chance.token()}:{source}"
    return Ask(_new_form(tx, desk, asker, node, start, context))


def _new_form(
    tx: Tx, desk: Desk, asker: Guest, node: NodeId, start: action_forms.Start, context: str
) -> Form:
    place = place_of(tx, desk.env, asker, node)
    due = action_dates.working_days_on(place.calendar, place.today, action_dates.USUAL_DAYS)
    candidates = action_forms.candidates(tx, asker, node)
    return action_forms.new_form(asker.reader.words, candidates, start, context, due)


def _keep_new(tx: Tx, desk: Desk, request: Submitted) -> Reply:
    asker = guest(tx, desk.env, request.person)
    node, _, rest = request.context.partition(":")
    id_, _, source = rest.partition(":")
    if not action_people.may_add(desk.env, asker, node):
        raise NotAllowed("add an action")
    if len(id_) != _ID or not set(id_) <= set("0123456789abcdef"):
        raise NotUnderstood("not an id")
    if (made := actions.get(tx, id_)) is not None:  # the form was sent twice
        if not action_people.may_see(asker, made):
            raise NotAllowed("see an action")
        return Show(action_cards.card(tx, asker, made), done=True)
    start = action_forms.start_of(tx, asker, node, source)
    form = _new_form(tx, desk, asker, node, start, request.context)
    place = place_of(tx, desk.env, asker, node)
    values, errors = read(form, request.values, asker, place, None)
    if errors:
        return Ask(form, errors)
    item = ActionItem(id=id_, node=node, created_on=place.today, source=start.source, **values)
    keep_new(tx, desk.env, asker, item, start.group)
    said = asker.reader.words("action.kept_new")
    return Show(action_cards.card(tx, asker, item, said=said), done=True)


# --- Reading what was typed ---------------------------------------------------------------------


def read(
    form: Form, raw: Mapping[str, object], asker: Guest, place: Place, base: ActionItem | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields as the domain knows them, and what is wrong, by input name.

    A date that stands since ``base`` is not asked about again, though it may be past by now.
    """
    words = asker.reader.words
    filled = forms.read(form, raw, words)
    errors = dict(filled.errors)
    values = {name: filled.values[name] for name in FIELDS if name in filled.values}
    values["milestones"], wrong = action_dates.read(values["milestones"], place.today)
    if wrong and "milestones" not in errors:
        errors["milestones"] = words("action.milestones_wrong", line=wrong[:80])
    for name in ("due", "follow_up"):
        day = values[name]
        stands = day is None or (base is not None and day == getattr(base, name))
        if not stands and name not in errors:
            errors |= _named(name, action_dates.fault_of(words, place.calendar, day, place.today))
    if errors:
        return values, errors
    values["responsible"] = values["responsible"][0]
    values |= action_forms.kinds_from(filled.values)
    values["follow_up"] = values["follow_up"] or _follow_up(values["due"], place)
    return values, _named("follow_up", _disorder(values, asker, place, base))


def _named(name: str, told: str) -> dict[str, str]:
    return {name: told} if told else {}


def _disorder(values: dict[str, Any], asker: Guest, place: Place, base: ActionItem | None) -> str:
    """Say that the follow-up comes before the date; one that was not touched moves along."""
    if values["follow_up"] >= values["due"]:
        return ""
    if base is not None and values["follow_up"] == base.follow_up:
        values["follow_up"] = _follow_up(values["due"], place)
        return ""
    usual = _follow_up(values["due"], place)
    return asker.reader.words("action.follow_up_order", next=usual)


def _follow_up(due: date, place: Place) -> date:
    return action_dates.working_days_on(place.calendar, due, action_dates.UNTIL_FOLLOW_UP)


# --- Changing -----------------------------------------------------------------------------------


async def edit(desk: Desk, request: Request) -> Reply:
    """Show an action's form, or keep what was changed in it.

    Context: the action's id, and from the form on also the version it was drawn from and the
    version whose differences were told (``id:base:seen``).
    """
    if isinstance(request, Clicked):
        return await desk.store.read(lambda tx: _ask_edit(tx, desk, request))
    return await desk.store.write(lambda tx: _keep_edit(tx, desk, request))


def _ask_edit(tx: Tx, desk: Desk, request: Clicked) -> Reply:
    asker, item = action_people.changed_by(tx, desk, request.person, request.context)
    context = f"{item.id}:{item.version}:{item.version}"
    return Ask(_form(tx, asker, item, fields_of(item), context))


def _form(tx: Tx, asker: Guest, item: ActionItem, values: Mapping[str, Any], context: str) -> Form:
    node = item.node if item.node in asker.tree else asker.tree.root.id
    part = (item.responsible, *item.helpers)
    candidates = action_people.candidates(tx, asker.tree, node, part)
    return action_forms.edit_form(asker.reader.words, candidates, values, context)


def versions(tx: Tx, context: str) -> tuple[ActionItem, ActionItem]:
    """Return the action as it stood when the form was drawn, and as was told of it since."""
    id_, *numbers = context.split(":")
    found = [actions.at_version(tx, id_, int(number)) for number in numbers]
    if len(found) != 2 or found[0] is None or found[1] is None:
        raise NotUnderstood("no such version")
    return found[0], found[1]


def _keep_edit(tx: Tx, desk: Desk, request: Submitted) -> Reply:
    id_ = request.context.partition(":")[0]
    asker, now = action_people.changed_by(tx, desk, request.person, id_)
    base, seen = versions(tx, request.context)
    form = _form(tx, asker, now, fields_of(base), request.context)
    place = place_of(tx, desk.env, asker, now.node)
    mine, errors = read(form, request.values, asker, place, base)
    if errors:
        return Ask(form, errors)
    return settle(tx, desk, asker, (base, now, seen), mine, kind="changed")


def settle(
    tx: Tx,
    desk: Desk,
    asker: Guest,
    versions: tuple[ActionItem, ActionItem, ActionItem],
    mine: Mapping[str, Any],
    kind: str,
) -> Reply:
    """Merge my changes into the action as it is now, or ask where both changed the same.

    ``versions``: as my form was drawn from, as it is, and as I was last told of it.
    """
    base, now, seen = versions
    words = asker.reader.words
    merged = merge(base, mine, now, seen)
    if merged.disputed:
        context = f"{now.id}:{base.version}:{now.version}"
        form = _form(tx, asker, now, merged.values, context)
        return Ask(form, action_cards.disputes(tx, asker, base, now, merged.disputed))
    after = replace(now, **_in_order(merged.values, place_of(tx, desk.env, asker, now.node)))
    if after == now:
        return Show(action_cards.card(tx, asker, now), done=True)
    if not change(tx, desk.env, asker, now, after, kind):
        return Say(words("action.changed_meanwhile"), failed=True)
    return Show(told(tx, asker, after.id, words("action.kept")), done=True)


def _in_order(values: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Return the fields with a follow-up that comes after the date, whoever moved which."""
    found = dict(values)
    if found["follow_up"] < found["due"]:
        found["follow_up"] = _follow_up(found["due"], place)
    return found


def told(tx: Tx, asker: Guest, action_id: str, said: str) -> Message:
    """Return the action's card as it stands after a change, with a word about it."""
    item = actions.get(tx, action_id)
    assert item is not None
    return action_cards.card(tx, asker, item, said=said)


HANDLERS: Handlers = {"action.new": new, "action.edit": edit}
