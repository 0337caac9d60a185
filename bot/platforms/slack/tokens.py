"""Tokens of installs that end: renewed two hours before, by whoever needs one first.

What renews a token works once, so of all processes one takes the turn to ask Slack; the others go
on with the token they have until the new one stands in the database. Who dies between Slack's
answer and his own writing takes the new token with him: the old one works to its end, and the
operator is told before.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import MultiFernet

from bot.domain.clock import Clock
from bot.platforms.slack.sealing import seal, unseal
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import client
from bot.storage import slack_installs, slack_tickets
from bot.storage.slack_installs import Install
from bot.storage.store import Store, Tx
from bot.storage.trouble import StorageTrouble

log = logging.getLogger(__name__)

EARLY = timedelta(hours=2)
"""How long before its end a token is renewed."""
TURN = timedelta(minutes=1)
"""How long one process may take to renew a token before another tries."""
AGAIN = timedelta(minutes=30)
"""How long after a failure it is tried again."""
LOST = frozenset({"invalid_refresh_token", "token_expired", "token_revoked"})
"""Nothing renews this token any more."""
BRIEFLY = 0.5
"""Seconds a new token is waited for; somebody may be waiting, and the old one is still good."""

Held = dict[str, Any]
"""What is sealed of an install: its token, whose it is, and how and when it is renewed."""


def held_of(said: Mapping[str, Any], user: str, bot: str, now: datetime) -> Held:
    """Return what to seal of Slack's answer to an install or a renewal."""
    held: Held = {"token": str(said["access_token"]), "user": user, "bot_id": bot}
    if said.get("refresh_token"):
        ends = now + timedelta(seconds=int(said["expires_in"]))
        held |= {"refresh": str(said["refresh_token"]), "ends": ends.isoformat()}
    return held


class Tokens:
    """The tokens of all installs; ``renewed`` is called when one came late, after it was read."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        keys: MultiFernet,
        api: str,
        app: tuple[str, str],
        renewed: Callable[[], None],
    ) -> None:
        self._store, self._clock, self._keys, self._api = store, clock, keys, api
        self._id, self._secret = app
        self._came_late = renewed
        self._unsaved: dict[str, tuple[Install, bytes]] = {}
        self._renewing: set[asyncio.Task[Held]] = set()

    async def read(self, id_: str) -> tuple[Install, Held] | None:
        """Return an install and what is sealed of it; ``None``: there is none that opens."""
        if (waiting := self._unsaved.pop(id_, None)) is not None:
            await self._save(*waiting)
        row = await self._store.read(lambda tx: slack_installs.install(tx, id_))
        if row is None:
            return None
        if id_ in self._unsaved:
            row = Install(id_, self._unsaved[id_][1], row.version)
        held = unseal(self._keys, row.sealed)
        if held is None:
            log.error("SLACK-10 an install cannot be opened: its key is not in slack_token_keys")
            return None
        return row, held

    async def lasting(self, row: Install, held: Held) -> Held:
        """Return tokens that do not end soon, if they are to be had at once.

        Else those there are, while it goes on: whoever stops waiting for it does not stop it.
        """
        if not held.get("ends"):
            return held
        if datetime.fromisoformat(held["ends"]) >= self._clock.now() + EARLY:
            return held
        renewing = asyncio.get_running_loop().create_task(self._renewed(row, held))
        self._renewing.add(renewing)
        renewing.add_done_callback(self._renewing.discard)
        await asyncio.wait({renewing}, timeout=BRIEFLY)
        if renewing.done():
            return renewing.result()
        renewing.add_done_callback(lambda _: self._came_late())
        return held

    async def _renewed(self, row: Install, held: Held) -> Held:
        """Return new tokens for those that end soon; the old ones where Slack gives none now."""
        turn, at = f"renew:{row.id}:{row.version}", self._clock.now()

        def begin(tx: Tx) -> tuple[Install | None, bool]:
            now = slack_installs.install(tx, row.id)
            same = now is not None and now.version == row.version
            return now, same and slack_tickets.take_turn(tx, turn, at, at + TURN)

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
            await self._store.write(lambda tx: slack_tickets.put_ticket(tx, turn, at + AGAIN))
            return held
        data: Any = said.data
        fresh = held | held_of(data, held["user"], held["bot_id"], self._clock.now())
        await self._save(row, seal(self._keys, fresh))
        return fresh

    async def _save(self, row: Install, sealed: bytes) -> None:
        """Keep new tokens; while the database cannot, they are all there is, and kept here."""
        try:
            await self._store.write(lambda tx: slack_installs.renew_install(tx, row, sealed))
        except StorageTrouble as trouble:
            log.error("SLACK-6 a renewed token is not stored yet: %s", trouble)
            self._unsaved[row.id] = row, sealed
