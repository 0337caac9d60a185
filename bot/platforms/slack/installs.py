"""Installs in many workspaces: their tokens sealed in the database, remembered for a minute.

A token that ends is renewed before it does, by whoever needs it first: Slack's refresh tokens
work once, so the row's version decides between two processes, and who comes second reads anew.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import MultiFernet

from bot.domain.clock import Clock
from bot.domain.recent import Recent
from bot.platforms.slack.sealing import seal, unseal
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import Bot, client, teams_of
from bot.storage import slack
from bot.storage.slack import Install
from bot.storage.store import Store

log = logging.getLogger(__name__)

REMEMBERED = timedelta(minutes=1)
EARLY = timedelta(hours=2)
"""How long before its end a token is renewed."""
MOST = 1_000

Held = dict[str, Any]


class Installs:
    """Where the app is installed, by its own store."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        keys: MultiFernet,
        api: str,
        client_id: str,
        client_secret: str,
    ) -> None:
        self._store, self._clock, self._keys, self._api = store, clock, keys, api
        self._id, self._secret = client_id, client_secret
        self._known: Recent[str, tuple[datetime, Bot | None]] = Recent(MOST)
        self._places: Recent[str, str] = Recent(MOST)
        self._renewing = asyncio.Lock()

    async def bot(self, team: str | None, enterprise: str | None = None) -> Bot | None:
        """Return the bot that speaks for a workspace: its own install, else its organisation's."""
        found = await self._at(f"team:{team}") if team else None
        if found is not None:
            return found
        if enterprise:
            return await self._at(f"enterprise:{enterprise}")
        place = self._places.find(team) if team else None
        if team and place is None:
            await self.teams()
            place = self._places.find(team)
        return await self._at(place) if place else None

    async def teams(self) -> tuple[str, ...]:
        """Return every workspace the app is in, those of organisations one by one."""
        found: list[str] = []
        for id_ in await self._store.read(slack.installs):
            kind, _, place = id_.partition(":")
            if kind == "team":
                found.append(place)
                continue
            for team in await self._of_organisation(id_):
                self._places.keep(team, id_)
                found.append(team)
        return tuple(dict.fromkeys(found))

    async def keep(self, said: Mapping[str, Any]) -> str:
        """Keep what Slack answered to an install; return its id."""
        wide = bool(said.get("is_enterprise_install"))
        place = said["enterprise"]["id"] if wide else said["team"]["id"]
        id_ = f"{'enterprise' if wide else 'team'}:{place}"
        held = self._held(said, str(said["bot_user_id"]), "")
        held["bot_id"] = str(
            (await client(self._api, held["token"]).auth_test()).get("bot_id") or ""
        )
        held["enterprise"] = (said.get("enterprise") or {}).get("id")
        await self._store.write(lambda tx: slack.put_install(tx, id_, seal(self._keys, held)))
        self.forget_remembered()
        return id_

    async def forget(
        self, team: str, enterprise: str | None, *, everything: bool, wide: bool = False
    ) -> None:
        """Erase an install; ``everything``: also who is who there and which channels are whose.

        ``wide``: that of the whole organisation, rather than the workspace's own.
        """
        id_ = f"enterprise:{enterprise}" if wide and enterprise else f"team:{team}"
        await self._store.write(lambda tx: slack.drop_install(tx, id_))
        self.forget_remembered()
        if everything:
            gone = await self._without_install(team) if wide else (team,)
            await self._store.write(lambda tx: slack.drop_teams(tx, gone))

    async def _without_install(self, team: str) -> tuple[str, ...]:
        """Return the workspaces that are kept here and have no install any more.

        Of an organisation that was left nobody tells any more which they were. Where it cannot be
        told which the other organisations' are, it is the one that was named alone.
        """
        ids = await self._store.read(slack.installs)
        living: set[str] = set()
        for id_ in ids:
            kind, _, place = id_.partition(":")
            try:
                found = (place,) if kind == "team" else await self._of_organisation(id_)
            except TROUBLE as trouble:
                log.error("SLACK-6 auth.teams.list: %s", error_of(trouble))
                found = ()
            if not found:
                return (team,)
            living.update(found)
        known = await self._store.read(slack.teams)
        return tuple(one for one in known if one not in living)

    def forget_remembered(self) -> None:
        """Read anew from now on."""
        self._known, self._places = Recent(MOST), Recent(MOST)

    async def _at(self, id_: str) -> Bot | None:
        now = self._clock.now()
        remembered = self._known.find(id_)
        if remembered is not None and now < remembered[0]:
            return remembered[1]
        found = await self._read(id_)
        self._known.keep(id_, (now + REMEMBERED, found))
        return found

    async def _read(self, id_: str) -> Bot | None:
        row = await self._store.read(lambda tx: slack.install(tx, id_))
        held = unseal(self._keys, row.sealed) if row else None
        if row is None or held is None:
            if row is not None:
                log.error(
                    "SLACK-10 an install cannot be opened: its key is not in slack_token_keys"
                )
            return None
        if held.get("ends") and datetime.fromisoformat(held["ends"]) < self._clock.now() + EARLY:
            held = await self._renewed(row, held)
        kind, _, place = id_.partition(":")
        team = place if kind == "team" else ""
        return Bot(team, held.get("enterprise"), held["user"], held["bot_id"], held["token"])

    async def _renewed(self, row: Install, held: Held) -> Held:
        """Return new tokens for those that end soon; the old ones where Slack gives none now."""
        async with self._renewing:
            now = await self._store.read(lambda tx: slack.install(tx, row.id))
            if now is not None and now.version != row.version:
                return unseal(self._keys, now.sealed) or held
            try:
                said = await client(self._api, "").oauth_v2_access(
                    client_id=self._id,
                    client_secret=self._secret,
                    grant_type="refresh_token",
                    refresh_token=held["refresh"],
                )
            except TROUBLE as trouble:
                log.error("SLACK-6 a token was not renewed: %s", error_of(trouble))
                return held
            fresh = held | self._held(said.data, held["user"], held["bot_id"])  # type: ignore[arg-type]
            sealed = seal(self._keys, fresh)
            await self._store.write(lambda tx: slack.renew_install(tx, row, sealed))
            return fresh

    def _held(self, said: Mapping[str, Any], user: str, bot: str) -> Held:
        held: Held = {"token": str(said["access_token"]), "user": user, "bot_id": bot}
        if said.get("refresh_token"):
            ends = self._clock.now() + timedelta(seconds=int(said["expires_in"]))
            held |= {"refresh": str(said["refresh_token"]), "ends": ends.isoformat()}
        return held

    async def _of_organisation(self, id_: str) -> tuple[str, ...]:
        bot = await self._at(id_)
        return await teams_of(self._api, bot.token) if bot else ()
