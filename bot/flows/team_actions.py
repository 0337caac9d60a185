"""What a lead does: start a round, make the plan, pause the team, set its rules.

Every handler asks for permission in the transaction in which it acts.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from bot.cards import (
    Ask,
    Clicked,
    DateInput,
    Form,
    NumberInput,
    Reply,
    Say,
    SelectInput,
    Text,
    TextInput,
    ToggleInput,
)
from bot.domain.languages import LANGUAGES
from bot.domain.people import Away, NodeId, NodeRules, rules_of
from bot.domain.permissions import Action
from bot.domain.rounds import Round
from bot.flows import asking, forms
from bot.flows import rounds as running
from bot.flows.calendars import team_calendar
from bot.flows.desk import Desk, Guest, Handlers, NotUnderstood, Request, guest
from bot.flows.env import Env
from bot.flows.opening import Refused, Wish
from bot.flows.scopes import Scope, proposals
from bot.flows.team_page import describe
from bot.schedule.cadence import Cadence, CadenceError, next_due
from bot.schedule.calendar import NoWorkingDay
from bot.storage import people, schedules
from bot.storage.schedules import Schedule
from bot.storage.store import Tx

OPEN_DAYS = {"checkin": 3, "maturity": 10}
"""Working days a round is open unless the lead says otherwise."""
RHYTHMS = ("w1", "w2", "w3", "w4", "m1", "m2", "m3", "m6", "m12")
USUAL_RHYTHM = {"checkin": "w2", "maturity": "m12"}


async def start(desk: Desk, request: Request) -> Reply:
    """Ask with whom and for how long, or open the round now."""
    if isinstance(request, Clicked):
        return await desk.store.read(lambda tx: _ask_start(tx, desk, request))
    found = await desk.store.read(lambda tx: _wish(tx, desk, request))
    if not isinstance(found, Wish):
        return found
    opened = await running.open_round(desk.store, desk.env, found)
    return await desk.store.read(lambda tx: _told(tx, desk, request, found, opened))


async def plan(desk: Desk, request: Request) -> Reply:
    """Ask how often, or keep the plan."""
    if isinstance(request, Clicked):
        return await desk.store.read(lambda tx: _ask_plan(tx, desk, request))
    return await desk.store.write(lambda tx: _keep_plan(tx, desk, request))


async def pause(desk: Desk, request: Request) -> Reply:
    """Ask from when to when the team is left in peace, or keep it."""

    def work(tx: Tx) -> Reply:
        asker, node = _at(tx, desk, request, Action.PAUSE_TEAM)
        words = asker.reader.words
        today = asking.local(desk.now(), asker.reader.zone).date()
        form = Form(
            id="team.pause",
            title=words("team.pause"),
            inputs=(
                DateInput("first", words("form.first_day"), today),
                DateInput("last", words("form.last_day")),
            ),
            submit=words("form.save"),
            context=node,
            intro=(Text(words("team.pause_text"), "quiet"),),
        )
        if isinstance(request, Clicked):
            return Ask(form)
        filled = forms.read(form, request.values, words)
        errors = dict(filled.errors)
        first, last = filled.values["first"], filled.values["last"]
        if not errors and not first <= last:
            errors["last"] = words("me.away_order")
        if errors:
            return Ask(form, errors)
        people.add_away(tx, desk.env.chance.token(), Away(first, last), node_id=node)
        _move_on(tx, desk.env, node, desk.now())
        return Say(words("team.paused", first=first, last=last))

    return await desk.store.write(work)


async def unpause(desk: Desk, request: Request) -> Reply:
    """Take a team's pause back."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        node, _, away_id = request.context.partition(":")
        asker.must(Action.PAUSE_TEAM, node)
        people.remove_away(tx, away_id, node_id=node)
        _move_on(tx, desk.env, node, desk.now())
        return Say(asker.reader.words("me.away_removed"))

    return await desk.store.write(work)


async def rules(desk: Desk, request: Request) -> Reply:
    """Ask for the team's rules, or keep them; open rounds keep the rules they opened with."""

    def work(tx: Tx) -> Reply:
        asker, node = _at(tx, desk, request, Action.CHANGE_TEAM_RULES)
        words = asker.reader.words
        form = _rules_form(desk.env, asker, node)
        if isinstance(request, Clicked):
            return Ask(form)
        filled = forms.read(form, request.values, words)
        errors = dict(filled.errors)
        hours = _hours(filled.values)
        if not errors and hours is None:
            errors["day_ends"] = words("rules.hours_order")
        if errors or hours is None:
            return Ask(form, errors)
        kept = NodeRules(
            language=filled.values["language"][0],
            zone=asker.tree[node].rules.zone,
            country=asker.tree[node].rules.country,
            working_days=frozenset(int(day) for day in filled.values["days"]),
            day_starts=hours[0],
            day_ends=hours[1],
            threshold=int(filled.values["threshold"][0]),
            comment_answers=asker.tree[node].rules.comment_answers,
            lead_days=filled.values["lead_days"],
        )
        people.set_rules(tx, node, kept)
        _move_on(tx, desk.env, node, desk.now())
        return Say(words("rules.kept"))

    return await desk.store.write(work)


HANDLERS: Handlers = {
    "team.start": start,
    "team.plan": plan,
    "team.pause": pause,
    "team.unpause": unpause,
    "team.rules": rules,
}


def _at(tx: Tx, desk: Desk, request: Request, action: Action) -> tuple[Guest, NodeId]:
    asker = guest(tx, desk.env, request.person)
    node = request.context.partition(":")[0]
    asker.must(action, node)
    return asker, node


def _instrument(desk: Desk, request: Request) -> str:
    instrument = request.context.partition(":")[2]
    if instrument not in desk.env.pack.instruments:
        raise NotUnderstood(request.context)
    return instrument


# --- Starting -----------------------------------------------------------------------------------


def _ask_start(tx: Tx, desk: Desk, request: Request) -> Reply:
    asker, node = _at(tx, desk, request, Action.START_ROUND)
    instrument = _instrument(desk, request)
    scopes = _scopes(tx, desk.env, asker, node, Action.START_ROUND)
    if not scopes:
        return Say(_too_small(desk.env, asker, node))
    return Ask(_start_form(desk.env, asker, node, instrument, scopes))


def _start_form(
    env: Env, asker: Guest, node: NodeId, instrument: str, scopes: tuple[Scope, ...]
) -> Form:
    words = asker.reader.words
    title = words.instrument(instrument).title
    return Form(
        id="team.start",
        title=title,
        inputs=(
            _scope_input(asker, scopes),
            *_questions_input(env, asker, instrument),
            _open_days_input(asker, OPEN_DAYS.get(instrument, 5)),
        ),
        submit=words("team.start.submit"),
        context=f"{node}:{instrument}",
        intro=(Text(words("team.start.intro"), "quiet"),),
    )


def _wish(tx: Tx, desk: Desk, request: Request) -> Wish | Reply:
    assert not isinstance(request, Clicked)
    asker, node = _at(tx, desk, request, Action.START_ROUND)
    instrument = _instrument(desk, request)
    scopes = _scopes(tx, desk.env, asker, node, Action.START_ROUND)
    if not scopes:
        return Say(_too_small(desk.env, asker, node))
    form = _start_form(desk.env, asker, node, instrument, scopes)
    filled = forms.read(form, request.values, asker.reader.words)
    if filled.errors:
        return Ask(form, filled.errors)
    scope = tuple(filled.values["scope"][0].split(","))
    calendar = team_calendar(tx, asker.tree, desk.env.defaults, scope, desk.now().date())
    try:
        opens_at = calendar.next_moment(desk.now())
    except NoWorkingDay:
        return Say(asker.reader.words("team.no_working_day"))
    questions = filled.values.get("questions") or ("0",)
    return Wish(
        scope=scope,
        instrument=instrument,
        opens_at=opens_at,
        open_days=filled.values["open_days"],
        questions=int(questions[0]) or None,
    )


def _told(
    tx: Tx, desk: Desk, request: Request, wish: Wish, opened: Round | Refused | None
) -> Reply:
    asker = guest(tx, desk.env, request.person)
    words = asker.reader.words
    names = [asker.tree[node].name for node in wish.scope]
    if opened is None:
        return Say(words("team.start.already"))
    if isinstance(opened, Refused):
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


# --- Planning -----------------------------------------------------------------------------------


def _ask_plan(tx: Tx, desk: Desk, request: Request) -> Reply:
    asker, node = _at(tx, desk, request, Action.CHANGE_SCHEDULE)
    instrument = _instrument(desk, request)
    scopes = _scopes(tx, desk.env, asker, node, Action.CHANGE_SCHEDULE)
    if not scopes:
        return Say(_too_small(desk.env, asker, node))
    present = _present(tx, scopes, instrument)
    return Ask(_plan_form(desk.env, asker, node, instrument, scopes, present))


def _present(tx: Tx, scopes: tuple[Scope, ...], instrument: str) -> Schedule | None:
    found = (schedules.find(tx, scope.nodes, instrument) for scope in scopes)
    return next((one for one in found if one is not None), None)


def _plan_form(
    env: Env,
    asker: Guest,
    node: NodeId,
    instrument: str,
    scopes: tuple[Scope, ...],
    present: Schedule | None,
) -> Form:
    words = asker.reader.words
    cadence = Cadence.from_dict(present.cadence) if present else None
    rhythm = _rhythm_of(cadence) if cadence else USUAL_RHYTHM.get(instrument, "m3")
    days = tuple((str(day), words(f"weekday.{day}")) for day in range(7))
    nths = tuple((nth, words(f"nth.{nth}")) for nth in ("1", "2", "3", "4", "last"))
    nth = "last" if cadence and cadence.nth == -1 else str(cadence.nth if cadence else 1)
    return Form(
        id="team.plan",
        title=words("team.plan_title", what=words.instrument(instrument).title),
        inputs=(
            _scope_input(asker, scopes, present.scope if present else None),
            SelectInput(
                "rhythm",
                words("form.rhythm"),
                tuple((one, words(f"rhythm.{one}")) for one in RHYTHMS),
                (rhythm,),
            ),
            SelectInput(
                "weekday",
                words("form.weekday"),
                days,
                (str(cadence.weekday) if cadence else "1",),
            ),
            SelectInput(
                "nth",
                words("form.nth"),
                nths,
                (nth if nth != "None" else "1",),
                hint=words("form.nth_hint"),
            ),
            TextInput(
                "at",
                words("form.at"),
                cadence.at.strftime("%H:%M") if cadence else "09:30",
                hint=words("form.at_hint"),
                limit=5,
            ),
            *_questions_input(env, asker, instrument, present.questions if present else None),
            _open_days_input(asker, present.open_days if present else OPEN_DAYS.get(instrument, 5)),
            ToggleInput("active", words("form.active"), present.active if present else True),
        ),
        submit=words("form.save"),
        context=f"{node}:{instrument}",
    )


def _keep_plan(tx: Tx, desk: Desk, request: Request) -> Reply:
    assert not isinstance(request, Clicked)
    asker, node = _at(tx, desk, request, Action.CHANGE_SCHEDULE)
    words = asker.reader.words
    instrument = _instrument(desk, request)
    scopes = _scopes(tx, desk.env, asker, node, Action.CHANGE_SCHEDULE)
    present = _present(tx, scopes, instrument)
    form = _plan_form(desk.env, asker, node, instrument, scopes, present)
    filled = forms.read(form, request.values, words)
    errors = dict(filled.errors)
    wanted = None if errors else _planned(tx, desk, asker, present, filled.values, instrument)
    if isinstance(wanted, dict):
        errors |= {name: words(key) for name, key in wanted.items()}
        wanted = None
    if wanted is None:
        return Ask(form, errors)
    kept = (
        schedules.replace(tx, wanted)
        if present is not None and present.scope == wanted.scope
        else schedules.insert_new(tx, wanted)
    )
    if not kept:
        return Say(words("team.plan_changed"), failed=True)
    if present is not None and present.scope != wanted.scope:
        schedules.replace(tx, replace(present, active=False))
    return Say(describe(asker, wanted))


def _planned(
    tx: Tx,
    desk: Desk,
    asker: Guest,
    present: Schedule | None,
    values: Mapping[str, Any],
    instrument: str,
) -> Schedule | dict[str, str]:
    """Return the schedule wanted, or message keys of what is wrong by input name."""
    scope = tuple(values["scope"][0].split(","))
    calendar = team_calendar(tx, asker.tree, desk.env.defaults, scope, desk.now().date())
    try:
        cadence = _cadence(values, calendar.local(desk.now()).date())
    except CadenceError:
        return {"at": "form.at_wrong"}
    hours = calendar.hours(calendar.local(desk.now()).date())
    at = datetime.combine(calendar.local(desk.now()).date(), cadence.at)
    if not calendar.local(hours[0]).time() <= at.time() < calendar.local(hours[1]).time():
        return {"at": "form.at_hours"}
    try:
        due = next_due(cadence, calendar, desk.now())
    except NoWorkingDay:
        return {"weekday": "team.no_working_day"}
    questions = values.get("questions") or ("0",)
    same = present is not None and present.scope == scope
    return Schedule(
        id=present.id if present and same else desk.env.chance.token(),
        scope=scope,
        instrument=instrument,
        cadence=cadence.to_dict(),
        open_days=values["open_days"],
        questions=int(questions[0]) or None,
        active=values["active"],
        version=present.version if present and same else 1,
        nominal=due.nominal,
        next_run_at=due.at if values["active"] else None,
    )


def _cadence(values: Mapping[str, Any], today: date) -> Cadence:
    rhythm, weekday = values["rhythm"][0], int(values["weekday"][0])
    nth = -1 if values["nth"][0] == "last" else int(values["nth"][0])
    every = int(rhythm[1:])
    try:
        at = time.fromisoformat(values["at"].replace(".", ":").zfill(5))
    except ValueError:
        raise CadenceError({"at": "wrong"}) from None
    if rhythm[0] == "w":
        return Cadence.weekly(weekday, at, today, every)
    if every == 1:
        return Cadence.monthly(nth, weekday, at)
    return Cadence.every_months(every, nth, weekday, at, today)


def _rhythm_of(cadence: Cadence) -> str:
    if cadence.kind == "weekly":
        return f"w{cadence.every}"
    return f"m{cadence.every}"


def _move_on(tx: Tx, env: Env, node: NodeId, now: datetime) -> None:
    """Work the due times out again of schedules that follow this node's calendar."""
    tree = people.tree(tx)
    under = set(tree.under(node))
    for one in schedules.everything(tx):
        if not one.active or not under & set(one.scope):
            continue
        calendar = team_calendar(tx, tree, env.defaults, one.scope, now.date())
        try:
            due = next_due(Cadence.from_dict(one.cadence), calendar, now)
        except NoWorkingDay:
            continue
        schedules.replace(tx, replace(one, nominal=due.nominal, next_run_at=due.at))


# --- Parts of forms -----------------------------------------------------------------------------


def _scopes(tx: Tx, env: Env, asker: Guest, node: NodeId, action: Action) -> tuple[Scope, ...]:
    homes: dict[NodeId, int] = {}
    for person in people.everybody(tx):
        homes[person.home] = homes.get(person.home, 0) + 1

    def size(at: NodeId) -> int:
        return sum(homes.get(one, 0) for one in asker.tree.under(at))

    threshold = rules_of(asker.tree, node, env.defaults).threshold
    return proposals(asker.tree, node, size, threshold, lambda nodes: asker.may(action, *nodes))


def _too_small(env: Env, asker: Guest, node: NodeId) -> str:
    threshold = rules_of(asker.tree, node, env.defaults).threshold
    return asker.reader.words("team.too_small", team=asker.tree[node].name, threshold=threshold)


def _scope_input(
    asker: Guest, scopes: tuple[Scope, ...], chosen: tuple[NodeId, ...] | None = None
) -> SelectInput:
    words = asker.reader.words
    options = tuple(
        (
            ",".join(scope.nodes),
            words(
                "form.scope_option",
                team=[asker.tree[node].name for node in scope.nodes],
                number=scope.people,
            ),
        )
        for scope in scopes
    )
    now = ",".join(chosen) if chosen else options[0][0]
    return SelectInput("scope", words("form.scope"), options, (now,), hint=words("form.scope_hint"))


def _questions_input(
    env: Env, asker: Guest, instrument: str, chosen: int | None = None
) -> tuple[SelectInput, ...]:
    one = env.pack.instruments[instrument]
    if one.order == "fixed":
        return ()
    fewest, most = one.ask
    options = tuple((str(number), str(number)) for number in range(fewest, most + 1))
    label = asker.reader.words("form.questions")
    return (SelectInput("questions", label, options, (str(chosen or fewest + 1),)),)


def _open_days_input(asker: Guest, days: int) -> NumberInput:
    words = asker.reader.words
    return NumberInput(
        "open_days", words("form.open_days"), 1, 20, days, hint=words("form.open_days_hint")
    )


def _rules_form(env: Env, asker: Guest, node: NodeId) -> Form:
    words = asker.reader.words
    now = rules_of(asker.tree, node, env.defaults)
    days = tuple((str(day), words(f"weekday.{day}")) for day in range(7))
    floor = env.defaults.threshold or 5
    thresholds = tuple(
        (str(k), words("rules.threshold_is", number=k)) for k in (5, 8) if k >= floor
    )
    languages = tuple((one, words(f"language.{one}")) for one in LANGUAGES)
    return Form(
        id="team.rules",
        title=words("rules.title"),
        inputs=(
            SelectInput(
                "threshold",
                words("rules.threshold"),
                thresholds,
                (str(now.threshold),),
                hint=words("rules.threshold_hint"),
            ),
            TextInput("day_starts", words("rules.day_starts"), now.day_starts, limit=5),
            TextInput(
                "day_ends",
                words("rules.day_ends"),
                now.day_ends,
                hint=words("rules.hours_hint"),
                limit=5,
            ),
            SelectInput(
                "days",
                words("form.days"),
                days,
                tuple(str(day) for day in sorted(now.working_days)),
                many=True,
            ),
            NumberInput("lead_days", words("rules.lead_days"), 0, 5, now.lead_days),
            SelectInput("language", words("form.language"), languages, (now.language,)),
        ),
        submit=words("form.save"),
        context=node,
        intro=(Text(words("rules.intro"), "quiet"),),
    )


def _hours(values: Mapping[str, Any]) -> tuple[str, str] | None:
    try:
        starts, ends = (
            time.fromisoformat(values[name].replace(".", ":").zfill(5))
            for name in ("day_starts", "day_ends")
        )
    except ValueError:
        return None
    return (starts.strftime("%H:%M"), ends.strftime("%H:%M")) if starts < ends else None
