"""A channel's first minute: a welcome, one form, and the team is there.

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
from bot.flows.channels import is_group, node_of
from bot.flows.desk import guest
from bot.flows.env import Env
from bot.platforms.slack.channels import Channels, bound
from bot.platforms.slack.front import Own
from bot.platforms.slack.held import Held
from bot.platforms.slack.membership import take_in
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.places import recipient
from bot.platforms.slack.profiles import Profile
from bot.platforms.slack.rooms import Rooms, usable
from bot.platforms.slack.roster import Roster
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.team_settings import TeamSettings
from bot.platforms.slack.told import Pressed, Sent
from bot.storage import chat, outbox, people, slack_channels
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Store, Tx

SET_UP, AGAIN, KEEP = "slack.setup", "slack.setup.again", "slack.channel.keep"
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
        held: Held,
        tasks: Tasks,
    ) -> None:
        self._store, self._env, self._channels = store, env, channels
        self._roster, self._people = roster, acquaintances
        self._rooms, self._settings, self._tasks = rooms, settings, tasks
        self._held = held

    def own(self) -> dict[str, Own]:
        """Return what the buttons and the form of a welcome, and those after it, do."""
        return {SET_UP: self._set_up, AGAIN: self._again, KEEP: self._held.keep}

    async def welcome(self, team: str, channel: str, cause: str) -> None:
        """Say hello in a channel the bot came into; in one that is some team's already, go on.

        Through the outbox: once for each ``cause``, the event that told of it.
        """
        found = await self._channels.of(team, channel)
        if found is not None:
            await self._held.invited_back(found)
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
        name, on = str(info.get("name") or ""), self._roster.on
        form = set_up_form(words, channel, name, options, rosters=on)
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

        def write(tx: Tx) -> slack_channels.Bound | str:
            if slack_channels.channel(tx, told.origin.team, told.context) is not None:
                return "slack.setup.taken"  # two at once: the first one's team stands
            if chosen == NEW:
                conversation = f"node:{self._new_team(tx, seen, name, top)}"
            elif chosen in dict(self._options(tx, person, words)):
                conversation = chosen
            else:
                return "form.choose"
            one = bound(self._env.chance, told.origin.team, info, conversation)
            one = replace(one, filled=not self._roster.on or is_group(conversation))
            slack_channels.bind(tx, one)
            return one

        done = await self._store.write(write)
        if done == "slack.setup.taken":
            return Say(words(done))
        if isinstance(done, str):
            return Ask(form, {"team": words(done)})
        self._people.forget()
        if not done.filled:
            self._tasks.start(self._roster.fill(done))
        return Say(words(_said(done), team=await self._called(node_of(done.conversation))))

    async def _again(self, told: Pressed | Sent, person: PersonId | None, words: Words) -> Reply:
        """Read a channel's people once more, which could not be read; the context is its team."""
        node = told.context
        one = await self._channels.bound_to(chat.channel_id(node))
        if one is None or person is None:
            return Say(words("error.not_understood"))
        if not await self._store.read(lambda tx: guest(tx, self._env, person).may(
            Action.CHANGE_SCHEDULE, node)):  # fmt: skip
            return Say(words("error.not_allowed"))
        if not one.filled:
            self._tasks.start(self._roster.fill(one, told.origin.event))
        key = "slack.setup.all_in" if one.filled else "slack.setup.finding"
        return Say(words(key, team=await self._called(node)))

    async def _called(self, node: NodeId) -> str:
        return (await self._store.read(people.tree))[node].name

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


def set_up_form(words: Words, channel: str, name: str, options: Options, *, rosters: bool) -> Form:
    """Return the form that gives a channel to a team.

    ``name`` is the channel's, ``options`` what the person may give it to; ``rosters``: teams are
    their channels' people, so that a new one may be made.
    """
    inputs: list[Input] = []
    if options:
        new = ((NEW, words("slack.setup.new")),) if rosters else ()
        chosen = (NEW,) if new else ()
        inputs.append(SelectInput("team", words("slack.setup.team"), (*new, *options), chosen))
    if rosters:
        label = words("slack.setup.name")
        inputs.append(TextInput("name", label, name[:LONGEST], limit=LONGEST, required=not options))
    intro = words("slack.setup.intro" if rosters else "slack.setup.intro_file")
    return Form(
        id=SET_UP,
        title=words("slack.setup.form"),
        inputs=tuple(inputs),
        submit=words("slack.setup.submit"),
        context=channel,
        intro=(Paragraph(intro),),
    )


def _said(done: slack_channels.Bound) -> str:
    """Return what is said when a channel was chosen: while its people are read in, just that."""
    if is_group(done.conversation):
        return "slack.setup.done_group"
    return "slack.setup.done" if done.filled else "slack.setup.finding"
