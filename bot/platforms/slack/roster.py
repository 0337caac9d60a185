"""Who is in a team, where its channel says so: whoever joins is in it, whoever leaves is not.

Where a people file says who is here, channels change nothing (``on`` is false).
"""

import logging
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

from bot.domain.people import NodeId, Person, PersonId
from bot.flows.env import Env
from bot.flows.people.leaving import empty_ballots
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.profiles import Profile, keep
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import Workspaces, client
from bot.storage import outbox, people, slack
from bot.storage.outbox import Note, Outgoing
from bot.storage.slack import Bound
from bot.storage.store import Store, Tx

log = logging.getLogger(__name__)


class Roster:
    """Keeps teams as their channels are."""

    def __init__(
        self,
        store: Store,
        env: Env,
        acquaintances: Acquaintances,
        workspaces: Workspaces,
        api: str,
        *,
        on: bool,
    ) -> None:
        self._store, self._env, self._people = store, env, acquaintances
        self._workspaces, self._api = workspaces, api
        self.on = on

    async def joined(self, team: str, channel: str, user: str) -> None:
        """Take somebody into the team of a channel he came into."""
        node = await self._team_of(team, channel)
        if node is None:
            return
        seen = await self._people.profile(team, user)
        if seen is not None and seen.fit:
            await self._store.write(lambda tx: take_in(tx, self._env, seen, node))
            self._people.forget()

    async def left(self, team: str, channel: str, user: str) -> None:
        """Let somebody go who went out of his team's channel."""
        node = await self._team_of(team, channel)
        if node is not None:
            teams = await self._people.together(team)
            await self._store.write(lambda tx: self._let_go(tx, teams, user, node))

    async def gone(self, team: str, user: str) -> None:
        """Let somebody go whose account was closed, or is a guest's now."""
        if self.on:
            teams = await self._people.together(team)
            await self._store.write(lambda tx: self._let_go(tx, teams, user, None))

    async def fill(self, one: Bound) -> bool:
        """Make a team what its channel is now; ``False`` where Slack does not say who is there."""
        node = await self._team_of(one.team, one.channel)
        if node is None:
            return True
        try:
            inside = [user async for user in self._inside(one)]
        except TROUBLE as trouble:
            log.warning("SLACK-8 a channel's people cannot be read: %s", error_of(trouble))
            return False
        teams = await self._people.together(one.team)
        known = await self._store.read(lambda tx: _active(tx, teams, inside))
        for user in inside:
            if user not in known:
                await self.joined(one.team, one.channel, user)
        await self._store.write(lambda tx: self._missing(tx, teams, frozenset(inside), node))
        return True

    async def catch_up(self) -> None:
        """See who came, went, or may not be asked any more, since somebody listened last."""
        for team in await self._store.read(slack.teams):
            await self._unfit(team)
        if self.on:
            for one in await self._store.read(slack.all_bound):
                if one.held is None:
                    await self.fill(one)

    async def _unfit(self, team: str) -> None:
        """Forget the accounts that were closed or became guests' while nobody listened."""
        try:
            unfit = await self._people.unfit(team)
        except TROUBLE as trouble:
            log.warning("SLACK-8 a workspace's people cannot be read: %s", error_of(trouble))
            return

        def write(tx: Tx) -> bool:
            mine = [one for user in sorted(unfit) if (one := slack.member(tx, team, user))]
            for one in mine:
                if self.on:
                    let_go(tx, self._env, one.person, None)
                slack.drop_member(tx, one.team, one.user)
            return bool(mine)

        found = await self._store.write(write) if unfit else False
        if found:
            self._people.forget()

    async def _team_of(self, team: str, channel: str) -> NodeId | None:
        if not self.on:
            return None
        teams = await self._people.together(team)
        found = await self._store.read(lambda tx: slack.channel_among(tx, teams, channel))
        kind, _, node = found.conversation.partition(":") if found else ("", "", "")
        return node if kind == "node" else None

    async def _inside(self, one: Bound) -> AsyncIterator[str]:
        bot = await self._workspaces.bot(one.team)
        if bot is None:
            return
        patient, cursor = client(self._api, bot.token, patient=True), ""
        while True:
            said = await patient.conversations_members(
                channel=one.channel, limit=200, **({"cursor": cursor} if cursor else {})
            )
            for user in said["members"]:
                if user != bot.user:
                    yield str(user)
            cursor = (said.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _let_go(self, tx: Tx, teams: Iterable[str], user: str, node: NodeId | None) -> None:
        kept = slack.member_among(tx, teams, user)
        if kept is not None:
            let_go(tx, self._env, kept.person, node)

    def _missing(self, tx: Tx, teams: Iterable[str], inside: frozenset[str], node: NodeId) -> None:
        """Let those of the team go who are not in its channel any more."""
        for person in people.everybody(tx, [node]):
            accounts = [m for m in slack.members_of(tx, person.id) if m.team in teams]
            if accounts and not any(m.user in inside for m in accounts):
                let_go(tx, self._env, person.id, node)


def take_in(tx: Tx, env: Env, seen: Profile, node: NodeId) -> PersonId:
    """Take somebody into a team; who has a team already stays in it.

    Somebody new gets a welcome.
    """
    kept = slack.member(tx, seen.team, seen.user)
    known = people.get(tx, kept.person) if kept else None
    if known is None and seen.email:
        known = people.by_email(tx, seen.email)
    if known is not None:
        if not known.active:
            people.put_person(tx, replace(known, active=True, home=node))
        keep(tx, seen, known.id)
        return known.id
    one = Person(env.chance.token(), seen.name, node, _free(tx, seen.email))
    people.put_person(tx, one)
    keep(tx, seen, one.id)
    row = Outgoing(f"welcome:{one.id}", f"person:{one.id}", Note("welcome"), env.clock.now())
    outbox.add(tx, [env.chance.token()], [row])
    return one.id


def let_go(tx: Tx, env: Env, person: PersonId, node: NodeId | None) -> None:
    """Deactivate somebody who left his team (``node``; ``None``: Slack altogether).

    Who has a role somewhere else stays: his work is not this team's alone.
    """
    known = people.get(tx, person)
    if known is None or not known.active or node not in (None, known.home):
        return
    elsewhere = [one for one in people.roles(tx, person) if one.node != known.home]
    if elsewhere and node is not None:
        return
    empty_ballots(tx, env, [person])
    people.put_grants(tx, person, ())
    people.put_person(tx, replace(known, active=False))


def _active(tx: Tx, teams: Iterable[str], users: Iterable[str]) -> frozenset[str]:
    """Return those who are known and here already."""
    kept = [one for user in users if (one := slack.member_among(tx, teams, user))]
    found = people.by_ids(tx, [one.person for one in kept])
    return frozenset(one.user for one in kept if found[one.person].active)


def _free(tx: Tx, email: str | None) -> str | None:
    """Return the address, unless somebody who has left still has it."""
    taken = email and any(one.email == email for one in people.all_known(tx))
    return None if taken else email
