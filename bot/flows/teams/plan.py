"""Planning: how often a team is asked, on which day, with how many questions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from bot.cards import Ask, Clicked, Form, Reply, Say, SelectInput, TimeInput, ToggleInput
from bot.domain.people import NodeId
from bot.domain.permissions import Action
from bot.flows import forms
from bot.flows.calendars import team_calendar
from bot.flows.desk import Desk, Guest, Handlers, Request
from bot.flows.env import Env
from bot.flows.programmes.words import describe
from bot.flows.teams.forms import (
    OPEN_DAYS,
    open_days_input,
    questions_input,
    scope_input,
    too_small,
    with_whom,
)
from bot.flows.teams.scopes import Scope
from bot.schedule.cadence import Cadence
from bot.schedule.calendar import NoWorkingDay
from bot.schedule.occurrences import next_due
from bot.storage import schedules
from bot.storage.schedules import Schedule
from bot.storage.store import Tx

RHYTHMS = ("w1", "w2", "w3", "w4", "m1", "m2", "m3", "m6", "m12")
USUAL_TIME = time(9, 30)
USUAL_RHYTHM = {"checkin": "w2", "maturity": "m12"}


async def plan(desk: Desk, request: Request) -> Reply:
    """Ask how often, or keep the plan."""
    if isinstance(request, Clicked):
        return await desk.store.read(lambda tx: _ask_plan(tx, desk, request))
    return await desk.store.write(lambda tx: _keep_plan(tx, desk, request))


HANDLERS: Handlers = {"team.plan": plan}


def _ask_plan(tx: Tx, desk: Desk, request: Request) -> Reply:
    asker, node, instrument, scopes = with_whom(tx, desk, request, Action.CHANGE_SCHEDULE)
    if not scopes:
        return Say(too_small(desk.env, asker, node))
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
            scope_input(asker, scopes, present.scope if present else None),
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
            TimeInput("at", words("form.at"), cadence.at if cadence else USUAL_TIME),
            *questions_input(env, asker, instrument, present.questions if present else None),
            open_days_input(asker, present.open_days if present else OPEN_DAYS.get(instrument, 5)),
            ToggleInput("active", words("form.active"), present.active if present else True),
        ),
        submit=words("form.save"),
        context=f"{node}:{instrument}",
    )


def _keep_plan(tx: Tx, desk: Desk, request: Request) -> Reply:
    assert not isinstance(request, Clicked)
    asker, node, instrument, scopes = with_whom(tx, desk, request, Action.CHANGE_SCHEDULE)
    if not scopes:
        return Say(too_small(desk.env, asker, node))
    words = asker.reader.words
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
    cadence = _cadence(values, calendar.local(desk.now()).date())
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
    at = values["at"]
    if rhythm[0] == "w":
        return Cadence.weekly(weekday, at, today, every)
    if every == 1:
        return Cadence.monthly(nth, weekday, at)
    return Cadence.every_months(every, nth, weekday, at, today)


def _rhythm_of(cadence: Cadence) -> str:
    if cadence.kind == "weekly":
        return f"w{cadence.every}"
    return f"m{cadence.every}"
