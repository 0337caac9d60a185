"""The forms for when the team's reminder and the digest come: weekly, monthly, off; the digest also
some working days before each of the meetings one lists.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.cards import (
    Ask,
    Clicked,
    Form,
    Input,
    NumberInput,
    Reply,
    Say,
    SelectInput,
    Submitted,
    TextInput,
    TimeInput,
)
from bot.domain.people import NodeId
from bot.domain.permissions import Action
from bot.flows import forms
from bot.flows.calendars import team_calendar
from bot.flows.desk import Desk, Guest, Handlers, Request, guest
from bot.flows.digests import telling as digest_tell
from bot.flows.programmes import registry as programmes
from bot.flows.programmes import team_reminder
from bot.flows.programmes.registry import PROGRAMMES
from bot.flows.programmes.words import describe, title_of
from bot.schedule.cadence import Cadence, CadenceError
from bot.schedule.calendar import Calendar, NoWorkingDay, local_time
from bot.schedule.meetings import KIND, MOST_BEFORE, Meetings, parse_dates
from bot.schedule.plans import Rule, next_run, rule_of
from bot.storage import schedules
from bot.storage.schedules import Schedule
from bot.storage.store import Tx

OFF = "off"
RHYTHMS = {
    team_reminder.NAME: ("w1", "w2", "m1", OFF),
    digest_tell.NAME: ("w1", "m1", KIND, OFF),
}
BEFORE = 5
"""Working days before a meeting, unless the group says otherwise."""
Problems = dict[str, str]


async def plan_reminder(desk: Desk, request: Request) -> Reply:
    """Ask when the team's reminder comes, or keep it. Context: the node."""
    return await _plan(desk, request, team_reminder.NAME)


async def plan_digest(desk: Desk, request: Request) -> Reply:
    """Ask when the digest comes, or keep it. Context: the node."""
    return await _plan(desk, request, digest_tell.NAME)


HANDLERS: Handlers = {"reminder.plan": plan_reminder, "digest.plan": plan_digest}
_FORMS = {team_reminder.NAME: "reminder.plan", digest_tell.NAME: "digest.plan"}


async def _plan(desk: Desk, request: Request, name: str) -> Reply:
    def work(tx: Tx) -> Reply:
        asker, node = guest(tx, desk.env, request.person), request.context
        asker.must(Action.PLAN_DIGEST, node)
        if name == digest_tell.NAME and not digest_tell.members(tx, node):
            return Say(asker.reader.words("digest.no_group", team=asker.tree[node].name))
        present = schedules.find(tx, (node,), name)
        if isinstance(request, Clicked):
            return Ask(_form(tx, desk, asker, node, name, present))
        return _keep(tx, desk, asker, node, name, present, request)

    return await desk.store.write(work)


def _form(
    tx: Tx, desk: Desk, asker: Guest, node: NodeId, name: str, present: Schedule | None
) -> Form:
    words = asker.reader.words
    calendar = team_calendar(tx, asker.tree, desk.env.defaults, (node,), desk.now().date())
    today = calendar.local(desk.now()).date()
    rule = rule_of(present.cadence) if present else PROGRAMMES[name].usual(today)
    known = ("w1", "w2", "m1")
    options = tuple(
        (one, words(f"rhythm.{one}" if one in known else f"digest.rhythm.{one}"))
        for one in RHYTHMS[name]
    )
    now = OFF if present is not None and not present.active else _rhythm_of(rule)
    chosen = (now,) if now in RHYTHMS[name] else ()
    return Form(
        id=_FORMS[name],
        title=title_of(words, name),
        inputs=(
            SelectInput("rhythm", words("form.rhythm"), options, chosen),
            *(_meeting_inputs(asker, rule, today) if name == digest_tell.NAME else ()),
        ),
        submit=words("form.save"),
        context=node,
        more=_more(asker, rule),
        more_label=words("digest.more_label"),
    )


def _rhythm_of(rule: Rule) -> str:
    if isinstance(rule, Meetings):
        return KIND
    return f"w{rule.every}" if rule.kind == "weekly" else f"m{rule.every}"


def _meeting_inputs(asker: Guest, rule: Rule, today: date) -> tuple[Input, ...]:
    words = asker.reader.words
    meetings = rule if isinstance(rule, Meetings) else None
    dates = [day.isoformat() for day in meetings.dates if day >= today] if meetings else []
    return (
        TextInput(
            "dates",
            words("digest.dates"),
            "\n".join(dates),
            hint=words("digest.dates_hint"),
            lines=5,
            limit=600,
            required=False,
        ),
        NumberInput(
            "before",
            words("digest.before"),
            0,
            MOST_BEFORE,
            meetings.before if meetings else BEFORE,
            required=False,
        ),
    )


def _more(asker: Guest, rule: Rule) -> tuple[Input, ...]:
    words = asker.reader.words
    weekday = rule.weekday if isinstance(rule, Cadence) else programmes.TUESDAY
    nth = rule.nth if isinstance(rule, Cadence) and rule.nth else 1
    days = tuple((str(day), words(f"weekday.{day}")) for day in range(7))
    nths = tuple((one, words(f"nth.{one}")) for one in ("1", "2", "3", "4", "last"))
    chosen = "last" if nth == -1 else str(nth)
    return (
        SelectInput("weekday", words("form.weekday"), days, (str(weekday),)),
        SelectInput("nth", words("form.nth"), nths, (chosen,), hint=words("form.nth_hint")),
        TimeInput("at", words("form.at"), rule.at),
    )


def _keep(
    tx: Tx,
    desk: Desk,
    asker: Guest,
    node: NodeId,
    name: str,
    present: Schedule | None,
    request: Submitted,
) -> Reply:
    words = asker.reader.words
    form = _form(tx, desk, asker, node, name, present)
    values = forms.taken(form, request, words)
    if isinstance(values, Ask):
        return values
    now = desk.now()
    calendar = team_calendar(tx, asker.tree, desk.env.defaults, (node,), now.date())
    off = values["rhythm"] == (OFF,)
    rule = rule_of(present.cadence) if off and present else _rule(asker, values, calendar, now)
    if isinstance(rule, dict):
        return Ask(form, rule)
    wanted = _wanted(desk, node, name, present, rule)
    if not off:
        try:
            due = next_run(rule, calendar, now)
        except NoWorkingDay:
            return Ask(form, {"rhythm": words("team.no_working_day")})
        if due is None:
            return Ask(form, {"dates": words("digest.dates_too_soon")})
        wanted = replace(wanted, active=True, nominal=due.nominal, next_run_at=due.at)
    kept = schedules.replace(tx, wanted) if present else schedules.insert_new(tx, wanted)
    return Say(describe(asker, wanted)) if kept else Say(words("team.plan_changed"), failed=True)


def _wanted(desk: Desk, node: NodeId, name: str, present: Schedule | None, rule: Rule) -> Schedule:
    """Return the plan with its new rule, switched off."""
    if present is not None:
        return replace(
            present, cadence=rule.to_dict(), active=False, nominal=None, next_run_at=None
        )
    return Schedule(
        id=desk.env.chance.token(),
        scope=(node,),
        instrument=name,
        cadence=rule.to_dict(),
        open_days=1,
        active=False,
    )


def _rule(
    asker: Guest, values: Mapping[str, Any], calendar: Calendar, now: datetime
) -> Rule | Problems:
    """Return the rule that was asked for, or what is wrong with it by input name."""
    words, today = asker.reader.words, calendar.local(now).date()
    at = values["at"]
    if not calendar.day_starts <= at < calendar.day_ends:
        return {"at": words("form.at_hours")}
    rhythm = values["rhythm"][0]
    if rhythm == KIND:
        return _meetings(asker, values, today, at.strftime("%H:%M"))
    nth = -1 if values["nth"] == ("last",) else int(values["nth"][0])
    weekday = int(values["weekday"][0])
    try:
        if rhythm.startswith("w"):
            return Cadence.weekly(weekday, at, today, int(rhythm[1:]))
        return Cadence.monthly(nth, weekday, at)
    except (CadenceError, ValueError):
        return {"rhythm": words("form.choose")}


def _meetings(asker: Guest, values: Mapping[str, Any], today: date, at: str) -> Meetings | Problems:
    words = asker.reader.words
    dates, strange = parse_dates(values["dates"])
    if strange:
        return {"dates": words("digest.dates_strange", pieces=list(strange[:3]))}
    ahead = [day for day in dates if day >= today]
    if not ahead:
        return {"dates": words("digest.dates_needed" if not dates else "digest.dates_past")}
    before = BEFORE if values["before"] is None else values["before"]
    return Meetings(tuple(ahead), before, local_time(at))
