"""Carries out what ``people.importing`` decided, and erases a person, each in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.people import Person
from bot.flows.actions import agenda
from bot.flows.calendars import Calendars
from bot.flows.env import Env
from bot.flows.people import leaving as people_leaving
from bot.flows.people.plan import Plan, Standing
from bot.flows.programmes import registry as programmes
from bot.flows.rounds import answering
from bot.storage import chat, ideas, outbox, people, people_bulk, schedules
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx

GONE = "–"
"""The name of somebody who was erased."""
LATEST_WELCOME = timedelta(days=30)

Progress = Callable[[int], object]
"""Called with the number of people done since the last call."""


@dataclass(frozen=True)
class Done:
    """What happened beside the plan: emptied ballots, stopped plans."""

    emptied: int = 0
    stopped: int = 0


@dataclass(frozen=True)
class Erased:
    """What was erased with a person."""

    ballots: int
    messages: int


def standing(tx: Tx) -> Standing:
    """Return what is in the database now."""
    everybody = people.all_known(tx)
    try:
        tree = people.tree(tx)
    except ValueError:
        tree = None
    return Standing(tree, everybody, people.grants(tx), people_bulk.needed_nodes(tx))


def carry_out(tx: Tx, env: Env, plan: Plan, progress: Progress = lambda _: None) -> Done:
    """Do everything the plan says."""
    for node in (*plan.new_nodes, *(after for _, after in plan.changed_nodes)):
        people.put_node(tx, node)
    for node in plan.new_nodes:
        chat.ensure(tx, chat.channel_id(node.id))
    emptied = people_leaving.empty_ballots(tx, env, [one.id for one in plan.leaving])
    people_bulk.make_inactive(tx, [one.id for one in plan.leaving])
    progress(len(plan.leaving))
    changes = (*plan.released, *plan.returning, *plan.changed, *plan.moved)
    people_bulk.clear_emails(
        tx, [one.before.id for one in changes if one.before.email != one.after.email]
    )
    people_bulk.update_people(tx, [change.after for change in changes])
    progress(len(plan.returning) + len(plan.changed) + len(plan.moved))
    for at in range(0, len(plan.new), 500):
        some = plan.new[at : at + 500]
        people_bulk.insert_people(tx, some)
        progress(len(some))
    people_bulk.put_grants(tx, {role.person.id: role.after for role in plan.roles})
    gone_or_back = [*plan.leaving, *(change.after for change in plan.returning)]
    agenda.replan_all_of(tx, env, [one.id for one in gone_or_back], env.clock.now())
    stopped = _remove_nodes(tx, plan)
    _welcome(tx, env, plan)
    programmes.settle(tx, env, env.clock.now())
    return Done(emptied, stopped)


def _remove_nodes(tx: Tx, plan: Plan) -> int:
    gone = {node.id for node in plan.removed_nodes}
    stopped = 0
    for one in schedules.everything(tx) if gone else ():
        if one.active and gone & set(one.scope):
            schedules.replace(tx, replace(one, active=False, next_run_at=None))
            stopped += 1
    for node in plan.removed_nodes:
        people_bulk.let_go_of_node(tx, node.id)
        people.remove_node(tx, node.id)
    return stopped


def _welcome(tx: Tx, env: Env, plan: Plan) -> None:
    """Welcome everybody who is new, in his own hours, once."""
    arrived = [*plan.new, *(change.after for change in plan.returning)]
    if not arrived:
        return
    now = env.clock.now()
    ids = [person.id for person in arrived]
    calendars = Calendars.read(tx, plan.tree, env.defaults, ids, now.date())
    rows = [
        Outgoing(
            "welcome",
            f"person:{person.id}",
            Note("welcome"),
            calendars.first_moment(person, now, now + LATEST_WELCOME),
        )
        for person in arrived
    ]
    outbox.add(tx, (env.chance.token() for _ in rows), rows)


def erase(tx: Tx, env: Env, person: Person) -> Erased:
    """Erase a person: name, address, settings, messages, roles; his ballots are emptied.

    The id stays, for past rosters count by it, and so do figures, which tell nothing of him.
    """
    ballots = answering.erase(tx, env, person.id)
    messages = people_bulk.erase_traces(tx, person.id)
    ideas.unsign(tx, person.id)
    people.put_person(tx, Person(person.id, GONE, person.home, active=False))
    agenda.replan_all_of(tx, env, [person.id], env.clock.now())
    return Erased(ballots, messages)
