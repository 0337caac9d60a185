"""The team's pauses and rules; an open round keeps the rules it opened with."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
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
    TimeInput,
    ToggleInput,
)
from bot.content.words import Words
from bot.domain.languages import LANGUAGES
from bot.domain.people import Away, NodeId, NodeRules, Rules, rules_of
from bot.domain.permissions import Action
from bot.flows import forms
from bot.flows.desk import Desk, Guest, Handlers, Request, guest
from bot.flows.env import Env
from bot.flows.rounds import cards as asking
from bot.flows.teams.forms import led_by, move_on
from bot.schedule.calendar import local_time
from bot.storage import people
from bot.storage.store import Tx


async def pause(desk: Desk, request: Request) -> Reply:
    """Ask from when to when the team is left in peace, or keep it."""

    def work(tx: Tx) -> Reply:
        asker, node = led_by(tx, desk, request, Action.PAUSE_TEAM)
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
        move_on(tx, desk.env, node, desk.now())
        return Say(words("team.paused", first=first, last=last))

    return await desk.store.write(work)


async def unpause(desk: Desk, request: Request) -> Reply:
    """Take a team's pause back."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        node, _, away_id = request.context.partition(":")
        asker.must(Action.PAUSE_TEAM, node)
        people.remove_away(tx, away_id, node_id=node)
        move_on(tx, desk.env, node, desk.now())
        return Say(asker.reader.words("me.away_removed"))

    return await desk.store.write(work)


async def rules(desk: Desk, request: Request) -> Reply:
    """Ask for the team's rules, or keep them; open rounds keep the rules they opened with."""

    def work(tx: Tx) -> Reply:
        asker, node = led_by(tx, desk, request, Action.CHANGE_TEAM_RULES)
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
            reminders=int(filled.values["reminders"]),
            members_start=filled.values["members_start"],
        )
        people.set_rules(tx, node, kept)
        move_on(tx, desk.env, node, desk.now())
        return Say(words("rules.kept"))

    return await desk.store.write(work)


def hours(words: Words, rules: Rules) -> str:
    """Say between which hours the bot writes: “8.00–16.00”, in English “8:00–16:00”."""
    return words("rules.hours_span", starts=_at(rules.day_starts), ends=_at(rules.day_ends))


def _at(kept: str) -> datetime:
    """Return the time of day on some day: a message writes points in time."""
    return datetime.combine(date.min, time.fromisoformat(kept), UTC)


HANDLERS: Handlers = {
    "team.pause": pause,
    "team.unpause": unpause,
    "team.rules": rules,
}


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
            TimeInput("day_starts", words("rules.day_starts"), local_time(now.day_starts)),
            TimeInput("day_ends", words("rules.day_ends"), local_time(now.day_ends)),
            SelectInput(
                "days",
                words("form.days"),
                days,
                tuple(str(day) for day in sorted(now.working_days)),
                many=True,
            ),
            NumberInput("lead_days", words("rules.lead_days"), 0, 5, now.lead_days),
            ToggleInput("reminders", words("rules.reminders"), bool(now.reminders)),
            ToggleInput(
                "members_start",
                words("rules.members_start"),
                now.members_start,
                hint=words("rules.members_start_hint"),
            ),
            SelectInput("language", words("form.language"), languages, (now.language,)),
        ),
        submit=words("form.save"),
        context=node,
        intro=(Text(words("rules.intro"), "quiet"),),
    )


def _hours(values: Mapping[str, Any]) -> tuple[str, str] | None:
    starts, ends = values["day_starts"], values["day_ends"]
    if starts is None or ends is None:
        return None
    return (starts.strftime("%H:%M"), ends.strftime("%H:%M")) if starts < ends else None
