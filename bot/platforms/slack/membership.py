"""What becomes of a person whose channel changes: taken in, moved, let go. Inside a transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.people import Grant, NodeId, Person, PersonId, Role
from bot.flows.env import Env
from bot.flows.people.leaving import empty_ballots
from bot.flows.teams import basics, roles_told
from bot.platforms.slack.profiles import Profile, keep
from bot.storage import outbox, people, slack_accounts, slack_erased, slack_leads
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx

GRACE = timedelta(days=1)
"""Who leaves his team's channel by mistake, and is back within this, leads the team as before."""


def take_in(tx: Tx, env: Env, seen: Profile, node: NodeId) -> PersonId:
    """Take somebody into a team; who has a team already stays in it.

    Somebody new gets a welcome. Who was erased before is somebody new.
    """
    slack_erased.forget(tx, seen.team, seen.user)
    kept = slack_accounts.member(tx, seen.team, seen.user)
    known = people.get(tx, kept.person) if kept else None
    if known is None and seen.email:
        known = people.by_email(tx, seen.email)
    if known is not None:
        if not known.active:
            people.put_person(tx, replace(known, active=True, home=node))
            _leads_again(tx, env, known.id, node)
        keep(tx, seen, known.id)
        return known.id
    one = Person(env.chance.token(), seen.name, node, _free(tx, seen.email))
    people.put_person(tx, one)
    keep(tx, seen, one.id)
    row = Outgoing(f"welcome:{one.id}", f"person:{one.id}", Note("welcome"), env.clock.now())
    outbox.add(tx, [env.chance.token()], [row])
    return one.id


def let_go(
    tx: Tx, env: Env, person: PersonId, node: NodeId | None, to: NodeId | None = None
) -> None:
    """Move somebody who left his team (``node``; ``None``: Slack altogether) to the team ``to``.

    Where there is none he is deactivated. Who has a role somewhere else stays: his work is not
    this team's alone.
    """
    known = people.get(tx, person)
    if known is None or not known.active or node not in (None, known.home):
        return
    if to is not None:
        _move(tx, env, known, to)
        return
    elsewhere = [one for one in people.roles(tx, person) if one.node != known.home]
    if elsewhere and node is not None:
        return
    empty_ballots(tx, env, [person])
    _end_roles(tx, env, known, ())
    people.put_person(tx, replace(known, active=False))


def active(tx: Tx, teams: Iterable[str], users: Iterable[str]) -> frozenset[str]:
    """Return those who are known and here already."""
    kept = [one for user in users if (one := slack_accounts.member_among(tx, teams, user))]
    found = people.by_ids(tx, [one.person for one in kept])
    return frozenset(one.user for one in kept if found[one.person].active)


def missing(
    tx: Tx, teams: Iterable[str], inside: frozenset[str], node: NodeId
) -> dict[PersonId, tuple[str, ...]]:
    """Return those of a team who are not in its channel any more, with their accounts."""
    found = {}
    for person in people.everybody(tx, [node]):
        users = tuple(m.user for m in slack_accounts.members_of(tx, person.id) if m.team in teams)
        if users and inside.isdisjoint(users):
            found[person.id] = users
    return found


def _move(tx: Tx, env: Env, known: Person, to: NodeId) -> None:
    """Give somebody another team. His ballots in open rounds count where they were given."""
    if to == known.home:
        return
    kept = [one for one in people.roles(tx, known.id) if one.node != known.home]
    _end_roles(tx, env, known, kept)
    people.put_person(tx, replace(known, home=to))
    _leads_again(tx, env, known.id, to)


def _end_roles(tx: Tx, env: Env, known: Person, kept: Sequence[Grant]) -> None:
    """Take somebody's roles but those he keeps; of a team left without a lead somebody is told.

    The team whose channel he left he leads again if he is back within a day.
    """
    led = {one.node for one in people.roles(tx, known.id) if one.role is Role.LEAD}
    people.put_grants(tx, known.id, kept)
    for node in sorted(led - {one.node for one in kept if one.role is Role.LEAD}):
        slack_leads.remember(tx, known.id, node, env.clock.now() + GRACE)
        roles_told.tell_leaderless(tx, env, node)


def _leads_again(tx: Tx, env: Env, person: PersonId, node: NodeId) -> None:
    """Let who is back in his team soon after he left it lead it as before."""
    near = basics.akin(people.tree(tx), node)
    elected = any(g.role is Role.AMR and g.node in near for g in people.roles(tx, person))
    if slack_leads.take(tx, person, node, env.clock.now()) and not elected:
        basics.hold(tx, Grant(person, node, Role.LEAD), yes=True)


def _free(tx: Tx, email: str | None) -> str | None:
    """Return the address, unless somebody who has left still has it."""
    taken = email and any(one.email == email for one in people.all_known(tx))
    return None if taken else email
