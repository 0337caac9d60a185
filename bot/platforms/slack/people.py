"""Who somebody in Slack is: by what is known already, else by the e-mail of his profile.

Guests, bots, deactivated people and those of other organisations are nobody here, and never asked.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.languages import LANGUAGES, Language, choose_language
from bot.domain.people import PersonId
from bot.domain.recent import Recent
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import Bot, Workspaces, client
from bot.storage import people, slack
from bot.storage.slack import Member
from bot.storage.store import Store, Tx

log = logging.getLogger(__name__)

MOST = 8192
"""Accounts that are remembered; a morning's people."""


@dataclass(frozen=True)
class Profile:
    """What a profile says; ``fit`` for somebody of the workspace's own who may be asked."""

    team: str
    user: str
    name: str
    email: str | None
    locale: str | None
    zone: str | None
    fit: bool


class Acquaintances:
    """Finds people by their Slack account, and accounts by person."""

    def __init__(self, store: Store, workspaces: Workspaces, api: str) -> None:
        self._store, self._workspaces, self._api = store, workspaces, api
        self._known: Recent[tuple[str, str], PersonId] = Recent(MOST)

    async def person(self, team: str, user: str) -> PersonId | None:
        """Return who this is; a first contact is looked up by e-mail. ``None`` for nobody."""
        found = self._known.find((team, user))
        if found is None:
            kept = await self._store.read(lambda tx: slack.member(tx, team, user))
            found = kept.person if kept else await self._first_contact(team, user)
            if found is not None:
                self._known.keep((team, user), found)
        return found

    async def profile(self, team: str, user: str) -> Profile | None:
        """Return somebody's profile as Slack tells it now; ``None`` where it tells none."""
        bot = await self._workspaces.bot(team)
        if bot is None:
            return None
        try:
            patient = client(self._api, bot.token, patient=True)
            said = await patient.users_info(user=user, include_locale=True)
        except TROUBLE as trouble:
            log.info("SLACK-2 users.info: %s", error_of(trouble))
            return None
        own = None if bot.team else await self._is_of(bot, said["user"])
        return profile(team, said["user"], own=own)

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

        Raises what a call of Slack raises (``TROUBLE``), but for "there is nobody".
        """
        kept = await self._store.read(lambda tx: slack.members_of(tx, person))
        if kept:
            return kept[0]
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

    async def learn(self, seen: Profile) -> None:
        """Take over what a changed profile says; who may no longer be asked is forgotten."""

        def write(tx: Tx) -> None:
            kept = slack.member(tx, seen.team, seen.user)
            if kept is not None and seen.fit:
                keep(tx, seen, kept.person)
            elif kept is not None:
                slack.drop_member(tx, seen.team, seen.user)

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
        patient = client(self._api, bot.token, patient=True)
        try:
            said = await patient.users_lookupByEmail(email=email)
        except TROUBLE as trouble:
            if error_of(trouble) in ("users_not_found", "user_not_found"):
                return None
            raise
        user = str(said["user"]["id"])
        own = str(said["user"].get("team_id") or team) if not bot.team else team
        return await self.profile(own, user)


def profile(team: str, user: Mapping[str, Any], *, own: bool | None = None) -> Profile:
    """Return what a user object says.

    ``own`` tells of somebody seen with an organisation's token whether he is of one of its
    workspaces; else he is if his workspace is ``team``.
    """
    inner = user.get("profile") or {}
    name = str(user.get("real_name") or inner.get("real_name") or user.get("name") or "?")
    if own is None:
        own = user.get("team_id") in (None, team)
    traits = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
    fit = own and not any(user.get(one) for one in traits) and user.get("id") != "USLACKBOT"
    return Profile(
        team=team,
        user=str(user["id"]),
        name=" ".join(name.split())[:200] or "?",
        email=str(inner["email"]).strip().lower() if inner.get("email") else None,
        locale=str(user["locale"]) if user.get("locale") else None,
        zone=_zone(user.get("tz")),
        fit=fit,
    )


def keep(tx: Tx, seen: Profile, person: PersonId) -> Member:
    """Keep whose account this is; language and zone follow the profile until he chooses himself."""
    before = slack.member(tx, seen.team, seen.user)
    one = Member(seen.team, seen.user, person, seen.locale, seen.zone)
    slack.put_member(tx, one)
    known = people.get(tx, person)
    if known is not None:
        _follow(tx, known.id, known.language, known.zone, before, one)
    return one


def _follow(
    tx: Tx,
    person: PersonId,
    language: Language | None,
    zone: str | None,
    before: Member | None,
    now: Member,
) -> None:
    """Set what the person has not set himself: nothing yet, or what the profile said before."""
    if language in (None, spoken(before.locale if before else None)):
        wanted = spoken(now.locale)
        if wanted is not None and wanted != language:
            people.set_language(tx, person, wanted)
    if zone in (None, before.zone if before else None) and now.zone and now.zone != zone:
        people.set_zone(tx, person, now.zone)


def spoken(locale: str | None) -> Language | None:
    """Return the language of a profile, if the bot speaks it."""
    found = choose_language(locale) if locale else None
    code = (locale or "").split("-")[0].lower()
    return found if code in (*LANGUAGES, "nb", "no", "nn") else None


def _zone(name: object) -> str | None:
    try:
        ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return str(name)
