"""What one does with an action at a click: begin, done, drop, a new date, later, help.

Each can be pressed twice, or on an old message, and has its effect once.
"""

from collections.abc import Callable
from dataclasses import replace

from bot.cards import Ask, Clicked, DateInput, Form, Reply, Say, Show, Submitted, TextInput
from bot.domain.action_items import ActionItem, ActionState
from bot.flows import forms
from bot.flows.actions import agenda
from bot.flows.actions import cards as action_cards
from bot.flows.actions import dates as action_dates
from bot.flows.actions import edit as action_edit
from bot.flows.actions import people as action_people
from bot.flows.actions.edit import Place, place_of
from bot.flows.actions.forms import LONG
from bot.flows.actions.keep import change, write_to
from bot.flows.desk import Desk, Guest, Handler, Handlers, NotAllowed, Request
from bot.schedule.calendar import NoWorkingDay
from bot.storage.outbox import Note
from bot.storage.store import Tx

LATER = 3
"""Working days a reminder is put off."""
_STANDING = (ActionState.OPEN, ActionState.IN_PROGRESS)
_OVER = (ActionState.DONE, ActionState.DROPPED)

Become = Callable[[ActionItem, Place], ActionItem]


async def show(desk: Desk, request: Request) -> Reply:
    """Show an action's card to whoever may see it."""

    def work(tx: Tx) -> Reply:
        asker, item = action_people.seen(tx, desk, request.person, request.context)
        return Show(action_cards.card(tx, asker, item))

    return await desk.store.read(work)


def _move(kind: str, from_: tuple[ActionState, ...], become: Become) -> Handler:
    """Return the handler of a click that takes an action from one state to another."""

    async def handler(desk: Desk, request: Request) -> Reply:
        def work(tx: Tx) -> Reply:
            asker, item = action_people.changed_by(tx, desk, request.person, request.context)
            after = become(item, place_of(tx, desk.env, asker, item.node))
            if item.state not in from_ or (kind == "reopened" and item.verdict is not None):
                return _stands(tx, asker, item, kind if item.state is after.state else "")
            if not change(tx, desk.env, asker, item, after, kind):
                return Say(asker.reader.words("action.changed_meanwhile"), failed=True)
            kept = replace(after, version=after.version + 1)
            return _stands(tx, asker, kept, kind)

        return await desk.store.write(work)

    return handler


def _stands(tx: Tx, asker: Guest, item: ActionItem, kind: str) -> Reply:
    """Show the action with a word about what was done, or how it stands if something else was."""
    words = asker.reader.words
    if kind:
        said = words(f"action.now_{kind}")
    else:
        said = words("action.stands", state=words(f"action_state.{item.state.value}"))
    return Show(action_cards.card(tx, asker, item, said=said), done=True)


def _done(item: ActionItem, place: Place) -> ActionItem:
    """It works only from now on: a follow-up that is not ahead moves."""
    follow_up = item.follow_up
    if follow_up <= place.today:
        usual = action_dates.UNTIL_FOLLOW_UP
        follow_up = action_dates.working_days_on(place.calendar, place.today, usual)
        follow_up = max(follow_up, item.due)
    return replace(item, state=ActionState.DONE, done_on=place.today, follow_up=follow_up)


start = _move(
    "started",
    (ActionState.OPEN,),
    lambda item, _: replace(item, state=ActionState.IN_PROGRESS),
)
done = _move("done", _STANDING, _done)
reopen = _move(
    "reopened",
    _OVER,
    lambda item, _: replace(item, state=ActionState.IN_PROGRESS, done_on=None),
)


async def drop(desk: Desk, request: Request) -> Reply:
    """Ask what was learnt, or drop the action; whatever is written is kept, whoever was first."""

    def work(tx: Tx) -> Reply:
        asker, item = action_people.changed_by(tx, desk, request.person, request.context)
        words = asker.reader.words
        form = Form(
            id="action.drop",
            title=words("action.drop_title"),
            inputs=(
                TextInput(
                    "learnt",
                    words("action.learnt"),
                    hint=words("action.learnt_hint"),
                    lines=3,
                    limit=LONG,
                ),
            ),
            submit=words("action.drop_submit"),
            context=item.id,
        )
        if isinstance(request, Clicked):
            return Ask(form) if item.state in _STANDING else _stands(tx, asker, item, "")
        return _keep_dropped(tx, desk, asker, item, form, request)

    return await desk.store.write(work)


def _keep_dropped(
    tx: Tx, desk: Desk, asker: Guest, item: ActionItem, form: Form, request: Submitted
) -> Reply:
    values = forms.taken(form, request, asker.reader.words)
    if isinstance(values, Ask):
        return values
    learnt = values["learnt"]
    if item.state is ActionState.DROPPED and learnt in item.learnt:
        return _stands(tx, asker, item, "dropped")
    if item.state in _STANDING:
        after, kind = replace(item, state=ActionState.DROPPED, learnt=learnt), "dropped"
    else:  # somebody was first; what was written is kept beside what he wrote
        after, kind = replace(item, learnt=f"{item.learnt}\n{learnt}".strip()), "changed"
    if not change(tx, desk.env, asker, item, after, kind):
        return Say(asker.reader.words("action.changed_meanwhile"), failed=True)
    kept = replace(after, version=after.version + 1)
    return _stands(tx, asker, kept, "dropped" if kept.state is ActionState.DROPPED else "")


async def date(desk: Desk, request: Request) -> Reply:
    """Ask for a new date, or keep it; the follow-up moves along."""

    def work(tx: Tx) -> Reply:
        id_ = request.context.partition(":")[0]
        asker, item = action_people.changed_by(tx, desk, request.person, id_)
        if not item.state.standing:
            return _stands(tx, asker, item, "")
        place = place_of(tx, desk.env, asker, item.node)
        if isinstance(request, Clicked):
            return Ask(_date_form(asker, item, place, f"{id_}:{item.version}:{item.version}"))
        return _keep_date(tx, desk, asker, item, place, request)

    return await desk.store.write(work)


def _date_form(asker: Guest, item: ActionItem, place: Place, context: str) -> Form:
    words = asker.reader.words
    ahead = action_dates.working_days_on(place.calendar, place.today, action_dates.USUAL_DAYS // 2)
    return Form(
        id="action.date",
        title=words("action.date_title"),
        inputs=(DateInput("due", words("action.due"), max(item.due, ahead)),),
        submit=words("form.save"),
        context=context,
    )


def _keep_date(
    tx: Tx, desk: Desk, asker: Guest, item: ActionItem, place: Place, request: Submitted
) -> Reply:
    words = asker.reader.words
    base, seen = action_edit.versions(tx, request.context)
    form = _date_form(asker, base, place, request.context)
    filled = forms.read(form, request.values, words)
    errors = dict(filled.errors)
    due = filled.values["due"]
    if not errors and (told := action_dates.fault_of(words, place.calendar, due, place.today)):
        errors["due"] = told
    if errors:
        return Ask(form, errors)
    between = place.calendar.working_days_between(base.due, base.follow_up)
    mine = {"due": due, "follow_up": action_dates.working_days_on(place.calendar, due, between)}
    if due == base.due:
        mine = {}
    return action_edit.settle(tx, desk, asker, (base, item, seen), mine, kind="date")


async def snooze(desk: Desk, request: Request) -> Reply:
    """Leave the responsible in peace for some working days; only he himself can ask for that."""

    def work(tx: Tx) -> Reply:
        asker, item = _own(tx, desk, request)
        if not item.state.standing:
            return _stands(tx, asker, item, "")
        days = agenda.days_of(tx, desk.env, item, desk.now())
        assert days.own is not None
        try:
            day = days.own.add_working_days(days.own.local(desk.now()).date(), LATER)
        except NoWorkingDay:
            return Say(asker.reader.words("team.no_working_day"))
        agenda.put_off(tx, desk.env, item, day, desk.now())
        return Say(asker.reader.words("action.later", day=day))

    return await desk.store.write(work)


async def ask_for_help(desk: Desk, request: Request) -> Reply:
    """Write to the nearest lead, or to the AMG when the lead himself asks; once a day."""

    def work(tx: Tx) -> Reply:
        asker, item = _own(tx, desk, request)
        words = asker.reader.words
        whom = action_people.who_decides(tx, asker.tree, item.node, but=asker.id)
        if not whom:
            return Say(words("action.help_nobody"))
        today = place_of(tx, desk.env, asker, item.node).today
        note = Note("action.help", {"action": item.id, "who": asker.id})
        write_to(tx, desk.env, asker, tuple(whom), f"action-help:{item.id}:{today}", note)
        names = action_people.names(tx, whom)
        return Say(words("action.help_asked", names=[names[one] for one in whom]))

    return await desk.store.write(work)


def _own(tx: Tx, desk: Desk, request: Request) -> tuple[Guest, ActionItem]:
    """Return who asks and the action he is responsible for. Raises ``NotAllowed``."""
    asker, item = action_people.seen(tx, desk, request.person, request.context)
    if item.responsible != asker.id:
        raise NotAllowed("only the responsible")
    return asker, item


HANDLERS: Handlers = {
    "action.show": show,
    "action.start": start,
    "action.done": done,
    "action.reopen": reopen,
    "action.drop": drop,
    "action.date": date,
    "action.snooze": snooze,
    "action.help": ask_for_help,
}
