"""What the lead's actions share: for whom, with whom, and the parts of their forms."""

from dataclasses import replace
from datetime import datetime

from bot.cards import NumberInput, SelectInput
from bot.domain.people import NodeId, rules_of
from bot.domain.permissions import Action
from bot.flows.calendars import team_calendar
from bot.flows.desk import Desk, Guest, NotUnderstood, Request, guest
from bot.flows.env import Env
from bot.flows.rounds.opening import roster_of, threshold_for
from bot.flows.teams.scopes import Scope, proposals
from bot.schedule.calendar import NoWorkingDay
from bot.schedule.plans import next_run, rule_of
from bot.storage import people, schedules
from bot.storage.store import Tx

OPEN_DAYS = {"checkin": 3, "maturity": 10}
"""Working days a round is open unless the lead says otherwise."""


def led_by(tx: Tx, desk: Desk, request: Request, action: Action) -> tuple[Guest, NodeId]:
    """Return who asks and the node it concerns. Raises ``NotAllowed``."""
    asker = guest(tx, desk.env, request.person)
    node = request.context.partition(":")[0]
    asker.must(action, node)
    return asker, node


def instrument_of(desk: Desk, request: Request) -> str:
    """Return the instrument a payload ``node:instrument`` names. Raises ``NotUnderstood``."""
    instrument = request.context.partition(":")[2]
    if instrument not in desk.env.pack.instruments:
        raise NotUnderstood(request.context)
    return instrument


def with_whom(
    tx: Tx, desk: Desk, request: Request, action: Action
) -> tuple[Guest, NodeId, str, tuple[Scope, ...]]:
    """Return who asks, the node and instrument it concerns, and with whom it may be counted.

    Raises ``NotAllowed`` and ``NotUnderstood``.
    """
    asker, node = led_by(tx, desk, request, action)
    instrument = instrument_of(desk, request)
    return asker, node, instrument, scopes_for(tx, desk.env, asker, node, instrument, action)


def move_on(tx: Tx, env: Env, node: NodeId, now: datetime) -> None:
    """Work the due times out again of schedules that follow this node's calendar."""
    tree = people.tree(tx)
    under = set(tree.under(node))
    for one in schedules.everything(tx):
        if not one.active or not under & set(one.scope):
            continue
        calendar = team_calendar(tx, tree, env.defaults, one.scope, now.date())
        try:
            due = next_run(rule_of(one.cadence), calendar, now)
        except NoWorkingDay:
            continue
        if due is None:  # its listed dates have run out
            continue
        schedules.replace(tx, replace(one, nominal=due.nominal, next_run_at=due.at))


def scopes_for(
    tx: Tx, env: Env, asker: Guest, node: NodeId, instrument: str, action: Action
) -> tuple[Scope, ...]:
    """Return with whom the team may be counted, the best first; none: it is too small."""
    everybody = people.everybody(tx)
    tree = asker.tree
    roster = roster_of(tx, env, tree, everybody, instrument)

    def size(at: NodeId) -> int:
        inside = set(tree.under(at))
        return sum(person.home in inside for person in everybody)

    def enough(nodes: tuple[NodeId, ...]) -> bool:
        inside = {one for top in nodes for one in tree.under(top)}
        counted = sum(not one.lead for one in roster if one.node in inside)
        return counted >= threshold_for(tree, env.defaults, nodes)

    return proposals(tree, node, size, enough, lambda nodes: asker.may(action, *nodes))


def too_small(env: Env, asker: Guest, node: NodeId) -> str:
    """Say whom to ask when a team cannot stand alone and its lead leads nobody else."""
    threshold = rules_of(asker.tree, node, env.defaults).threshold
    return asker.reader.words("team.too_small", team=asker.tree[node].name, threshold=threshold)


def scope_input(
    asker: Guest, scopes: tuple[Scope, ...], chosen: tuple[NodeId, ...] | None = None
) -> SelectInput:
    """Return the choice of who takes part."""
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


def questions_input(
    env: Env, asker: Guest, instrument: str, chosen: int | None = None
) -> tuple[SelectInput, ...]:
    """Return the choice of how many questions; none where the instrument asks them all."""
    one = env.pack.instruments[instrument]
    if one.order == "fixed":
        return ()
    fewest, most = one.ask
    options = tuple((str(number), str(number)) for number in range(fewest, most + 1))
    label = asker.reader.words("form.questions")
    return (SelectInput("questions", label, options, (str(chosen or fewest + 1),)),)


def open_days_input(asker: Guest, days: int) -> NumberInput:
    """Return the input for how long the round is open."""
    words = asker.reader.words
    return NumberInput(
        "open_days", words("form.open_days"), 1, 20, days, hint=words("form.open_days_hint")
    )
