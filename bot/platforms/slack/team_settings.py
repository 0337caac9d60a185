"""What a lead changes about a team that is set up: its channel, its name, who is elected for it.

One form, from ``/trivsel settings``, the team's page, or the welcome's button. Its hours, language
and threshold are the flows' own form, one button further.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from bot.cards import (
    Actions,
    Ask,
    Button,
    Form,
    Input,
    Part,
    Reply,
    Say,
    SelectInput,
    TextInput,
)
from bot.cards import Text as Paragraph
from bot.content.words import Words
from bot.domain.people import Node, NodeId, PersonId
from bot.domain.permissions import Action
from bot.flows import forms
from bot.flows.desk import Guest, NotAllowed, guest
from bot.flows.env import Env
from bot.flows.teams import basics
from bot.platforms.slack.channels import bound
from bot.platforms.slack.front import Own
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.rooms import Rooms, usable
from bot.platforms.slack.roster import Roster
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.told import Origin, Pressed, Sent
from bot.storage import chat, rounds, slack_channels
from bot.storage.slack_channels import Bound
from bot.storage.store import Store, Tx

TEAM = "slack.team"
NONE = "none"
"""The option that means: no channel, results stay in the bot."""
LONGEST = 80


@dataclass(frozen=True)
class Standing:
    """A team as it stands, for somebody who may change it."""

    node: Node
    bound: Bound | None
    elected: tuple[PersonId, ...]
    eligible: tuple[tuple[PersonId, str], ...]
    taken: frozenset[str]
    """Channels that are other conversations'."""
    asked: bool
    """Whether a round is open: who leaves the team takes his answers out of it."""

    @property
    def stamp(self) -> str:
        """A mark of all that the form changes: another one, and somebody else has changed it."""
        told = [self.bound.id if self.bound else "", self.node.name, list(self.elected)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


class TeamSettings:
    """Changes teams that are set up."""

    def __init__(
        self,
        store: Store,
        env: Env,
        roster: Roster,
        acquaintances: Acquaintances,
        rooms: Rooms,
        tasks: Tasks,
    ) -> None:
        self._store, self._env, self._roster = store, env, roster
        self._people, self._rooms, self._tasks = acquaintances, rooms, tasks

    def own(self) -> dict[str, Own]:
        """Return what the form does."""
        return {TEAM: self.change}

    async def change(self, told: Pressed | Sent, person: PersonId | None, words: Words) -> Reply:
        """Show a team's set-up to somebody who may change it, or keep what he has changed.

        The context is the team's node, in a form with the stamp of what it was drawn from.
        """
        node, _, stamp = told.context.partition(":")
        if person is None:
            return Say(words("slack.unknown"))
        now = await self._store.read(lambda tx: self._standing(tx, person, node))
        if now is None:
            return Say(words("error.not_allowed"))
        form = await self._form(told.origin, now, words)
        if isinstance(told, Pressed):
            return Ask(form)
        filled = forms.read(form, told.values, words)
        if stamp != now.stamp:
            return Ask(form, {"channel": _as_it_is(now, words)})
        if filled.errors:
            return Ask(form, filled.errors)
        reply = await self._sent(told.origin, person, now, filled.values, form, words)
        return reply or await self.change(told, person, words)

    async def ways(self, person: PersonId, path: str, words: Words) -> tuple[Part, ...]:
        """Return the button that leads here from a team's page, for who may change the team."""
        kind, _, node = path.partition("/")
        if kind != "team":
            return ()
        may = await self._store.read(lambda tx: self._standing(tx, person, node)) is not None
        button = Button(TEAM, words("slack.team.button"), node, opens_form=True)
        return (Actions((button,)),) if may else ()

    async def _sent(
        self,
        here: Origin,
        person: PersonId,
        now: Standing,
        values: Any,
        form: Form,
        words: Words,
    ) -> Reply | None:
        """Keep what was sent; ``None`` where another has changed the team in this moment."""
        wanted = values["channel"][0]
        before = now.bound.channel if now.bound else NONE
        info = None
        if wanted not in (before, NONE):
            info = await self._rooms.describe(here.team, wanted)
            if info is None or not usable(info):
                return Ask(form, {"channel": words("slack.setup.not_here")})
        new = bound(self._env.chance, here.team, info, _mine(now)) if info else None
        if new is not None:
            new = replace(new, filled=not self._roster.on)

        def write(tx: Tx) -> bool | None:
            again = self._standing(tx, person, now.node.id)
            if again is None or again.stamp != now.stamp:
                return None
            if new is not None and slack_channels.channel(tx, here.team, new.channel) is not None:
                return False
            self._keep(tx, person, now, values, new, move=wanted != before)
            return True

        done = await self._store.write(write)
        if done is None:
            return None
        if not done:
            return Ask(form, {"channel": words("slack.setup.taken")})
        if new is not None:
            self._people.forget()
            self._tasks.start(self._roster.fill(new))
        key = "slack.team.kept_open" if now.asked and wanted != before else "slack.team.kept"
        return Say(words(key, team=values.get("name") or now.node.name))

    def _keep(
        self, tx: Tx, person: PersonId, now: Standing, values: Any, new: Bound | None, *, move: bool
    ) -> None:
        if new is not None:
            slack_channels.bind(tx, new)
        elif move:
            slack_channels.unbind(tx, _mine(now))
        if self._roster.on:
            asker = guest(tx, self._env, person)
            name = " ".join(values["name"].split())
            elected = values.get("elected", now.elected)
            basics.change(tx, self._env, asker, now.node.id, name, elected)

    def _standing(self, tx: Tx, person: PersonId, node: NodeId) -> Standing | None:
        """Return the team as it stands; ``None`` for somebody who may not change it."""
        try:
            asker = guest(tx, self._env, person)
        except NotAllowed:
            return None
        if not _may(asker, node):
            return None
        mine = chat.channel_id(node)
        return Standing(
            asker.tree[node],
            slack_channels.bound_to(tx, mine),
            basics.elected(tx, node),
            tuple((one.id, one.name) for one in basics.eligible(tx, asker, node)),
            frozenset(
                one.channel for one in slack_channels.all_bound(tx) if one.conversation != mine
            ),
            _open(tx, node),
        )

    async def _form(self, here: Origin, now: Standing, words: Words) -> Form:
        shared = await self._rooms.shared(here.team, here.user)
        rooms = {id_: f"#{name}" for id_, name in shared if id_ not in now.taken}
        if now.bound is not None:
            rooms.setdefault(now.bound.channel, f"#{now.bound.name}")
        options = (*rooms.items(), (NONE, words("slack.team.none")))
        chosen = (now.bound.channel if now.bound else NONE,)
        label = words("slack.team.channel")
        hint = words("slack.team.channel_hint")
        inputs: list[Input] = [SelectInput("channel", label, options, chosen, hint=hint)]
        if self._roster.on:
            name = words("slack.setup.name")
            inputs.append(TextInput("name", name, now.node.name[:LONGEST], limit=LONGEST))
            inputs += _elected(now, words)
        intro = [words("slack.team.intro" if self._roster.on else "slack.team.intro_file")]
        if self._roster.on and now.asked:
            intro.append(words("slack.team.intro_open"))
        rules = Button("team.rules", words("team.button.rules"), now.node.id, opens_form=True)
        return Form(
            id=TEAM,
            title=words("slack.team.form"),
            inputs=tuple(inputs),
            submit=words("form.save"),
            context=f"{now.node.id}:{now.stamp}",
            intro=(Paragraph(now.node.name, "question"), *map(Paragraph, intro)),
            foot=(rules,),
        )


def _elected(now: Standing, words: Words) -> list[Input]:
    options = dict(now.eligible)
    if not options:
        return []
    chosen = tuple(one for one in now.elected if one in options)
    label, hint = words("slack.team.elected"), words("slack.team.elected_hint")
    return [
        SelectInput("elected", label, now.eligible, chosen, hint=hint, many=True, required=False)
    ]


def _as_it_is(now: Standing, words: Words) -> str:
    """Say what somebody else has made of the team: Slack keeps what was typed in its place."""
    channel = f"#{now.bound.name}" if now.bound else words("slack.team.none")
    known = dict(now.eligible)
    names = [known[one] for one in now.elected if one in known]
    return words("slack.team.changed", team=now.node.name, channel=channel, names=names)


def _may(asker: Guest, node: NodeId) -> bool:
    return node in asker.tree and all(
        asker.may(action, node) for action in (Action.CHANGE_SCHEDULE, Action.CHANGE_TEAM_RULES)
    )


def _mine(now: Standing) -> str:
    return chat.channel_id(now.node.id)


def _open(tx: Tx, node: NodeId) -> bool:
    """Tell whether a round is under way whose result would have come to the team's channel."""
    return any(node in one.nodes for one in rounds.taking_answers(tx))
