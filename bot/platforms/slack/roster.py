"""Who is in a team, where its channel says so: whoever joins is in it, whoever leaves is not.

Where a people file says who is here, channels change nothing (``on`` is false).
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.domain.people import NodeId
from bot.flows.env import Env
from bot.flows.teams import filled
from bot.platforms.slack.channels import OUTSIDE
from bot.platforms.slack.membership import active, let_go, missing, take_in
from bot.platforms.slack.pacing import Paces
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.rooms import Rooms
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import NotNow, Workspaces, client
from bot.storage import (
    people,
    slack_accounts,
    slack_channels,
    slack_erased,
    slack_installs,
    slack_leads,
)
from bot.storage.slack_channels import Bound
from bot.storage.store import Store, Tx

log = logging.getLogger(__name__)

UNREAD = "unread"
"""The kind of those in a channel of whom Slack tells nothing now; the next look finds them."""


class Roster:
    """Keeps teams as their channels are."""

    def __init__(
        self,
        store: Store,
        env: Env,
        acquaintances: Acquaintances,
        rooms: Rooms,
        workspaces: Workspaces,
        api: str,
        paces: Paces,
        *,
        on: bool,
    ) -> None:
        self._store, self._env, self._people = store, env, acquaintances
        self._rooms, self._workspaces, self._api = rooms, workspaces, api
        self._paces = paces
        self.on = on

    async def joined(self, team: str, channel: str, user: str) -> None:
        """Take somebody into the team of a channel he came into, also if he was erased before."""
        node = await self._team_of(team, channel)
        if node is not None:
            await self._take_in(team, user, node)

    async def left(self, team: str, channel: str, user: str) -> None:
        """Let somebody go who went out of his team's channel, or move him to that he is in now."""
        node = await self._team_of(team, channel)
        if node is None:
            return
        teams = await self._people.together(team)
        if await self._store.read(lambda tx: _at_home(tx, teams, user, node)):
            to = await self._elsewhere(teams, (user,), node)
            await self._store.write(lambda tx: self._let_go(tx, teams, user, node, to))

    async def gone(self, team: str, user: str) -> None:
        """Let somebody go whose account was closed, or is a guest's now."""
        if self.on:
            teams = await self._people.together(team)
            await self._store.write(lambda tx: self._let_go(tx, teams, user, None, None))

    async def fill(self, one: Bound, cause: str = "") -> bool:
        """Make a team what its channel is now; ``False`` where Slack does not say who is there.

        The first time its leads are told how it went, about each ``cause`` once.
        """
        try:
            node = await self._team_of(one.team, one.channel)
            if node is None:
                return True
            inside = await self._inside(one)
            teams = await self._people.together(one.team)
        except (*TROUBLE, NotNow) as trouble:
            log.warning("SLACK-8 a channel's people cannot be read: %s", error_of(trouble))
            await self._store.write(lambda tx: self._not_filled(tx, one, cause))
            return False
        left_out = await self._take_in_all(one.team, teams, inside, node)
        await self._let_go_missing(teams, frozenset(inside), node)
        await self._store.write(lambda tx: self._filled(tx, one, node, left_out))
        return True

    async def catch_up(self) -> None:
        """See who came, went, or may not be asked any more, since somebody listened last."""
        await self._store.write(lambda tx: slack_leads.clear(tx, self._env.clock.now()))
        for team in await self._store.read(slack_installs.teams):
            await self._unfit(team)
        for one in await self._store.read(slack_channels.all_bound):
            if self.on and (one.held is None or not one.filled):
                await self.fill(one)
            elif not one.filled:  # a people file says by now who is here
                await self._store.write(lambda tx, b=one: slack_channels.fill(tx, b))  # type: ignore[misc]

    async def _take_in(self, team: str, user: str, node: NodeId) -> str | None:
        """Take somebody into a team; return what he is if not somebody to be asked."""
        seen = await self._people.profile(team, user)
        if seen is None or not seen.fit:
            return seen.kind if seen else UNREAD
        await self._store.write(lambda tx: take_in(tx, self._env, seen, node))
        self._people.forget()
        return None

    async def _take_in_all(
        self, team: str, teams: Sequence[str], inside: Sequence[str], node: NodeId
    ) -> Counter[str]:
        """Take those of a channel into its team who are in none; count those left out by kind.

        Who was erased is not brought back by this, only by joining himself.
        """
        known = await self._store.read(lambda tx: active(tx, teams, inside))
        left_out: Counter[str] = Counter()
        for user in inside:
            if user in known or await self._store.read(
                lambda tx, u=user: slack_erased.is_erased(tx, teams, u)  # type: ignore[misc]
            ):
                continue
            await self._paces.of(team).call("users.info")
            kind = await self._take_in(team, user, node)
            if kind is not None:
                left_out[kind] += 1
        return left_out

    async def _let_go_missing(
        self, teams: Sequence[str], inside: frozenset[str], node: NodeId
    ) -> None:
        """Let those of the team go who are not in its channel any more."""
        gone = await self._store.read(lambda tx: missing(tx, teams, inside, node))
        for person, users in gone.items():
            to = await self._elsewhere(teams, users, node)
            await self._store.write(
                lambda tx, p=person, t=to: let_go(tx, self._env, p, node, t)  # type: ignore[misc]
            )

    async def _elsewhere(
        self, teams: Sequence[str], users: Sequence[str], node: NodeId
    ) -> NodeId | None:
        """Return a team whose channel somebody is in now: the one he has, else another."""
        every = await self._store.read(slack_channels.all_bound)
        possible = [
            (found, one)
            for one in every
            if one.team in teams and one.held != OUTSIDE and (found := _node(one)) is not None
        ]
        if all(found == node for found, _ in possible):
            return None
        inside: set[str] = set()
        try:
            for place in sorted({one.team for _, one in possible}):
                for user in users:
                    await self._paces.of(place).call("users.conversations")
                    inside |= await self._rooms.of(place, user)
        except TROUBLE as trouble:
            # The next look at that channel finds him.
            log.warning("SLACK-8 somebody's channels cannot be read: %s", error_of(trouble))
        there = [found for found, one in possible if one.channel in inside]
        return node if node in there else next(iter(there), None)

    async def _unfit(self, team: str) -> None:
        """Forget the accounts that were closed or became guests' while nobody listened."""
        try:
            unfit = await self._people.unfit(team)
        except TROUBLE as trouble:
            log.warning("SLACK-8 a workspace's people cannot be read: %s", error_of(trouble))
            return

        def write(tx: Tx) -> bool:
            mine = [one for user in sorted(unfit) if (one := slack_accounts.member(tx, team, user))]
            for one in mine:
                if self.on:
                    let_go(tx, self._env, one.person, None)
                slack_accounts.drop_member(tx, one.team, one.user)
            return bool(mine)

        found = await self._store.write(write) if unfit else False
        if found:
            self._people.forget()

    async def _team_of(self, team: str, channel: str) -> NodeId | None:
        if not self.on:
            return None
        teams = await self._people.together(team)
        found = await self._store.read(lambda tx: slack_channels.channel_among(tx, teams, channel))
        return _node(found) if found else None

    async def _inside(self, one: Bound) -> list[str]:
        """Return the accounts in a channel. Raises what a call of Slack raises, and ``NotNow``."""
        bot = await self._workspaces.bot(one.team)
        if bot is None:
            raise NotNow
        inside: list[str] = []
        patient, cursor = client(self._api, bot.token, patient=True), ""
        while True:
            said = await patient.conversations_members(
                channel=one.channel, limit=200, **({"cursor": cursor} if cursor else {})
            )
            inside += [str(user) for user in said["members"] if user != bot.user]
            cursor = (said.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return inside

    def _filled(self, tx: Tx, one: Bound, node: NodeId, left_out: Mapping[str, int]) -> None:
        if slack_channels.fill(tx, one):
            filled.tell(tx, self._env, node, one.id, left_out)

    def _not_filled(self, tx: Tx, one: Bound, cause: str) -> None:
        now = slack_channels.channel(tx, one.team, one.channel)
        node = _node(now) if now is not None else None
        if now is not None and node is not None and not now.filled:
            filled.tell_unread(tx, self._env, node, f"{now.id}:{cause}")

    def _let_go(
        self, tx: Tx, teams: Sequence[str], user: str, node: NodeId | None, to: NodeId | None
    ) -> None:
        kept = slack_accounts.member_among(tx, teams, user)
        if kept is not None:
            let_go(tx, self._env, kept.person, node, to)


def _node(one: Bound) -> NodeId | None:
    """Return the team whose channel this is; ``None`` for a group's."""
    kind, _, node = one.conversation.partition(":")
    return node if kind == "node" else None


def _at_home(tx: Tx, teams: Iterable[str], user: str, node: NodeId) -> bool:
    """Tell whether somebody is in a team."""
    kept = slack_accounts.member_among(tx, teams, user)
    known = people.active(tx, kept.person) if kept else None
    return known is not None and known.home == node
