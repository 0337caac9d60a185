"""Starting a round now: with whom, how many questions, how long."""

from bot.cards import Ask, Clicked, Form, Reply, Say, Text
from bot.domain.people import NodeId
from bot.domain.permissions import Action
from bot.domain.rounds import Round
from bot.flows import forms
from bot.flows.calendars import team_calendar
from bot.flows.desk import Desk, Guest, Handlers, Request, guest
from bot.flows.env import Env
from bot.flows.rounds import cards as asking
from bot.flows.rounds import channels, running
from bot.flows.rounds.opening import Reason, Refused, Wish
from bot.flows.teams.forms import (
    OPEN_DAYS,
    open_days_input,
    questions_input,
    scope_input,
    too_small,
    with_whom,
)
from bot.flows.teams.scopes import Scope
from bot.schedule.calendar import NoWorkingDay
from bot.storage.store import Tx


async def start(desk: Desk, request: Request) -> Reply:
    """Ask with whom and for how long, or open the round now."""
    if isinstance(request, Clicked):
        return await desk.store.read(lambda tx: _ask_start(tx, desk, request))
    found = await desk.store.read(lambda tx: _wish(tx, desk, request))
    if not isinstance(found, Wish):
        return found
    try:
        opened = await running.open_round(desk.store, desk.env, found)
    except NoWorkingDay:
        return await desk.store.read(lambda tx: _no_day(tx, desk, request))
    return await desk.store.read(lambda tx: _told(tx, desk, request, found, opened))


HANDLERS: Handlers = {"team.start": start}


def _ask_start(tx: Tx, desk: Desk, request: Request) -> Reply:
    asker, node, instrument, scopes = with_whom(tx, desk, request, Action.START_ROUND)
    if channels.half_read(tx, asker.tree.under(node)):
        return Say(_not_read(asker, node))
    if not scopes:
        return Say(too_small(desk.env, asker, node))
    return Ask(_start_form(desk.env, asker, node, instrument, scopes))


def _not_read(asker: Guest, node: NodeId) -> str:
    return asker.reader.words("team.start.not_read", team=asker.tree[node].name)


def _start_form(
    env: Env, asker: Guest, node: NodeId, instrument: str, scopes: tuple[Scope, ...]
) -> Form:
    words = asker.reader.words
    title = words.instrument(instrument).title
    return Form(
        id="team.start",
        title=title,
        inputs=(
            scope_input(asker, scopes),
            *questions_input(env, asker, instrument),
            open_days_input(asker, OPEN_DAYS.get(instrument, 5)),
        ),
        submit=words("team.start.submit"),
        context=f"{node}:{instrument}",
        intro=(Text(words("team.start.intro"), "quiet"),),
    )


def _wish(tx: Tx, desk: Desk, request: Request) -> Wish | Reply:
    assert not isinstance(request, Clicked)
    asker, node, instrument, scopes = with_whom(tx, desk, request, Action.START_ROUND)
    if not scopes:
        return Say(too_small(desk.env, asker, node))
    form = _start_form(desk.env, asker, node, instrument, scopes)
    values = forms.taken(form, request, asker.reader.words)
    if isinstance(values, Ask):
        return values
    scope = tuple(values["scope"][0].split(","))
    calendar = team_calendar(tx, asker.tree, desk.env.defaults, scope, desk.now().date())
    try:
        opens_at = calendar.next_moment(desk.now())
    except NoWorkingDay:
        return Say(asker.reader.words("team.no_working_day"))
    questions = values.get("questions") or ("0",)
    return Wish(
        scope=scope,
        instrument=instrument,
        opens_at=opens_at,
        open_days=values["open_days"],
        questions=int(questions[0]) or None,
    )


def _no_day(tx: Tx, desk: Desk, request: Request) -> Reply:
    return Say(guest(tx, desk.env, request.person).reader.words("team.no_working_day"))


def _told(
    tx: Tx, desk: Desk, request: Request, wish: Wish, opened: Round | Refused | None
) -> Reply:
    asker = guest(tx, desk.env, request.person)
    words = asker.reader.words
    names = [asker.tree[node].name for node in wish.scope]
    if opened is None:
        return Say(words("team.start.already"))
    if isinstance(opened, Refused):
        if opened.reason is Reason.NOT_READ:
            return Say(_not_read(asker, wish.scope[0]))
        if opened.earliest is not None:
            return Say(words("team.start.recently", team=names, earliest=opened.earliest))
        return Say(
            words(f"round.refused.{opened.reason.value}", team=names, threshold=opened.threshold)
        )
    return Say(
        words(
            "team.started",
            team=names,
            opens=asking.local(opened.opens_at, asker.reader.zone),
            closes=asking.local(opened.closes_at, asker.reader.zone),
        )
    )
