"""Installs in many workspaces: their tokens sealed in the database, remembered for a minute.

A token that ends is renewed two hours before it does, by whoever needs it first. What renews it
works once, so of all processes one takes the turn to ask Slack; the others go on with the token
they have until the new one stands in the database. Who dies between Slack's answer and his own
writing takes the new token with him: the old one works to its end, and the operator is told before.

Only workspaces and organisations the operator has listed are kept and served: whoever installs the
app brings people along, and they are matched to the organisation's own by their address.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import MultiFernet

from bot.domain.clock import Clock
from bot.domain.recent import Recent
from bot.platforms.slack.notices import Notices
from bot.platforms.slack.sealing import seal, unseal
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import Bot, client, teams_of
from bot.storage import slack
from bot.storage.slack import Install
from bot.storage.store import Store, Tx
from bot.storage.trouble import StorageTrouble

log = logging.getLogger(__name__)

REMEMBERED = timedelta(minutes=1)
EARLY = timedelta(hours=2)
"""How long before its end a token is renewed."""
TURN = timedelta(minutes=1)
"""How long one process may take to renew a token before another tries."""
AGAIN = timedelta(minutes=30)
"""How long after a failure it is tried again."""
LOST = frozenset({"invalid_refresh_token", "token_expired", "token_revoked"})
"""Nothing renews this token any more."""
MOST = 1_000
BRIEFLY = 0.5
"""Seconds a new token is waited for; somebody may be waiting, and the old one is still good."""

Held = dict[str, Any]


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
        self._id, self._secret = client_id, client_secret
        self._known: Recent[str, tuple[datetime, Bot | None]] = Recent(MOST)
        self._places: Recent[str, str] = Recent(MOST)
        self._unsaved: dict[str, tuple[Install, bytes]] = {}
        self._renewing: set[asyncio.Task[Held]] = set()

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

    def _may(self, place: str, enterprise: str | None) -> bool:
        return not self._listed.isdisjoint((place, enterprise))

    async def _read(self, id_: str) -> Bot | None:
        if (waiting := self._unsaved.pop(id_, None)) is not None:
            await self._save(*waiting)
        row = await self._store.read(lambda tx: slack.install(tx, id_))
        if row is not None and id_ in self._unsaved:
            row = Install(id_, self._unsaved[id_][1], row.version)
        held = unseal(self._keys, row.sealed) if row else None
        if row is None or held is None:
            if row is not None:
                log.error(
                    "SLACK-10 an install cannot be opened: its key is not in slack_token_keys"
                )
            return None
        kind, _, place = id_.partition(":")
        if not self._may(place, held.get("enterprise")):
            self._notices.say(f"SLACK-13 {place} is not in slack_workspaces and is not served")
            return None
        if held.get("ends") and datetime.fromisoformat(held["ends"]) < self._clock.now() + EARLY:
            held = await self._soon(row, held)
        team = place if kind == "team" else ""
        return Bot(team, held.get("enterprise"), held["user"], held["bot_id"], held["token"])

    async def _soon(self, row: Install, held: Held) -> Held:
        """Return new tokens if they come at once; else those there are, while it goes on.

        Whoever stops waiting for it does not stop it: what renews a token works once.
        """
        renewing = asyncio.get_running_loop().create_task(self._renewed(row, held))
        self._renewing.add(renewing)
        renewing.add_done_callback(self._renewing.discard)
        await asyncio.wait({renewing}, timeout=BRIEFLY)
        if renewing.done():
            return renewing.result()
        renewing.add_done_callback(lambda _: self.forget_remembered())
        return held

    async def _renewed(self, row: Install, held: Held) -> Held:
        """Return new tokens for those that end soon; the old ones where Slack gives none now."""
        turn, at = f"renew:{row.id}:{row.version}", self._clock.now()

        def begin(tx: Tx) -> tuple[Install | None, bool]:
            now = slack.install(tx, row.id)
            same = now is not None and now.version == row.version
            return now, same and slack.take_turn(tx, turn, at, at + TURN)

        try:
            now, mine = await self._store.write(begin)
        except StorageTrouble as trouble:
            log.error("SLACK-6 a token was not renewed: %s", trouble)
            return held
        if not mine:
            return (unseal(self._keys, now.sealed) if now else None) or held
        try:
            said = await client(self._api, "").oauth_v2_access(
                client_id=self._id,
                client_secret=self._secret,
                grant_type="refresh_token",
                refresh_token=held["refresh"],
            )
        except TROUBLE as trouble:
            error = error_of(trouble)
            line = (
                "SLACK-12 a token can no longer be renewed"
                if error in LOST
                else "SLACK-6 a token was not renewed"
            )
            log.error("%s: %s; it ends at %s", line, error, held["ends"])
            await self._store.write(lambda tx: slack.put_ticket(tx, turn, at + AGAIN))
            return held
        fresh = held | self._held(said.data, held["user"], held["bot_id"])  # type: ignore[arg-type]
        await self._save(row, seal(self._keys, fresh))
        return fresh

    async def _save(self, row: Install, sealed: bytes) -> None:
        """Keep new tokens; while the database cannot, they are all there is, and kept here."""
        try:
            await self._store.write(lambda tx: slack.renew_install(tx, row, sealed))
        except StorageTrouble as trouble:
            log.error("SLACK-6 a renewed token is not stored yet: %s", trouble)
            self._unsaved[row.id] = row, sealed

    def _held(self, said: Mapping[str, Any], user: str, bot: str) -> Held:
        held: Held = {"token": str(said["access_token"]), "user": user, "bot_id": bot}
        if said.get("refresh_token"):
            ends = self._clock.now() + timedelta(seconds=int(said["expires_in"]))
            held |= {"refresh": str(said["refresh_token"]), "ends": ends.isoformat()}
        return held

    async def _of_organisation(self, id_: str) -> tuple[str, ...]:
        bot = await self._at(id_)
        return await teams_of(self._api, bot.token) if bot else ()
