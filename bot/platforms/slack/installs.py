"""Installs in many workspaces: their tokens sealed in the database, remembered for a minute.

Only workspaces and organisations the operator has listed are kept and served: whoever installs the
app brings people along, and they are matched to the organisation's own by their address.
"""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import MultiFernet

from bot.domain.clock import Clock
from bot.domain.recent import Recent
from bot.platforms.slack.notices import Notices
from bot.platforms.slack.sealing import seal
from bot.platforms.slack.tokens import Tokens, held_of
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import Bot, client, teams_of
from bot.storage import slack_installs
from bot.storage.store import Store

log = logging.getLogger(__name__)

REMEMBERED = timedelta(minutes=1)
MOST = 1_000


class NotListed(Exception):  # noqa: N818 - says what is the case
    """Somebody installed the app where the operator does not want it; ``args`` says where."""


class Installs:
    """Where the app is installed, by its own store.

    ``listed`` are the ids of workspaces and of whole organisations that may.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        keys: MultiFernet,
        api: str,
        client_id: str,
        client_secret: str,
        listed: Collection[str],
    ) -> None:
        self._listed, self._notices = frozenset(listed), Notices()
        self._store, self._clock, self._keys, self._api = store, clock, keys, api
        app = client_id, client_secret
        self._tokens = Tokens(store, clock, keys, api, app, self.forget_remembered)
        self._known: Recent[str, tuple[datetime, Bot | None]] = Recent(MOST)
        self._places: Recent[str, str] = Recent(MOST)

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
        for id_ in await self._store.read(slack_installs.installs):
            kind, _, place = id_.partition(":")
            if kind == "team":
                found += [place] if await self._at(id_) else []
                continue
            for team in await self._of_organisation(id_):
                self._places.keep(team, id_)
                found.append(team)
        return tuple(dict.fromkeys(found))

    async def keep(self, said: Mapping[str, Any]) -> str:
        """Keep what Slack answered to an install; return its id. Raises ``NotListed``."""
        wide = bool(said.get("is_enterprise_install"))
        place = said["enterprise"]["id"] if wide else said["team"]["id"]
        if not self._may(place, (said.get("enterprise") or {}).get("id")):
            raise NotListed(place)
        id_ = f"{'enterprise' if wide else 'team'}:{place}"
        held = held_of(said, str(said["bot_user_id"]), "", self._clock.now())
        held["bot_id"] = str(
            (await client(self._api, held["token"]).auth_test()).get("bot_id") or ""
        )
        held["enterprise"] = (said.get("enterprise") or {}).get("id")
        await self._store.write(
            lambda tx: slack_installs.put_install(tx, id_, seal(self._keys, held))
        )
        self.forget_remembered()
        return id_

    async def forget(
        self, team: str, enterprise: str | None, *, everything: bool, wide: bool = False
    ) -> None:
        """Erase an install; ``everything``: also who is who there and which channels are whose.

        ``wide``: that of the whole organisation, rather than the workspace's own.
        """
        id_ = f"enterprise:{enterprise}" if wide and enterprise else f"team:{team}"
        await self._store.write(lambda tx: slack_installs.drop_install(tx, id_))
        self.forget_remembered()
        if everything:
            gone = await self._without_install(team) if wide else (team,)
            await self._store.write(lambda tx: slack_installs.drop_teams(tx, gone))

    async def _without_install(self, team: str) -> tuple[str, ...]:
        """Return the workspaces that are kept here and have no install any more.

        Of an organisation that was left nobody tells any more which they were. Where it cannot be
        told which the other organisations' are, it is the one that was named alone.
        """
        ids = await self._store.read(slack_installs.installs)
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
        known = await self._store.read(slack_installs.teams)
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

    def _may(self, place: str, enterprise: str | None) -> bool:
        return not self._listed.isdisjoint((place, enterprise))

    async def _read(self, id_: str) -> Bot | None:
        found = await self._tokens.read(id_)
        if found is None:
            return None
        row, held = found
        kind, _, place = id_.partition(":")
        if not self._may(place, held.get("enterprise")):
            self._notices.say(f"SLACK-13 {place} is not in slack_workspaces and is not served")
            return None
        held = await self._tokens.lasting(row, held)
        team = place if kind == "team" else ""
        return Bot(team, held.get("enterprise"), held["user"], held["bot_id"], held["token"])

    async def _of_organisation(self, id_: str) -> tuple[str, ...]:
        bot = await self._at(id_)
        return await teams_of(self._api, bot.token) if bot else ()
