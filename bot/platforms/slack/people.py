"""Who somebody in Slack is: by what is known already, else by the e-mail of his profile.

Guests, bots, deactivated people and those of other organisations are nobody here, and never asked.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.people import PersonId
from bot.domain.recent import Recent
from bot.platforms.slack.pacing import Paces
from bot.platforms.slack.profiles import Profile, home_of, keep, profile
from bot.platforms.slack.trouble import GONE, TROUBLE, error_of
from bot.platforms.slack.workspaces import Bot, Workspaces, client
from bot.storage import people, slack_accounts, slack_installs
from bot.storage.slack_accounts import Member
from bot.storage.store import Store, Tx

log = logging.getLogger(__name__)

MOST = 16_384
"""Accounts that are remembered; a large organisation's people, some hundred bytes each."""
AT_A_TIME = 200
"""Accounts Slack is asked for at once."""


class Acquaintances:
    """Finds people by their Slack account, and accounts by person."""

    def __init__(self, store: Store, workspaces: Workspaces, api: str, paces: Paces) -> None:
        self._store, self._workspaces, self._api = store, workspaces, api
        self._paces = paces
        self._known: Recent[tuple[str, str], PersonId] = Recent(MOST)

    async def person(self, team: str, user: str) -> PersonId | None:
        """Return who this is; a first contact is looked up by e-mail. ``None`` for nobody."""
        found = self._known.find((team, user))
        if found is None:
            teams = await self.together(team)
            kept = await self._store.read(lambda tx: slack_accounts.member_among(tx, teams, user))
            found = kept.person if kept else await self._first_contact(team, user)
            if found is not None:
                self._known.keep((team, user), found)
        return found

    async def names(self, team: str, users: Iterable[str]) -> dict[str, str]:
        """Return the names of those accounts that are known here, without asking Slack.

        The bot's own is empty.
        """
        wanted = tuple(users)
        if not wanted:
            return {}
        teams, bot = await self.together(team), await self._workspaces.bot(team)

        def read(tx: Tx) -> dict[str, str]:
            kept = {user: slack_accounts.member_among(tx, teams, user) for user in wanted}
            found = {user: people.active(tx, one.person) for user, one in kept.items() if one}
            return {user: one.name for user, one in found.items() if one}

        found = await self._store.read(read)
        return found | ({bot.user: ""} if bot else {})

    async def profile(self, team: str, user: str) -> Profile | None:
        """Return somebody's profile as Slack tells it now; ``None`` where it tells none."""
        bot = await self._workspaces.bot(team)
        if bot is None:
            return None
        try:
            return await self._seen(client(self._api, bot.token, patient=True), bot, team, user)
        except TROUBLE as trouble:
            log.info("SLACK-2 users.info: %s", error_of(trouble))
            return None

    async def _seen(self, to: AsyncWebClient, bot: Bot, team: str, user: str) -> Profile:
        """Return somebody's profile. Raises what a call of Slack raises."""
        said = await to.users_info(user=user, include_locale=True)
        if bot.team:
            return profile(team, said["user"])
        own = await self._is_of(bot, said["user"])
        return profile(home_of(said["user"], team), said["user"], own=own)

    async def told(self, team: str, user: Mapping[str, Any]) -> Profile:
        """Return what an event says of somebody; raises nothing.

        Where Slack does not say whose workspace his is, he is taken to be where he was.
        """
        home, own = home_of(user, team), True
        try:
            bot = await self._workspaces.bot(team)
            if bot is not None:
                his = await self._workspaces.bot(home)
                own = his is not None and his.token == bot.token
        except TROUBLE as trouble:
            log.info("SLACK-2 auth.teams.list: %s", error_of(trouble))
        return profile(home, user, own=own)

    async def together(self, team: str) -> tuple[str, ...]:
        """Return the workspaces that share accounts and channels with this one, itself first.

        Those of an organisation the app is installed in as a whole; of others it is the only one.
        """
        bot = await self._workspaces.bot(team)
        if bot is None or bot.team:
            return (team,)
        found = [team]
        for other in await self._store.read(slack_installs.teams):
            his = await self._workspaces.bot(other) if other != team else None
            if his is not None and his.token == bot.token:
                found.append(other)
        return tuple(found)

    async def unfit(self, team: str) -> frozenset[str]:
        """Return the accounts of a workspace that may not be asked, or not any more.

        Raises what a call of Slack raises.
        """
        bot = await self._workspaces.bot(team)
        if bot is None:
            return frozenset()
        patient = client(self._api, bot.token, patient=True)
        found: set[str] = set()
        more: dict[str, str] = {} if bot.team else {"team_id": team}
        while True:
            said = await patient.users_list(limit=AT_A_TIME, **more)  # type: ignore[arg-type]
            found |= {str(one["id"]) for one in said["members"] if not profile(team, one).fit}
            cursor = (said.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return frozenset(found)
            more["cursor"] = cursor

    async def _is_of(self, bot: Bot, user: Mapping[str, Any]) -> bool:
        """Tell whether somebody belongs to a workspace of the bot's organisation."""
        try:
            his = await self._workspaces.bot(str(user.get("team_id") or ""))
        except TROUBLE as trouble:
            log.info("SLACK-2 auth.teams.list: %s", error_of(trouble))
            return False
        return his is not None and his.enterprise == bot.enterprise

    async def account(self, person: PersonId) -> Member | None:
        """Return where somebody can be written to; looked up by e-mail the first time.

        Who is written to is known when he presses. Raises what a call of Slack raises
        (``TROUBLE``), but for "there is nobody".
        """
        kept = await self._store.read(lambda tx: slack_accounts.members_of(tx, person))
        found = kept[0] if kept else await self._looked_up(person)
        if found is not None:
            self._known.keep((found.team, found.user), person)
        return found

    async def _looked_up(self, person: PersonId) -> Member | None:
        known = await self._store.read(lambda tx: people.get(tx, person))
        if known is None or not known.active or not known.email:
            return None
        asked: set[str] = set()
        for team in await self._workspaces.teams():
            bot = await self._workspaces.bot(team)
            if bot is None or bot.token in asked:  # an organisation has one for all its workspaces
                continue
            asked.add(bot.token)
            found = await self._by_email(bot, team, known.email)
            if found is not None and found.fit:
                return await self._store.write(lambda tx, p=found: keep(tx, p, person))  # type: ignore[misc]
        return None

    async def is_news(self, team: str, user: Mapping[str, Any]) -> bool:
        """Tell whether an event says anything of one of ours that is not known yet.

        Slack tells of every change of everybody's status; only this costs no writing.
        """
        seen = await self.told(team, user)
        teams = (seen.team, *await self.together(team))
        kept = await self._store.read(lambda tx: slack_accounts.member_among(tx, teams, seen.user))
        if kept is None:
            return False
        said = seen.team, seen.locale or kept.locale, seen.zone or kept.zone
        return not seen.fit or said != (kept.team, kept.locale, kept.zone)

    async def learn(self, seen: Profile, team: str) -> None:
        """Take over what a changed profile says, as a workspace is told of it.

        Who may no longer be asked is forgotten.
        """
        teams = (seen.team, *await self.together(team))

        def write(tx: Tx) -> None:
            kept = slack_accounts.member_among(tx, teams, seen.user)
            if kept is None:
                return
            if kept.team != seen.team or not seen.fit:
                slack_accounts.drop_member(tx, kept.team, kept.user)
            if seen.fit:
                keep(tx, seen, kept.person, kept)

        await self._store.write(write)
        if not seen.fit:
            self.forget()

    def forget(self) -> None:
        """Ask the database anew who everybody is."""
        self._known = Recent(MOST)

    async def _first_contact(self, team: str, user: str) -> PersonId | None:
        seen = await self.profile(team, user)
        if seen is None or not seen.fit or not seen.email:
            return None
        email = seen.email

        def write(tx: Tx) -> PersonId | None:
            found = people.by_email(tx, email)
            return keep(tx, seen, found.id).person if found else None

        return await self._store.write(write)

    async def _by_email(self, bot: Bot, team: str, email: str) -> Profile | None:
        """Return who has an address; ``None`` for nobody. Raises what a call of Slack raises.

        Whom Slack tells nothing of just now is not nobody; and a wait Slack asks for is passed on,
        for whoever sends must not stand longer than his lease.
        """
        to, pace = client(self._api, bot.token), self._paces.of(team)
        await pace.call("users.lookupByEmail")
        try:
            said = await to.users_lookupByEmail(email=email)
            await pace.call("users.info")  # only there Slack tells his language
            return await self._seen(to, bot, team, str(said["user"]["id"]))
        except TROUBLE as trouble:
            if error_of(trouble) in GONE:
                return None
            raise
