"""Who has a role at a team or at the top: further leads, the elected, the work-environment group.

Where teams are their channels, whoever leads the node and the administrator say so; where a people
file is in force, only the administrator, until the file is read again. At least one lead remains.
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.cards import (
    Actions,
    Ask,
    Button,
    Clicked,
    Form,
    Input,
    Part,
    Reply,
    Say,
    SelectInput,
    Text,
)
from bot.domain.people import Grant, NodeId, PersonId, Role
from bot.domain.permissions import Action
from bot.flows import forms
from bot.flows.desk import Desk, Guest, Handlers, NotAllowed, Request, guest
from bot.flows.env import Env
from bot.flows.programmes import registry as programmes
from bot.flows.teams import basics, roles_told
from bot.storage import people
from bot.storage.store import Tx

log = logging.getLogger(__name__)

ROLES = "team.roles"
NAMED: Mapping[str, Role] = {"leads": Role.LEAD, "amr": Role.AMR, "amg": Role.AMG}
"""The form's inputs, each with the role it gives."""


@dataclass(frozen=True)
class Holders:
    """Who has each role at one node itself, whatever is so above it; in order of their ids."""

    leads: tuple[PersonId, ...]
    amr: tuple[PersonId, ...]
    amg: tuple[PersonId, ...]

    @property
    def stamp(self) -> str:
        """A mark of them all: another one, and somebody else has changed them."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:12]


def holders(tx: Tx, node: NodeId) -> Holders:
    """Return who has which role at the node now."""
    here = [one for one in people.grants(tx) if one.node == node]
    return Holders(
        **{
            name: tuple(sorted(one.person for one in here if one.role is role))
            for name, role in NAMED.items()
        }
    )


def may(env: Env, asker: Guest, node: NodeId) -> bool:
    """Tell whether somebody says who has a role here."""
    by_hand = env.rosters.by_channel
    return asker.may(Action.CHANGE_TEAM_RULES if by_hand else Action.IMPORT_PEOPLE, node)


def ways(env: Env, asker: Guest, node: NodeId) -> tuple[Part, ...]:
    """Return the button that opens the form, for who may use it."""
    label = asker.reader.words("team.roles.title")
    button = Button(ROLES, label, node, opens_form=True)
    return (Actions((button,)),) if may(env, asker, node) else ()


async def change(desk: Desk, request: Request) -> Reply:
    """Ask who has which role at a node, or keep it. The context is the node.

    In the form it carries the stamp of what the form was drawn from as well.
    """

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        node, _, stamp = request.context.partition(":")
        if not may(desk.env, asker, node):
            raise NotAllowed(ROLES)
        before, words = holders(tx, node), asker.reader.words
        form = _form(tx, desk.env, asker, node, before)
        if isinstance(request, Clicked):
            return Ask(form)
        if stamp != before.stamp:
            return Ask(form, {"leads": words("team.roles.changed")})
        filled = forms.read(form, request.values, words)
        errors = dict(filled.errors)
        wanted = Holders(**{name: _chosen(filled.values, name, before) for name in NAMED})
        if not errors:
            errors = _wrong(tx, asker, node, before, wanted)
        if errors:
            return Ask(form, errors)
        _keep(tx, desk.env, asker, node, before, wanted)
        return Say(words("team.roles.kept"))

    return await desk.store.write(work)


def _chosen(values: Mapping[str, Any], name: str, before: Holders) -> tuple[PersonId, ...]:
    """Return what was chosen; a choice that had nothing to offer changes nothing."""
    found = values.get(name)
    return getattr(before, name) if found is None else tuple(sorted(found))


def _wrong(tx: Tx, asker: Guest, node: NodeId, before: Holders, wanted: Holders) -> dict[str, str]:
    """Return what is not possible, by input: no lead, or one who could read his people's words."""
    words = asker.reader.words
    if not wanted.leads and (before.leads or asker.tree[node].parent is not None):
        return {"leads": words("team.roles.one_lead")}
    near = basics.akin(asker.tree, node) - {node}
    elected = {one.person for one in people.grants(tx, Role.AMR) if one.node in near}
    elected |= set(wanted.amr)
    both = (set(wanted.leads) - set(before.leads)) & elected
    both |= set(wanted.leads) & (set(wanted.amr) - set(before.amr))
    if both:
        names = sorted(one.name for one in people.by_ids(tx, sorted(both)).values())
        return {"leads": words("team.roles.both", names=names)}
    return {}


def _keep(tx: Tx, env: Env, asker: Guest, node: NodeId, before: Holders, wanted: Holders) -> None:
    basics.elect(tx, env, asker, node, wanted.amr)
    for name, role in NAMED.items():
        old, new = set(getattr(before, name)), set(getattr(wanted, name))
        if role is not Role.AMR:  # done, and told, by the election
            for person in sorted(old ^ new):
                basics.hold(tx, Grant(person, node, role), yes=person in new)
            roles_told.tell(tx, env, node, role, new - old - {asker.id}, old - new - {asker.id})
        if old != new:
            given, taken = len(new - old), len(old - new)
            log.info("role %s at one team: %d given, %d taken", role.value, given, taken)
    if before.leads != wanted.leads:
        roles_told.tell_team(tx, env, node)
    programmes.settle(tx, env, env.clock.now())


def _form(tx: Tx, env: Env, asker: Guest, node: NodeId, now: Holders) -> Form:
    words, team = asker.reader.words, asker.tree[node]
    everybody = tuple((one.id, one.name) for one in people.everybody(tx))
    able = tuple((one.id, one.name) for one in basics.eligible(tx, asker, node))
    needed = bool(now.leads) or team.parent is not None
    inputs: list[Input] = []
    for name, options in (("leads", everybody), ("amr", able), ("amg", everybody)):
        offered = {one for one, _ in options}
        chosen = tuple(one for one in getattr(now, name) if one in offered)
        label, hint = words(f"team.roles.{name}"), words(f"team.roles.{name}_hint")
        required = name == "leads" and needed
        if options:
            one = SelectInput(name, label, options, chosen, hint=hint, many=True, required=required)
            inputs.append(one)
    intro = [Text(team.name, "question"), Text(words("team.roles.intro"), "quiet")]
    if not env.rosters.by_channel:
        intro.append(Text(words("team.roles.file"), "quiet"))
    return Form(
        id=ROLES,
        title=words("team.roles.title"),
        inputs=tuple(inputs),
        submit=words("form.save"),
        context=f"{node}:{now.stamp}",
        intro=tuple(intro),
    )


HANDLERS: Handlers = {ROLES: change}
