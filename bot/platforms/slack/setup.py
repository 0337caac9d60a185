"""A channel's first minute: a welcome, one form, and the team is there. Also: is it still right?

With rosters from channels, whoever sets a channel up leads the team; the very first one also
administers the bot. With a people file only somebody who leads a team may choose its channel.
"""

import logging
from collections.abc import Mapping
from typing import Any

from bot.cards import (
    Actions,
    Ask,
    Button,
    Form,
    Input,
    Message,
    Reply,
    Say,
    SelectInput,
    TextInput,
)
from bot.cards import Text as Paragraph
from bot.content.words import Words
from bot.domain.people import Grant, Node, NodeId, PersonId, Role
from bot.domain.permissions import Action
from bot.flows.desk import guest
from bot.flows.env import Env
from bot.platforms.slack import blocks
from bot.platforms.slack.channels import Channels, bound, changed, node_of
from bot.platforms.slack.hearing import Own
from bot.platforms.slack.inbound import Pressed, Sent
from bot.platforms.slack.people import Acquaintances, Profile
from bot.platforms.slack.rendering import Rendering
from bot.platforms.slack.roster import Roster, take_in
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import Workspaces, client_of
from bot.storage import people, slack
from bot.storage.store import Store, Tx

log = logging.getLogger(__name__)

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
        workspaces: Workspaces,
        api: str,
        tasks: Tasks,
    ) -> None:
        self._store, self._env, self._channels = store, env, channels
        self._roster, self._people = roster, acquaintances
        self._workspaces, self._api, self._tasks = workspaces, api, tasks

    def own(self) -> dict[str, Own]:
        """Return what the buttons and the form of a welcome do."""
        return {SET_UP: self._set_up, KEEP: self._keep}

    async def welcome(self, team: str, channel: str, words: Words) -> None:
        """Say hello in a channel the bot came into, unless it is some team's already."""
        if await self._channels.conversation(team, channel):
            return
        text = words("slack.setup.text" if self._roster.on else "slack.setup.text_file")
        button = Button(
            SET_UP, words("slack.setup.button"), channel, style="primary", opens_form=True
        )
        card = Message(
            text, (Paragraph(text), Actions((button,))), title=words("slack.setup.title")
        )
        drawn = blocks.message(card, context=Rendering(words, str))
        try:
            await (await client_of(self._workspaces, self._api, team)).chat_postMessage(
                channel=channel, text=drawn.text, blocks=list(drawn.blocks)
            )
        except TROUBLE as trouble:
            log.warning("SLACK-2 a welcome was not said: %s", error_of(trouble))

    async def describe(self, team: str, channel: str) -> Mapping[str, Any] | None:
        """Return a channel as Slack describes it now; ``None`` where it does not."""
        try:
            to = await client_of(self._workspaces, self._api, team)
            said = await to.conversations_info(channel=channel)
        except TROUBLE as trouble:
            log.warning("SLACK-2 conversations.info: %s", error_of(trouble))
            return None
        found: Mapping[str, Any] = said["channel"]
        return found

    async def _set_up(self, told: Pressed | Sent, person: PersonId | None, words: Words) -> Reply:
        team, channel = told.origin.team, told.context
        seen = await self._people.profile(team, told.origin.user)
        info = await self.describe(team, channel)
        if seen is None or not seen.fit:
            return Say(words("slack.unknown"))
        if info is None or info.get("is_ext_shared") or not info.get("is_member"):
            return Say(words("slack.setup.not_here"), failed=True)
        if await self._channels.conversation(team, channel):
            return Say(words("slack.setup.taken"))
        options = await self._store.read(lambda tx: self._options(tx, person, words))
        if not self._roster.on and not options:
            return Say(words("slack.setup.leads_only"))
        form = self._form(words, channel, str(info.get("name") or ""), options)
        if isinstance(told, Pressed):
            return Ask(form)
        return await self._sent(told, seen, info, form, words)

    async def _sent(
        self, told: Sent, seen: Profile, info: Mapping[str, Any], form: Form, words: Words
    ) -> Reply:
        given = told.values.get("team")
        chosen = str(given[0]) if isinstance(given, list) and given else NEW
        name = " ".join(str(told.values.get("name") or "").split())
        offered = {value for one in form.inputs if isinstance(one, SelectInput)
                   for value, _ in one.options}  # fmt: skip
        if chosen != NEW and chosen not in offered:
            return Ask(form, {"team": words("form.choose")})
        if chosen == NEW and (not self._roster.on or not 0 < len(name) <= LONGEST):
            return Ask(form, {"name": words("form.required")})

        def write(tx: Tx) -> tuple[slack.Bound, str]:
            if chosen == NEW:
                node = self._new_team(tx, seen, name)
                conversation, said = f"node:{node}", name
            else:
                conversation, said = chosen, people.tree(tx)[node_of(chosen)].name
            one = bound(self._env.clock, told.origin.team, info, conversation)
            slack.bind(tx, one)
            return one, said

        one, said = await self._store.write(write)
        self._people.forget()
        self._tasks.start(self._roster.fill(one))
        return Say(words("slack.setup.done", team=said))

    def _new_team(self, tx: Tx, seen: Profile, name: str) -> NodeId:
        """Make a team with whoever sets it up as its lead; the first one also administers."""
        first = not people.all_known(tx)
        if first:
            people.put_node(tx, Node(ROOT, self._env.organisation))
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
        """Use a held channel as it is now, on a lead's word."""
        team, _, channel = told.context.partition(":")
        one = await self._store.read(lambda tx: slack.channel(tx, team, channel))
        if one is None or person is None:
            return Say(words("error.not_understood"))
        may = await self._store.read(lambda tx: guest(tx, self._env, person).may(
            Action.CHANGE_SCHEDULE, node_of(one.conversation)))  # fmt: skip
        if not may:
            return Say(words("error.not_allowed"))
        info = await self.describe(team, channel)
        now = bound(self._env.clock, team, info, one.conversation, one.at) if info else None
        if info is None or now is None or changed(now, info) is not None:
            return Say(words("channel.held.still"))
        await self._channels.go_on(now)
        return Say(words("channel.held.kept", name=f"#{now.name}"))
