"""A channel's first minute: a welcome, one form, and the team is there. Also: is it still right?

With rosters from channels, whoever sets a channel up leads the team; the very first one also
administers the bot. With a people file only somebody who leads a team may choose its channel.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.cards import (
    Ask,
    Form,
    Input,
    Reply,
    Say,
    SelectInput,
    TextInput,
)
from bot.cards import Text as Paragraph
from bot.content.words import Words
from bot.domain.people import Grant, Node, NodeId, PersonId, Role
from bot.domain.permissions import Action
from bot.flows.channels import node_of
from bot.flows.desk import guest
from bot.flows.env import Env
from bot.platforms.slack.channels import BY_WORD, OUTSIDE, Channels, as_now, bound, changed
from bot.platforms.slack.front import Own
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.places import recipient
from bot.platforms.slack.profiles import Profile
from bot.platforms.slack.rooms import Rooms, usable
from bot.platforms.slack.roster import Roster, take_in
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.team_settings import TeamSettings
from bot.platforms.slack.told import Pressed, Sent
from bot.storage import outbox, people, slack
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Store, Tx

SET_UP, KEEP = "slack.setup", "slack.channel.keep"
ROOT: NodeId = "org"
NEW = "new"
"""The option that means: a team that is not there yet."""
LONGEST = 80


Options = tuple[tuple[str, str], ...]
"""Conversations, each with its name."""


class Setup:
    """Ties channels to teams."""

    def __init__(
        self,
        store: Store,
        env: Env,
        channels: Channels,
        roster: Roster,
        acquaintances: Acquaintances,
        rooms: Rooms,
        settings: TeamSettings,
        tasks: Tasks,
    ) -> None:
        self._store, self._env, self._channels = store, env, channels
        self._roster, self._people = roster, acquaintances
        self._rooms, self._settings, self._tasks = rooms, settings, tasks

    def own(self) -> dict[str, Own]:
        """Return what the buttons and the form of a welcome do."""
        return {SET_UP: self._set_up, KEEP: self._keep}

    async def welcome(self, team: str, channel: str, cause: str) -> None:
        """Say hello in a channel the bot came into, unless it is some team's already.

        Through the outbox: once for each ``cause``, the event that told of it.
        """
        if await self._channels.conversation(team, channel):
            return
        note = Note("slack.welcome", {"channel": channel, "file": not self._roster.on})
        row = Outgoing(f"setup:{cause}", recipient(team, channel), note, self._env.clock.now())
        ids = [self._env.chance.token()]
        await self._store.write(lambda tx: outbox.add(tx, ids, [row]))

    async def _set_up(self, told: Pressed | Sent, person: PersonId | None, words: Words) -> Reply:
        team, channel = told.origin.team, told.context
        seen = await self._people.profile(team, told.origin.user)
        info = await self._rooms.describe(team, channel)
        if seen is None or not seen.fit:
            return Say(words("slack.unknown"))
        if info is None or not usable(info):
            return Say(words("slack.setup.not_here"), failed=True)
        conversation = await self._channels.conversation(team, channel)
        if conversation:
            return await self._set_up_before(told, person, conversation, words)
        options = await self._store.read(lambda tx: self._options(tx, person, words))
        if not self._roster.on and not options:
            return Say(words("slack.setup.leads_only"))
        form = self._form(words, channel, str(info.get("name") or ""), options)
        if isinstance(told, Pressed):
            return Ask(form)
        return await self._sent(told, person, seen, info, form, words)

    async def _set_up_before(
        self, told: Pressed | Sent, person: PersonId | None, conversation: str, words: Words
    ) -> Reply:
        """Let its lead change the team whose channel this is by now; others are told that it is."""
        kind, _, node = conversation.partition(":")
        if kind == "node" and isinstance(told, Pressed):
            reply = await self._settings.change(replace(told, context=node), person, words)
            if isinstance(reply, Ask):
                return reply
        return Say(words("slack.setup.taken"))

    async def _sent(
        self,
        told: Sent,
        person: PersonId | None,
        seen: Profile,
        info: Mapping[str, Any],
        form: Form,
        words: Words,
    ) -> Reply:
        given = told.values.get("team")
        chosen = str(given[0]) if isinstance(given, list) and given else NEW
        name = " ".join(str(told.values.get("name") or "").split())
        if chosen == NEW and (not self._roster.on or not 0 < len(name) <= LONGEST):
            return Ask(form, {"name": words("form.required")})
        top = await self._top(told.origin.team) or name

        def write(tx: Tx) -> slack.Bound | str:
            if slack.channel(tx, told.origin.team, told.context) is not None:
                return "slack.setup.taken"  # two at once: the first one's team stands
            if chosen == NEW:
                conversation = f"node:{self._new_team(tx, seen, name, top)}"
            elif chosen in dict(self._options(tx, person, words)):
                conversation = chosen
            else:
                return "form.choose"
            one = bound(self._env.chance, told.origin.team, info, conversation)
            slack.bind(tx, one)
            return one

        done = await self._store.write(write)
        if done == "slack.setup.taken":
            return Say(words(done))
        if isinstance(done, str):
            return Ask(form, {"team": words(done)})
        self._people.forget()
        self._tasks.start(self._roster.fill(done))
        tree = await self._store.read(people.tree)
        return Say(words("slack.setup.done", team=tree[node_of(done.conversation)].name))

    async def _top(self, team: str) -> str:
        """Return what the organisation is called: as its settings say, else as Slack does."""
        known = await self._store.read(people.all_known)
        if self._env.organisation or known:
            return self._env.organisation
        return await self._rooms.workspace(team)

    def _new_team(self, tx: Tx, seen: Profile, name: str, top: str) -> NodeId:
        """Make a team with whoever sets it up as its lead; the first one also administers."""
        first = not people.all_known(tx)
        if first:
            people.put_node(tx, Node(ROOT, top))
        root = people.tree(tx).root.id
        node = self._env.chance.token()
        people.put_node(tx, Node(node, name, root))
        person = take_in(tx, self._env, seen, node)
        grants = [*people.roles(tx, person), Grant(person, node, Role.LEAD)]
        if first:
            grants.append(Grant(person, root, Role.ADMIN))
        people.put_grants(tx, person, grants)
        return node

    def _options(self, tx: Tx, person: PersonId | None, words: Words) -> Options:
        """Return the conversations a person may give a channel to: teams he leads, his groups."""
        if person is None:
            return ()
        asker = guest(tx, self._env, person)
        found = []
        for node in asker.tree.values():
            if asker.may(Action.CHANGE_SCHEDULE, node.id):
                found.append((f"node:{node.id}", node.name))
            if asker.may(Action.SEE_DIGEST, node.id):
                found.append((f"amg:{node.id}", words("amg.channel", team=node.name)))
        return tuple(sorted(found, key=lambda one: one[1]))

    def _form(self, words: Words, channel: str, name: str, options: Options) -> Form:
        inputs: list[Input] = []
        if options:
            new = ((NEW, words("slack.setup.new")),) if self._roster.on else ()
            chosen = (NEW,) if new else ()
            inputs.append(SelectInput("team", words("slack.setup.team"), (*new, *options), chosen))
        if self._roster.on:
            label = words("slack.setup.name")
            inputs.append(
                TextInput("name", label, name[:LONGEST], limit=LONGEST, required=not options)
            )
        intro = words("slack.setup.intro" if self._roster.on else "slack.setup.intro_file")
        return Form(
            id=SET_UP,
            title=words("slack.setup.form"),
            inputs=tuple(inputs),
            submit=words("slack.setup.submit"),
            context=channel,
            intro=(Paragraph(intro),),
        )

    async def _keep(self, told: Pressed | Sent, person: PersonId | None, words: Words) -> Reply:
        """Use a held channel as it is now, on a lead's word; the value is what he was asked about.

        Where something else is the case by now, he is asked about that.
        """
        team, _, channel = told.context.partition(":")
        one = await self._store.read(lambda tx: slack.channel(tx, team, channel))
        if one is None or person is None:
            return Say(words("error.not_understood"))
        may = await self._store.read(lambda tx: guest(tx, self._env, person).may(
            Action.CHANGE_SCHEDULE, node_of(one.conversation)))  # fmt: skip
        if not may:
            return Say(words("error.not_allowed"))
        info = await self._rooms.describe(team, channel)
        why = changed(one, info) if info else OUTSIDE
        if info is None or (why is not None and why not in BY_WORD):
            return Say(words("channel.held.still"))
        asked = told.value if isinstance(told, Pressed) else ""
        if why is not None and why != asked:
            await self._channels.hold(one, why)
            return Say(words(f"channel.held.{why}", name=f"#{one.name}"))
        now = as_now(one, info)
        await self._channels.go_on(now)
        return Say(words("channel.held.kept", name=f"#{now.name}"))
