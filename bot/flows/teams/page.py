"""The lead's page: the team, what runs now, the plan, pauses, rules, and results over time.

Shows nothing a lead may not see: of an open round that it is open, when it closes, and the one bit
that was noted at the reminder.
"""

from collections.abc import Iterable

from bot.cards import Actions, Button, Fields, Link, Message, Part, Table, Text
from bot.content.words import Words
from bot.domain.people import NodeId, Role, rules_of
from bot.domain.permissions import Action
from bot.domain.rounds import Round, RoundState
from bot.flows.actions import board
from bot.flows.desk import Guest
from bot.flows.dialogues import page as dialogue_page
from bot.flows.env import Env
from bot.flows.escalations import cards as escalation_cards
from bot.flows.programmes import team_reminder
from bot.flows.programmes.words import describe
from bot.flows.results.words import score
from bot.flows.rounds import cards as asking
from bot.flows.rounds.reminding import nodes_with_bit
from bot.flows.rounds.titles import round_title
from bot.flows.teams import roles
from bot.flows.teams.rules import hours
from bot.storage import figures, people, rounds, schedules
from bot.storage.figures import Kept
from bot.storage.store import Tx

INSTRUMENTS = ("checkin", "maturity")
_LABELS = {"team.start": "team.button.start", "team.plan": "team.button.plan"}


def page(tx: Tx, env: Env, asker: Guest, node: NodeId) -> tuple[Message, ...]:
    """Return the cards of the page. Raises ``NotAllowed``."""
    asker.must(Action.SEE_TEAM, node)
    cards = [_team(tx, env, asker, node), *board.of_team(tx, env, asker, node)]
    cards.append(dialogue_page.team_card(tx, env, asker, node))
    cards += [_now(tx, env, asker, node), _plan(tx, env, asker, node)]
    if asker.may(Action.PAUSE_TEAM, node):
        cards.append(_pauses(tx, env, asker, node))
    if asker.may(Action.CHANGE_TEAM_RULES, node):
        cards.append(_rules(env, asker, node))
    passed_on = escalation_cards.team_card(tx, env, asker, node)
    if passed_on is not None:
        cards.append(passed_on)
    cards.append(results_card(tx, env, asker, (node,)))
    return tuple(cards)


def results_card(tx: Tx, env: Env, asker: Guest, nodes: Iterable[NodeId]) -> Message:
    """Return the published results of the nodes over time, newest first."""
    words = asker.reader.words
    wanted = tuple(node for node in nodes if asker.may(Action.SEE_RESULTS, node))
    found = [
        kept
        for kept in figures.published_for(tx, wanted, None, env.clock.now())
        if kept.figure.audience.value == "employees"
    ]
    title = words("page.results")
    if not found:
        return Message(title, (Text(words("results.none_yet")),), title=title)
    rows = tuple(_result_row(tx, asker, kept) for kept in found)
    columns = tuple(
        words(f"results.column.{name}") for name in ("when", "what", "who", "overall", "answered")
    )
    return Message(title, (Table(columns, rows, words("results.over_time")),), title=title)


def _result_row(tx: Tx, asker: Guest, kept: Kept) -> tuple[str | Link, ...]:
    words = asker.reader.words
    one = rounds.get(tx, kept.round)
    nodes = getattr(kept.figure, "nodes", (kept.figure.at,))
    names = [one.nodes[node][0] for node in nodes if node in one.nodes] if one else []
    overall = kept.figure.overall
    day = words("results.when", day=asking.local(kept.closed_at, asker.reader.zone))
    return (
        Link(day, f"results/{kept.id}"),
        words.instrument(kept.instrument).title,
        words("results.teams", teams=names),
        score(words, overall) if overall else words("result.not_shown"),
        words("results.answered", answered=kept.figure.answered, invited=kept.figure.invited),
    )


def _team(tx: Tx, env: Env, asker: Guest, node: NodeId) -> Message:
    words = asker.reader.words
    under = asker.tree.under(node)
    members = people.everybody(tx, under)
    names = {person.id: person.name for person in people.everybody(tx)}
    held = people.grants(tx)

    def holding(*wanted: Role) -> list[str]:
        over = asker.tree.above(node)
        return sorted({names[g.person] for g in held if g.role in wanted and g.node in over}) or [
            words("team.nobody")
        ]

    fields = Fields(
        (
            (words("team.members"), words("team.people", number=len(members))),
            (words("team.leads"), words("people.names", names=holding(Role.LEAD))),
            (words("team.amg"), words("people.names", names=holding(Role.AMG, Role.AMR))),
        )
    )
    who = Text(words("people.names", names=[person.name for person in members] or ["–"]), "quiet")
    title = asker.tree[node].name
    parts = (fields, who, *roles.ways(env, asker, node))
    return Message(title, parts, title=title)


def _now(tx: Tx, env: Env, asker: Guest, node: NodeId) -> Message:
    words = asker.reader.words
    under = set(asker.tree.under(node)) | set(asker.tree.above(node))
    parts: list[Part] = []
    for one in rounds.taking_answers(tx):
        if not under & set(one.scope) or one.opens_at > env.clock.now():
            continue
        closes = asking.local(one.closes_at, asker.reader.zone)
        title = round_title(words, one.instrument)
        parts.append(Text(words("team.open", what=title, closes=closes)))
        if asker.may(Action.SEE_BIT, node):
            parts += _bit(tx, asker, one, node)
    if not parts:
        parts.append(Text(words("team.nothing_open")))
    if asker.may(Action.START_ROUND, node):
        parts.append(_each_instrument(env, words, node, "team.start"))
    return Message(words("team.now"), tuple(parts), title=words("team.now"))


def _each_instrument(env: Env, words: Words, node: NodeId, action: str) -> Actions:
    return Actions(
        tuple(
            Button(
                action,
                words(_LABELS[action], what=words.instrument(instrument).title),
                f"{node}:{instrument}",
                opens_form=True,
            )
            for instrument in INSTRUMENTS
            if instrument in env.pack.instruments
        )
    )


def _bit(tx: Tx, asker: Guest, one: Round, node: NodeId) -> list[Part]:
    """Say the one bit, as it was noted at the reminder: a team's own, never a department's."""
    words = asker.reader.words
    bit = rounds.reached(tx, one.id).get(node)
    if bit is not None:
        return [Text(words("team.reached" if bit else "team.not_reached"), "quiet")]
    to_come = one.state is RoundState.OPEN and one.remind_at is not None
    if to_come and node in nodes_with_bit(one, rounds.members(tx, one.id)):
        return [Text(words("team.bit_later"), "quiet")]
    return [Text(words("team.no_bit"), "quiet")]


def _plan(tx: Tx, env: Env, asker: Guest, node: NodeId) -> Message:
    words = asker.reader.words
    over = set(asker.tree.above(node))
    parts: list[Part] = []
    planned = [
        one
        for one in schedules.everything(tx)
        if over & set(one.scope) and one.instrument in env.pack.instruments
    ]
    parts += [Text(describe(asker, one)) for one in planned]
    if not planned:
        parts.append(Text(words("team.no_plan")))
    reminder = schedules.find(tx, (node,), team_reminder.NAME)
    if reminder is not None:
        parts.append(Text(describe(asker, reminder)))
        if asker.may(Action.PLAN_DIGEST, node):
            label = words("reminder.button.plan")
            parts.append(Actions((Button("reminder.plan", label, node, opens_form=True),)))
    if asker.may(Action.CHANGE_SCHEDULE, node):
        parts.append(_each_instrument(env, words, node, "team.plan"))
    return Message(words("team.plan"), tuple(parts), title=words("team.plan"))


def _pauses(tx: Tx, env: Env, asker: Guest, node: NodeId) -> Message:
    words = asker.reader.words
    today = asking.local(env.clock.now(), asker.reader.zone).date()
    parts: list[Part] = [Text(words("team.pause_text"))]
    for away_id, at, span in people.pauses(tx, (node,), today):
        parts.append(Text(words("me.away_span", first=span.first, last=span.last)))
        button = Button("team.unpause", words("me.button.back"), f"{at}:{away_id}", style="quiet")
        parts.append(Actions((button,)))
    parts.append(
        Actions((Button("team.pause", words("team.button.pause"), node, opens_form=True),))
    )
    return Message(words("team.pause"), tuple(parts), title=words("team.pause"))


def _rules(env: Env, asker: Guest, node: NodeId) -> Message:
    words = asker.reader.words
    rules = rules_of(asker.tree, node, env.defaults)
    fields = Fields(
        (
            (words("rules.threshold"), words("rules.threshold_is", number=rules.threshold)),
            (words("rules.hours"), hours(words, rules)),
            (
                words("form.days"),
                words(
                    "rules.days",
                    days=[words(f"weekday.{day}") for day in sorted(rules.working_days)],
                ),
            ),
            (words("form.language"), words(f"language.{rules.language}")),
        )
    )
    button = Button("team.rules", words("team.button.rules"), node, opens_form=True)
    title = words("rules.title")
    return Message(title, (fields, Actions((button,))), title=title)
